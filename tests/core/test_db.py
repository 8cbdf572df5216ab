"""Transactions: all or nothing, and none lost when many write at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import insert, select
from sqlalchemy.exc import StatementError
from sqlalchemy.orm import scoped_session

from tracker.cases import numbering
from tracker.cases.models import Channel, Counter
from tracker.core.db import db, transaction
from tracker.units.models import User


def test_a_failed_transaction_leaves_nothing(session: scoped_session) -> None:
    with pytest.raises(RuntimeError):
        _write_and_fail(session)
    assert session.scalars(select(Channel).where(Channel.folded_name == "thu nghiem")).all() == []


def _write_and_fail(session: scoped_session) -> None:
    with transaction():
        session.add(Channel(name="Thử nghiệm", folded_name="thu nghiem"))
        session.flush()
        raise RuntimeError


def test_read_then_write_from_many_threads_loses_no_update(app: Flask) -> None:
    with app.app_context(), transaction():
        db.session.execute(insert(Counter).values(name="threads", value=0))

    def work(_number: int) -> int:
        with app.app_context():
            db.session.scalars(select(Counter.value).where(Counter.name == "threads")).one()
            with transaction():
                return numbering.take("threads")

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(work, range(80)))
    assert sorted(taken) == list(range(1, 81))


def test_instants_come_back_in_utc(session: scoped_session) -> None:
    instant = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    with transaction():
        session.add(User(login="an", name="An", password_hash="-", locked_until=instant))
    session.expire_all()
    found = session.scalars(select(User.locked_until).where(User.login == "an")).one()
    assert found == instant
    assert found.utcoffset().total_seconds() == 0


def test_an_instant_without_a_zone_is_refused(session: scoped_session) -> None:
    with pytest.raises(StatementError), transaction():
        session.add(
            User(login="an", name="An", password_hash="-", locked_until=datetime(2026, 3, 2))  # noqa: DTZ001
        )
