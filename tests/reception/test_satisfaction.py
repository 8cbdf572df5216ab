"""What citizens said of the outcome, counted."""

from datetime import date, datetime, timedelta

from tests.factories import Office, make_office
from tracker.cases import service
from tracker.cases.models import Case, Submission
from tracker.core.db import db, transaction
from tracker.reception.satisfaction import Satisfaction, counted
from tracker.rules.workflow import Role, State

DAY = date(2026, 3, 2)


def say(case: Case, now: datetime, *, is_satisfied: bool) -> None:
    with transaction():
        [turn] = db.session.query(Submission).filter_by(case_id=case.id)
        service.say_within(turn, is_satisfied=is_satisfied, reason="Lý do", now=now)


def test_each_turn_counts_on_the_local_day_on_which_its_citizen_spoke(
    office: Office, now: datetime
) -> None:
    coordinator = office.viewer(Role.COORDINATOR)
    said = [(True, 0), (True, 0), (False, 0), (False, 0), (True, 24), (False, 24)]
    cases = []
    for is_satisfied, hours in said:
        cases.append(office.case_in(State.CLOSED, now))
        say(cases[-1], now + timedelta(hours=hours), is_satisfied=is_satisfied)
    # Five in the afternoon in UTC is the next day in Viet Nam.
    late = datetime.combine(DAY, datetime.min.time(), now.tzinfo) + timedelta(hours=17)
    say(office.case_in(State.CLOSED, now), late, is_satisfied=True)
    service.uphold(cases[2].id, actor=coordinator, text="Đã kiểm tra", now=now)
    assert counted(coordinator, DAY, DAY) == Satisfaction(2, 2, 1)
    assert counted(coordinator, DAY, date(2026, 3, 3)) == Satisfaction(4, 3, 2)


def test_cases_that_one_does_not_see_do_not_count(office: Office, now: datetime) -> None:
    say(office.case_in(State.CLOSED, now), now, is_satisfied=True)
    stranger = make_office("Huyện ủy Gia Lâm").viewer(Role.COORDINATOR)
    assert counted(stranger, DAY, DAY) == Satisfaction(0, 0, 0)
