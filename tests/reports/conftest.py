"""An office, fresh for each test."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import scoped_session

from tests.reports.office import Office, make_office


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
