"""Working days at Tết, at exchanged Saturdays, at ends of limits; and the account of them."""

from datetime import date, datetime

import pytest

from tracker.rules.calendar import (
    MOVED,
    PAUSED,
    Correction,
    OutsideCalendar,
    WorkingCalendar,
    base_calendar,
    exchanges_known,
)

pytestmark = pytest.mark.pure


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return base_calendar(2016, 2030)


@pytest.mark.parametrize(
    "day, reason",
    [
        (date(2021, 2, 12), "Tết Nguyên Đán"),
        (date(2018, 4, 25), "Ngày Giỗ Tổ Hùng Vương"),
        (date(2018, 9, 3), "Quốc khánh (nghỉ bù)"),
        (date(2018, 12, 31), "Ngày nghỉ (thay cho ngày 05/01/2019)"),
        (date(2019, 4, 29), "Ngày nghỉ (thay cho ngày 04/05/2019)"),
        (date(2026, 11, 24), "Ngày Văn hóa Việt Nam"),
        (date(2026, 1, 2), "12729/VPCP-KGVX"),
        (date(2016, 5, 21), "Thứ Bảy"),
        (date(2016, 5, 22), "Chủ nhật"),
    ],
)
def test_days_of_rest_name_their_reason(calendar: WorkingCalendar, day: date, reason: str) -> None:
    assert not calendar.is_working(day)
    assert calendar.reason(day) == reason


@pytest.mark.parametrize(
    "day",
    [
        date(2019, 1, 5),
        date(2019, 5, 4),
        date(2024, 5, 4),
        date(2025, 4, 26),
        date(2026, 1, 10),
        date(2026, 8, 22),
    ],
)
def test_saturdays_given_in_exchange_are_worked(calendar: WorkingCalendar, day: date) -> None:
    assert day.strftime("%a") == "Sat"
    assert calendar.is_working(day)
    assert calendar.reason(day) in ("Ngày làm bù", "12729/VPCP-KGVX")


def test_an_ordinary_day_needs_no_reason(calendar: WorkingCalendar) -> None:
    assert calendar.is_working(date(2016, 5, 18))
    assert calendar.reason(date(2016, 5, 18)) == ""


@pytest.mark.parametrize(
    "start, days, due",
    [
        # The register's own first line: a Wednesday and twenty working days.
        (date(2016, 5, 18), 20, date(2016, 6, 15)),
        # From a Saturday and from the Friday before it the first day is Monday.
        (date(2016, 5, 27), 1, date(2016, 5, 30)),
        (date(2016, 5, 28), 1, date(2016, 5, 30)),
        # Tết 2021: 10/2 to 16/2 off.
        (date(2021, 2, 9), 1, date(2021, 2, 17)),
        (date(2021, 2, 8), 2, date(2021, 2, 17)),
        # 29/4/2019 to 1/5/2019 off, Saturday 4/5/2019 worked.
        (date(2019, 4, 26), 3, date(2019, 5, 4)),
        (date(2019, 4, 26), 4, date(2019, 5, 6)),
        # The end of a year: 31/12/2018 off, Saturday 5/1/2019 worked.
        (date(2018, 12, 28), 4, date(2019, 1, 5)),
        # 2/1/2026 off, Saturday 10/1/2026 worked.
        (date(2025, 12, 31), 6, date(2026, 1, 10)),
    ],
)
def test_working_days_are_counted_from_the_day_after(
    calendar: WorkingCalendar, start: date, days: int, due: date
) -> None:
    assert calendar.add_working_days(start, days) == due
    assert calendar.working_days_between(start, due) == days


@pytest.mark.parametrize(
    "start, days, due",
    [
        (date(2016, 5, 18), 30, date(2016, 6, 17)),
        # Ends on a Saturday, on a Sunday.
        (date(2016, 5, 19), 30, date(2016, 6, 20)),
        (date(2016, 5, 20), 30, date(2016, 6, 20)),
        # Ends on a Saturday that is worked.
        (date(2019, 4, 4), 30, date(2019, 5, 4)),
        # Ends on 30/4/2021, a Friday: on to Tuesday 4/5 (3/5 is in lieu of Saturday 1/5).
        (date(2021, 3, 31), 30, date(2021, 5, 4)),
        # Ends within Tết 2021.
        (date(2021, 1, 12), 30, date(2021, 2, 17)),
        (date(2016, 12, 2), 30, date(2017, 1, 3)),
    ],
)
def test_calendar_days_that_end_on_a_day_of_rest_move_on(
    calendar: WorkingCalendar, start: date, days: int, due: date
) -> None:
    assert calendar.add_calendar_days(start, days) == due


def test_days_between_are_negative_backwards_and_none_on_the_day(
    calendar: WorkingCalendar,
) -> None:
    friday, monday = date(2016, 5, 20), date(2016, 5, 23)
    assert calendar.working_days_between(friday, monday) == 1
    assert calendar.working_days_between(monday, friday) == -1
    assert calendar.working_days_between(friday, friday) == 0


