"""The sample office."""

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import scoped_session

from tests.factories import make_office
from tracker.cases import reference
from tracker.cases.models import Assignment, Case, StandardText
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.reception.models import Event
from tracker.registers import demo
from tracker.registers.demo import Account
from tracker.rules.workflow import Role
from tracker.units.models import Unit
from tracker.units.service import sign_in


@pytest.fixture(autouse=True)
def _initialised(session: scoped_session[Any]) -> None:
    reference.load()


def test_the_sample_office_can_be_signed_in_to_and_has_its_register(now: datetime) -> None:
    assert demo.is_needed()
    shown: list[Account] = []
    plan = demo.load(now, show=shown.append)
    assert (len(plan.cases), plan.errors) == (608, [])
    assert {account.role for account in shown} == set(Role)
    for account in shown:
        person = sign_in(account.login, account.password, now)
        assert person.roles == {account.role}
    offered_for = set(" ".join(db.session.scalars(select(StandardText.actions))).split())
    assert offered_for >= {"answer", "guide", "forward", "refuse", "file", "return", "suspend"}
    assert len({account.password for account in shown}) == len(shown)
    assert not demo.is_needed()


def test_the_register_s_units_are_those_of_the_office(now: datetime) -> None:
    plan = demo.load(now)
    assert "unit" not in plan.unknown
    leads = db.session.scalars(select(Unit.code).join(Assignment).distinct()).all()
    assert not [code for code in leads if code.startswith("DV")]
    assert db.session.scalar(select(func.count()).where(Case.lead_unit_id.is_(None))) == 0


def test_its_officer_finds_meetings_held_and_to_come(now: datetime) -> None:
    demo.load(now)
    states = select(Event.state, func.count()).group_by(Event.state)
    found = dict(db.session.execute(states).all())
    assert found["closed"] == 4
    assert found["planned"] > 24
    today = select(Event.state).where(Event.held_on == local_date(now))
    assert db.session.scalars(today).all() == ["planned"]


def test_a_database_in_use_doesn_t_get_the_sample() -> None:
    make_office()
    assert not demo.is_needed()


def test_reference_data_may_be_loaded_again_and_leaves_what_is_there() -> None:
    office = db.session.scalars(select(Unit)).one()
    office.name = "Văn phòng của chúng tôi"
    db.session.commit()
    reference.load()
    assert db.session.scalars(select(Unit.name)).all() == ["Văn phòng của chúng tôi"]
