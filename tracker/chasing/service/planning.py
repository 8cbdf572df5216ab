"""Which messages are to leave: one a person a working day, and at once what can't wait."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from tracker.cases import clocks
from tracker.chasing import ways
from tracker.chasing.models import Correspondent, Message, Notice, Reminder
from tracker.core.clock import local_date, local_time
from tracker.core.db import db, is_sqlite, new_id, transaction

DEFAULT_HOUR = 8
OPENS, CLOSES = time(7), time(17)


def plan(now: datetime) -> int:
    """Writes to the outbox what is to leave at `now`; how many messages.

    Never on a day of rest, nor outside of the hours in which people work. Each person has one
    message a working day, after the hour that they chose; what can't wait has one of its own.
    """
    today, moment = local_date(now), local_time(now).time()
    if not clocks.calendar().is_working(today) or not OPENS <= moment < CLOSES:
        return 0
    planned = 0
    for user_id, rows in _unplanned().items():
        with transaction():
            planned += _plan_for(user_id, rows, today, moment, now)
    return planned


def _unplanned() -> dict[UUID, list[Row[Any]]]:
    found: dict[UUID, list[Row[Any]]] = defaultdict(list)
    rows: Any = db.session.execute(
        select(Notice.user_id, Notice.id, Notice.reminder_id, Reminder.is_pressing)
        .join(Reminder, Reminder.id == Notice.reminder_id)
        .where(Notice.batch.is_(None))
        .order_by(Notice.user_id, Notice.id)
    ).all()
    for row in rows:
        found[row.user_id].append(row)
    return found


def _plan_for(
    user_id: UUID, rows: Sequence[Row[Any]], today: date, moment: time, now: datetime
) -> int:
    person = db.session.get(Correspondent, user_id)
    planned = 0
    for row in rows:
        if row.is_pressing:
            planned += _batch(f"now:{row.reminder_id}", [row.id], user_id, person, now)
    others = [row.id for row in rows if not row.is_pressing]
    if others and moment >= time(person.hour if person else DEFAULT_HOUR):
        planned += _batch(f"day:{today}", others, user_id, person, now)
    return planned


def _batch(
    batch: str,
    notice_ids: Sequence[UUID],
    user_id: UUID,
    person: Correspondent | None,
    now: datetime,
) -> int:
    """Puts the notices together and writes a message for each way to the person.

    A message of that name that is there already has left, or will: what came since waits for
    the next one.
    """
    settings = current_app.extensions["settings"]
    messages = [
        {
            "id": new_id(),
            "user_id": user_id,
            "batch": batch,
            "way": way,
            "recorded_at": now,
            "next_at": now,
        }
        for way in ways.to(person, settings)
    ]
    is_there = select(Notice.id).where(Notice.user_id == user_id, Notice.batch == batch).limit(1)
    if db.session.scalar(is_there) is not None:
        return 0
    db.session.execute(
        update(Notice)
        .where(Notice.id.in_(notice_ids), Notice.batch.is_(None))
        .values(batch=batch)
        .execution_options(synchronize_session=False)
    )
    if not messages:
        return 0
    into = sqlite.insert(Message) if is_sqlite() else postgresql.insert(Message)
    written = db.session.execute(into.on_conflict_do_nothing().returning(Message.id), messages)
    return len(written.all())
