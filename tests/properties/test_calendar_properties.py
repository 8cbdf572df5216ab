"""The calendar's sums against a count by hand, one day after another."""

from datetime import date, datetime, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.rules.calendar import SHIPPED_CORRECTIONS, base_calendar

pytestmark = pytest.mark.pure

CALENDAR = base_calendar(2016, 2031)
VIET_NAM = holidays.country_holidays("VN", years=range(2016, 2032))
CORRECTED = {correction.day: correction.kind == "work" for correction in SHIPPED_CORRECTIONS}
TOMORROW = timedelta(days=1)

days = st.dates(date(2016, 1, 1), date(2030, 12, 31))
amounts = st.integers(1, 90)


def worked(day: date) -> bool:
    return CORRECTED.get(day, VIET_NAM.is_working_day(day))


def walk_working_days(start: date, amount: int) -> date:
    day = start
    while amount:
        day += TOMORROW
        if worked(day):
            amount -= 1
    return day


def walk_calendar_days(start: date, amount: int) -> date:
    day = start + amount * TOMORROW
    while not worked(day):
        day += TOMORROW
    return day


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
