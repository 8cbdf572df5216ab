"""Pages of the templates of papers: what they may name, each unit's own, tried before use."""

from io import BytesIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.file import FileField, FileRequired
from sqlalchemy import select

from tracker.cases.fields import ChoiceField, Given
from tracker.core import clock
from tracker.core.content import WORD
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.core.permissions import needs
from tracker.core.storage import storage
from tracker.reception.models import PaperTemplate
from tracker.reception.paper_contents import download, ours
from tracker.reception.service import paper_templates as service
from tracker.rules.papers import PAPERS, Paper, placeholders
from tracker.units import administration
from tracker.units.models import Unit, User
from tracker.units.queries import Viewer

blueprint = Blueprint("paper_templates", __name__, url_prefix="/administration/papers")

ANY = f"<any({', '.join(PAPERS)}):name>"
FORM = "<any(government, party):form>"
MOST_LISTED = 100


class TemplateForm(Form):
    """A template, and the unit that prints from it."""

    unit_id = ChoiceField(_l("Đơn vị"), [Given(_l("Hãy chọn đơn vị."))], empty=_l("Chọn đơn vị…"))
    file = FileField(_l("Tệp Word"), validators=[FileRequired(_l("Hãy chọn tệp."))])


@blueprint.get("")
@needs("paper:manage")
def kept() -> str:
    """The papers."""
    return render_template("reception/templates.html", papers=PAPERS.values())


@blueprint.get(f"/{ANY}")
@needs("paper:manage")
def paper(name: str) -> str:
    """The templates of one paper."""
    return _page(PAPERS[name], _form())


@blueprint.post(f"/{ANY}")
@needs("paper:manage")
def put_in(name: str) -> Any:
    """Takes a template in for a unit."""
    form = _form()
    if form.validate():
        given = form.file.data
        try:
            service.put_in(
                actor=_person(),
                unit_id=UUID(form.unit_id.data),
                paper=name,
                file=given.stream,
                name=given.filename or "",
                now=clock.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã dùng mẫu mới."), "success")
            return redirect(url_for(".paper", name=name))
    return _page(PAPERS[name], form), Refused.status


@blueprint.get(f"/{ANY}/ours/{FORM}.docx")
@needs("paper:manage")
def our_template(name: str, form: str) -> Response:
    """The template that comes with the system, to begin from."""
    return download(ours(PAPERS[name], form).read_bytes(), f"mau-{PAPERS[name].file_name}.docx")


@blueprint.get(f"/{ANY}/ours/{FORM}/preview.docx")
@needs("paper:manage")
def our_preview(name: str, form: str) -> Response:
    """What that prints with invented data."""
    return _tried(PAPERS[name], ours(PAPERS[name], form).read_bytes())


@blueprint.get("/templates/<uuid:template_id>.docx")
@needs("paper:manage")
def template(template_id: UUID) -> Response:
    """A template as it was put in."""
    found = _found(template_id)
    return download(_content(found), f"mau-{PAPERS[found.paper].file_name}.docx", WORD.media_type)


@blueprint.get("/templates/<uuid:template_id>/preview.docx")
@needs("paper:manage")
def preview(template_id: UUID) -> Response:
    """What it prints with invented data."""
    found = _found(template_id)
    return _tried(PAPERS[found.paper], _content(found))


@blueprint.post("/templates/<uuid:template_id>/retire")
@needs("paper:manage")
def take_back(template_id: UUID) -> Any:
    """Uses it no more."""
    found = service.take_back(_found(template_id).id, actor=_person(), now=clock.now())
    flash(_("Đã ngừng dùng mẫu này."), "success")
    return redirect(url_for(".paper", name=found.paper))


def _tried(paper: Paper, content: bytes) -> Response:
    return download(service.tried(paper, BytesIO(content)), f"thu-{paper.file_name}.docx")


def _content(found: PaperTemplate) -> bytes:
    with storage().open(found.digest) as content:
        return content.read()


def _form() -> TemplateForm:
    form = TemplateForm()
    units = administration.managed_units(_person(), clock.local_date(clock.now()))
    form.unit_id.offer((str(unit.id), unit.name) for unit in units)
    return form


def _page(paper: Paper, form: TemplateForm) -> str:
    rows = db.session.execute(
        select(PaperTemplate, Unit.name, User.name)
        .join(Unit, Unit.id == PaperTemplate.unit_id)
        .join(User, User.id == PaperTemplate.user_id)
        .where(
            PaperTemplate.paper == paper.name,
            PaperTemplate.unit_id.in_(administration.managed(_person())),
        )
        .order_by(PaperTemplate.recorded_at.desc(), PaperTemplate.id.desc())
        .limit(MOST_LISTED)
    ).all()
    return render_template(
        "reception/template.html",
        paper=paper,
        form=form,
        placeholders=placeholders(paper),
        rows=rows,
        accepted=".docx",
    )


def _found(template_id: UUID) -> PaperTemplate:
    found = db.session.get(PaperTemplate, template_id)
    if found is None or not administration.may_manage(_person(), found.unit_id):
        abort(404)
    return found


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
