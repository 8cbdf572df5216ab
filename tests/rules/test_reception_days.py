"""How often a head has to receive citizens, and what is missing, by month and by week."""

from datetime import date, timedelta

import pytest

from tracker.rules.calendar import base_calendar
from tracker.rules.reception_days import DUTIES, Span, duty_on, month_of, standing

CALENDAR = base_calendar(2018, 2027)
MARCH = Span(date(2026, 3, 1), date(2026, 3, 31))
LATER = date(2027, 1, 1)


@pytest.mark.parametrize(
    ("body", "level", "day", "expected"),
    [
        ("government", "province", date(2026, 3, 2), (1, "month")),
        ("government", "district", date(2025, 6, 30), (2, "month")),
        ("government", "district", date(2025, 7, 1), None),
        ("government", "commune", date(2026, 3, 2), (1, "week")),
        ("government", "commune", date(2026, 7, 1), (1, "week")),
        ("government", "commune", date(2014, 6, 30), None),
        ("party", "province", date(2026, 3, 2), (1, "month")),
        ("party", "commune", date(2026, 3, 2), (2, "month")),
        ("party", "commune", date(2019, 2, 17), None),
        ("party", None, date(2026, 3, 2), None),
    ],
)
def test_what_the_law_asks_for(body, level, day, expected) -> None:
    duty = duty_on(body, level, day)
    assert (duty and (duty.amount, duty.every)) == expected


def test_no_two_duties_hold_at_once() -> None:
    for duty in DUTIES:
        again = [
            other
            for other in DUTIES
            if (other.body, other.level) == (duty.body, duty.level)
            and other.effective_from <= (duty.effective_to or date.max)
            and duty.effective_from <= (other.effective_to or date.max)
        ]
        assert again == [duty]


@pytest.mark.parametrize(
    ("held", "missing"),
    [
        ([], 2),
        ([date(2026, 3, 10)], 1),
        ([date(2026, 3, 10), date(2026, 3, 10)], 1),
        ([date(2026, 3, 10), date(2026, 3, 25)], 0),
        ([date(2026, 2, 27), date(2026, 4, 1)], 2),
    ],
    ids=["none", "one", "one-day-twice", "two", "other-months"],
)
def test_days_of_a_month(held, missing) -> None:
    assert standing("party", "commune", held, MARCH, LATER, CALENDAR) == (2, missing)


def test_a_day_too_many_makes_up_for_nothing() -> None:
    year = Span(date(2026, 1, 1), date(2026, 3, 31))
    held = [date(2026, 1, day) for day in (5, 6, 7, 8, 9)]
    assert standing("party", "commune", held, year, LATER, CALENDAR) == (6, 4)


def test_weeks_without_a_working_day_ask_for_nothing() -> None:
    february = month_of(date(2026, 2, 1))
    # Four Thursdays; the week of 16 February is Tết from Monday to Friday.
    assert standing("government", "commune", [], february, LATER, CALENDAR) == (3, 3)
    monday = date(2026, 2, 2)
    held = [monday, monday + timedelta(days=7)]
    assert standing("government", "commune", held, february, LATER, CALENDAR) == (3, 1)


def test_what_has_not_begun_is_not_missing_yet() -> None:
    today = date(2026, 3, 10)
    assert standing("government", "commune", [], MARCH, today, CALENDAR) == (2, 2)
    assert standing("party", "commune", [], MARCH, date(2026, 2, 28), CALENDAR) == (0, 0)


def test_where_no_law_is_known_nothing_is_claimed() -> None:
    assert standing("government", None, [], MARCH, LATER, CALENDAR) is None
    half_year = Span(date(2025, 1, 1), date(2025, 12, 31))
    assert standing("government", "district", [], half_year, LATER, CALENDAR) == (12, 12)
