"""Lists go by the order of their page, whoever asks: nothing is sorted before it is shown."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import event

from tests.factories import make_office
from tracker.cases import listing
from tracker.core.db import db
from tracker.rules.workflow import Role

RECEIVERS = [Role.RECEPTION_OFFICER, Role.COORDINATOR, Role.LEADER, Role.AUDITOR]

# PostgreSQL plans by how many rows there are: `python -m bench lists` looks at that.
pytestmark = pytest.mark.pure


@pytest.fixture
def plans(session) -> Iterator[list[str]]:
    """How SQLite goes about each question, as they come."""
    found: list[str] = []

    def explain(connection, _cursor, statement, parameters, *_rest) -> None:
        if statement.startswith("SELECT"):
            rows = connection.connection.cursor().execute(
                f"EXPLAIN QUERY PLAN {statement}", parameters
            )
            found.append("\n".join(row[-1] for row in rows))

    event.listen(db.engine, "before_cursor_execute", explain)
    yield found
    event.remove(db.engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("role", RECEIVERS)
def test_the_newest_come_without_being_sorted(plans: list[str], now: datetime, role: Role) -> None:
    viewer = make_office().viewer(role)
    plans.clear()
    listing.page(viewer)
    assert "ix_case_file_received_on_id" in plans[0]
    assert "ORDER BY" not in plans[0]
