"""A citizen's look at a case, by the code and the secret of a receipt; guesses are limited.

A wrong code and a wrong secret take the same way: the same counters, the same questions to the
database, the same answer.
"""

import hmac
import re
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address, ip_network
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from tracker.cases import service as cases
from tracker.cases.models import Submission
from tracker.core.crypto import key_ring
from tracker.core.db import db, is_sqlite, transaction
from tracker.core.errors import Refused
from tracker.reception import citizens
from tracker.reception.models import LookupGuess
from tracker.reception.receipts import LETTERS, secret_of
from tracker.rules.citizens import (
    FORGOTTEN_AFTER,
    GUESSES_AT_BLOCKED_CODE,
    OF_ADDRESS,
    OF_CODE,
    Patience,
    blocked_until,
)
from tracker.rules.vietnamese import fold

NOBODY = UUID(int=0)
# Who shares a connection has one network of these.
NETWORK_BITS = {4: 32, 6: 64}


class TooOften(Refused):
    """Too many wrong guesses: nothing was looked at."""

    status = 429


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, and the address that it came from."""

    code: str
    secret: str
    address: str


def look_up(asked: Asked, *, now: datetime) -> citizens.Told | None:
    """What the citizen is told, None where code and secret don't belong together.

    Raises TooOften.
    """
    with transaction():
        turn = _turn(asked, now)
    return None if turn is None else citizens.told(turn)


def say(asked: Asked, *, is_satisfied: bool, reason: str, now: datetime) -> citizens.Told | None:
    """Records whether the citizen is satisfied; the rest is as with `look_up`."""
    with transaction():
        turn = _turn(asked, now)
        if turn is not None:
            cases.say_within(turn, is_satisfied=is_satisfied, reason=reason, now=now)
    return None if turn is None else citizens.told(turn)


def as_printed(code: str) -> str:
    """A code as receipts print it, however it was typed."""
    return re.sub(r"[^0-9A-Z]+", "-", fold(code).upper()).strip("-")


def _turn(asked: Asked, now: datetime) -> Submission | None:
    """The turn that the secret belongs to; a failure is counted inside the transaction."""
    code = as_printed(asked.code)
    of_address = _counter("lookup address", _network(asked.address), now)
    of_code = _counter("lookup code", code, now)
    _check(of_address, of_code, now)
    _forget(now)
    typed = "".join(letter for letter in asked.secret.upper() if letter in LETTERS)
    found = None
    for turn_id in citizens.turns_under(code) or [NOBODY]:
        right = secret_of(turn_id).replace(" ", "")
        if hmac.compare_digest(right, typed):
            found = turn_id
    if found is not None:
        return db.session.get(Submission, found)
    _count(of_address, OF_ADDRESS, now)
    _count(of_code, OF_CODE, now)
    return None


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return address
    return str(ip_network((found, NETWORK_BITS[found.version]), strict=False))


def _counter(purpose: str, about: str, now: datetime) -> LookupGuess:
    """The counter, locked until the transaction ends, so that guesses come one by one."""
    key = key_ring().digest(purpose, about.encode())
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    new = {"key": key, "failures": 0, "since": now}
    db.session.execute(insert(LookupGuess).values(**new).on_conflict_do_nothing())
    counter = db.session.scalars(
        select(LookupGuess)
        .where(LookupGuess.key == key)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if counter.since <= now - FORGOTTEN_AFTER:
        counter.failures, counter.since, counter.blocked_until = 0, now, None
    return counter


def _check(of_address: LookupGuess, of_code: LookupGuess, now: datetime) -> None:
    waits = [of_address.blocked_until]
    if of_address.failures >= GUESSES_AT_BLOCKED_CODE:
        waits.append(of_code.blocked_until)
    until = max((each for each in waits if each is not None), default=now)
    if until > now:
        minutes = -(-int((until - now).total_seconds()) // 60)
        raise TooOften(
            _(
                "Đã thử sai nhiều lần. Xin đợi %(minutes)s phút rồi thử lại, hoặc hỏi nơi tiếp"
                " nhận ghi trên giấy biên nhận.",
                minutes=minutes,
            )
        )


def _count(counter: LookupGuess, patience: Patience, now: datetime) -> None:
    counter.failures += 1
    counter.blocked_until = blocked_until(counter.failures, patience, now)


def _forget(now: datetime) -> None:
    """Removes the counters whose time is over; those that others hold are left to them."""
    old = (
        select(LookupGuess.key)
        .where(
            LookupGuess.since <= now - FORGOTTEN_AFTER,
            or_(LookupGuess.blocked_until.is_(None), LookupGuess.blocked_until <= now),
        )
        .with_for_update(skip_locked=True)
    )
    db.session.execute(
        delete(LookupGuess)
        .where(LookupGuess.key.in_(old))
        .execution_options(synchronize_session=False)
    )
