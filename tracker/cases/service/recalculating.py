"""Due dates after a change of the calendar: which of them move, and moving them all at once.

A date that the rule computed is computed anew, and the original date with it. A date that was
decided (extended, set by hand) only moves on from a day of rest, and back. One that a register gave
stays, and so does one that can't be explained.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, insert, literal, or_, select, update

from tracker.cases import clocks, story
from tracker.cases.models import FOREVER, REPORTABLE, Assignment, Case, CaseVersion, Entry
from tracker.core.clock import local_date
from tracker.core.db import Instant, db, new_id
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Pause
from tracker.rules.workflow import OPEN
from tracker.units.queries import Viewer

ACTION = "recalculate"
CHUNK = 1000
_Count = Callable[[clocks.Timed, WorkingCalendar], date | None]


@dataclass(frozen=True, slots=True)
class Move:
    """One open case whose due date a change of the calendar moves.

    Of a case that stood still on the changed day it can be the original date alone.
    """

    case_id: UUID
    state: str
    old: date
    new: date
    old_original: date | None
    new_original: date | None


@dataclass(frozen=True, slots=True)
class Calendars:
    """The working days as they are, and as they would be."""

    before: WorkingCalendar
    after: WorkingCalendar


def concerned(day: date) -> ColumnElement[bool]:
    """The condition under which a change of `day` can move a case's due date.

    The days of a limit are those after the receipt, or after the acceptance, up to the due date.
    A case that is suspended has the date that it had before; resuming counts it anew, by the
    calendar of then.
    """
    return and_(
        Case.state.in_(OPEN),
        or_(Case.due_basis == "rule", Case.decided_due_on.is_not(None)),
        Case.received_on < day,
        or_(Case.due_on >= day, Case.original_due_on >= day),
    )


def lock(day: date) -> None:
    """Keeps the cases that `day` concerns from other writers until the transaction ends."""
    db.session.execute(select(Case.id).where(concerned(day)).order_by(Case.id).with_for_update())


def moves(day: date, calendars: Calendars) -> list[Move]:
    """The cases that move when `day` changes from one calendar to the other."""
    rows = db.session.execute(
        select(
            Case.id,
            Case.state,
            Case.kind,
            Case.condition,
            Case.received_on,
            Case.accepted_on,
            Case.due_on,
            Case.original_due_on,
            Case.due_basis,
            Case.decided_due_on,
            Case.pauses,
            Case.pauses_before_decision,
        ).where(concerned(day))
    ).all()
    dates_of = _Dates(calendars)
    found = []
    for case_id, state, *timed in rows:
        case = _Timed(*timed)
        dates = case.due_on, case.original_due_on
        new_due_on, new_original = dates_of(case)
        if (
            new_due_on is not None
            and case.due_on is not None
            and (new_due_on, new_original) != dates
        ):
            found.append(
                Move(case_id, state, case.due_on, new_due_on, case.original_due_on, new_original)
            )
    return found


def move(found: Sequence[Move], *, actor: Viewer, now: datetime, text: str) -> None:
    """Writes the new dates, an entry and a version for each case, inside a transaction."""
    for start in range(0, len(found), CHUNK):
        chunk = found[start : start + CHUNK]
        ids = [each.case_id for each in chunk]
        _write_dates(chunk)
        _write_assignments(chunk)
        _write_entries(chunk, ids, actor, now, text)
        _write_versions(chunk, ids, now)
    db.session.expire_all()


class _Timed(NamedTuple):
    """What of a case its due dates are counted by: see `clocks.Timed`."""

    kind: str
    condition: str
    received_on: date
    accepted_on: date | None
    due_on: date | None
    original_due_on: date | None
    due_basis: str
    decided_due_on: date | None
    pauses: tuple[Pause, ...]
    pauses_before_decision: int


class _Dates:
    """Due dates and original dates after the change; the same question is answered once."""

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars
        self._known: dict[_Timed, tuple[date | None, date | None]] = {}

    def __call__(self, case: _Timed) -> tuple[date | None, date | None]:
        if case not in self._known:
            self._known[case] = (
                self._after(clocks.due_on, case, case.due_on),
                self._after(clocks.first_due_on, case, case.original_due_on),
            )
        return self._known[case]

    def _after(self, count: _Count, case: _Timed, present: date | None) -> date | None:
        """The date by the new calendar; the present one where the old calendar can't explain it."""
        if count(case, self._calendars.before) != present:
            return present
        return count(case, self._calendars.after)


