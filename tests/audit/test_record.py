"""The record that leaders and auditors read: rights given, protected cases read, lists taken."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from tests.application import Client
from tests.factories import Office, make_office
from tracker.cases import service
from tracker.cases.models import Case, Reading
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.rules.access import Confidentiality
from tracker.rules.workflow import Kind, Role
from tracker.units import user_service


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def office(session) -> Office:
    return make_office()


def record(app: Flask, office: Office, role: Role) -> str:
    client = Client(app, app.response_class)
    client.sign_in(office.user(role))
    answer = client.get("/record")
    assert answer.status_code == 200
    page = BeautifulSoup(answer.text, "html.parser").select_one("main")
    assert page is not None
    return " ".join(page.text.split())


@pytest.mark.parametrize("role", [Role.LEADER, Role.AUDITOR])
def test_grants_and_resets_are_read(app: Flask, office: Office, now: datetime, role: Role) -> None:
    administrator = office.viewer(Role.ADMINISTRATOR)
    officer = office.user(Role.RECEPTION_OFFICER)
    user_service.add_role(
        officer.id,
        actor=administrator,
        unit_id=office.committee.id,
        role=Role.COORDINATOR,
        valid_from=local_date(now),
        valid_to=None,
        now=now,
    )
    user_service.reset_password(officer.id, actor=administrator, now=now)
    text = record(app, office, role)
    assert f"{administrator.name} Thêm vai trò {officer.name} Điều phối viên, " in text
    assert f"{administrator.name} Đặt lại mật khẩu {officer.name}" in text
    elsewhere = make_office("Huyện ủy Gia Lâm")
    assert officer.name not in record(app, elsewhere, role)


def sign_in(app: Flask, office: Office, role: Role) -> Client:
    client = Client(app, app.response_class)
    client.sign_in(office.user(role))
    return client


def protected(office: Office, now: datetime, **given: Any) -> Case:
    """A confidential case."""
    case = office.log(now, **given)
    return service.reclassify(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        kind=Kind.OPINION,
        confidentiality=Confidentiality.CONFIDENTIAL,
        field_id=None,
        reason="Việc nhạy cảm",
        now=now,
    )


def test_who_opened_a_protected_case_is_read_by_who_may_open_it_too(
    app: Flask, office: Office, now: datetime
) -> None:
    denunciation = office.log(now, kind=Kind.DENUNCIATION)
    confidential, normal = protected(office, now), office.log(now)
    coordinator = office.user(Role.COORDINATOR)
    client = sign_in(app, office, Role.COORDINATOR)
    for case in (denunciation, denunciation, confidential, normal):
        assert client.get(f"/cases/{case.id}").status_code == 200
    assert len(db.session.scalars(select(Reading)).all()) == 2
    for role, codes in (
        (Role.LEADER, {denunciation.code, confidential.code}),
        (Role.AUDITOR, {confidential.code}),
    ):
        text = record(app, office, role)
        found = {case.code for case in (denunciation, confidential, normal) if case.code in text}
        assert found == codes
        assert f"{coordinator.name} {confidential.code}" in text


def way_of(case: Case) -> list[str]:
    """How the case was read, as it is on record."""
    rows = select(Reading.way).where(Reading.case_id == case.id).order_by(Reading.recorded_at)
    return list(db.session.scalars(rows))


PAGES = {
    "the case": ("/cases/{id}", "opened"),
    "its split": ("/cases/{id}/split", "opened"),
    "its merge": ("/cases/{id}/merge", "opened"),
    "its link": ("/cases/{id}/link", "opened"),
    "what is like it": ("/cases/{id}/look-alikes", "opened"),
    "a merge into it": ("/cases/{other}/merge?into={code}", "opened"),
    "a merge that offers it": ("/cases/{other}/merge", "listed"),
    "what it is like": ("/cases/{other}/look-alikes", "listed"),
    "a list": ("/cases", "listed"),
    "hits": ("/cases?q=bon+phan", "listed"),
    "a figure": ("/reports/opinion/cases?measure=received&from=01/01/2026&to=31/03/2026", "listed"),
}


@pytest.mark.parametrize("page", PAGES)
def test_wherever_the_words_of_a_protected_case_stand_it_is_on_record_that_they_were_read(
    app: Flask, office: Office, now: datetime, page: str
) -> None:
    secret = protected(office, now, content="Bón phân trộm trong vườn hoa Ngọc Lâm")
    other = office.log(now, content="Bón phân trộm trong vườn hoa Ngọc Lâm")
    address, way = PAGES[page]
    client = sign_in(app, office, Role.COORDINATOR)
    for _time in range(2):
        text = client.get(address.format(id=secret.id, other=other.id, code=secret.code)).text
        assert "vườn hoa" in text
        assert way_of(secret) == [way]
    assert way_of(other) == []
    name = office.user(Role.COORDINATOR).name
    assert f"{name} {secret.code}" in record(app, office, Role.AUDITOR)


def test_what_was_opened_isn_t_noted_again_in_a_list(
    app: Flask, office: Office, now: datetime
) -> None:
    case = protected(office, now)
    client = sign_in(app, office, Role.COORDINATOR)
    client.get(f"/cases/{case.id}")
    client.get("/cases")
    assert way_of(case) == ["opened"]


def test_an_agency_that_reads_its_own_part_is_on_record(
    app: Flask, office: Office, now: datetime
) -> None:
    case, coordinator = protected(office, now), office.viewer(Role.COORDINATOR)
    service.assign(case.id, actor=coordinator, lead_id=office.agency.id, now=now)
    worker = office.viewer(Role.AGENCY_WORKER)
    service.send_back(case.id, actor=worker, reason="Không thuộc phạm vi", now=now)
    assert sign_in(app, office, Role.AGENCY_WORKER).get(f"/cases/{case.id}").status_code == 200
    assert way_of(case) == ["opened"]


def test_each_protected_case_in_a_file_is_on_record_each_time(
    app: Flask, office: Office, now: datetime
) -> None:
    secret, confidential = office.log(now, kind=Kind.DENUNCIATION), protected(office, now)
    normal = office.log(now)
    client = sign_in(app, office, Role.COORDINATOR)
    for _time in range(2):
        client.get("/cases.xlsx").close()
    ways = [way_of(case) for case in (secret, confidential, normal)]
    assert ways == [["taken"] * 2, ["taken"] * 2, []]
    for role, codes in (
        (Role.LEADER, {secret.code, confidential.code}),
        (Role.AUDITOR, {confidential.code}),
    ):
        # How many there were would tell an auditor of the denunciation.
        said = f"{office.user(Role.COORDINATOR).name} {1 + len(codes)} {len(codes)}"
        assert said in record(app, office, role)
        export_id = db.session.scalars(select(Reading.id).where(Reading.case_id.is_(None))).first()
        text = sign_in(app, office, role).get(f"/record/exports/{export_id}").text
        assert {case.code for case in (secret, confidential, normal) if case.code in text} == codes
    elsewhere = sign_in(app, make_office("Huyện ủy Gia Lâm"), Role.AUDITOR)
    assert elsewhere.get(f"/record/exports/{export_id}").status_code == 404


def test_a_list_taken_away_is_on_record(app: Flask, office: Office, now: datetime) -> None:
    office.log(now)
    office.log(now)
    answer = sign_in(app, office, Role.COORDINATOR).get("/cases.xlsx")
    assert answer.status_code == 200
    answer.close()
    assert f"{office.user(Role.COORDINATOR).name} 2" in record(app, office, Role.AUDITOR)


def test_who_looks_as_another_takes_nothing_away_and_is_on_record(
    app: Flask, office: Office, now: datetime
) -> None:
    case = protected(office, now)
    client = sign_in(app, office, Role.ADMINISTRATOR)
    seen = {"user_id": office.user(Role.COORDINATOR).id, "reason": "Giúp đọc danh sách"}
    assert client.post("/seeing", data=seen).status_code == 302
    for address in ("/cases.xlsx", "/reports/opinion.xlsx", "/reports/opinion.docx"):
        assert client.get(address).status_code == 403
    assert "/cases.xlsx" not in client.get("/cases").text
    assert client.get(f"/cases/{case.id}").status_code == 200
    readings = db.session.scalars(select(Reading)).all()
    assert {reading.way for reading in readings} == {"listed", "opened"}
    assert {reading.user_id for reading in readings} == {office.user(Role.ADMINISTRATOR).id}
