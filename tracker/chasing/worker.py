"""The worker: on any number of machines, of which one leads and does the jobs."""

import os
import socket
from collections.abc import Callable
from datetime import datetime
from threading import Event

from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.dialects import postgresql, sqlite

from tracker.chasing.jobs import JOBS, Job
from tracker.chasing.leading import Lead, lead_of
from tracker.chasing.models import WorkerRun
from tracker.core import clock
from tracker.core.db import db, is_sqlite, transaction

LOOKED_EVERY = 1.0
"""Seconds after which a worker that doesn't lead looks again whether it may."""


class Worker:
    """Leads when nobody else does. `stop` may be called from a signal or another thread."""

    def __init__(self, app: Flask, now: Callable[[], datetime] = clock.now) -> None:
        self._app = app
        self._now = now
        self._stopped = Event()
        self.name = f"{socket.gethostname()}:{os.getpid()}"

    def run(self) -> None:
        """Waits for the lead, does the jobs while it has it; returns when it was stopped."""
        with self._app.app_context():
            lead = lead_of(self._app)
            try:
                while not self._stopped.is_set():
                    if lead.is_held():
                        self._do_jobs(lead)
                    self._stopped.wait(LOOKED_EVERY)
            finally:
                lead.release()

    def stop(self) -> None:
        """Ends `run` after the jobs that are being done."""
        self._stopped.set()

    def _do_jobs(self, lead: Lead) -> None:
        # A job that couldn't be done for a while is done once, not as often as it was missed.
        scheduler = BackgroundScheduler(
            timezone=clock.VIET_NAM,
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        for job in JOBS.values():
            scheduler.add_job(
                self._do,
                "interval",
                args=[job],
                seconds=job.seconds,
                next_run_time=datetime.now(clock.VIET_NAM),
            )
        scheduler.start()
        try:
            while lead.is_held() and not self._stopped.wait(LOOKED_EVERY):
                pass
        finally:
            scheduler.shutdown(wait=True)

    def _do(self, job: Job) -> None:
        with self._app.app_context():
            now = self._now()
            try:
                done = job.run(now)
            except Exception as error:
                self._app.logger.exception("job %s failed", job.name)
                db.session.rollback()
                note_failure(job.name, self.name, now, error)
            else:
                note_run(job.name, self.name, now, self._now(), done)
            finally:
                db.session.remove()


def note_run(job: str, worker: str, began_at: datetime, ended_at: datetime, done: int) -> None:
    """Keeps what a job last did: who, when, how much."""
    _note(job, worker=worker, began_at=began_at, ended_at=ended_at, done=done, error="")


def note_failure(job: str, worker: str, at: datetime, error: Exception) -> None:
    """Keeps that a job failed, by the kind of the error alone: what it says may name somebody."""
    _note(job, worker=worker, began_at=at, failed_at=at, error=type(error).__name__)


def _note(job: str, **values: object) -> None:
    into = (sqlite.insert if is_sqlite() else postgresql.insert)(WorkerRun)
    written = into.values(job=job, **({"done": 0, "error": ""} | values))
    with transaction():
        db.session.execute(written.on_conflict_do_update(index_elements=["job"], set_=values))
