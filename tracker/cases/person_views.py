"""Who brought a case: found again by a number, shown on record, corrected, merged."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.cases import persons, service
from tracker.cases.person_forms import MatchForm, MergeForm, PersonForm, ReasonForm
from tracker.cases.persons import Brought, Visit
from tracker.cases.shown import standings
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.people.sealing import Particulars
from tracker.rules.persons import identity_warning, telephone_warning
from tracker.rules.vietnamese import format_date
from tracker.units.queries import Viewer

blueprint = Blueprint("persons", __name__)


@blueprint.get("/persons/matches")
@needs("person:read")
def ask() -> str:
    """Asks for a telephone or an identity number."""
    return render_template("cases/person_matches.html", form=MatchForm(formdata=None), found=None)


@blueprint.post("/persons/matches")
@needs("person:read")
def match() -> Any:
    """Earlier visits by whoever has the posted `telephone` or `identity`.

    The numbers come in the body, as a form or as JSON, with the token of forms (X-CSRFToken):
    in an address they would stand in logs. They are taken as typed ("+84 912 345 678").

    - `Accept: application/json`: 200 with `visits`, the latest 20 in their order, each with `day`
      (dd/mm/yyyy), `code`, `content`, `state` (in words) and `address`; `persons`, by how many
      different persons these are; and `warnings`, by field, of numbers that look odd. 422 with
      `errors` by field.
    - `HX-Request`: the same as a piece of a page; empty where there is nothing to say.
    - else the page.

    Only visits on cases that the person at the page may see, denunciations never. Who it was
    isn't told: that is `open_person`, and goes on record.
    """
    form = MatchForm()
    if not form.validate():
        if _wants_json():
            return _private(jsonify(errors=form.errors)), 422
        return render_template("cases/person_matches.html", form=form, found=None), 422
    wanted = form.wanted()
    visits = persons.matches(_person(), wanted)
    words = {"visits": _shown(visits), "warnings": _warnings(wanted)}
    number = len({visit.person_id for visit in visits})
    if _wants_json():
        return _private(jsonify(persons=number, **words))
    is_part = "HX-Request" in request.headers
    page = "cases/_person_matches.html" if is_part else "cases/person_matches.html"
    return render_template(page, form=form, found=dict(words, persons=number))


@blueprint.post("/cases/<uuid:case_id>/turns/<uuid:turn_id>/readings")
@needs("person:read")
def open_person(case_id: UUID, turn_id: UUID) -> Any:
    """Shows who brought a turn; of a denouncer it asks for a reason first."""
    brought, form = _brought(case_id, turn_id), ReasonForm()
    try:
        opened = service.open_person(
            case_id, turn_id, actor=_person(), reason=form.reason.data or "", now=clock.now()
        )
    except Refused as refusal:
        # The button on the case's page brings no reason: that is no mistake to be told of.
        if form.reason.data is not None:
            form.refuse(refusal)
        return _page(brought, asks=form), refusal.status
    others = persons.others_like(_person(), brought)
    merging = MergeForm(formdata=None)
    merging.offer(others)
    return _page(
        brought,
        opened=opened,
        visits=_shown(persons.visits(_person(), brought.person_id)),
        merges=persons.merges(brought.person_id),
        correcting=PersonForm(formdata=None, obj=opened.known[0]),
        merging=merging if others else None,
    )


@blueprint.post("/cases/<uuid:case_id>/turns/<uuid:turn_id>/corrections")
@needs("person:change")
def correct_person(case_id: UUID, turn_id: UUID) -> Any:
    """Replaces what is known of who brought a turn."""
    brought, form = _brought(case_id, turn_id), PersonForm()
    if not form.validate():
        return _page(brought, correcting=form), 422
    try:
        service.correct_person(
            case_id, turn_id, form.particulars(), actor=_person(), now=clock.now()
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _page(brought, correcting=form), refusal.status
    return _done(case_id, _("Đã sửa thông tin người phản ánh."))


@blueprint.post("/cases/<uuid:case_id>/turns/<uuid:turn_id>/merges")
@needs("person:merge")
def merge_persons(case_id: UUID, turn_id: UUID) -> Any:
    """Says that two persons are one."""
    brought, form = _brought(case_id, turn_id), MergeForm()
    form.offer(persons.others_like(_person(), brought))
    if not form.validate():
        return _page(brought, merging=form), 422
    try:
        service.merge_persons(
            case_id,
            turn_id,
            other_id=form.chosen(),
            actor=_person(),
            reason=form.reason.data or "",
            now=clock.now(),
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _page(brought, merging=form), refusal.status
    return _done(case_id, _("Đã gộp thành một người."))


@blueprint.post("/cases/<uuid:case_id>/turns/<uuid:turn_id>/merges/<uuid:merge_id>/undo")
@needs("person:merge")
def unmerge_persons(case_id: UUID, turn_id: UUID, merge_id: UUID) -> Response:
    """Takes that back."""
    _brought(case_id, turn_id)
    try:
        service.unmerge_persons(
            case_id, turn_id, merge_id=merge_id, actor=_person(), now=clock.now()
        )
        return _done(case_id, _("Đã hoàn tác việc gộp người."))
    except Refused as refusal:
        flash(refusal.reason, "danger")
        return redirect(url_for("cases.show", case_id=case_id))


def _page(brought: Brought, **parts: Any) -> str:
    return render_template("cases/person.html", case=brought.case, turn=brought.turn, **parts)


def _done(case_id: UUID, said: str) -> Response:
    flash(said, "success")
    return redirect(url_for("cases.show", case_id=case_id))


def _shown(visits: list[Visit]) -> list[dict[str, str]]:
    """The visits in words; that those of protected cases were read is on record."""
    words = standings()
    seen = ((visit.case_id, visit.confidentiality) for visit in visits)
    service.note_listed(seen, reader=_person(), now=clock.now())
    return [
        {
            "day": format_date(visit.received_on),
            "code": visit.code,
            "content": visit.content,
            "state": words[visit.outcome or visit.state],
            "address": url_for("cases.show", case_id=visit.case_id),
        }
        for visit in visits
    ]


def _warnings(wanted: Particulars) -> dict[str, str]:
    today = clock.local_date(clock.now())
    found = {
        "telephone": telephone_warning(wanted.telephone),
        "identity": identity_warning(wanted.identity, today),
    }
    return {field: _(warning) for field, warning in found.items() if warning}


def _private(answer: Any) -> Any:
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _brought(case_id: UUID, turn_id: UUID) -> Brought:
    return persons.find_brought(_person(), case_id, turn_id) or abort(404)


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
