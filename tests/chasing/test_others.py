"""Reminders of what is no case's: the calendar of next year, an import that waits."""

import io
import os
from datetime import date, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.application import Client
from tests.chasing.conftest import MailServer, at
from tests.chasing.test_inbox import page
from tests.factories import Office
from tracker.cases.service import calendar
from tracker.chasing.models import Correspondent, Notice, Reminder
from tracker.chasing.service.planning import plan
from tracker.chasing.service.reminding import remind
from tracker.chasing.service.sending import send_waiting
from tracker.core.db import db
from tracker.registers import jobs
from tracker.rules.workflow import Role

# Thursday 1 October 2026; five working days later it is Thursday the 8th.
FIRST, WEEK_LATER = date(2026, 10, 1), date(2026, 10, 8)


def reminded(clock: str) -> list[tuple[str, date]]:
    rows = db.session.execute(
        select(Reminder.step, Reminder.reminded_on)
        .where(Reminder.clock == clock)
        .order_by(Reminder.reminded_on)
    )
    return [(step, day) for step, day in rows]


def reached(office: Office, role: Role, address: str) -> None:
    db.session.add(Correspondent(user_id=office.user(role).id, mail=address))
    db.session.commit()


def enter_calendar(office: Office, now: datetime) -> None:
    """Enters the first of next year's exchanged days."""
    calendar.correct(
        actor=office.viewer(Role.ADMINISTRATOR),
        day=date(2027, 1, 9),
        kind="work",
        source="Công văn 1",
        now=now,
    )


def test_next_years_calendar_is_asked_for_weekly_from_october(office: Office) -> None:
    for day in (date(2026, 9, 30), FIRST, date(2026, 10, 2), WEEK_LATER, date(2026, 10, 9)):
        remind(at(day))
    assert reminded("calendar") == [("late", FIRST), ("again:0", WEEK_LATER)]
    heard = set(db.session.scalars(select(Notice.user_id)))
    assert heard == {office.user(Role.ADMINISTRATOR).id}


def test_a_calendar_that_was_entered_is_not_sent(office: Office, mail: MailServer) -> None:
    reached(office, Role.ADMINISTRATOR, "quan-tri@long-bien.vn")
    remind(at(FIRST))
    assert plan(at(FIRST, 8)) == 1
    enter_calendar(office, at(FIRST, 9))
    assert send_waiting(at(FIRST, 9)) == 0
    remind(at(WEEK_LATER))
    assert reminded("calendar") == [("late", FIRST)]
    assert mail.taken == []


@pytest.fixture
def job(app: Flask, office: Office) -> jobs.Job:
    """A file that the coordinator uploaded on Thursday, and that was read."""
    upload = jobs.create(io.BytesIO(b""), "so.xlsx", office.viewer(Role.COORDINATOR), None)
    return keep(upload, "read")


def keep(job: jobs.Job, stage: jobs.Stage) -> jobs.Job:
    kept = jobs.replace(job, stage=stage)
    jobs.save(kept)
    read_at = at(FIRST, 10).timestamp()
    state: Path = kept.folder / "state.json"
    os.utime(state, (read_at, read_at))
    return kept


def test_an_import_that_waits_is_called_to_mind(
    office: Office, client: Client, job: jobs.Job
) -> None:
    friday, tuesday = date(2026, 10, 2), date(2026, 10, 6)
    for day in (FIRST, friday, date(2026, 10, 5), tuesday):
        remind(at(day, 11))
    assert reminded("import") == [("late", friday), ("again:0", tuesday)]
    with time_machine.travel(at(tuesday, 12)):
        client.sign_in(office.user(Role.COORDINATOR))
        row = page(client).select_one("main tbody tr a")
        assert row is not None
        assert row["href"] == "/imports"
        keep(job, "cancelled")
        assert page(client).select_one("main tbody") is None


def test_an_import_that_was_decided_is_not_sent(
    office: Office, mail: MailServer, job: jobs.Job
) -> None:
    friday = date(2026, 10, 2)
    reached(office, Role.COORDINATOR, "dieu-phoi@long-bien.vn")
    remind(at(friday))
    assert plan(at(friday, 8)) == 1
    keep(job, "cancelled")
    assert send_waiting(at(friday, 9)) == 0
    remind(at(date(2026, 10, 6)))
    assert reminded("import") == [("late", friday)]
    assert mail.taken == []
