"""Due dates after a change of the calendar: which of them move, and moving them all at once.

A date that the rule computed is computed anew, and the original date with it. A date that was
decided (extended, set by hand) only moves on from a day of rest, and back. One that a register gave
stays, and so does one that can't be explained. What units were asked goes by the same rule; no
date of theirs is left on a day of rest.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, insert, literal, or_, select, update
from sqlalchemy.orm import aliased

from tracker.cases import clocks, story
from tracker.cases.models import FOREVER, REPORTABLE, Assignment, Case, CaseVersion
from tracker.core.clock import local_date
from tracker.core.db import Instant, db
from tracker.rules.calendar import WorkingCalendar
from tracker.rules.deadlines import Pause
from tracker.rules.workflow import OPEN
from tracker.units.queries import Viewer

ACTION = "recalculate"
CHUNK = 1000
_Count = Callable[[clocks.Timed, WorkingCalendar], date | None]


class OwnMove(NamedTuple):
    """An assignment whose due date moves, with what it is counted by from now on."""

    assignment_id: UUID
    old: date
    new: date
    decided_due_on: date | None
    pauses_before_decision: int


@dataclass(frozen=True, slots=True)
class Move:
    """One open case in which a change of the calendar moves a due date.

    Of a case that stood still on the changed day it can be the original date alone, or the dates
    of the units that were asked (`given`, the lead's first).
    """

    case_id: UUID
    state: str
    old: date | None
    new: date | None
    old_original: date | None
    new_original: date | None
    given: tuple[OwnMove, ...] = ()

    @property
    def own(self) -> OwnMove | None:
        """The first move of a unit's date that isn't just the case's."""
        return next(
            (each for each in self.given if (each.old, each.new) != (self.old, self.new)), None
        )


@dataclass(frozen=True, slots=True)
class Calendars:
    """The working days as they are, and as they would be."""

    before: WorkingCalendar
    after: WorkingCalendar


def concerned(day: date) -> ColumnElement[bool]:
    """The condition under which a change of `day` can move a due date in a case.

    The days of a limit are those after the receipt, or after the acceptance, up to the due date;
    of a unit's, after its assignment. A case that is suspended has the date that it had before;
    resuming counts it anew, by the calendar of then.
    """
    own = and_(
        or_(Case.due_basis == "rule", Case.decided_due_on.is_not(None)),
        Case.received_on < day,
        or_(Case.due_on >= day, Case.original_due_on >= day),
    )
    asked = aliased(Assignment)
    given = select(asked.case_id).where(
        asked.ended_on.is_(None), asked.assigned_on <= day, asked.due_on >= day
    )
    return and_(Case.state.in_(OPEN), or_(own, Case.id.in_(given)))


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
    dates_of, own_dates, given_of = _Dates(calendars), _OwnDates(calendars), _given(day)
    found = []
    for case_id, state, *timed in rows:
        case = _Timed(*timed)
        new_due_on, new_original = dates_of(case)
        after = case._replace(due_on=new_due_on, original_due_on=new_original)
        given = tuple(own_dates.moves(case, after, given_of.get(case_id, ())))
        if given or after != case:
            found.append(
                Move(
                    case_id,
                    state,
                    case.due_on,
                    new_due_on,
                    case.original_due_on,
                    new_original,
                    given,
                )
            )
    return found


def move(found: Sequence[Move], *, actor: Viewer, now: datetime, text: str) -> None:
    """Writes the new dates, an entry and a version for each case, inside a transaction."""
    for start in range(0, len(found), CHUNK):
        chunk = found[start : start + CHUNK]
        ids = [each.case_id for each in chunk]
        _write_dates(chunk)
        _write_assignments(chunk)
        _write_entries(chunk, actor, now, text)
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


class _Given(NamedTuple):
    """What of an assignment its due date is counted by: see `clocks.Given`."""

    id: UUID
    assigned_on: date
    due_on: date | None
    decided_due_on: date | None
    pauses_before_decision: int


def _given(day: date) -> dict[UUID, list[_Given]]:
    """The open assignments of the cases that `day` concerns, by case, the lead's first."""
    rows = db.session.execute(
        select(
            Assignment.case_id,
            Assignment.id,
            Assignment.assigned_on,
            Assignment.due_on,
            Assignment.decided_due_on,
            Assignment.pauses_before_decision,
        )
        .join(Case, Case.id == Assignment.case_id)
        .where(Assignment.ended_on.is_(None), Assignment.due_on.is_not(None), concerned(day))
        .order_by(Assignment.part, Assignment.id)
    )
    found: dict[UUID, list[_Given]] = defaultdict(list)
    for row in rows:
        found[row.case_id].append(_Given(*row[1:]))
    return found


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


class _OwnDates:
    """Units' due dates after the change; the same question is answered once."""

    def __init__(self, calendars: Calendars) -> None:
        self._calendars = calendars
        self._known: dict[tuple[Any, ...], tuple[date | None, date | None, int]] = {}

    def moves(self, case: _Timed, after: _Timed, given: Iterable[_Given]) -> Iterator[OwnMove]:
        """Those of `given` that move when `case` becomes what it is `after`."""
        for each in given:
            question = case, after, each[1:]
            if question not in self._known:
                self._known[question] = self._after(case, after, each)
            new, decided, pauses = self._known[question]
            if each.due_on is not None and new is not None and new != each.due_on:
                yield OwnMove(each.id, each.due_on, new, decided, pauses)

    def _after(
        self, case: _Timed, after: _Timed, given: _Given
    ) -> tuple[date | None, date | None, int]:
        """The date by the new calendar, and by what it is counted from now on."""
        if clocks.own_due_on(case, given, self._calendars.before) == given.due_on:
            return clocks.own_due_on(after, given, self._calendars.after), *given[-2:]
        if given.due_on == case.due_on:
            return after.due_on, *given[-2:]
        # Nothing explains it: it was given, and is no day of rest all the same.
        given = given._replace(decided_due_on=given.due_on, pauses_before_decision=len(case.pauses))
        return clocks.own_due_on(after, given, self._calendars.after), *given[-2:]


def _write_dates(chunk: Sequence[Move]) -> None:
    for (new, original), ids in _together(chunk).items():
        db.session.connection().execute(
            update(Case)
            .where(Case.id.in_(ids))
            .values(due_on=new, original_due_on=original, version=Case.version + 1)
        )


def _together(chunk: Iterable[Move]) -> dict[tuple[date | None, date | None], list[UUID]]:
    """The cases by what they get: most of them share a few dates."""
    found: dict[tuple[date | None, date | None], list[UUID]] = defaultdict(list)
    for each in chunk:
        found[each.new, each.new_original].append(each.case_id)
    return found


def _write_assignments(chunk: Sequence[Move]) -> None:
    alike: dict[tuple[Any, ...], list[UUID]] = defaultdict(list)
    for each in chunk:
        for given in each.given:
            alike[given[2:]].append(given.assignment_id)
    for (new, decided, pauses), ids in alike.items():
        db.session.connection().execute(
            update(Assignment)
            .where(Assignment.id.in_(ids))
            .values(due_on=new, decided_due_on=decided, pauses_before_decision=pauses)
        )


def _write_entries(chunk: Sequence[Move], actor: Viewer, now: datetime, text: str) -> None:
    notes = [
        story.Note(
            each.case_id, each.state, ACTION, text, actor.unit_id, actor.user_id, _told(each)
        )
        for each in chunk
    ]
    story.note(notes, local_date(now), now)


def _told(move: Move) -> story.Changes:
    before, after = (
        {"due_on": move.old, "original_due_on": move.old_original},
        {"due_on": move.new, "original_due_on": move.new_original},
    )
    if move.own is not None:
        before["agency_due_on"], after["agency_due_on"] = move.own.old, move.own.new
    return story.changes(before, after)


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
