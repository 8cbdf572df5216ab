"""Somebody with roles at several units: what they do is done for the right one."""

from datetime import datetime
from io import BytesIO

import pytest
from sqlalchemy import select

from tests.application import Client
from tests.cases.test_service import entries
from tests.factories import Office, as_viewer, give_role, make_unit, make_user
from tracker.cases import own_part, queries, service
from tracker.cases.models import Answer, Case
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.workflow import Kind, Outcome, Role
from tracker.units.models import Unit, User


@pytest.fixture
def first_by_code(office: Office) -> Unit:
    """A unit whose code stands before those of the office."""
    return make_unit("Ban A", office.committee)


def logged_by(user: User, now: datetime, unit: Unit | None = None) -> Case:
    return service.log(
        actor=as_viewer(user),
        kind=Kind.OPINION,
        content="Đèn hỏng",
        received_on=now.date(),
        now=now,
        unit_id=unit.id if unit else None,
    )


def test_a_case_is_logged_where_the_role_that_logs_is_held(
    office: Office, now: datetime, first_by_code: Unit
) -> None:
    user = make_user(Role.AGENCY_WORKER, first_by_code)
    give_role(user, Role.COORDINATOR, office.committee)
    assert as_viewer(user).unit_id == first_by_code.id
    case = logged_by(user, now)
    assert case.unit_id == office.committee.id
    assert entries(case)[0].unit_id == office.committee.id
    assert queries.find(office.viewer(Role.COORDINATOR), case.id) is not None


def test_who_logs_for_several_units_is_asked_for_which(
    app, office: Office, now: datetime, first_by_code: Unit, client: Client
) -> None:
    user = make_user(Role.RECEPTION_OFFICER, first_by_code)
    give_role(user, Role.RECEPTION_OFFICER, office.committee)
    with pytest.raises(Refused) as refusal:
        logged_by(user, now)
    assert refusal.value.field == "unit_id"
    assert logged_by(user, now, office.committee).unit_id == office.committee.id
    with pytest.raises(Refused):
        logged_by(user, now, office.agency)
    client.sign_in(user)
    assert 'name="unit_id"' in client.get("/cases/new").text
    form = {"kind": "opinion", "content": "Rác", "received_on": "01/03/2026", "persons": 1}
    assert client.post("/cases", data=form).status_code == 422
    assert client.post("/cases", data=form | {"unit_id": first_by_code.id}).status_code == 302
    received = select(Case.unit_id).where(Case.content == "Rác")
    assert db.session.scalars(received).all() == [first_by_code.id]
    client.sign_in(office.user(Role.COORDINATOR))
    assert 'name="unit_id"' not in client.get("/cases/new").text


@pytest.mark.parametrize("who", ["worker of two units", "head of the unit above"])
def test_an_answer_is_that_of_the_unit_in_charge(
    office: Office, now: datetime, first_by_code: Unit, who: str
) -> None:
    if who == "worker of two units":
        user = make_user(Role.AGENCY_WORKER, first_by_code)
        give_role(user, Role.AGENCY_WORKER, office.agency)
    else:
        user = make_user(Role.AGENCY_HEAD, office.committee)
    case = office.log(now)
    coordinator, actor = office.viewer(Role.COORDINATOR), as_viewer(user)
    service.assign(case.id, actor=coordinator, lead_id=office.agency.id, now=now)
    service.answer(
        case.id,
        actor=actor,
        text="Đã thay bóng",
        answered_on=now.date(),
        outcome=Outcome.RESOLVED,
        now=now,
    )
    assert db.session.scalars(select(Answer.unit_id)).one() == office.agency.id
    assert entries(case)[-1].unit_id == office.agency.id


def test_what_is_returned_is_the_own_part_of_the_unit_that_returned_it(
    office: Office, now: datetime, first_by_code: Unit
) -> None:
    user = make_user(Role.AGENCY_WORKER, first_by_code)
    give_role(user, Role.AGENCY_WORKER, office.agency)
    case = office.log(now)
    coordinator = office.viewer(Role.COORDINATOR)
    service.assign(case.id, actor=coordinator, lead_id=office.agency.id, now=now)
    service.send_back(case.id, actor=as_viewer(user), reason="Không phải việc của mình", now=now)
    part = own_part.find_own_part(office.viewer(Role.AGENCY_WORKER), case.id)
    assert part is not None
    assert [entry.text for entry in part.entries] == ["Không phải việc của mình"]


def test_a_file_and_a_note_are_those_of_the_unit_asked(
    office: Office, now: datetime, first_by_code: Unit
) -> None:
    user = make_user(Role.COORDINATOR, first_by_code)
    give_role(user, Role.AGENCY_WORKER, office.agency)
    case = office.log(now)
    coordinator, actor = office.viewer(Role.COORDINATOR), as_viewer(user)
    service.assign(case.id, actor=coordinator, lead_id=office.agency.id, now=now)
    service.comment(case.id, actor=actor, text="Đã đến xem", now=now)
    file = service.attach(
        case.id, actor=actor, file=BytesIO("Biên bản".encode()), name="bien-ban.txt", now=now
    )
    assert entries(case)[-2].unit_id == entries(case)[-1].unit_id == office.agency.id
    assert file.unit_id == office.agency.id


def test_who_coordinates_and_works_for_the_agency_writes_as_coordinator(
    office: Office, now: datetime
) -> None:
    """What they send stays with the unit that received the case, when the agency's part ends."""
    user = make_user(Role.AGENCY_WORKER, office.agency)
    give_role(user, Role.COORDINATOR, office.committee)
    case = office.log(now)
    coordinator, actor = office.viewer(Role.COORDINATOR), as_viewer(user)
    service.assign(case.id, actor=coordinator, lead_id=office.agency.id, now=now)
    service.comment(case.id, actor=actor, text="Đã gọi cho phòng", now=now)
    file = service.attach(
        case.id, actor=actor, file=BytesIO("Công văn".encode()), name="cong-van.txt", now=now
    )
    assert {entry.unit_id for entry in entries(case)[-2:]} == {office.committee.id}
    assert file.unit_id == office.committee.id
    # What only the agency does is still the agency's.
    service.accept(case.id, actor=actor, now=now)
    assert entries(case)[-1].unit_id == office.agency.id
