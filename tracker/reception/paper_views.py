"""The papers of a case: which there are as it stands, each as a Word document."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField

from tracker.cases import persons, queries, service
from tracker.cases.models import Case
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.core.permissions import needs
from tracker.people.sealing import Particulars
from tracker.reception import paper_contents
from tracker.reception.paper_contents import download, papers_of
from tracker.rules.papers import OF_CASES, PAPERS, Paper
from tracker.units.queries import Viewer

blueprint = Blueprint("papers", __name__, url_prefix="/cases/<uuid:case_id>/papers")

ANY = f"<any({', '.join(paper.name for paper in OF_CASES)}):name>"


class NamedForm(Form):
    """Asks why, where who brought the case is protected as a denouncer."""

    reason = StringField(_l("Lý do cần biết"))


@blueprint.get("")
@needs("paper:print")
def of_case(case_id: UUID) -> str:
    """The papers that the case may have."""
    return _page(_case(case_id), NamedForm(formdata=None))


@blueprint.get(f"/{ANY}.docx")
@needs("paper:print")
def print_paper(case_id: UUID, name: str) -> Response:
    """The paper; who brought the case is left open."""
    case = _case(case_id)
    return _printed(_paper(case, name), case, Particulars())


@blueprint.post(f"/{ANY}.docx")
@needs("person:read")
def print_named(case_id: UUID, name: str) -> Any:
    """The paper with the name and address of who brought the case first: this goes on record."""
    case, form, person = _case(case_id), NamedForm(), _person()
    paper, turn_id = _paper(case, name), _turn_with_person(case)
    if turn_id is None or not person.may("paper:print"):
        abort(404)
    try:
        opened = service.open_person(
            case_id, turn_id, actor=person, reason=form.reason.data or "", now=clock.now()
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _page(case, form), refusal.status
    return _printed(paper, case, opened.known[0])


def _printed(paper: Paper, case: Case, citizen: Particulars) -> Response:
    now = clock.now()
    service.note_reading(case, reader=_person(), now=now)
    content = paper_contents.letter(paper, case, citizen, now)
    return download(content, f"{paper.file_name}-{case.code}.docx")


def _page(case: Case, form: NamedForm) -> str:
    person, turn_id = _person(), _turn_with_person(case)
    brought = persons.find_brought(person, case.id, turn_id) if turn_id else None
    return render_template(
        "reception/papers.html",
        case=case,
        papers=papers_of(case),
        form=form,
        may_name=brought is not None and person.may("person:read"),
        is_protected=brought is not None and persons.is_protected(person, brought.person_id),
    )


def _turn_with_person(case: Case) -> UUID | None:
    """The first turn of the case with somebody known."""
    return next(
        (
            turn.id
            for turn in case.submissions
            if turn.person_id is not None and turn.voided_at is None
        ),
        None,
    )


def _case(case_id: UUID) -> Case:
    return queries.find(_person(), case_id) or abort(404)


def _paper(case: Case, name: str) -> Paper:
    paper = PAPERS[name]
    return paper if paper in papers_of(case) else abort(404)


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
