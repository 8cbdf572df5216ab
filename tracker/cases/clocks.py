"""The due dates of cases, by the deadlines' table and the calendar in force."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any, Protocol, cast

from flask import has_app_context
from flask_babel import gettext as _
from sqlalchemy import Select, select

from tracker.cases.models import CalendarDay
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules import deadlines
from tracker.rules.calendar import Correction, OutsideCalendar, WorkingCalendar, base_calendar
from tracker.rules.conditions import Condition
from tracker.rules.deadlines import Limit, Pause
from tracker.rules.workflow import Kind

# Days that forms take; the calendar reaches further, for old registers and for due dates.
FIRST_YEAR, LAST_YEAR = 2010, 2040
CALENDAR_FIRST_YEAR, CALENDAR_LAST_YEAR = 1990, 2045

_SEEN = "calendar corrections"


class Timed(Protocol):
    """What of a case its due dates are counted by: columns of `Case`."""

    @property
    def kind(self) -> str: ...
    @property
    def condition(self) -> str: ...
    @property
    def received_on(self) -> date: ...
    @property
    def accepted_on(self) -> date | None: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def original_due_on(self) -> date | None: ...
    @property
    def due_basis(self) -> str: ...
    @property
    def decided_due_on(self) -> date | None: ...
    @property
    def pauses(self) -> tuple[Pause, ...]: ...
    @property
    def pauses_before_decision(self) -> int: ...


class Given(Protocol):
    """What of an assignment its due date is counted by: columns of `Assignment`."""

    @property
    def assigned_on(self) -> date: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def decided_due_on(self) -> date | None: ...
    @property
    def pauses_before_decision(self) -> int: ...


def corrections() -> tuple[Correction, ...]:
    """The administrators' corrections in force, by day.

    Read once in each transaction of the database, so that nobody counts with what another
    process has changed since. Without an application there are none.
    """
    if not has_app_context():
        return ()
    session = db.session()
    transaction, found = session.info.get(_SEEN, (None, ()))
    if transaction is not None and session.get_transaction() is transaction:
        return tuple(found)
    return remember(db.session.execute(in_force()))


def in_force() -> Select[date, str, str]:
    """The question for the corrections in force."""
    return select(CalendarDay.day, CalendarDay.kind, CalendarDay.source).where(
        CalendarDay.removed_at.is_(None)
    )


def remember(rows: Iterable[Any]) -> tuple[Correction, ...]:
    """Takes what `in_force` asks for, found in passing, for the rest of the transaction."""
    found = tuple(
        Correction(day, "rest" if kind == "rest" else "work", source)
        for day, kind, source in sorted(tuple(row) for row in rows)
    )
    session = db.session()
    session.info[_SEEN] = session.get_transaction(), found
    return found


def reaches(day: date) -> bool:
    """Whether forms take `day`, so that due dates can be counted from it."""
    return FIRST_YEAR <= day.year < LAST_YEAR


def forget_corrections() -> None:
    """Lets the transaction that changes the corrections see its own change."""
    db.session().info.pop(_SEEN, None)


def calendar() -> WorkingCalendar:
    """The working days of Viet Nam: by law, as shipped, and as corrected."""
    return calendar_with(corrections())


def calendar_with(corrected: tuple[Correction, ...]) -> WorkingCalendar:
    """The working days of Viet Nam with exactly these corrections of administrators."""
    return base_calendar(CALENDAR_FIRST_YEAR, CALENDAR_LAST_YEAR, corrected)


def begins_on(case: Timed) -> date:
    """The local date with which the limit for answering `case` begins."""
    return deadlines.begins_on(case.kind, case.received_on, case.accepted_on)


def answer_due_on(
    kind: Kind,
    start: date,
    pauses: Sequence[Pause] = (),
    working: WorkingCalendar | None = None,
    condition: str = "ordinary",
) -> date | None:
    """The local date by which a case of `kind` is to be answered.

    start: when the limit begins, see `begins_on`. None where no limit was in force on that day.
    pauses: how it was suspended, see `rules.deadlines.due_on`. working: the calendar, the one
    in force where None. condition: see `rules.deadlines`. Raises Refused beside `received_on`
    where the calendar doesn't reach.
    """
    limit = deadlines.answer_limit(kind, start, cast(Condition, condition))
    if limit is None:
        return None
    try:
        return deadlines.due_on(limit, start, working or calendar(), pauses)
    except OutsideCalendar as outside:
        raise Refused(_("Ngày này nằm ngoài lịch làm việc."), "received_on") from outside


def reply_due_on(kind: Kind, assigned_on: date) -> date | None:
    """The local date up to which a unit may return what it was asked on `assigned_on`.

    Without a word by then it has taken it on. None where no limit was in force on that day.
    Raises OutsideCalendar.
    """
    limit = deadlines.limit_for(kind, "accept_or_return", assigned_on)
    return deadlines.due_on(limit, assigned_on, calendar()) if limit else None


def may_still_reply_since(today: date) -> date:
    """The first local date of which an assignment may, on `today`, still be returned."""
    day = today
    while (reply_on := reply_due_on(Kind.OPINION, day - timedelta(days=1))) and reply_on >= today:
        day -= timedelta(days=1)
    return day


def agency_due_on(
    case: Timed, assigned_on: date, working: WorkingCalendar | None = None
) -> date | None:
    """The local date by which a unit is to answer what it is asked on `assigned_on`.

    Its clock begins with the assignment, and ends no later than the citizen's where that still
    runs: never on a day that is past, nor on a rest day (Civil Code 2015, art. 148). None where
    neither has an end. working: the calendar, the one in force where None.
    """
    working = working or calendar()
    own = answer_due_on(Kind(case.kind), assigned_on, case.pauses, working, case.condition)
    citizen_due_on = case.due_on
    if citizen_due_on is None or citizen_due_on < assigned_on:
        return own
    if own is not None and own <= citizen_due_on:
        return own
    return working.working_day_from(citizen_due_on)


def own_due_on(case: Timed, given: Given, working: WorkingCalendar | None = None) -> date | None:
    """When a unit is to do what it was asked, by its own clock or by the date given instead.

    With the pauses that the case had since. working: the calendar, the one in force where None.
    Raises Refused where it doesn't reach.
    """
    if given.decided_due_on is None:
        return agency_due_on(case, given.assigned_on, working)
    since = case.pauses[given.pauses_before_decision :]
    return later(case, given.decided_due_on, since, working)


def limit_of(case: Timed) -> Limit | None:
    """The limit in law for answering `case`; None where none was in force when it began."""
    return deadlines.answer_limit(case.kind, begins_on(case), cast(Condition, case.condition))


def first_due_on(case: Timed, working: WorkingCalendar | None = None) -> date | None:
    """When `case` was due at first: by the rule, or as a register or a decision gave it.

    working: the calendar, the one in force where None. Raises Refused where it doesn't reach.
    """
    if case.due_basis != "rule":
        return case.original_due_on
    return answer_due_on(Kind(case.kind), begins_on(case), (), working, case.condition)


def due_on(case: Timed, working: WorkingCalendar | None = None) -> date | None:
    """When `case` is due, with the pauses that it had: the one place that knows.

    By the rule, or by the date that was given instead, which is never a day of rest: where the
    calendar makes it one, the next working day (Civil Code 2015, art. 148). working: the
    calendar, the one in force where None. Raises Refused where it doesn't reach.
    """
    working = working or calendar()
    if case.decided_due_on is not None:
        since = case.pauses[case.pauses_before_decision :]
        return later(case, case.decided_due_on, since, working)
    if case.due_basis == "rule":
        return answer_due_on(Kind(case.kind), begins_on(case), case.pauses, working, case.condition)
    if case.original_due_on is not None and case.pauses:
        return later(case, case.original_due_on, case.pauses, working)
    return case.original_due_on


def later(
    case: Timed, day: date, pauses: Sequence[Pause], working: WorkingCalendar | None = None
) -> date:
    """The local date to which `day`, by which something is due in `case`, moves by `pauses`.

    They are counted as the limit is: working days or calendar days. What was due before stays so,
    but never on a day of rest. working: the calendar, the one in force where None. Raises Refused
    where it doesn't reach.
    """
    limit = limit_of(case)
    unit = limit.unit if limit else "calendar_days"
    try:
        return deadlines.later(day, unit, working or calendar(), pauses)
    except OutsideCalendar as outside:
        raise Refused(_("Lịch làm việc không có các ngày này.")) from outside
