"""Corrections of the calendar: what they would move, making them, and taking them back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, exists, select

from tracker.cases import clocks, numbering, queries
from tracker.cases.models import CalendarDay, Case
from tracker.cases.service import recalculating
from tracker.cases.service.recalculating import Calendars, Move
from tracker.core.db import db, transaction
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.rules.access import allows
from tracker.rules.calendar import Correction
from tracker.rules.vietnamese import clean, format_date
from tracker.units.models import Unit
from tracker.units.queries import Viewer

LONGEST_SOURCE = 300
MOST_NAMED = 100
# As it stands in the story, which is the office's own record and in its language.
_WORDS = {"rest": "là ngày nghỉ", "work": "là ngày làm việc"}
_MADE = "Điều chỉnh lịch: {day} theo {source}"
_REMOVED = "Bỏ điều chỉnh lịch: {day} theo {source}"


@dataclass(frozen=True, slots=True)
class NamedMove:
    """A case that moves and that the viewer may see; is_own: it's only a unit's date in it."""

    case_id: UUID
    code: str
    old: date
    new: date
    is_own: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change of one day would do to the cases that are counted to the viewer.

    count: how many of them move; named: the first of these that the viewer may see, the nearest
    due date first.
    changes_nothing: the day already is what the correction makes it. Whether others move isn't
    told, as that would tell of a denunciation.
    """

    correction: Correction
    count: int
    named: Sequence[NamedMove]
    changes_nothing: bool


def preview_correction(day: date, kind: str, source: str, *, actor: Viewer) -> Preview:
    """What `correct` with the same words would do. Raises Refused as it does."""
    _check_right(actor)
    correction = _correction(day, kind, source)
    return _preview(correction, _with(correction), actor)


def preview_removal(correction_id: UUID, *, actor: Viewer) -> Preview:
    """What `remove_correction` would do. Raises Refused where it isn't in force."""
    _check_right(actor)
    correction = _as_correction(_in_force(correction_id))
    return _preview(correction, _without(correction), actor)


def correct(day: date, kind: str, source: str, *, actor: Viewer, now: datetime) -> int:
    """Makes `day` one of "rest" or "work" by the document `source`.

    Gives how many of the cases moved that are counted to the actor. The row, the new due dates,
    an entry and a version for each case are one transaction.
    Raises Refused beside `day`, `kind` or `source`.
    """
    _check_right(actor)
    with transaction():
        recalculating.lock(day)
        # Whoever logs a case waits for its number until here, and then counts with our day.
        numbering.take("serial", 0)
        correction = _correction(day, kind, source)
        found = recalculating.moves(day, _with(correction))
        count = len(_seen(day, found, queries.counted(actor)))
        db.session.add(
            CalendarDay(
                day=day,
                kind=kind,
                source=correction.source,
                user_id=actor.user_id,
                recorded_at=now,
            )
        )
        db.session.flush()
        clocks.forget_corrections()
        recalculating.move(found, actor=actor, now=now, text=_told(_MADE, correction))
    return count


def remove_correction(correction_id: UUID, *, actor: Viewer, now: datetime) -> int:
    """Takes a correction back, which stays on record.

    Gives how many of the cases moved that are counted to the actor. The dates are counted anew
    without it, so they are what they would be had it never been.
    Raises Refused where it isn't in force.
    """
    _check_right(actor)
    with transaction():
        row = _in_force(correction_id)
        recalculating.lock(row.day)
        numbering.take("serial", 0)
        row = _in_force(correction_id)
        correction = _as_correction(row)
        found = recalculating.moves(row.day, _without(correction))
        count = len(_seen(row.day, found, queries.counted(actor)))
        row.removed_at = now
        row.removed_by_id = actor.user_id
        db.session.flush()
        clocks.forget_corrections()
        recalculating.move(found, actor=actor, now=now, text=_told(_REMOVED, correction))
    return count


