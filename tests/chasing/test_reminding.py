"""Reminders: when, to whom, once, and never of what is settled."""

from datetime import date

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.application import Client
from tests.chasing.conftest import at
from tests.factories import Office
from tracker.cases import service
from tracker.cases.models import Case, Entry
from tracker.chasing.models import Notice, Reminder
from tracker.chasing.service.reminding import remind
from tracker.core.db import db
from tracker.rules.workflow import Kind, Outcome, Role, State
from tracker.units.models import User

# An opinion received and given out on Monday 2 March 2026: 20 working days end on Monday 30 March.
RECEIVED, DUE = date(2026, 3, 2), date(2026, 3, 30)
EARLY, SOON = date(2026, 3, 23), date(2026, 3, 26)
LATE, LATER, LONG_LATE = date(2026, 3, 31), date(2026, 4, 2), date(2026, 4, 8)


def assigned(office: Office, kind: Kind = Kind.OPINION) -> Case:
    """A case that the agency accepted on the day it came in."""
    now = at(RECEIVED)
    case = service.log(
        actor=office.viewer(Role.COORDINATOR),
        kind=kind,
        content="Đèn đường hỏng",
        received_on=RECEIVED,
        now=now,
    )
    service.verify(case.id, actor=office.viewer(Role.COORDINATOR), now=now)
    service.assign(
        case.id, actor=office.viewer(Role.COORDINATOR), lead_id=office.agency.id, now=now
    )
    service.accept(case.id, actor=office.viewer(Role.AGENCY_WORKER), now=now)
    return case


def heard(clock: str, day: date) -> set[str]:
    """The roles of those who were reminded on a day."""
    found = db.session.execute(
        select(User.login)
        .join(Notice, Notice.user_id == User.id)
        .join(Reminder, Reminder.id == Notice.reminder_id)
        .where(Reminder.clock == clock, Reminder.reminded_on == day)
    )
    return {login.rsplit("-", 1)[0] for (login,) in found}


def test_each_later_step_reaches_one_level_higher(office: Office) -> None:
    assigned(office)
    worker, head, coordinator, leader = (
        Role.AGENCY_WORKER,
        Role.AGENCY_HEAD,
        Role.COORDINATOR,
        Role.LEADER,
    )
    for day, who in (
        (date(2026, 3, 20), set()),
        (EARLY, {worker}),
        (date(2026, 3, 24), set()),
        (SOON, {worker}),
        (DUE, {worker}),
        (LATE, {worker, head}),
        (date(2026, 4, 1), set()),
        (LATER, {worker, head, coordinator}),
        (LONG_LATE, {worker, head, coordinator, leader}),
        (date(2026, 4, 9), set()),
        (date(2026, 4, 15), {worker, head, coordinator, leader}),
        (date(2026, 4, 22), {worker, head, coordinator, leader}),
    ):
        remind(at(day))
        assert heard("answer", day) == who, day


def test_it_is_made_once_however_often_somebody_looks(office: Office) -> None:
    assigned(office)
    assert [remind(at(EARLY)), remind(at(EARLY, 10)), remind(at(date(2026, 3, 24)))] == [1, 0, 0]


def test_the_story_tells_it_and_nobody_is_kept_from_writing(office: Office) -> None:
    case = assigned(office)
    version = case.version
    remind(at(EARLY))
    last = db.session.scalars(select(Entry).order_by(Entry.sequence.desc())).first()
    assert last is not None
    assert (last.action, last.user_id, last.unit_id) == ("remind", None, office.agency.id)
    assert last.text == "Đơn vị trả lời, hạn 30/03/2026: Nhắc lần đầu (đến Chuyên viên đơn vị)"
    service.answer(
        case.id,
        actor=office.viewer(Role.AGENCY_WORKER),
        text="Đã sửa",
        answered_on=EARLY,
        outcome=Outcome.RESOLVED,
        now=at(EARLY, 9),
        version=version,
    )


@time_machine.travel(at(LONG_LATE, 12))
def test_on_the_cases_page_they_are_one_line(office: Office, client: Client) -> None:
    case = assigned(office)
    for day in (EARLY, SOON, DUE):
        remind(at(day))
    client.sign_in(office.user(Role.COORDINATOR))
    story = BeautifulSoup(client.get(f"/cases/{case.id}").text, "html.parser").select_one(".story")
    assert story is not None
    told = [" ".join(each.get_text().split()) for each in story.find_all("li", recursive=False)]
    assert told[0].startswith("Đã nhắc 3 lần, lần cuối 30/03/2026")
    assert told[0].count("Đơn vị trả lời, hạn 30/03/2026") == 3
    assert told[1].startswith("Nhận việc")


def test_nothing_is_made_on_a_day_of_rest(office: Office) -> None:
    assigned(office)
    # Saturday; the worker was stopped since Wednesday, so the second reminder waits for Monday.
    assert remind(at(date(2026, 3, 28))) == 0
    assert remind(at(DUE)) == 1
    assert heard("answer", DUE) == {Role.AGENCY_WORKER}


def test_what_was_missed_is_not_made_up_for(office: Office) -> None:
    assigned(office)
    remind(at(date(2026, 4, 10)))
    steps = db.session.scalars(select(Reminder.step).where(Reminder.clock == "answer")).all()
    assert steps == ["long_late"]


@pytest.mark.parametrize("settle", ["answer", "suspend"])
def test_nobody_is_reminded_of_what_is_settled(office: Office, settle: str) -> None:
    case = assigned(office)
    day = date(2026, 3, 20)
    if settle == "answer":
        service.answer(
            case.id,
            actor=office.viewer(Role.AGENCY_WORKER),
            text="Đã sửa",
            answered_on=day,
            outcome=Outcome.RESOLVED,
            now=at(day),
        )
    else:
        service.suspend(case.id, actor=office.viewer(Role.COORDINATOR), reason="Chờ", now=at(day))
    remind(at(EARLY))
    assert heard("answer", EARLY) == set()


def test_another_due_date_is_another_clock(office: Office) -> None:
    case = assigned(office)
    remind(at(EARLY))
    service.extend(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        due_on=date(2026, 4, 13),
        reason="Chờ",
        now=at(EARLY, 9),
    )
    assert remind(at(SOON)) == 0
    assert remind(at(date(2026, 4, 6))) == 1


def test_after_the_last_day_nobody_is_asked_to_accept_or_return(office: Office) -> None:
    # Two working days for it: whoever looks on Thursday finds that silence has spoken.
    office.case_in(State.ASSIGNED, at(RECEIVED))
    remind(at(date(2026, 3, 5)))
    assert heard("reply", date(2026, 3, 5)) == set()


def test_on_the_last_day_the_head_is_asked_as_well(office: Office) -> None:
    office.case_in(State.ASSIGNED, at(RECEIVED))
    remind(at(date(2026, 3, 4)))
    assert heard("reply", date(2026, 3, 4)) == {Role.AGENCY_WORKER, Role.AGENCY_HEAD}
