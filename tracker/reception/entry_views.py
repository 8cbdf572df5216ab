"""The page on which a meeting's items are written down, and what it sends."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.cases.catalogue import catalogue
from tracker.cases.models import Case
from tracker.core import clock
from tracker.core.db import new_id
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.reception import queries, service
from tracker.reception.forms import EntryForm, id_of
from tracker.reception.models import Event
from tracker.units.queries import Viewer

blueprint = Blueprint("reception", __name__)


@blueprint.get("/events/<uuid:event_id>/entry")
@needs("case:create")
def entry(event_id: UUID) -> Any:
    """The page: an empty item, and what this person has written down at the meeting."""
    event = _event(event_id)
    form = EntryForm(entry_id=new_id())
    form.offer(catalogue(event.held_on))
    return _page(event, form)


@blueprint.post("/events/<uuid:event_id>/entries")
@needs("case:create")
def enter(event_id: UUID) -> Any:
    """Writes one item down; the same item sent twice is one.

    JSON, where that is asked for: 201 with id, code and address of the case; 422 with `errors`
    by field ("" for the whole form). Pages go back to an empty item.
    """
    event = _event(event_id)
    form = EntryForm()
    form.offer(catalogue(event.held_on))
    entry_id = id_of(form.entry_id.data) or new_id()
    if form.validate():
        try:
            case = service.enter(event.id, form.entered(entry_id), actor=_person(), now=clock.now())
            return _entered(event, case)
        except Refused as refusal:
            form.refuse(refusal)
    if _wants_json():
        whole = {"": form.form_errors} if form.form_errors else {}
        return jsonify(errors={**form.errors, **whole}), 422
    return _page(event, form), 422


def _entered(event: Event, case: Case) -> Any:
    said = _("Đã ghi nhận vụ việc %(code)s.", code=case.code)
    if _wants_json():
        address = url_for("cases.show", case_id=case.id)
        return jsonify(id=case.id, code=case.code, address=address, notice=said), 201
    flash(said, "success")
    return redirect(url_for("reception.entry", event_id=event.id))


def _page(event: Event, form: EntryForm) -> str:
    logged = queries.logged_at(_person(), event.id)
    return render_template("reception/entry.html", event=event, form=form, logged=logged)


def _event(event_id: UUID) -> Event:
    return queries.find_event(_person(), event_id) or abort(404)


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
