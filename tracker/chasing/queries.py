"""What people are reminded of, as inboxes and messages show it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, func, literal, or_, select, union_all

from tracker.cases.models import Case
from tracker.cases.queries import visible
from tracker.chasing import subjects
from tracker.chasing.models import Notice, Reminder
from tracker.chasing.others import OF_OTHERS
from tracker.core.db import db
from tracker.rules.chasing import CLOCKS, URGE, Clock
from tracker.units.models import Unit, User
from tracker.units.queries import Viewer

UNREAD = Notice.read_at.is_(None)
COUNTED_UP_TO = 99


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that a person is reminded of.

    code: of the case, None where it is none. unit: whose work is awaited. stands_in_for: the
    name of the person away. may_do: whether the person can do what is awaited, and not only urge
    those who can. is_settled: it was done, or its date moved, since.
    """

    notice_id: UUID
    clock: Clock
    case_id: UUID | None
    code: str | None
    unit: str | None
    due_on: date
    reminded_on: date
    stands_in_for: str | None
    is_read: bool
    is_settled: bool
    may_do: bool

    @property
    def todo(self) -> str:
        """What the person has to do next, a label."""
        return self.clock.todo if self.may_do else URGE


def lines(viewer: Viewer, *conditions: ColumnElement[bool], limit: int) -> list[Line]:
    """The person's notices under `conditions`, what is due longest first. Two queries.

    A case that the person may not see any more isn't among them.
    """
    asked = (
        select(
            Notice.id,
            Notice.read_at,
            Reminder.clock,
            Reminder.subject_id,
            Reminder.began_on,
            Reminder.case_id,
            Reminder.due_on,
            Reminder.reminded_on,
            Case.code,
            Unit.name.label("unit"),
            User.name.label("stands_in_for"),
        )
        .join(Reminder, Reminder.id == Notice.reminder_id)
        .outerjoin(Case, Case.id == Reminder.case_id)
        .outerjoin(Unit, Unit.id == Reminder.unit_id)
        .outerjoin(User, User.id == Notice.stands_in_for_id)
        .where(Notice.user_id == viewer.user_id, *conditions)
        .where(or_(Reminder.case_id.is_(None), visible(viewer)))
        .order_by(Reminder.due_on, Notice.id)
        .limit(limit)
    )
    rows: Any = db.session.execute(asked).all()
    running = _still_running(rows)
    return [
        Line(
            notice_id=row.id,
            clock=CLOCKS[row.clock],
            case_id=row.case_id,
            code=row.code,
            unit=row.unit,
            due_on=row.due_on,
            reminded_on=row.reminded_on,
            stands_in_for=row.stands_in_for,
            is_read=row.read_at is not None,
            may_do=_may_do(viewer, CLOCKS[row.clock]),
            is_settled=(row.clock, row.subject_id, row.began_on) not in running,
        )
        for row in rows
    ]


def _may_do(viewer: Viewer, clock: Clock) -> bool:
    return not clock.action or viewer.may(f"case:{clock.action}")


def _still_running(rows: Sequence[Row[Any]]) -> set[tuple[str, UUID, date]]:
    """Which clocks of these reminders run as they did. One query."""
    by_clock: dict[str, list[UUID]] = defaultdict(list)
    others = set()
    for row in rows:
        if row.clock not in OF_OTHERS:
            by_clock[row.clock].append(row.subject_id)
        elif OF_OTHERS[row.clock].still_waits(row.subject_id, row.began_on):
            others.add((row.clock, row.subject_id, row.began_on))
    asked = []
    for clock, ids in by_clock.items():
        running = subjects.running(clock).subquery()
        asked.append(
            select(literal(clock), running.c.subject_id, running.c.began_on).where(
                running.c.subject_id.in_(ids)
            )
        )
    if not asked:
        return others
    return others | {
        (clock, subject_id, began_on)
        for clock, subject_id, began_on in db.session.execute(union_all(*asked))
    }


def unread(viewer: Viewer, today: date) -> int:
    """How many notices the person hasn't read nor put off, up to `COUNTED_UP_TO` + 1."""
    some = (
        select(literal(1))
        .where(Notice.user_id == viewer.user_id, UNREAD, is_up(today))
        .limit(COUNTED_UP_TO + 1)
        .subquery()
    )
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def is_up(today: date) -> ColumnElement[bool]:
    """The condition that a notice wasn't put off until after `today`."""
    return or_(Notice.later_on.is_(None), Notice.later_on <= today)


def comes_after(due_on: date, notice_id: UUID) -> ColumnElement[bool]:
    """The condition that a line comes after one due on `due_on`, in the order of `lines`."""
    return or_(Reminder.due_on > due_on, and_(Reminder.due_on == due_on, Notice.id > notice_id))
