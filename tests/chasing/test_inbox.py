"""The inbox: one's own reminders, of cases that one may see, with the form one click away."""

from datetime import date

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select

from tests.application import Client
from tests.chasing.conftest import at
from tests.chasing.test_reminding import EARLY, assigned
from tests.factories import Office
from tracker.chasing import links
from tracker.chasing.models import Notice
from tracker.chasing.service.reminding import remind
from tracker.core.db import db
from tracker.rules.workflow import Kind, Role

NOON = at(EARLY, 12)


@pytest.fixture
def reminded(office: Office) -> str:
    """The code of a case of which the agency's worker was reminded today."""
    case = assigned(office)
    remind(at(EARLY))
    return case.code


def page(client: Client, address: str = "/inbox") -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


@time_machine.travel(NOON)
def test_a_line_says_what_to_do_and_leads_to_its_form(
    office: Office, client: Client, reminded: str
) -> None:
    client.sign_in(office.user(Role.AGENCY_WORKER))
    row = page(client).select_one("main tbody tr")
    assert row is not None
    assert reminded in row.get_text()
    assert "còn 5 ngày làm việc" in row.get_text()
    link = row.find("a")
    assert link is not None
    assert link.get_text() == "Trả lời"
    opened = page(client, str(link["href"]).partition("#")[0])
    assert opened.select_one("#next form textarea, .next-step textarea") is not None


@time_machine.travel(NOON)
def test_what_was_read_or_put_off_is_not_counted(
    office: Office, client: Client, reminded: str
) -> None:
    client.sign_in(office.user(Role.AGENCY_WORKER))
    assert "1" in page(client, "/inbox/count").get_text()
    notice_id = db.session.scalars(select(Notice.id)).one()
    client.post(f"/inbox/{notice_id}/later", data={"later_on": "2026-03-25"})
    assert page(client, "/inbox/count").get_text().strip() == ""
    with time_machine.travel(at(date(2026, 3, 25))):
        client.sign_in(office.user(Role.AGENCY_WORKER))
        assert "1" in page(client, "/inbox/count").get_text()
        client.post("/inbox/read", data={"notice": str(notice_id)})
        assert page(client, "/inbox/count").get_text().strip() == ""


@time_machine.travel(NOON)
def test_a_link_opens_the_form_for_its_reader_and_for_nobody_else(
    app: Flask, office: Office, client: Client, reminded: str
) -> None:
    notice_id = db.session.scalars(select(Notice.id)).one()
    path = links.link(notice_id).removeprefix(app.extensions["settings"].address)
    assert client.get(path).location.startswith("/sign-in")
    client.sign_in(office.user(Role.AGENCY_HEAD))
    assert client.get(path).status_code == 404
    client.sign_in(office.user(Role.AGENCY_WORKER))
    answer = client.get(path)
    assert answer.status_code == 302
    assert "form=answer" in answer.location
    assert client.get(path[:-2] + "xx").status_code == 404


def test_of_a_denunciation_only_who_may_see_it_is_reminded(office: Office) -> None:
    case = office.log(at(date(2026, 3, 2)), kind=Kind.DENUNCIATION)
    remind(at(date(2026, 3, 11)))
    heard = set(db.session.scalars(select(Notice.user_id)))
    assert heard == {office.user(Role.COORDINATOR).id}
    assert case.code.startswith("TC")
