"""An office that holds a reception today."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import scoped_session

from tests.application import Client
from tests.cases.conftest import Visitor, statements
from tests.factories import Office, make_office
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.reception.models import Event
from tracker.rules.workflow import Role

__all__ = ["statements"]


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=True):
        yield


@pytest.fixture
def office(session: scoped_session[Any]) -> Office:
    """A committee, its agencies, somebody in each role."""
    return make_office()


@pytest.fixture
def event(office: Office, now: datetime) -> Event:
    """Today's reception by the head of the committee; it has begun."""
    event = Event(
        unit_id=office.committee.id,
        kind="reception",
        form="periodic",
        state="open",
        held_on=local_date(now),
        opened_at=now,
        place="Trụ sở tiếp công dân",
        chair="Chủ tịch",
    )
    db.session.add(event)
    db.session.commit()
    return event


@pytest.fixture
def visit(client: Client, office: Office) -> Callable[[Role], Visitor]:
    """`visit(role)`: the pages as the office's person with that role sees them."""

    def visit(role: Role) -> Visitor:
        client.sign_in(office.user(role))
        return Visitor(client)

    return visit
