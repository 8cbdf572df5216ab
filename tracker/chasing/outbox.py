"""How it stands with what leaves: by each way what has left, what waits, what was given up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select

from tracker.chasing.models import Message
from tracker.chasing.ways import WAYS, Way
from tracker.core.db import db
from tracker.settings import Settings


@dataclass(frozen=True, slots=True)
class WayState:
    """waiting: how many messages, since when the oldest waits; given_up: how many by error."""

    way: Way
    is_there: bool
    last_sent_at: datetime | None
    waiting: int
    oldest_at: datetime | None
    given_up: Mapping[str, int] = field(default_factory=dict)


def states(settings: Settings) -> list[WayState]:
    """How it stands with each way. Three queries."""
    sent = db.session.execute(
        select(Message.way, func.max(Message.sent_at))
        .where(Message.is_empty.is_(False), Message.sent_at.is_not(None))
        .group_by(Message.way)
    )
    last = {row[0]: row[1] for row in sent}
    waits = Message.sent_at.is_(None) & Message.given_up_at.is_(None)
    waiting = db.session.execute(
        select(Message.way, func.count(), func.min(Message.recorded_at))
        .where(waits)
        .group_by(Message.way)
    )
    given_up = db.session.execute(
        select(Message.way, Message.error, func.count())
        .where(Message.given_up_at.is_not(None))
        .group_by(Message.way, Message.error)
        .order_by(Message.error)
    ).all()
    waits_by_way = {row[0]: (row[1], row[2]) for row in waiting}
    return [
        WayState(
            way,
            way.is_there(settings),
            last.get(name),
            waits_by_way[name][0] if name in waits_by_way else 0,
            waits_by_way[name][1] if name in waits_by_way else None,
            {error: count for of, error, count in given_up if of == name},
        )
        for name, way in WAYS.items()
    ]
