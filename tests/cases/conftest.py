"""An office with its people, on a day when it is open."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import event
from sqlalchemy.orm import scoped_session

from tests.application import Client
from tests.factories import Office, make_office
from tracker.core.db import db
from tracker.rules.workflow import Role


@pytest.fixture(autouse=True)
def _clock(request: pytest.FixtureRequest, now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=True):
        yield


@pytest.fixture
def office(session: scoped_session[Any]) -> Office:
    """A committee, its agencies, somebody in each role."""
    return make_office()


class Visitor:
    """Somebody at the pages: gives them as parsed HTML, after having looked at the status."""

    def __init__(self, client: Client) -> None:
        self._client = client

    def get(self, url: str, status: int = 200) -> BeautifulSoup:
        """The page at `url`, redirects followed."""
        answer = self._client.get(url, follow_redirects=True)
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.text, "html.parser")

    def status(self, url: str) -> int:
        """The status of the answer at `url`."""
        return self._client.get(url).status_code

    def send(self, url: str, **given: Any) -> int:
        """The status of the answer to the form sent to `url`."""
        return self._client.post(url, data=given).status_code

    def post(self, url: str, status: int = 200, **given: Any) -> BeautifulSoup:
        """What comes of the form sent to `url`, redirects followed."""
        answer = self._client.post(url, data=given, follow_redirects=True)
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture
def visit(client: Client, office: Office) -> Callable[[Role], Visitor]:
    """`visit(role)`: the pages as the office's person with that role sees them."""

    def visit(role: Role) -> Visitor:
        client.sign_in(office.user(role))
        return Visitor(client)

    return visit


@pytest.fixture
def statements(session: scoped_session[Any]) -> Iterator[list[str]]:
    """The SQL statements sent since the test last cleared the list; BEGIN isn't one."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)
