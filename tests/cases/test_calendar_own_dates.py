"""Agencies' own due dates through corrections of the calendar: moved, told, counted, and back."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from sqlalchemy import select

from tests.cases import circumstances
from tests.cases.stories import assert_chain, assert_versions, entries
from tests.cases.test_calendar_moves import corrected, worked
from tests.factories import Office
from tracker.cases import service
from tracker.cases.models import Assignment, CalendarDay, Case
from tracker.cases.service import calendar
from tracker.core.db import db
from tracker.rules.workflow import Role, State

# An opinion received on it is due on 30 March.
TODAY = date(2026, 3, 2)
DUE = date(2026, 3, 30)
FRIDAY, MONDAY = date(2026, 3, 13), date(2026, 3, 16)
DOCUMENT = "Công văn 1"
HOUR = timedelta(hours=1)


def correct(office: Office, now: datetime, day: date, kind: str = "rest") -> int:
    actor = office.viewer(Role.COORDINATOR)
    return calendar.correct(day, kind, DOCUMENT, actor=actor, now=now)


def take_back(office: Office, now: datetime, day: date) -> int:
    row = db.session.scalars(
        select(CalendarDay).where(CalendarDay.day == day, CalendarDay.removed_at.is_(None))
    ).one()
    return calendar.remove_correction(row.id, actor=office.viewer(Role.COORDINATOR), now=now)


def own_dates(case: Case) -> list[date | None]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            select(Assignment.due_on)
            .where(Assignment.case_id == case.id, Assignment.ended_on.is_(None))
            .order_by(Assignment.part)
        )
    )


def by_decision(office: Office, now: datetime) -> Case:
    case = office.case_in(State.VERIFYING, now)
    return circumstances.assign(office, case, now, due_on=FRIDAY, reason="Gấp")


def by_ruling(office: Office, now: datetime) -> Case:
    case = circumstances.returned_often(office, now)
    actor = office.viewer(Role.LEADER)
    return service.rule(
        case.id, actor=actor, lead_id=office.agency.id, text="Giao", due_on=FRIDAY, now=now
    )


def by_grant(office: Office, now: datetime) -> Case:
    case = office.case_in(State.VERIFYING, now)
    circumstances.assign(office, case, now, due_on=date(2026, 3, 6), reason="Gấp")
    service.request_extension(
        case.id,
        actor=office.viewer(Role.AGENCY_WORKER),
        wanted_on=FRIDAY,
        reason="Khó",
        now=now,
    )
    actor = office.viewer(Role.COORDINATOR)
    return service.decide_extension(case.id, actor=actor, is_granted=True, now=now)


@pytest.mark.parametrize("make", [by_decision, by_ruling, by_grant])
def test_a_date_that_was_given_moves_on_from_a_rest_day_and_back(
    office: Office, now: datetime, make: Callable[[Office, datetime], Case]
) -> None:
    case = make(office, now)
    preview = calendar.preview_correction(
        FRIDAY, "rest", DOCUMENT, actor=office.viewer(Role.COORDINATOR)
    )
    assert preview.count == 1
    assert correct(office, now + HOUR, FRIDAY) == 1
    assert own_dates(case) == [MONDAY]
    # The citizen's date counts a working day less up to its end.
    assert case.due_on == date(2026, 3, 31)
    last = entries(case)[-1]
    assert last.action == "recalculate"
    assert last.changes["agency_due_on"] == ["2026-03-13", "2026-03-16"]
    assert take_back(office, now + 2 * HOUR, FRIDAY) == 1
    assert (own_dates(case), case.due_on) == ([FRIDAY], DUE)
    assert entries(case)[-1].changes["agency_due_on"] == ["2026-03-16", "2026-03-13"]
    assert_chain(case)
    assert_versions(case)


def test_an_agency_s_clock_counts_by_the_new_calendar(office: Office, now: datetime) -> None:
    """Assigned when the citizen's date was over: the citizen's doesn't move, the agency's does."""
    case = office.case_in(State.VERIFYING, now)
    later = now + (date(2026, 4, 20) - TODAY)
    circumstances.assign(office, case, later)
    assert own_dates(case) == [date(2026, 5, 21)]
    day = date(2026, 5, 12)
    actor = office.viewer(Role.COORDINATOR)
    preview = calendar.preview_correction(day, "rest", DOCUMENT, actor=actor)
    assert [(each.code, each.old, each.new, each.is_own) for each in preview.named] == [
        (case.code, date(2026, 5, 21), date(2026, 5, 22), True)
    ]
    assert correct(office, later, day) == 1
    assert (own_dates(case), case.due_on) == ([date(2026, 5, 22)], DUE)
    assert entries(case)[-1].changes == {"agency_due_on": ["2026-05-21", "2026-05-22"]}
    take_back(office, later + HOUR, day)
    assert (own_dates(case), case.due_on) == ([date(2026, 5, 21)], DUE)


def test_a_pause_between_a_correction_and_its_undoing(office: Office, now: datetime) -> None:
    case = by_decision(office, now)
    actor = office.viewer(Role.COORDINATOR)
    correct(office, now + HOUR, FRIDAY)
    # From Tuesday to Thursday two working days.
    service.suspend(case.id, actor=actor, reason="Chờ", now=now + timedelta(days=1))
    service.resume(case.id, actor=actor, reason="Tiếp", now=now + timedelta(days=3))
    assert own_dates(case) == [date(2026, 3, 18)]
    take_back(office, now + timedelta(days=4), FRIDAY)
    assert own_dates(case) == [date(2026, 3, 17)]


@pytest.mark.parametrize("is_suspended", [False, True])
def test_an_undone_ending_brings_back_no_rest_day(
    office: Office, now: datetime, is_suspended: bool
) -> None:
    case = by_decision(office, now)
    other = circumstances.assign(office, office.case_in(State.VERIFYING, now), now)
    actor = office.viewer(Role.COORDINATOR)
    ends = now + timedelta(days=4)
    for each in (case, other):
        if is_suspended:
            service.suspend(each.id, actor=actor, reason="Chờ", now=now + timedelta(days=1))
        service.close_directly("withdraw", each.id, actor=actor, reason="Rút đơn", now=ends)
    correct(office, ends + HOUR, FRIDAY)
    for each in (case, other):
        service.undo_ending(each.id, actor=actor, now=ends + 2 * HOUR)
    assert own_dates(case) == [MONDAY]
    # What had no date of its own has the case's.
    assert own_dates(other) == [other.due_on] == [date(2026, 3, 31)]
    take_back(office, ends + 3 * HOUR, FRIDAY)
    assert (own_dates(case), own_dates(other)) == ([FRIDAY], [DUE])


def test_what_nothing_explains_is_no_rest_day_either(office: Office, now: datetime) -> None:
    """A supporting unit's date that its clock gave for another kind of case."""
    case = circumstances.supporting(office, now)
    held = db.session.scalars(select(Assignment).where(Assignment.part == "supporting")).one()
    held.due_on = FRIDAY
    db.session.commit()
    correct(office, now + HOUR, FRIDAY)
    assert own_dates(case) == [date(2026, 3, 31), MONDAY]
    take_back(office, now + 2 * HOUR, FRIDAY)
    assert own_dates(case) == [DUE, FRIDAY]


