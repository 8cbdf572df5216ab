"""Pages of meetings: today's, a month's, all, one; beginning, ending and undoing one."""

from calendar import Calendar
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from tracker.cases import clocks
from tracker.cases.year import SHORT_WEEKDAYS
from tracker.core import clock
from tracker.core.db import new_id
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.reception import event_queries, queries, service
from tracker.reception.event_forms import (
    AgainForm,
    BeginForm,
    CloseForm,
    MoveForm,
    ReasonForm,
    named,
)
from tracker.reception.event_telling import (
    changes_of,
    name_of,
    pattern_of,
    rest_on_its_day,
    weekday,
)
from tracker.reception.forms import id_of
from tracker.reception.models import Event
from tracker.rules.meetings import ACTIONS, SORTS, STATE_LABELS, STORY_LABELS
from tracker.rules.workflow import KIND_LABELS
from tracker.units.queries import Viewer

blueprint = Blueprint("events", __name__, url_prefix="/events")
blueprint.add_app_template_global(name_of, "meeting_name")
blueprint.record_once(lambda setup: setup.app.jinja_env.globals.update(meeting_states=STATE_LABELS))
blueprint.add_app_template_global(pattern_of, "meeting_pattern")
blueprint.add_app_template_global(rest_on_its_day, "meeting_rest")
blueprint.add_app_template_global(weekday, "weekday_of")

FORMS = {
    "begin": BeginForm,
    "close": CloseForm,
    "reopen": ReasonForm,
    "cancel": ReasonForm,
    "move": MoveForm,
}


@blueprint.get("")
@needs("event:read")
def today() -> str:
    """Today's meetings and the next; each sort can be begun as last time, in one click."""
    person, day = _person(), _today()
    again = event_queries.last_of_each_sort(person.unit_id, day) if may_manage(person) else []
    return render_template(
        "reception/today.html",
        today=day,
        at_hand=event_queries.at_hand(person, day),
        coming=event_queries.coming(person, day),
        left_behind=event_queries.left_behind(person, day),
        again=[(event, AgainForm(made_id=new_id())) for event in again],
        may_manage=may_manage(person),
        sorts=SORTS,
    )


@blueprint.get("/month")
@needs("event:read")
def month() -> str:
    """A month's meetings as a calendar; this month's where the address names none."""
    first = _month(request.args.get("month", ""))
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    by_day: dict[date, list[event_queries.Listed]] = {}
    for row in event_queries.between(_person(), first, last):
        by_day.setdefault(row.event.held_on, []).append(row)
    calendar = clocks.calendar()
    return render_template(
        "reception/month.html",
        first=first,
        weeks=weeks,
        by_day=by_day,
        rest={
            day: calendar.reason(day)
            for week in weeks
            for day in week
            if day.month == first.month and not calendar.is_working(day)
        },
        previous=first - timedelta(days=1),
        following=last + timedelta(days=1),
        short_weekdays=SHORT_WEEKDAYS,
        today=_today(),
        may_manage=may_manage(_person()),
    )


@blueprint.get("/<uuid:event_id>")
@needs("event:read")
def show(event_id: UUID) -> str:
    """One meeting: particulars, what it brought, its story, what may be done now."""
    return page_of(_event(event_id))


@blueprint.post("/<uuid:event_id>/again")
@needs("event:manage")
def again(event_id: UUID) -> Any:
    """Begins a meeting of that sort now, with place, chair and those present of last time."""
    last, form = _event(event_id), AgainForm()
    made = service.start(
        id_of(form.made_id.data) or new_id(),
        actor=_person(),
        unit_id=last.unit_id,
        sort=event_queries.sort_of(last),
        now=clock.now(),
    )
    flash(_("Đã bắt đầu: %(name)s.", name=name_of(made)), "success")
    return redirect(url_for(".show", event_id=made.id))


@blueprint.post("/<uuid:event_id>/begin")
@needs("event:manage")
def begin(event_id: UUID) -> Any:
    """The planned meeting begins."""
    return _act(event_id, "begin", service.begin)


@blueprint.post("/<uuid:event_id>/close")
@needs("event:manage")
def close(event_id: UUID) -> Any:
    """The meeting ends."""
    return _act(event_id, "close", service.close)


@blueprint.post("/<uuid:event_id>/reopen")
@needs("event:manage")
def reopen(event_id: UUID) -> Any:
    """The meeting goes on, or is planned again."""
    return _act(event_id, "reopen", service.reopen)


@blueprint.post("/<uuid:event_id>/cancel")
@needs("event:manage")
def cancel(event_id: UUID) -> Any:
    """The meeting isn't held."""
    return _act(event_id, "cancel", service.cancel)


@blueprint.post("/<uuid:event_id>/move")
@needs("event:manage")
def move(event_id: UUID) -> Any:
    """The meeting is held on another day."""
    return _act(event_id, "move", service.move)


def _act(event_id: UUID, action: str, verb: Callable[..., Event]) -> Any:
    event, form = _event(event_id), FORMS[action]()
    status = Refused.status
    if form.validate():
        given = {name: value for name, value in form.data.items() if name != "csrf_token"}
        try:
            verb(event.id, actor=_person(), now=clock.now(), **given)
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            flash(f"{_('Đã ghi')}: {_(ACTIONS[action][0]).lower()}.", "success")
            return redirect(url_for(".show", event_id=event_id))
    return page_of(_event(event_id), {action: form}), status


def page_of(event: Event, sent: dict[str, Any] | None = None) -> str:
    """The page of a meeting. sent: action -> its form as it came back."""
    person = _person()
    found = event_queries.counts(person, event.id)
    acts = {
        action: named((sent or {}).get(action) or _empty(form, event), action)
        for action, form in FORMS.items()
        if event.state in ACTIONS[action][1] and may_manage(person, event.unit_id)
    }
    return render_template(
        "reception/event.html",
        event=event,
        unit=event_queries.unit_of(event.unit_id),
        counts=found,
        total=event_queries.total(found),
        story=[(told, changes_of(told.entry.changes)) for told in event_queries.story(event.id)],
        forms=acts,
        sent=sent or {},
        may_correct=event.state in ACTIONS["correct"][1] and may_manage(person, event.unit_id),
        is_early=event.held_on > _today(),
        actions=ACTIONS,
        story_labels=STORY_LABELS,
        kind_labels=KIND_LABELS,
        sort_label=SORTS[event_queries.sort_of(event)],
    )


def _empty(form: Callable[..., Any], event: Event) -> Any:
    # Filled in from the meeting, not from what another form of the page sent.
    made = form(None, version=event.version)
    if "attendance" in made:
        made.attendance.data = event.attendance
    return made


def may_manage(person: Viewer, unit_id: UUID | None = None) -> bool:
    """Whether the person holds meetings, of `unit_id` where it is given."""
    if not person.may("event:manage"):
        return False
    return unit_id is None or unit_id in queries.units_for(person, "event:manage")


def _month(text: str) -> date:
    """The first day of the month written as 2026-03; of this month where it names none."""
    today = _today()
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return first if clocks.reaches(first) else today.replace(day=1)


def _event(event_id: UUID) -> Event:
    return queries.find_event(_person(), event_id) or abort(404)


def _today() -> date:
    return clock.local_date(clock.now())


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
