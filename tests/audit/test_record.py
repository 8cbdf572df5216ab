"""The record that leaders and auditors read: rights given, protected cases read, lists taken."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from tests.application import Client
from tests.factories import Office, make_office
from tracker.cases import service
from tracker.cases.models import Reading
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


def test_who_opened_a_protected_case_is_read_by_who_may_open_it_too(
    app: Flask, office: Office, now: datetime
) -> None:
    denunciation = office.log(now, kind=Kind.DENUNCIATION)
    confidential, normal = office.log(now), office.log(now)
    service.reclassify(
        confidential.id,
        actor=office.viewer(Role.COORDINATOR),
        kind=Kind.OPINION,
        confidentiality=Confidentiality.CONFIDENTIAL,
        field_id=None,
        reason="Việc nhạy cảm",
        now=now,
    )
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
    case = office.log(now)
    service.reclassify(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        kind=Kind.OPINION,
        confidentiality=Confidentiality.CONFIDENTIAL,
        field_id=None,
        reason="Việc nhạy cảm",
        now=now,
    )
    client = sign_in(app, office, Role.ADMINISTRATOR)
    seen = {"user_id": office.user(Role.COORDINATOR).id, "reason": "Giúp đọc danh sách"}
    assert client.post("/seeing", data=seen).status_code == 302
    for address in ("/cases.xlsx", "/reports/opinion.xlsx", "/reports/opinion.docx"):
        assert client.get(address).status_code == 403
    assert "/cases.xlsx" not in client.get("/cases").text
    assert client.get(f"/cases/{case.id}").status_code == 200
    [reading] = db.session.scalars(select(Reading)).all()
    assert reading.user_id == office.user(Role.ADMINISTRATOR).id
