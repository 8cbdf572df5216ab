"""Open cases of many days through corrections made and taken back, against a count by hand."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import holidays
import pytest
from sqlalchemy import select

from tests.cases.stories import assert_chain, assert_versions
from tests.factories import Office
from tracker.cases.models import CalendarDay, Case
from tracker.cases.service import calendar as service
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.rules.calendar import SHIPPED_CORRECTIONS
from tracker.rules.workflow import Kind, Role

VIET_NAM = holidays.country_holidays("VN", years=range(2016, 2032))
TOMORROW = timedelta(days=1)
# Kind -> days of its limit, and whether they are working days.
LIMITS = {
    Kind.OPINION: (20, True),
    Kind.VOTER: (30, True),
    Kind.COMPLAINT: (30, False),
}


def worked(day: date, kinds: dict[date, str]) -> bool:
    if day in kinds:
        return kinds[day] == "work"
    return VIET_NAM.is_working_day(day)


def due_by_hand(case: Case, kinds: dict[date, str]) -> date:
    left, by_working_days = LIMITS[Kind(case.kind)]
    day = case.received_on
    while left:
        day += TOMORROW
        left -= worked(day, kinds) or not by_working_days
    while not worked(day, kinds):
        day += TOMORROW
    return day


def corrected() -> dict[date, str]:
    rows = db.session.execute(
        select(CalendarDay.day, CalendarDay.kind).where(CalendarDay.removed_at.is_(None))
    )
    shipped = {each.day: each.kind for each in SHIPPED_CORRECTIONS}
    return {**shipped, **{row.day: row.kind for row in rows}}


@pytest.mark.parametrize("year", [2016, 2021, 2026, 2030])
def test_every_open_case_is_always_due_as_counted_by_hand(office: Office, year: int) -> None:
    chance, actor = Random(year), office.viewer(Role.ADMINISTRATOR)
    first = date(year, 1, 1)
    now = datetime(year, 12, 30, 2, 0, tzinfo=UTC)
    cases = [
        office.log(
            now,
            kind=chance.choice(list(LIMITS)),
            received_on=first + chance.randrange(330) * TOMORROW,
        )
        for _number in range(15)
    ]
    before = {case.id: case.due_on for case in cases}
    made: list[date] = []
    for _number in range(25):
        now += timedelta(minutes=1)
        if made and chance.random() < 0.4:
            day = made.pop(chance.randrange(len(made)))
            row = db.session.scalars(
                select(CalendarDay).where(CalendarDay.day == day, CalendarDay.removed_at.is_(None))
            ).one()
            service.remove_correction(row.id, actor=actor, now=now)
        else:
            day = first + chance.randrange(390) * TOMORROW
            if day in made:
                continue
            made.append(day)
            kind = "rest" if worked(day, corrected()) else "work"
            service.correct(day, kind, "Công văn 1", actor=actor, now=now)
        kinds = corrected()
        for case in cases:
            assert case.due_on == case.original_due_on == due_by_hand(case, kinds)
    for day in made:
        now += timedelta(minutes=1)
        row = db.session.scalars(
            select(CalendarDay).where(CalendarDay.day == day, CalendarDay.removed_at.is_(None))
        ).one()
        service.remove_correction(row.id, actor=actor, now=now)
    assert {case.id: case.due_on for case in cases} == before
    for case in cases:
        assert_chain(case)
        assert_versions(case)
    assert local_date(now).year == year
