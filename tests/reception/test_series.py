"""Meetings that come again: planned a year ahead, moved from holidays, changed from a day on."""

from datetime import date, datetime

import pytest

from tests.factories import Office, make_office
from tests.reception.test_meetings import HALL, PERIODIC, actions
from tracker.core.db import db, new_id
from tracker.core.errors import NotAllowed, Refused
from tracker.reception import service
from tracker.reception.models import Event, EventSeries
from tracker.reception.service import Particulars, Pattern
from tracker.rules.calendar import base_calendar
from tracker.rules.meetings import Recurrence
from tracker.rules.workflow import Role

CALENDAR = base_calendar(2025, 2028)
TWICE_A_MONTH = Pattern(every="month", days=(10, 25), starts_on=date(2026, 3, 2))


def plan(office: Office, now: datetime, pattern: Pattern = TWICE_A_MONTH, **given: object):
    wanted = {
        "actor": office.viewer(Role.RECEPTION_OFFICER),
        "unit_id": office.committee.id,
        "sort": PERIODIC,
        "particulars": HALL,
        "now": now,
    } | given
    return service.plan_series(wanted.pop("series_id", new_id()), pattern=pattern, **wanted)


def events_of(series: EventSeries, state: str = "planned") -> list[Event]:
    db.session.expire_all()
    found = db.session.query(Event).filter_by(series_id=series.id, state=state)
    return list(found.order_by(Event.held_on))


@pytest.mark.parametrize(
    ("every", "days", "first", "last", "expected"),
    [
        # 30 April and 1 May 2026 are a Thursday and a Friday.
        ("month", (30,), date(2026, 4, 1), date(2026, 4, 30), [date(2026, 5, 4)]),
        # Tết: Monday 16 to Friday 20 February 2026; the Monday after has its own meeting.
        (
            "week",
            (1,),
            date(2026, 2, 9),
            date(2026, 2, 23),
            [date(2026, 2, 9), date(2026, 2, 24), date(2026, 2, 23)],
        ),
        # The month's last day where it has no 31st; 28 February 2026 is a Saturday.
        (
            "month",
            (31,),
            date(2026, 2, 1),
            date(2026, 3, 31),
            [date(2026, 3, 2), date(2026, 3, 31)],
        ),
        # Saturday 22 August 2026 is worked.
        ("month", (22,), date(2026, 8, 1), date(2026, 8, 31), [date(2026, 8, 22)]),
    ],
    ids=["30-april", "tet", "end-of-month", "worked-saturday"],
)
def test_days_of_rest_are_moved(every, days, first, last, expected) -> None:
    found = Recurrence(every, days).occurrences(first, last, CALENDAR)
    assert [each.day for each in found] == expected
    assert all(CALENDAR.is_working(each.day) for each in found)
    assert all(bool(each.reason) == (each.planned_on is not None) for each in found)


def test_twice_a_month_over_a_year(office: Office, now: datetime) -> None:
    series = plan(office, now)
    events = events_of(series)
    assert len(events) == 24
    assert (events[0].held_on, events[-1].held_on) == (date(2026, 3, 10), date(2027, 2, 25))
    moved = {event.planned_on: (event.held_on, event.moved_reason) for event in events
             if event.planned_on}  # fmt: skip
    assert moved[date(2026, 5, 10)] == (date(2026, 5, 11), "Chủ nhật")
    assert {event.chair for event in events} == {"Bí thư Quận ủy"}
    assert all(actions(event) == ["plan"] for event in events)


def test_the_same_series_sent_twice_is_one(office: Office, now: datetime) -> None:
    made = new_id()
    assert plan(office, now, series_id=made).id == plan(office, now, series_id=made).id
    assert db.session.query(Event).count() == 24


def test_a_meeting_that_begins_plans_the_next_ones(office: Office, now: datetime) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    series = plan(office, now)
    first = events_of(series)[0]
    then = now.replace(day=10)
    for _click in range(2):
        service.begin(first.id, actor=officer, now=then)
    days = [event.held_on for event in events_of(series)]
    assert len(days) == 24
    assert days[-1] == date(2027, 3, 10)


def test_a_series_changes_from_a_day_on(office: Office, now: datetime) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    series = plan(office, now)
    alone = events_of(series)[3]
    service.correct(alone.id, actor=officer, particulars=Particulars(chair="Phó Bí thư"),
                    attendance=None, note_text="", now=now)  # fmt: skip
    made = new_id()
    for _click in range(2):
        successor = service.change_series(
            series.id,
            actor=officer,
            successor_id=made,
            pattern=Pattern(every="month", days=(5, 25), starts_on=date(2026, 4, 1)),
            particulars=Particulars(place=HALL.place, chair="Bí thư mới", starts_at=HALL.starts_at),
            now=now,
        )
    assert [event.held_on for event in events_of(series)] == [date(2026, 3, 10), date(2026, 3, 25)]
    assert {event.held_on.day for event in events_of(series, "cancelled")} >= {10}
    assert series.ends_on == date(2026, 3, 31)
    nominal = {event.planned_on or event.held_on for event in events_of(successor)}
    assert {day.day for day in nominal} == {5, 25}
    kept = db.session.get_one(Event, alone.id)
    assert (kept.series_id, kept.chair) == (successor.id, "Phó Bí thư")
    assert actions(kept) == ["plan", "correct", "correct"]
    others = [event for event in events_of(successor) if event.id != alone.id]
    assert {event.chair for event in others} == {"Bí thư mới"}


def test_a_series_ends_from_a_day_on(office: Office, now: datetime) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    series = plan(office, now)
    for _click in range(2):
        service.end_series(series.id, actor=officer, first=date(2026, 4, 10), now=now)
    assert [event.held_on for event in events_of(series)] == [date(2026, 3, 10), date(2026, 3, 25)]
    assert all(actions(event) == ["plan", "cancel"] for event in events_of(series, "cancelled"))
    service.begin(events_of(series)[0].id, actor=officer, now=now.replace(day=10))
    assert len(events_of(series)) == 1


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        (Pattern(every="month", days=(), starts_on=date(2026, 3, 2)), "ít nhất một ngày"),
        (Pattern(every="month", days=(32,), starts_on=date(2026, 3, 2)), "1 đến 31"),
        (Pattern(every="week", days=(6,), starts_on=date(2026, 3, 2)), "thứ Sáu"),
        (Pattern(every="week", days=(1,), starts_on=date(2026, 3, 1)), "đã qua"),
        (
            Pattern(every="week", days=(1,), starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 1)),
            "trước ngày bắt đầu",
        ),
    ],
    ids=["no-day", "day-32", "saturday", "past", "ends-before"],
)
def test_patterns_that_give_no_day_are_refused(
    office: Office, now: datetime, pattern: Pattern, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        plan(office, now, pattern)
    assert db.session.query(EventSeries).count() == 0


def test_a_series_of_others_is_out_of_reach(office: Office, now: datetime) -> None:
    series = plan(office, now)
    stranger = make_office("Huyện ủy Gia Lâm").viewer(Role.COORDINATOR)
    for actor in (stranger, office.viewer(Role.LEADER)):
        with pytest.raises(NotAllowed):
            service.end_series(series.id, actor=actor, first=date(2026, 4, 1), now=now)
