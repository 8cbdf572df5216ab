"""The record that leaders and auditors read: who was given rights, by whom."""

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.application import Client
from tests.factories import Office, make_office
from tracker.core.clock import local_date
from tracker.rules.workflow import Role
from tracker.units import user_service


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