@pytest.mark.parametrize("seed", [3, 5])
def test_every_agency_is_always_due_as_counted_by_hand(office: Office, seed: int) -> None:
    """20 working days after its assignment, where the citizen's date was over by then."""
    chance = Random(seed)
    start = datetime(2026, 4, 1, 2, 0, tzinfo=UTC)
    cases = {}
    for _number in range(6):
        case = office.case_in(State.VERIFYING, start, received_on=date(2026, 1, 5))
        assigned = start + timedelta(days=chance.randrange(30))
        circumstances.assign(office, case, assigned)
        cases[case] = assigned.date()
    before = {case: own_dates(case) for case in cases}
    now, made = start + timedelta(days=30), set()
    for _number in range(15):
        now += HOUR
        day = date(2026, 4, 1) + timedelta(days=chance.randrange(80))
        if day in made:
            take_back(office, now, day)
            made.remove(day)
        else:
            correct(office, now, day, "rest" if worked(day, corrected()) else "work")
            made.add(day)
        for case, assigned_on in cases.items():
            assert own_dates(case) == [twenty_working_days_after(assigned_on)]
    for day in sorted(made):
        now += HOUR
        take_back(office, now, day)
    assert {case: own_dates(case) for case in cases} == before


def twenty_working_days_after(day: date) -> date:
    kinds, left = corrected(), 20
    while left:
        day += timedelta(days=1)
        left -= worked(day, kinds)
    return day
