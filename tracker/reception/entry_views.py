"""The page on which a meeting's items are written down, and what it sends."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.cases import service as cases
from tracker.cases.catalogue import Catalogue, catalogue
from tracker.cases.lookalikes import Lookalike, lookalikes
from tracker.cases.models import Case
from tracker.core import clock
from tracker.core.db import new_id
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.reception import queries, service
from tracker.reception.forms import EntryForm, id_of
from tracker.reception.models import Event
from tracker.reception.proposals import proposals
from tracker.reception.queries import Logged
from tracker.rules.meetings import LARGE_GROUP, USUAL_KIND
from tracker.rules.persons import identity_warning, telephone_warning
from tracker.rules.proposals import Proposal
from tracker.rules.workflow import KIND_LABELS
from tracker.units.queries import Viewer

blueprint = Blueprint("reception", __name__)
MOST_ALIKE = 3


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the words typed so far bring up.

    alike: open cases, each with how many persons brought it. proposed: by the form's field;
    names: those of all ids that are proposed.
    """

    alike: list[tuple[Lookalike, int]]
    proposed: dict[str, list[Proposal[UUID]]]
    names: dict[str, str]


@blueprint.get("/events/<uuid:event_id>/entry")
@needs("case:create")
def entry(event_id: UUID) -> Any:
    """The page: an empty item, and what this person has written down at the meeting.

    `kind` and `area_id` of the address stay from the item before.
    """
    event = _event(event_id)
    form = EntryForm(formdata=None, entry_id=new_id(), kind=USUAL_KIND[event.kind])
    form.offer(catalogue(event.held_on))
    for field in (form.kind, form.area_id):
        kept = request.args.get(field.name)
        if kept in {value for value, _label in field.offered}:
            field.data = kept or None
    return _page(event, form)


@blueprint.post("/events/<uuid:event_id>/entries")
@needs("case:create")
def enter(event_id: UUID) -> Any:
    """Writes one item down; the same item sent twice is one.

    JSON, where that is asked for: 201 with id, code and address of the case, a notice and
    `warnings` of numbers that look odd; 422 with `errors` by field ("" for the whole form). Pages
    go back to an empty item.
    """
    event = _event(event_id)
    form = EntryForm()
    form.offer(catalogue(event.held_on))
    entry_id = id_of(form.entry_id.data) or new_id()
    if form.validate():
        try:
            case = service.enter(event.id, form.entered(entry_id), actor=_person(), now=clock.now())
            return _entered(event, case, form)
        except Refused as refusal:
            form.refuse(refusal)
    if _wants_json():
        whole = {"": form.form_errors} if form.form_errors else {}
        return jsonify(errors={**form.errors, **whole}), 422
    return _page(event, form), 422


@blueprint.get("/events/<uuid:event_id>/entries")
@needs("case:create")
def logged(event_id: UUID) -> str:
    """The strip: what this person has written down at the meeting."""
    return _strip(_event(event_id))


@blueprint.post("/events/<uuid:event_id>/suggestions")
@needs("case:create")
def suggest(event_id: UUID) -> str:
    """What the words typed so far bring up, as a part of the page or, without scripts, on it.

    They come in the body: in an address they would stand in logs.
    """
    event = _event(event_id)
    form = EntryForm()
    choices = catalogue(event.held_on)
    form.offer(choices)
    found = _suggestions(event, form, choices)
    if "HX-Request" not in request.headers:
        return _page(event, form, found)
    return render_template("reception/_suggestions.html", event=event, form=form, suggestions=found)


@blueprint.post("/events/<uuid:event_id>/turns/<uuid:turn_id>/voidings")
@needs("case:void_turn")
def void_turn(event_id: UUID, turn_id: UUID) -> Any:
    """Takes back what was written down by mistake."""
    event, found = _turn(event_id, turn_id)
    try:
        cases.void_turn(found.case.id, turn_id, actor=_person(), now=clock.now())
        return _undone(event, _("Đã bỏ mục ghi nhầm."))
    except Refused as refusal:
        return _undone(event, refusal.reason, "danger")