@pytest.mark.parametrize(
    "start, hours, end",
    [
        ("2025-03-03 09:30", 1, "2025-03-03 10:30"),
        ("2025-03-03 11:30", 1, "2025-03-03 13:30"),
        ("2025-03-03 12:20", 4, "2025-03-03 17:00"),
        ("2025-03-03 08:00", 8, "2025-03-03 17:00"),
        ("2025-03-03 08:01", 8, "2025-03-04 08:01"),
        ("2025-03-03 08:00", 4, "2025-03-03 12:00"),
        ("2025-03-03 06:00", 4, "2025-03-03 12:00"),
        ("2025-03-07 16:00", 4, "2025-03-10 11:00"),
        ("2025-03-07 19:00", 8, "2025-03-10 17:00"),
        ("2025-03-08 10:00", 4, "2025-03-10 12:00"),
        ("2025-04-29 16:00", 2, "2025-05-05 09:00"),
        ("2025-03-03 17:00", 1, "2025-03-04 09:00"),
    ],
)
def test_working_hours_pass_only_while_offices_are_open(
    calendar: WorkingCalendar, start: str, hours: int, end: str
) -> None:
    instant = datetime.fromisoformat(f"{start}:00+07:00")
    assert calendar.add_working_hours(instant, hours) == datetime.fromisoformat(f"{end}:00+07:00")


def test_the_account_of_working_days_ends_on_the_due_date(calendar: WorkingCalendar) -> None:
    lines = calendar.ledger(date(2019, 4, 26), 3, "working_days")
    assert [(line.day.day, line.number, line.reason) for line in lines] == [
        (27, None, "Thứ Bảy"),
        (28, None, "Chủ nhật"),
        (29, None, "Ngày nghỉ (thay cho ngày 04/05/2019)"),
        (30, None, "Ngày Chiến thắng"),
        (1, None, "Ngày Quốc tế Lao động"),
        (2, 1, ""),
        (3, 2, ""),
        (4, 3, "Ngày làm bù"),
    ]
    assert [line.counted for line in lines] == [line.number is not None for line in lines]


def test_the_account_of_calendar_days_tells_why_the_end_moved(calendar: WorkingCalendar) -> None:
    lines = calendar.ledger(date(2016, 5, 17), 4, "calendar_days")
    assert [(line.day.day, line.number, line.reason) for line in lines] == [
        (18, 1, ""),
        (19, 2, ""),
        (20, 3, ""),
        (21, 4, "Thứ Bảy"),
        (22, None, "Chủ nhật"),
        (23, None, MOVED),
    ]


def test_an_administrators_document_overrules_the_calendar() -> None:
    corrections = (
        Correction(date(2027, 9, 1), "rest", "Công văn 1"),
        Correction(date(2027, 9, 11), "work", "Công văn 1"),
        Correction(date(2026, 1, 10), "rest", "Công văn 2"),
    )
    corrected = base_calendar(2026, 2027, corrections)
    assert corrected.reason(date(2027, 9, 1)) == "Công văn 1"
    assert not corrected.is_working(date(2027, 9, 1))
    assert corrected.is_working(date(2027, 9, 11))
    assert not corrected.is_working(date(2026, 1, 10))
    assert base_calendar(2026, 2027).is_working(date(2026, 1, 10))


def test_the_base_calendar_is_made_once() -> None:
    assert base_calendar(2016, 2030) is base_calendar(2016, 2030)


def test_a_day_that_the_calendar_does_not_have_is_an_error_not_a_guess() -> None:
    calendar = base_calendar(2020, 2020)
    with pytest.raises(OutsideCalendar):
        calendar.is_working(date(2021, 1, 1))
    with pytest.raises(OutsideCalendar):
        calendar.add_working_days(date(2020, 12, 30), 5)
    with pytest.raises(OutsideCalendar):
        calendar.add_calendar_days(date(2020, 12, 30), 5)
    with pytest.raises(OutsideCalendar):
        calendar.working_days_between(date(2020, 12, 30), date(2021, 1, 4))
    with pytest.raises(OutsideCalendar):
        calendar.add_working_hours(datetime.fromisoformat("2019-12-31T09:00+07:00"), 1)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_limit_of_no_length_is_refused(calendar: WorkingCalendar, amount: int) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        calendar.add_working_days(date(2016, 5, 18), amount)
    with pytest.raises(ValueError, match="at least one day"):
        calendar.add_calendar_days(date(2016, 5, 18), amount)
    with pytest.raises(ValueError, match="at least one hour"):
        calendar.add_working_hours(datetime.fromisoformat("2016-05-18T09:00+07:00"), amount)


def test_exchanges_of_a_year_are_unknown_until_announced() -> None:
    assert exchanges_known(2026)
    assert not exchanges_known(2027)
    assert exchanges_known(2027, [Correction(date(2027, 9, 1), "rest", "Công văn 1")])


def test_a_year_s_special_days_are_what_plain_weeks_do_not_say(calendar: WorkingCalendar) -> None:
    days = calendar.special_days(2026)
    assert (date(2026, 1, 1), False, "Tết Dương lịch") in days
    assert (date(2026, 1, 10), True, "12729/VPCP-KGVX") in days
    assert (date(2026, 8, 22), True, "Ngày làm bù") in days
    assert not any(reason in ("Thứ Bảy", "Chủ nhật") for _day, _is_worked, reason in days)
    assert [day for day, _is_worked, _reason in days] == sorted({day for day, *_rest in days})
    with pytest.raises(OutsideCalendar):
        calendar.special_days(2031)


def test_the_account_tells_of_a_pause(calendar: WorkingCalendar) -> None:
    pause = (date(2026, 3, 3), date(2026, 3, 5))
    lines = calendar.ledger(date(2026, 3, 2), 3, "working_days", [pause])
    assert [(line.day.day, line.number, line.reason) for line in lines] == [
        (3, 1, ""),
        (4, None, PAUSED),
        (5, None, PAUSED),
        (6, 2, ""),
        (7, None, "Thứ Bảy"),
        (8, None, "Chủ nhật"),
        (9, 3, ""),
    ]
