"""How the worker is doing: when each job was last done, and what waits to leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from tracker.chasing.jobs import JOBS
from tracker.chasing.models import Message, Reminder, WorkerRun
from tracker.core.clock import local_date
from tracker.core.db import db

PATIENCE = timedelta(minutes=15)
"""How much later than it should a job may be done before somebody has to look."""


@dataclass(frozen=True, slots=True)
class Outbox:
    """How many messages wait, how many seconds the oldest of them has, how many were given up."""

    waiting: int
    oldest: float
    given_up: int


def ages(now: datetime) -> dict[str, float | None]:
    """By job how many seconds ago it was last done; None where it never was. One query."""
    ended = {row.job: row.ended_at for row in runs()}
    return {name: (now - at).total_seconds() if (at := ended.get(name)) else None for name in JOBS}


def is_well(ages: dict[str, float | None]) -> bool:
    """Whether no job is long overdue; one that was never done is."""
    return all(
        age is not None and age <= JOBS[name].seconds + PATIENCE.total_seconds()
        for name, age in ages.items()
    )


def runs() -> Sequence[WorkerRun]:
    """What was last done of each job, by the job's name."""
    return db.session.scalars(select(WorkerRun).order_by(WorkerRun.job)).all()


def outbox(now: datetime) -> Outbox:
    """What waits to leave and what doesn't leave any more."""
    waits = select(func.count(), func.min(Message.recorded_at)).where(
        Message.sent_at.is_(None), Message.given_up_at.is_(None)
    )
    waiting, oldest = db.session.execute(waits).one()
    given_up = db.session.scalar(
        select(func.count()).select_from(Message).where(Message.given_up_at.is_not(None))
    )
    return Outbox(waiting, (now - oldest).total_seconds() if oldest else 0.0, given_up or 0)


def reminders_of(now: datetime) -> int:
    """How many reminders were made on the local day of `now`."""
    asked = select(func.count()).where(Reminder.reminded_on == local_date(now))
    return db.session.scalar(asked) or 0
