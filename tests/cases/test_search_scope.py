"""Search leaves out what a person has nothing to do with, and never what is open to them."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.cases import circumstances
from tests.cases.circumstances import Make
from tests.cases.conftest import Visitor
from tests.factories import Office, as_viewer, make_office, make_unit, make_user
from tracker.cases import queries, search, service, succession
from tracker.cases.models import Case, CaseSearch
from tracker.cases.service.handing_back import undo_change
from tracker.cases.service.handover import change_units
from tracker.cases.succession import NewUnit, Wanted
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.rules.workflow import Role, State
from tracker.units.models import User
from tracker.units.queries import Viewer

Visit = Callable[[Role], Visitor]


def assert_found_by_whom_they_are_open_to() -> None:
    """Each case is among the hits of everybody who may see it."""
    for user in db.session.scalars(select(User)).all():
        person = as_viewer(user)
        opened = db.session.scalars(select(Case.code).where(queries.visible(person))).all()
        assert [code for code in opened if found(person, code) != [code]] == []


def found(person: Viewer, words: str) -> Sequence[str]:
    """The codes of the hits, before they are narrowed to what `person` may see."""
    return db.session.scalars(
        select(Case.code).where(search.hits(person, words).condition).order_by(Case.serial)
    ).all()


def at_another_agency(office: Office) -> Viewer:
    """Somebody of the agency that has nobody's cases."""
    return as_viewer(make_user(Role.AGENCY_WORKER, office.other_agency))


@pytest.mark.parametrize(
    "make",
    [
        circumstances.accepted,
        circumstances.suspended,
        circumstances.supporting,
        circumstances.returned_often,
        circumstances.redone_often,
        circumstances.promised,
    ],
    ids=lambda make: make.__name__,
)
def test_whoever_may_see_a_case_finds_it(office: Office, now: datetime, make: Make) -> None:
    make(office, now)
    make_user(Role.AGENCY_WORKER, office.other_agency)
    assert_found_by_whom_they_are_open_to()


@pytest.mark.parametrize("state", list(State))
def test_in_every_state(office: Office, now: datetime, state: State) -> None:
    office.case_in(state, now)
    assert_found_by_whom_they_are_open_to()


def test_successors_find_what_came_to_them_and_lose_what_went_back(
    office: Office, now: datetime
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    circumstances.supporting(office, now)
    wanted = Wanted(
        kind="rename",
        unit_ids=(office.agency.id,),
        happened_on=local_date(now),
        document="Nghị quyết 1656/NQ-UBTVQH15",
        new_units=(NewUnit("PKT", "Phòng Kinh tế"),),
    )
    administrator = office.viewer(Role.ADMINISTRATOR)
    plan = succession.plan(wanted, actor=administrator, today=local_date(now))
    change = change_units(wanted, seen=plan.token, actor=administrator, now=now)
    assert_found_by_whom_they_are_open_to()
    later = now + timedelta(hours=1)
    undo_change(change.id, actor=administrator, now=later)
    assert_found_by_whom_they_are_open_to()
    scope = db.session.scalars(select(CaseSearch.scope).where(CaseSearch.case_id == case.id)).one()
    assert scope == search.scope(
        case.serial, office.committee.id, case.logged_by_id, office.agency.id
    )


def test_what_others_have_is_not_among_the_hits(office: Office, now: datetime) -> None:
    case = office.case_in(State.ASSIGNED, now)
    make_office("Huyện ủy Gia Lâm").log(now)
    assert found(office.viewer(Role.AGENCY_WORKER), "den duong") == [case.code]
    assert found(at_another_agency(office), "den duong") == []


def test_what_left_the_desk_is_no_hit_any_more(office: Office, now: datetime) -> None:
    case = office.case_in(State.ASSIGNED, now)
    worker = office.viewer(Role.AGENCY_WORKER)
    service.send_back(case.id, actor=worker, reason="Không thuộc phạm vi", now=now)
    assert found(worker, case.code) == []


def test_nobody_can_type_the_words_of_units(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(now)
    words = search.scope(case.serial, office.committee.id)
    page = visit(Role.COORDINATOR).get(f"/cases?q={words}")
    assert not page.select("table.cases tbody th")


def test_who_acts_for_many_units_is_asked_for_none_of_them(
    office: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MOST_OWNERS", 1)
    case = office.log(now)
    make_unit("Tổ dân phố", office.agency)
    other = make_office("Huyện ủy Gia Lâm").log(now)
    assert found(office.viewer(Role.COORDINATOR), "den duong") == [case.code, other.code]
