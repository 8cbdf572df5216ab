"""The calendar's sums against a count by hand, one day after another."""

from datetime import date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.calendar import SHIPPED_CORRECTIONS, Correction, base_calendar
from tracker.rules.deadlines import LIMITS, Limit, Pause, due_on

pytestmark = pytest.mark.pure

CALENDAR = base_calendar(2016, 2031)
VIET_NAM = holidays.country_holidays("VN", years=range(2016, 2032))
CORRECTED = {correction.day: correction.kind == "work" for correction in SHIPPED_CORRECTIONS}
TOMORROW = timedelta(days=1)

days = st.dates(date(2016, 1, 1), date(2030, 12, 31))
amounts = st.integers(1, 90)


corrections = st.lists(
    st.builds(Correction, days, st.sampled_from(["rest", "work"]), st.just("Công văn 1")),
    unique_by=lambda each: each.day,
    max_size=12,
)
limits = st.sampled_from([row for row in LIMITS if row.unit in ("working_days", "calendar_days")])

Kinds = dict[date, str]


def worked(day: date, corrected: Kinds | None = None) -> bool:
    if corrected and day in corrected:
        return corrected[day] == "work"
    return CORRECTED.get(day, VIET_NAM.is_working_day(day))


def walk_working_days(
    start: date, amount: int, corrected: Kinds | None = None, stopped: frozenset[date] = frozenset()
) -> date:
    day = start
    while amount:
        day += TOMORROW
        if worked(day, corrected) and day not in stopped:
            amount -= 1
    return day


def walk_calendar_days(
    start: date, amount: int, corrected: Kinds | None = None, stopped: frozenset[date] = frozenset()
) -> date:
    day = start
    while amount:
        day += TOMORROW
        if day not in stopped:
            amount -= 1
    while not worked(day, corrected):
        day += TOMORROW
    return day


def walk(limit: Limit, start: date, corrected: Kinds, stopped: frozenset[date]) -> date:
    by_working_days = limit.unit == "working_days"
    step_by_step = walk_working_days if by_working_days else walk_calendar_days
    return step_by_step(start, limit.amount, corrected, stopped)


def pauses_after(start: date, lengths: list[tuple[int, int]]) -> list[Pause]:
    """One pause after another, each some days after the one before it."""
    found, day = [], start
    for before, length in lengths:
        suspended = day + before * TOMORROW
        day = suspended + length * TOMORROW
        found.append((suspended, day))
    return found


def days_of(pauses: list[Pause]) -> frozenset[date]:
    return frozenset(
        first + number * TOMORROW
        for first, last in pauses
        for number in range(1, (last - first).days + 1)
    )


def walk_working_minutes(start: datetime, minutes: int) -> datetime:
    moment = start
    while minutes:
        if worked(moment.date()) and moment.hour in (8, 9, 10, 11, 13, 14, 15, 16):
            minutes -= 1
        moment += timedelta(minutes=1)
    return moment


def test_every_day_of_fifteen_years_is_worked_or_not_as_the_law_says() -> None:
    day = date(2016, 1, 1)
    while day.year < 2031:
        assert CALENDAR.is_working(day) == worked(day), day
        assert CALENDAR.reason(day) or (worked(day) and day.weekday() < 5), day
        day += TOMORROW


@given(days, amounts)
def test_working_days(start: date, amount: int) -> None:
    due = CALENDAR.add_working_days(start, amount)
    assert due == walk_working_days(start, amount)
    assert CALENDAR.working_days_between(start, due) == amount


@given(days, amounts)
def test_calendar_days(start: date, amount: int) -> None:
    assert CALENDAR.add_calendar_days(start, amount) == walk_calendar_days(start, amount)


@given(days, st.integers(-400, 365))
def test_days_between(start: date, distance: int) -> None:
    end = min(max(start + distance * TOMORROW, CALENDAR.first), CALENDAR.last)
    earlier, later = sorted((start, end))
    count = sum(
        worked(earlier + offset * TOMORROW) for offset in range(1, (later - earlier).days + 1)
    )
    assert CALENDAR.working_days_between(start, end) == (count if start <= end else -count)


@given(days, st.integers(0, 24 * 60 - 1), st.integers(1, 24))
def test_working_hours(day: date, minute: int, hours: int) -> None:
    start = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
    assert CALENDAR.add_working_hours(start, hours) == walk_working_minutes(start, hours * 60)


@given(days, amounts)
def test_the_account_is_the_sum(start: date, amount: int) -> None:
    for unit, due in (
        ("working_days", walk_working_days(start, amount)),
        ("calendar_days", walk_calendar_days(start, amount)),
    ):
        lines = CALENDAR.ledger(start, amount, unit)
        assert [line.day for line in lines] == [
            start + offset * TOMORROW for offset in range(1, (due - start).days + 1)
        ]
        numbers = [line.number for line in lines if line.counted]
        assert numbers == list(range(1, amount + 1))
        if unit == "working_days":
            assert all(line.counted == worked(line.day) for line in lines)


@given(limits, days, corrections)
def test_every_limit_with_corrections_and_without_them_again(
    limit: Limit, start: date, corrected: list[Correction]
) -> None:
    calendar = base_calendar(2016, 2031, tuple(corrected))
    kinds = {each.day: each.kind for each in corrected}
    assert due_on(limit, start, calendar) == walk(limit, start, kinds, frozenset())
    for number in range(len(corrected)):
        left = base_calendar(2016, 2031, tuple(corrected[:number]))
        kinds = {each.day: each.kind for each in corrected[:number]}
        assert due_on(limit, start, left) == walk(limit, start, kinds, frozenset())


@given(
    limits,
    days,
    corrections,
    st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), max_size=3),
)
def test_the_days_of_a_pause_do_not_count(
    limit: Limit, start: date, corrected: list[Correction], lengths: list[tuple[int, int]]
) -> None:
    calendar = base_calendar(2016, 2031, tuple(corrected))
    kinds = {each.day: each.kind for each in corrected}
    pauses = pauses_after(start, lengths)
    due = due_on(limit, start, calendar, pauses)
    assert due == walk(limit, start, kinds, days_of(pauses))
    unit = "working_days" if limit.unit == "working_days" else "calendar_days"
    lines = calendar.ledger(start, limit.amount, unit, pauses)
    assert lines[-1].day == due
    assert [line.number for line in lines if line.counted] == list(range(1, limit.amount + 1))
    assert not any(line.counted for line in lines if line.day in days_of(pauses))
