"""What machines ask of the worker: whether it does its jobs, and its figures."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask

from tests.application import Client
from tests.chasing.test_reminding import assigned
from tests.factories import Office
from tracker.chasing.jobs import JOBS
from tracker.chasing.models import Message, Reminder
from tracker.chasing.worker import note_failure, note_run
from tracker.core import clock
from tracker.core.db import db, new_id
from tracker.rules.workflow import Role

KEY = "only for this test"


def all_done(minutes_ago: int = 1) -> None:
    """Every job was done by one worker, in two seconds each."""
    at = clock.now() - timedelta(minutes=minutes_ago)
    for name in JOBS:
        note_run(name, "one:1", at - timedelta(seconds=2), at, 0)


@pytest.fixture
def with_key(app: Flask) -> Iterator[None]:
    """The application where the key was set."""
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(settings, metrics_key=KEY)
    yield
    app.extensions["settings"] = settings


def test_no_worker_is_not_well(client: Client, office: Office) -> None:
    answer = client.get("/health")
    assert answer.status_code == 503
    assert answer.json == {"ok": False, "seconds_since": dict.fromkeys(JOBS)}


def test_all_is_well_while_every_job_is_done(client: Client, office: Office) -> None:
    all_done()
    answer = client.get("/health")
    assert answer.status_code == 200
    assert answer.json is not None
    assert answer.json["ok"] is True
    assert set(answer.json["seconds_since"]) == set(JOBS)
    assert all(60 <= age < 600 for age in answer.json["seconds_since"].values())


def test_one_job_long_overdue_is_not_well(client: Client, office: Office) -> None:
    all_done()
    long_ago = clock.now() - timedelta(hours=1)
    note_run("send", "one:1", long_ago, long_ago, 0)
    assert client.get("/health").status_code == 503


def test_one_that_fails_all_the_time_is_not_well(client: Client, office: Office) -> None:
    all_done(minutes_ago=60)
    for name in JOBS:
        note_failure(name, "one:1", clock.now(), ZeroDivisionError())
    assert client.get("/health").status_code == 503


@pytest.mark.parametrize("shown", [{}, {"Authorization": "Bearer other"}])
def test_figures_are_not_there_without_the_key(
    with_key: None, client: Client, office: Office, shown: dict[str, str]
) -> None:
    assert client.get("/metrics", headers=shown).status_code == 404


def test_without_a_key_nobody_has_the_figures(client: Client, office: Office) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_figures(with_key: None, client: Client, office: Office) -> None:
    all_done()
    note_failure("plan", "two:2", clock.now(), ZeroDivisionError())
    now = clock.now()
    worker = office.user(Role.AGENCY_WORKER)
    for batch, given_up_at in (("a", None), ("b", None), ("c", now)):
        db.session.add(
            Message(
                user_id=worker.id,
                batch=batch,
                way="mail",
                recorded_at=now - timedelta(minutes=2),
                next_at=now,
                given_up_at=given_up_at,
            )
        )
    today = clock.local_date(now)
    db.session.add(
        Reminder(
            clock="answer",
            subject_id=new_id(),
            began_on=today,
            step="late",
            due_on=today,
            case_id=assigned(office).id,
            reminded_on=today,
            recorded_at=now,
        )
    )
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {KEY}"})
    assert answer.status_code == 200
    figures = dict(
        line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#")
    )
    assert figures["tracker_outbox_waiting"] == "2.0"
    assert 120 <= float(figures["tracker_outbox_oldest_seconds"]) < 600
    assert figures["tracker_outbox_given_up"] == "1.0"
    assert figures["tracker_reminders_today"] == "1.0"
    assert figures['tracker_worker_leader{worker="two:2"}'] == "1.0"
    assert figures['tracker_job_duration_seconds{job="send"}'] == "2.0"
    assert figures['tracker_job_failed{job="plan"}'] == "1.0"
    assert figures['tracker_job_failed{job="send"}'] == "0.0"
    assert office.user(Role.AGENCY_WORKER).name not in answer.text
