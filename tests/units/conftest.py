"""An office, somebody whose password is known, and a clock that the test sets."""

from datetime import datetime

import pytest
import time_machine

from tests.factories import Office, make_office
from tracker.core.clock import local_date
from tracker.rules.workflow import Role
from tracker.units import service
from tracker.units.models import User

LOGIN = "dieuphoi"
PASSWORD = "ngõ 20 phố Ngọc Lâm"


@pytest.fixture
def clock(now: datetime):
    """The clock, standing at `now`; `clock.shift(…)` moves it on."""
    with time_machine.travel(now, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(session, clock) -> Office:
    return make_office()


@pytest.fixture
def person(office: Office, now: datetime) -> User:
    """A coordinator of the committee who signs in with LOGIN and PASSWORD."""
    return service.add_user(
        LOGIN,
        name="Nguyễn Thị Điều Phối",
        role=Role.COORDINATOR,
        unit_code=office.committee.code,
        password=PASSWORD,
        today=local_date(now),
    )
