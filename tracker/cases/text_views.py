"""Pages of standard texts: keeping them, and choosing one while writing on a case."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from tracker.cases import queries, standard_texts
from tracker.cases.fields import ChecksField, ChoiceField, Given
from tracker.cases.models import StandardText
from tracker.cases.service import standard_texts as service
from tracker.cases.service.cataloguing import LONGEST_NAME
from tracker.cases.service.standard_texts import LONGEST_BODY
from tracker.cases.views import blueprint as cases
from tracker.core.clock import local_date, now
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.core.permissions import needs
from tracker.rules.standard_texts import FIELDS, PLACEHOLDERS
from tracker.rules.workflow import ACTIONS
from tracker.units import administration, unit_queries
from tracker.units.queries import Viewer

blueprint = Blueprint("texts", __name__, url_prefix="/administration/texts")

COLUMN_LABELS = {
    "name": _l("Tên"),
    "unit_id": _l("Đơn vị"),
    "actions": _l("Dùng khi"),
    "body": _l("Nội dung"),
}
ACTION_LABELS = {
    "add": _l("Thêm"),
    "change": _l("Sửa"),
    "retire": _l("Ngừng dùng"),
    "offer_again": _l("Cho dùng lại"),
}


class TextForm(Form):
    """A standard text: whose, for what, and what it says."""

    name = StringField(_l("Tên"), [Given(_l("Hãy ghi tên.")), Length(max=LONGEST_NAME)])
    unit_id = ChoiceField(_l("Đơn vị"), [Given(_l("Hãy chọn đơn vị."))], empty=_l("Chọn đơn vị…"))
    actions = ChecksField(_l("Dùng khi"))
    body = TextAreaField(_l("Nội dung"), [Given(_l("Hãy ghi nội dung.")), Length(max=LONGEST_BODY)])

    def offer(self, text: StandardText | None) -> None:
        """Fills the lists to choose from; text: the one that is changed."""
        units = administration.managed_units(_person(), local_date(now()))
        present = unit_queries.find(text.unit_id) if text else None
        if present is not None and present not in units:
            # It has ended; its successors go on using the text.
            units.insert(0, present)
        self.unit_id.offer((str(unit.id), unit.name) for unit in units)
        self.actions.offer((name, _(ACTIONS[name].label)) for name in FIELDS)

    def validate_actions(self, field: ChecksField) -> None:
        """Said at once with whatever else is wrong."""
        _ask(service.checked_actions, field)

    def validate_body(self, field: TextAreaField) -> None:
        """Said at once with whatever else is wrong."""
        _ask(service.checked_body, field)

    def given(self) -> dict[str, Any]:
        """What the service is called with."""
        return {
            "unit_id": UUID(self.unit_id.data),
            "name": self.name.data or "",
            "actions": self.actions.data or (),
            "body": self.body.data or "",
        }


def _ask(check: Callable[[Any], object], field: Any) -> None:
    if field.errors:
        return
    try:
        check(field.data or "")
    except Refused as refusal:
        raise ValidationError(refusal.reason) from refusal


@blueprint.get("")
@needs("text:manage")
def kept() -> str:
    """The texts of the person's units."""
    found = standard_texts.kept(_person())
    return render_template(
        "cases/texts_kept.html",
        offered=[row for row in found if row[0].retired_on is None],
        retired=[row for row in found if row[0].retired_on is not None],
        actions=ACTIONS,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs("text:manage")
def new_text() -> Response | str | tuple[str, int]:
    """Adds a text."""
    form = TextForm()
    form.offer(None)
    if not form.is_submitted():
        return _form_page(form, None)
    if form.validate():
        try:
            added = service.add(actor=_person(), now=now(), **form.given())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã thêm %(name)s.", name=added.name), "success")
            return redirect(url_for(".text", text_id=added.id))
    return _form_page(form, None), Refused.status


@blueprint.get("/<uuid:text_id>")
@needs("text:manage")
def text(text_id: UUID) -> str:
    """One text, with its history."""
    found = _found(text_id)
    form = TextForm(
        data={
            "name": found.name,
            "unit_id": str(found.unit_id),
            "actions": found.actions.split(),
            "body": found.body,
        }
    )
    form.offer(found)
    return _form_page(form, found)


@blueprint.post("/<uuid:text_id>")
@needs("text:manage")
def change(text_id: UUID) -> Response | tuple[str, int]:
    """Changes the text."""
    found, form = _found(text_id), TextForm()
    form.offer(found)
    if form.validate():
        try:
            service.change(text_id, actor=_person(), now=now(), **form.given())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _done(text_id)
    return _form_page(form, found), Refused.status


@blueprint.post("/<uuid:text_id>/retire")
@needs("text:manage")
def retire(text_id: UUID) -> Response:
    """Offers the text no more."""
    _found(text_id)
    service.retire(text_id, actor=_person(), now=now())
    return _done(text_id)


@blueprint.post("/<uuid:text_id>/offer")
@needs("text:manage")
def offer_again(text_id: UUID) -> Response:
    """Offers the text again."""
    _found(text_id)
    service.offer_again(text_id, actor=_person(), now=now())
    return _done(text_id)


@cases.get("/cases/<uuid:case_id>/texts")
@needs("case:read")
def texts(case_id: UUID) -> str:
    """What the form of `?form=<action>` may begin with: a page, or the part that htmx asks for."""
    person = _person()
    action = ACTIONS.get(request.args.get("form", ""))
    if action is None or action.name not in FIELDS or not person.may(f"case:{action.name}"):
        abort(404)
    case = queries.find(person, case_id)
    if case is None:
        abort(404)
    found = standard_texts.offered(person, action.name, local_date(now()))
    said = standard_texts.filled(found, case, person)
    template = "_texts.html" if "HX-Request" in request.headers else "texts.html"
    return render_template(
        f"cases/{template}",
        case=case,
        action=action,
        field_id=f"{action.name}-{FIELDS[action.name]}",
        texts=[(each.id, each.name, words) for each, words in zip(found, said, strict=True)],
    )


def _done(text_id: UUID) -> Response:
    flash(_("Đã lưu."), "success")
    return redirect(url_for(".text", text_id=text_id))


def _form_page(form: TextForm, text: StandardText | None) -> str:
    noted = administration.history(text.id) if text else []
    names = {str(unit.id): unit.name for unit in unit_queries.all_units()}
    for entry in noted:
        for actions in filter(None, entry.changes.get("actions", ())):
            names[actions] = ", ".join(_(ACTIONS[name].label) for name in actions.split())
    return render_template(
        "cases/text_form.html",
        form=form,
        text=text,
        placeholders=PLACEHOLDERS,
        history=noted,
        names=names,
        column_labels=COLUMN_LABELS,
        action_labels=ACTION_LABELS,
    )


def _found(text_id: UUID) -> StandardText:
    found = standard_texts.find(text_id)
    if found is None or not administration.may_manage(_person(), found.unit_id):
        abort(404)
    return found


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