def may_correct(actor: Viewer) -> bool:
    """Whether `actor` keeps the calendar: all units count with it, so somebody of a topmost one."""
    if actor.sees_everything:
        return True
    if not actor.may("calendar:change"):
        return False
    units = {
        unit_id
        for role, reached in actor.reach.items()
        if allows(frozenset({role}), "calendar:change")
        for unit_id in reached
    }
    top = exists().where(Unit.id.in_(units), Unit.parent_id.is_(None))
    return bool(units) and bool(db.session.scalar(select(top)))


def _check_right(actor: Viewer) -> None:
    if not may_correct(actor):
        raise NotAllowed(_("Lịch làm việc dùng chung: chỉ đơn vị cao nhất điều chỉnh được."))


def _correction(day: date, kind: str, source: str) -> Correction:
    """The wanted correction, checked against those in force."""
    if not clocks.reaches(day):
        raise Refused(_("Ngày này nằm ngoài lịch làm việc."), "day")
    if kind not in _WORDS:
        raise Refused(_("Hãy chọn ngày nghỉ hay ngày làm việc."), "kind")
    source = clean(source)
    if not source:
        raise Refused(_("Hãy ghi văn bản làm căn cứ."), "source")
    if len(source) > LONGEST_SOURCE:
        raise Refused(_("Dài quá: tối đa 300 ký tự."), "source")
    if any(known.day == day for known in clocks.corrections()):
        raise Refused(_("Ngày này đã được điều chỉnh; hãy bỏ điều chỉnh ấy trước."), "day")
    return Correction(day, "rest" if kind == "rest" else "work", source)


def _in_force(correction_id: UUID) -> CalendarDay:
    row = db.session.scalars(
        select(CalendarDay)
        .where(CalendarDay.id == correction_id)
        .execution_options(populate_existing=True)
    ).first()
    if row is None:
        raise NotAllowed(_("Không tìm thấy điều chỉnh này."))
    if row.removed_at is not None:
        raise OutOfDate(_("Điều chỉnh này đã được bỏ."))
    return row


def _as_correction(row: CalendarDay) -> Correction:
    return Correction(row.day, "rest" if row.kind == "rest" else "work", row.source)


def _with(correction: Correction) -> Calendars:
    after = sorted((*clocks.corrections(), correction), key=lambda each: each.day)
    return Calendars(clocks.calendar(), clocks.calendar_with(tuple(after)))


def _without(correction: Correction) -> Calendars:
    after = tuple(each for each in clocks.corrections() if each.day != correction.day)
    return Calendars(clocks.calendar(), clocks.calendar_with(after))


def _preview(correction: Correction, calendars: Calendars, actor: Viewer) -> Preview:
    found = recalculating.moves(correction.day, calendars)
    count = len(_seen(correction.day, found, queries.counted(actor)))
    seen = _seen(correction.day, found, queries.visible(actor))
    was, becomes = (each.is_working(correction.day) for each in (calendars.before, calendars.after))
    return Preview(correction, count, seen[:MOST_NAMED], was == becomes)


def _seen(day: date, found: Sequence[Move], which: ColumnElement[bool]) -> list[NamedMove]:
    """Those of the moves that change a due date, of the cases `which`; before they are made.

    Not the original date alone.
    """
    moves = {each.case_id: moved for each in found if (moved := _moved(each))}
    rows = db.session.execute(
        select(Case.id, Case.code)
        .where(recalculating.concerned(day), which)
        .order_by(Case.due_on, Case.code)
    )
    return [NamedMove(case_id, code, *moves[case_id]) for case_id, code in rows if case_id in moves]


def _moved(move: Move) -> tuple[date, date, bool] | None:
    """From when to when the due date of a case moves, or else a unit's in it: see `NamedMove`."""
    if move.old is not None and move.new is not None and move.old != move.new:
        return move.old, move.new, False
    return (move.own.old, move.own.new, True) if move.own else None


def _told(sentence: str, correction: Correction) -> str:
    day = f"{format_date(correction.day)} {_WORDS[correction.kind]}"
    return sentence.format(day=day, source=correction.source)
