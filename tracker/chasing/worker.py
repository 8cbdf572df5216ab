"""The worker: on any number of machines, of which one leads and does the jobs."""

import os
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event

from flask import Flask
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from tracker.chasing.jobs import JOBS, Job
from tracker.chasing.leading import lead_of
from tracker.chasing.models import WorkerRun
from tracker.core import clock
from tracker.core.db import db, is_sqlite, transaction

LOOKED_EVERY = 1.0
"""Seconds after which a worker looks again whether it may lead, and what is to be done."""


class Worker:
    """Leads when nobody else does. `stop` may be called from a signal or another thread.

    tell: hears a line when it waits and when it leads.
    """

    def __init__(
        self,
        app: Flask,
        now: Callable[[], datetime] = clock.now,
        tell: Callable[[str], object] = lambda _line: None,
    ) -> None:
        self._app = app
        self._now = now
        self._tell = tell
        self._stopped = Event()
        self._leads: bool | None = None
        self._begun: dict[str, datetime] = {}
        self.name = f"{socket.gethostname()}:{os.getpid()}"

    def run(self) -> None:
        """Waits for the lead, does the jobs while it has it; returns when it was stopped."""
        with self._app.app_context():
            lead = lead_of(self._app)
            try:
                while not self._stopped.is_set():
                    leads = lead.is_held()
                    self._note_lead(leads)
                    for job in self._due() if leads else ():
                        # Asked before each: while the one before was done, it may have been lost.
                        if lead.is_held() and not self._stopped.is_set():
                            self._do(job)
                    self._stopped.wait(LOOKED_EVERY)
            finally:
                lead.release()

    def stop(self) -> None:
        """Ends `run` after the job that is being done."""
        self._stopped.set()

    def _note_lead(self, leads: bool) -> None:
        if leads != self._leads:
            self._leads = leads
            # Whoever led meanwhile has done what it did, not what this one remembers.
            self._begun.clear()
            self._tell(_("Đang dẫn đầu.") if leads else _("Đang chờ đến lượt dẫn đầu."))

    def _due(self) -> list[Job]:
        """What is to be done in this round, in the table's order: so that what a job stands on
        was done before it, after a night's sleep of the machine too. All are asked by one
        instant. A clock that was put back makes nothing wait."""
        now, due = self._now(), []
        for job in JOBS.values():
            begun = self._begun.get(job.name)
            if begun is None or not begun <= now < begun + timedelta(seconds=job.seconds):
                self._begun[job.name] = now
                due.append(job)
        return due

    def _do(self, job: Job) -> None:
        # A context and so a session of its own, which ends with the job whatever became of it.
        with self._app.app_context():
            now = self._now()
            try:
                done = job.run(now)
                note_run(job.name, self.name, now, self._now(), done)
            except Exception as error:
                self._app.logger.exception("job %s failed", job.name)
                db.session.remove()
                self._try_to_note(job, now, error)

    def _try_to_note(self, job: Job, now: datetime, error: Exception) -> None:
        try:
            note_failure(job.name, self.name, now, error)
        except DBAPIError:
            # The database is gone: the log has it, and the jobs go on when it comes back.
            self._app.logger.exception("the failure of job %s couldn't be kept", job.name)


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