@blueprint.post("/events/<uuid:event_id>/turns/<uuid:turn_id>/restorings")
@needs("case:unvoid")
def unvoid_turn(event_id: UUID, turn_id: UUID) -> Any:
    """Brings it back with its case."""
    event, found = _turn(event_id, turn_id)
    try:
        cases.unvoid(found.case.id, actor=_person(), now=clock.now())
        return _undone(event, _("Đã khôi phục %(code)s.", code=found.case.code))
    except Refused as refusal:
        return _undone(event, refusal.reason, "danger")


def _undone(event: Event, said: str, category: str = "success") -> Any:
    if "HX-Request" in request.headers:
        return _strip(event, said, category)
    flash(said, category)
    return redirect(url_for("reception.entry", event_id=event.id))


def _entered(event: Event, case: Case, form: EntryForm) -> Any:
    said = _("Đã ghi nhận vụ việc %(code)s.", code=case.code)
    if form.joins.data:
        said = _("Đã thêm một lượt vào vụ việc %(code)s.", code=case.code)
    warnings = _warnings(form)
    if _wants_json():
        address = url_for("cases.show", case_id=case.id)
        answer = {"id": case.id, "code": case.code, "address": address, "notice": said}
        return jsonify(answer | {"warnings": warnings}), 201
    flash(said, "success")
    for warning in warnings:
        flash(warning, "warning")
    if form.keep_person.data:
        # Who somebody is stands in no address: the page comes at once. The item sent again by
        # reloading it is the same item.
        form.start_again(new_id())
        return _page(event, form)
    kept = {"kind": form.kind.data, "area_id": form.area_id.data}
    return redirect(url_for("reception.entry", event_id=event.id, **kept))


def _warnings(form: EntryForm) -> list[str]:
    """What looks odd about the numbers that were given."""
    known = form.entered(new_id()).particulars.tidied()
    today = clock.local_date(clock.now())
    found = (telephone_warning(known.telephone), identity_warning(known.identity, today))
    return [_(warning) for warning in found if warning]


def _suggestions(event: Event, form: EntryForm, choices: Catalogue) -> Suggestions:
    person, content = _person(), form.content.data or ""
    area_id = id_of(form.area_id.data)
    alike = lookalikes(person, content, area_id=area_id)[:MOST_ALIKE]
    _note((each.id, each.confidentiality) for each in alike)
    persons = queries.persons_of([each.id for each in alike]) if alike else {}
    return Suggestions(
        [(each, persons.get(each.id, 0)) for each in alike],
        proposals(person, content, event.unit_id, choices, clock.now()),
        choices.names(),
    )


def _page(event: Event, form: EntryForm, suggestions: Suggestions | None = None) -> str:
    return render_template(
        "reception/entry.html",
        event=event,
        form=form,
        suggestions=suggestions,
        large_group=LARGE_GROUP,
        **_logged(event),
    )


def _strip(event: Event, said: str = "", category: str = "") -> str:
    return render_template(
        "reception/_logged.html", event=event, said=said, category=category, **_logged(event)
    )


def _logged(event: Event) -> dict[str, Any]:
    log = queries.logged_at(_person(), event.id)
    _note((each.case.id, each.case.confidentiality) for each in log.items)
    return {
        "log": log,
        "today": clock.local_date(clock.now()),
        "kind_labels": KIND_LABELS,
    }


def _note(seen: Iterable[tuple[UUID, str]]) -> None:
    cases.note_listed(seen, reader=_person(), now=clock.now())


def _event(event_id: UUID) -> Event:
    return queries.find_event(_person(), event_id) or abort(404)


def _turn(event_id: UUID, turn_id: UUID) -> tuple[Event, Logged]:
    event = _event(event_id)
    return event, queries.find_logged(_person(), event.id, turn_id) or abort(404)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
