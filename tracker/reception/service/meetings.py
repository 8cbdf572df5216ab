"""The verbs of one meeting. Each is one transaction and one entry in the meeting's story."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _

from tracker.core.clock import local_date
from tracker.core.db import db, transaction
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.reception import event_queries, queries
from tracker.reception.models import Event
from tracker.reception.service.ahead import plan_ahead
from tracker.reception.service.event_rows import (
    Particulars,
    check_unit,
    counted,
    differences,
    new_event,
    note,
    paragraph,
    snapshot,
    written,
)
from tracker.rules.meetings import ACTIONS, Sort
from tracker.units.queries import Viewer


def plan(
    event_id: UUID,
    *,
    actor: Viewer,
    unit_id: UUID,
    sort: Sort,
    held_on: date,
    particulars: Particulars,
    now: datetime,
) -> Event:
    """Plans one meeting of the unit; the same `event_id`, made by the page, is planned once.

    Raises Refused for a day that is past, and where the unit isn't the actor's to plan for.
    """
    with transaction():
        if (known := _made_before(event_id, actor)) is not None:
            return known
        check_unit(unit_id, actor, held_on)
        if held_on < local_date(now):
            raise Refused(_("Ngày này đã qua: buổi đã diễn ra thì chọn Bắt đầu ngay."), "held_on")
        event = new_event(event_id, unit_id, sort, held_on, particulars.checked(sort))
        note(event, "plan", actor, now)
    return event


def start(
    event_id: UUID,
    *,
    actor: Viewer,
    unit_id: UUID,
    sort: Sort,
    now: datetime,
    held_on: date | None = None,
    particulars: Particulars | None = None,
) -> Event:
    """Begins a meeting that nobody planned; the same `event_id` begins once.

    held_on: today where None; a day that is past where what was said is written down later.
    particulars: those of the unit's last meeting of that sort where None.
    """
    with transaction():
        if (known := _made_before(event_id, actor)) is not None:
            return known
        day = held_on or local_date(now)
        check_unit(unit_id, actor, day)
        given = (particulars or Particulars()).checked(sort)
        event = new_event(event_id, unit_id, sort, day, given)
        if particulars is None:
            _inherit(event)
        _open(event, now)
        note(event, "begin", actor, now)
    return event


def begin(event_id: UUID, *, actor: Viewer, now: datetime, version: int | None = None) -> Event:
    """The planned meeting begins; what nobody said of it is as at the last of its sort.

    Raises Refused before its day.
    """
    with transaction():
        event = _found(event_id, actor)
        if event.state == "open":
            return event
        with _changed(event, "begin", actor, now, version):
            _inherit(event)
            _open(event, now)
        if event.series_id is not None:
            plan_ahead(event.series_id, actor=actor, now=now)
    return event


def close(
    event_id: UUID,
    *,
    actor: Viewer,
    now: datetime,
    attendance: int | None = None,
    version: int | None = None,
) -> Event:
    """The meeting ends. attendance: how many came, as it was counted or as it was where None."""
    with transaction():
        event = _found(event_id, actor)
        if event.state == "closed":
            return event
        with _changed(event, "close", actor, now, version):
            event.state, event.closed_at = "closed", now
            if attendance is not None:
                event.attendance = counted(attendance)
    return event


def reopen(
    event_id: UUID, *, actor: Viewer, reason: str, now: datetime, version: int | None = None
) -> Event:
    """What ended goes on, what was cancelled is planned again, with a reason."""
    with transaction():
        event = _found(event_id, actor)
        reason = written(reason)
        if event.state in ("open", "planned"):
            return event
        with _changed(event, "reopen", actor, now, version, reason):
            event.state = "open" if event.state == "closed" else "planned"
            event.closed_at = None
    return event


def cancel(
    event_id: UUID, *, actor: Viewer, reason: str, now: datetime, version: int | None = None
) -> Event:
    """The meeting isn't held, with a reason. One that has begun only while nothing is logged."""
    with transaction():
        event = _found(event_id, actor)
        reason = written(reason)
        if event.state == "cancelled":
            return event
        if event_queries.has_turns(event.id):
            raise Refused(_("Buổi này đã ghi nhận lượt phản ánh nên không hủy được."))
        with _changed(event, "cancel", actor, now, version, reason):
            event.state = "cancelled"
    return event


def correct(
    event_id: UUID,
    *,
    actor: Viewer,
    particulars: Particulars,
    attendance: int | None,
    note_text: str,
    now: datetime,
    version: int | None = None,
) -> Event:
    """Puts right who received, where, with whom, and how many came."""
    with transaction():
        event = _found(event_id, actor)
        checked = particulars.checked(Sort(event.kind, event.form))
        wanted = checked.given() | {
            "attendance": None if attendance is None else counted(attendance),
            "note": paragraph(note_text, "note"),
        }
        if all(getattr(event, name) == value for name, value in wanted.items()):
            return event
        with _changed(event, "correct", actor, now, version):
            for name, value in wanted.items():
                setattr(event, name, value)
    return event


def move(
    event_id: UUID,
    *,
    actor: Viewer,
    held_on: date,
    reason: str,
    now: datetime,
    version: int | None = None,
) -> Event:
    """The planned meeting is held on another day, with a word why."""
    with transaction():
        event = _found(event_id, actor)
        reason = written(reason)
        if event.held_on == held_on:
            return event
        if held_on < local_date(now):
            raise Refused(_("Ngày này đã qua."), "held_on")
        with _changed(event, "move", actor, now, version, reason):
            event.planned_on = event.planned_on or event.held_on
            event.held_on, event.moved_reason = held_on, reason
    return event


def _found(event_id: UUID, actor: Viewer) -> Event:
    event = queries.find_event(actor, event_id, for_update=True)
    if event is None:
        raise NotAllowed(_("Không tìm thấy buổi tiếp dân này."))
    if actor.user_id is None or event.unit_id not in queries.units_for(actor, "event:manage"):
        raise NotAllowed(_("Bạn không tổ chức buổi tiếp dân của đơn vị này."))
    return event


def _made_before(event_id: UUID, actor: Viewer) -> Event | None:
    """The meeting that the same click has made already."""
    return _found(event_id, actor) if db.session.get(Event, event_id) is not None else None


@contextmanager
def _changed(
    event: Event,
    action: str,
    actor: Viewer,
    now: datetime,
    version: int | None,
    text: str = "",
) -> Iterator[None]:
    """Checks that `action` may be done now, lets the caller do it, and records it."""
    if version is not None and version != event.version:
        raise OutOfDate(_("Buổi này vừa được người khác cập nhật. Hãy xem lại rồi gửi lại."))
    if event.state not in ACTIONS[action][1]:
        raise OutOfDate(_("Buổi này đã chuyển trạng thái; việc này không còn làm được."))
    before = snapshot(event)
    # Half a change must not reach the database's own checks.
    with db.session.no_autoflush:
        yield
    note(event, action, actor, now, changes=differences(before, snapshot(event)), text=text)


def _open(event: Event, now: datetime) -> None:
    if event.held_on > local_date(now):
        raise Refused(_("Ngày của buổi này chưa đến; cần họp sớm thì dời ngày trước."))
    event.state, event.opened_at, event.closed_at = "open", now, None


def _inherit(event: Event) -> None:
    """Takes what nobody said from the unit's last meeting of that sort."""
    last = event_queries.last_held(event.unit_id, Sort(event.kind, event.form), event.held_on)
    if last is None:
        return
    if not event.chair:
        event.chair, event.is_delegated = last.chair, last.is_delegated
    event.place = event.place or last.place
    event.present = event.present or last.present
