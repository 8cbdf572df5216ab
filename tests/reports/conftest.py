"""An office, fresh for each test."""

from typing import Any

import pytest
from sqlalchemy.orm import scoped_session

from tests.reports.office import Office, make_office


@pytest.fixture
def office(session: scoped_session[Any]) -> Office:
    return make_office()
