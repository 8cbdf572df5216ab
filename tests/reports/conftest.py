"""An office, fresh for each test."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event
from sqlalchemy.orm import scoped_session

from tests import factories
from tests.application import Client
from tests.reports.office import Office, make_office
from tracker.rules.workflow import Role


@pytest.fixture
def office(session: scoped_session[Any]) -> Office:
    return make_office()


@pytest.fixture
def statements(session: scoped_session[Any]) -> Iterator[list[str]]:
    """The statements sent to the database, as they come."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    yield sent
    event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def page(client: Client, office: factories.Office) -> Callable[..., BeautifulSoup]:
    """`page(role, address)`: a page as the office's person with that role sees it."""

    def page(role: Role, address: str, status: int = 200) -> BeautifulSoup:
        client.sign_in(office.user(role))
        answer = client.get(address)
        assert answer.status_code == status
        return BeautifulSoup(answer.text, "html.parser")

    return page
