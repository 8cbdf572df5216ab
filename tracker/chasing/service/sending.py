"""Handing what waits in the outbox to its way: at least once, under one name."""

from datetime import datetime, timedelta
from time import monotonic
from uuid import UUID

from flask import current_app
from sqlalchemy import Select, select

from tracker.chasing import digests
from tracker.chasing.models import Correspondent, Message
from tracker.chasing.ways import WAYS, NotSent
from tracker.core.db import db, transaction
from tracker.settings import Settings

# Minutes until the next attempt; after the last one somebody has to look.
PAUSES = (1, 2, 5, 10, 20, 40, 60, 60, 60, 60)
HELD_FOR = timedelta(minutes=10)
"""Longer than any way takes; whoever claimed a message and died is out by then."""
A_ROUND = 30.0
"""Seconds after which no other message is begun: `now` mustn't grow old over a slow server."""


def send_waiting(now: datetime) -> int:
    """Hands over the messages whose time has come, in one round; how many left."""
    sent, began = 0, monotonic()
    while monotonic() - began < A_ROUND and (message := _claim(now)):
        sent += _send(message, now)
    return sent


def _waiting(now: datetime) -> Select[Message]:
    return (
        select(Message)
        .where(Message.sent_at.is_(None), Message.given_up_at.is_(None), Message.next_at <= now)
        .order_by(Message.next_at, Message.id)
        .limit(1)
    )


def _claim(now: datetime) -> Message | None:
    """The message that waits longest: nobody else takes it for a while."""
    # Read first: on SQLite a claim keeps all other writers waiting.
    if db.session.scalar(_waiting(now)) is None:
        return None
    with transaction():
        message = db.session.scalars(_waiting(now).with_for_update(skip_locked=True)).first()
        if message is not None:
            message.next_at = now + HELD_FOR
            message.attempts += 1
    return message


def _send(message: Message, now: datetime) -> bool:
    settings: Settings = current_app.extensions["settings"]
    way = WAYS[message.way]
    person = db.session.get(Correspondent, message.user_id)
    address = way.address(person) if person and way.is_there(settings) else ""
    parcel = digests.parcel(message, address, now)
    db.session.rollback()
    error = ""
    if parcel is not None and address:
        try:
            way.send(settings, parcel)
        except NotSent as failure:
            error = str(failure)
    with transaction():
        _note(message.id, error, is_empty=parcel is None, now=now)
    return parcel is not None and not error


def _note(message_id: UUID, error: str, *, is_empty: bool, now: datetime) -> None:
    message = db.session.get_one(Message, message_id)
    message.error = error
    message.is_empty = is_empty
    if not error:
        message.sent_at = now
    elif message.attempts > len(PAUSES):
        message.given_up_at = now
    else:
        message.next_at = now + timedelta(minutes=PAUSES[message.attempts - 1])
