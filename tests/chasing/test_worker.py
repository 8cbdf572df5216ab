"""The worker as processes of its own: one leads, the next waits; what is lost comes back."""

import os
import select as ready
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import scoped_session

from tests.chasing.conftest import at
from tests.chasing.test_reminding import EARLY
from tracker.chasing import worker as worker_module
from tracker.chasing.jobs import JOBS, Job
from tracker.chasing.leading import LOCK
from tracker.chasing.models import WorkerRun
from tracker.chasing.worker import Worker
from tracker.core.db import db, is_sqlite

TRACKER = Path(sys.executable).with_name("tracker")
LEADS, WAITS = "Đang dẫn đầu.", "Đang chờ đến lượt dẫn đầu."
PATIENCE = 120


@dataclass
class Process:
    """`tracker worker`, and what it says."""

    process: "subprocess.Popen[bytes]"
    name: str = ""

    def says(self) -> str:
        """Its next line."""
        out = self.process.stdout
        assert out is not None
        assert ready.select([out], [], [], PATIENCE)[0], "it says nothing"
        return out.readline().decode().strip()


@pytest.fixture
def start(app: Flask, session: scoped_session[Any]) -> Iterator[Callable[..., Process]]:
    """Starts a worker over the test's database."""
    settings = app.extensions["settings"]
    kept = {name: each for name, each in os.environ.items() if not name.startswith("TRACKER_")}
    environment = kept | {
        "TRACKER_INSTANCE": str(settings.instance),
        "TRACKER_SECRET_KEY": settings.secret_key,
        "DATABASE_URL": settings.database_url,
    }
    started: list[Process] = []

    def start(*words: str) -> Process:
        command = [TRACKER, *(words or ["worker"])]
        one = Process(
            # Unbuffered: what `select` sees is then all there is.
            subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, bufsize=0)
        )
        started.append(one)
        if not words:
            one.name = one.says().removeprefix("Đang chạy: ").partition(" ")[0]
        return one

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        assert one.process.stdout is not None
        one.process.stdout.close()


def free_port() -> str:
    """A port that nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


def until(seen: Callable[[], bool]) -> None:
    """Waits for what can be seen in the database."""
    ends = time.monotonic() + PATIENCE
    while not seen():
        assert time.monotonic() < ends, "it wasn't seen"
        time.sleep(0.05)


def did_all(one: Process) -> bool:
    """Whether this worker has done every job."""
    db.session.rollback()
    rows = db.session.execute(select(WorkerRun.job, WorkerRun.worker, WorkerRun.ended_at))
    return {job for job, worker, ended in rows if worker == one.name and ended} == set(JOBS)


def test_one_leads_and_when_it_is_killed_the_next_does(start: Callable[..., Process]) -> None:
    first = start()
    assert first.says() == LEADS
    until(lambda: did_all(first))
    second = start()
    assert second.says() == WAITS
    first.process.send_signal(signal.SIGKILL)
    assert second.says() == LEADS
    until(lambda: did_all(second))
    second.process.terminate()
    assert second.process.wait(PATIENCE) == 0


def test_the_server_has_one_within_unless_it_is_told_otherwise(
    start: Callable[..., Process],
) -> None:
    alone = start("serve", "--port", free_port(), "--without-worker")
    assert alone.says().startswith("Dân Nguyện: ")
    server = start("serve", "--port", free_port())
    assert {server.says().partition(":")[0], server.says().partition(":")[0]} == {
        "Dân Nguyện",
        LEADS,
    }
    other = start()
    assert other.says() == WAITS
    server.process.terminate()
    assert server.process.wait(PATIENCE) == 0
    assert other.says() == LEADS


def test_a_lost_connection_is_made_anew(start: Callable[..., Process]) -> None:
    one = start()
    assert one.says() == LEADS
    until(lambda: did_all(one))
    if is_sqlite():
        # There is no connection to lose: the file is this machine's.
        return
    db.session.execute(text(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ))  # fmt: skip
    db.session.commit()
    assert one.says() == WAITS
    assert one.says() == LEADS
    held = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :lock")
    assert db.session.scalar(held, {"lock": LOCK}) == 1


def test_a_job_that_fails_is_kept_and_the_others_go_on(
    app: Flask, session: scoped_session[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_now: object) -> int:
        raise ZeroDivisionError("of Nguyễn Văn A")

    jobs = {**JOBS, "remind": Job("remind", "", 300, fail)}
    monkeypatch.setattr(worker_module, "JOBS", jobs)
    one = Worker(app, now=lambda: at(EARLY))
    jobs["last"] = Job("last", "", 300, lambda _now: one.stop() or 0)
    one.run()
    kept = {row.job: row for row in db.session.scalars(select(WorkerRun))}
    assert set(kept) == set(jobs)
    assert (kept["remind"].error, kept["remind"].failed_at) == ("ZeroDivisionError", at(EARLY))
    assert kept["remind"].ended_at is None
    assert all(row.ended_at == at(EARLY) for name, row in kept.items() if name != "remind")


def test_a_clock_that_was_put_back_makes_nothing_wait(
    app: Flask, session: scoped_session[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    instants = iter([at(EARLY, 12), at(EARLY, 9)])
    done = []

    def note(now: object) -> int:
        done.append(now)
        clock[0] = next(instants, None) or one.stop() or clock[0]
        return 0

    clock = [next(instants)]
    monkeypatch.setattr(worker_module, "JOBS", {"only": Job("only", "", 300, note)})
    monkeypatch.setattr(worker_module, "LOOKED_EVERY", 0.01)
    one = Worker(app, now=lambda: clock[0])
    one.run()
    assert done == [at(EARLY, 12), at(EARLY, 9)]