def _write_dates(chunk: Sequence[Move]) -> None:
    for (new, original), ids in _together(chunk).items():
        db.session.connection().execute(
            update(Case)
            .where(Case.id.in_(ids))
            .values(due_on=new, original_due_on=original, version=Case.version + 1)
        )


def _together(chunk: Iterable[Move]) -> dict[tuple[date, date | None], list[UUID]]:
    """The cases by what they get: most of them share a few dates."""
    found: dict[tuple[date, date | None], list[UUID]] = defaultdict(list)
    for each in chunk:
        found[each.new, each.new_original].append(each.case_id)
    return found


def _write_assignments(chunk: Sequence[Move]) -> None:
    """Moves the agencies' dates that were the case's own."""
    by_dates: dict[tuple[date, date], list[UUID]] = defaultdict(list)
    for each in chunk:
        by_dates[each.old, each.new].append(each.case_id)
    for (old, new), ids in by_dates.items():
        db.session.connection().execute(
            update(Assignment)
            .where(
                Assignment.case_id.in_(ids),
                Assignment.ended_on.is_(None),
                Assignment.due_on == old,
            )
            .values(due_on=new)
        )


def _write_entries(
    chunk: Sequence[Move], ids: list[UUID], actor: Viewer, now: datetime, text: str
) -> None:
    last = _last_entries(ids)
    db.session.connection().execute(insert(Entry), list(_entries(chunk, last, actor, now, text)))


def _last_entries(ids: list[UUID]) -> dict[UUID, tuple[int, str]]:
    newest = (
        select(Entry.case_id, func.max(Entry.sequence).label("sequence"))
        .where(Entry.case_id.in_(ids))
        .group_by(Entry.case_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Entry.case_id, Entry.sequence, Entry.digest).join(
            newest,
            and_(Entry.case_id == newest.c.case_id, Entry.sequence == newest.c.sequence),
        )
    )
    return {case_id: (sequence, digest) for case_id, sequence, digest in rows}


def _entries(
    chunk: Sequence[Move],
    last: dict[UUID, tuple[int, str]],
    actor: Viewer,
    now: datetime,
    text: str,
) -> Iterator[dict[str, Any]]:
    for each in chunk:
        sequence, digest = last.get(each.case_id, (0, story.FIRST_DIGEST))
        fields = {
            "case_id": each.case_id,
            "sequence": sequence + 1,
            "action": ACTION,
            "from_state": each.state,
            "to_state": each.state,
            "happened_on": local_date(now),
            "recorded_at": now,
            "user_id": actor.user_id,
            "unit_id": actor.unit_id,
            "changes": story.changes(
                {"due_on": each.old, "original_due_on": each.old_original},
                {"due_on": each.new, "original_due_on": each.new_original},
            ),
            "text": text,
            "import_id": None,
            "import_row": None,
        }
        yield {"id": new_id(), **story.sealed(digest, fields)}


def _write_versions(chunk: Sequence[Move], ids: list[UUID], now: datetime) -> None:
    current = and_(CaseVersion.case_id.in_(ids), CaseVersion.recorded_to == FOREVER)
    # Recorded at this instant, or by a clock that runs ahead: the later word replaces it.
    replaced = set(
        db.session.scalars(
            select(CaseVersion.case_id).where(current, CaseVersion.recorded_from >= now)
        )
    )
    connection = db.session.connection()
    connection.execute(
        update(CaseVersion).where(current, CaseVersion.recorded_from < now).values(recorded_to=now)
    )
    columns = [getattr(Case, name) for name in REPORTABLE]
    connection.execute(
        insert(CaseVersion).from_select(
            ["case_id", "recorded_from", "recorded_to", *REPORTABLE],
            select(Case.id, literal(now, Instant), literal(FOREVER, Instant), *columns).where(
                Case.id.in_(set(ids) - replaced)
            ),
        )
    )
    for (new, original), same in _together(
        each for each in chunk if each.case_id in replaced
    ).items():
        connection.execute(
            update(CaseVersion)
            .where(CaseVersion.case_id.in_(same), CaseVersion.recorded_to == FOREVER)
            .values(due_on=new, original_due_on=original)
        )
