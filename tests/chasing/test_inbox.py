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
from tracker.cases import service
from tracker.chasing import links, views
from tracker.chasing.models import Notice, Reminder
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
    client.post(f"/inbox/{notice_id}/later", data={"later_on": "25/03/2026"})
    assert page(client, "/inbox/count").get_text().strip() == ""
    with time_machine.travel(at(date(2026, 3, 25))):
        client.sign_in(office.user(Role.AGENCY_WORKER))
        assert "1" in page(client, "/inbox/count").get_text()
        client.post("/inbox/read", data={"notice": str(notice_id)})
        assert page(client, "/inbox/count").get_text().strip() == ""


@time_machine.travel(NOON)
def test_put_off_it_is_found_apart_until_its_day(
    office: Office, client: Client, reminded: str
) -> None:
    client.sign_in(office.user(Role.AGENCY_WORKER))
    week = page(client).find("button", string="Tuần sau")
    assert week is not None
    assert week["value"] == "30/03/2026"
    notice_id = db.session.scalars(select(Notice.id)).one()
    for typed in ("23/03/2026", "32/03/2026", ""):
        answer = client.post(f"/inbox/{notice_id}/later", data={"later_on": typed})
        assert answer.status_code == 422
        shown = BeautifulSoup(answer.text, "html.parser")
        assert shown.select_one("details[open] .complaint") is not None
        assert shown.select_one("details[open] input[aria-invalid]")["value"] == typed
    client.post(f"/inbox/{notice_id}/later", data={"later_on": "24/03/2026"})
    assert reminded not in page(client).get_text()
    assert reminded in page(client, "/inbox?put_off=1").get_text()


@time_machine.travel(NOON)
def test_more_than_a_page_is_paged_and_read_at_once(
    office: Office, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    codes = {assigned(office).code for _each in range(3)}
    remind(at(EARLY))
    client.sign_in(office.user(Role.AGENCY_WORKER))
    first = page(client)
    onward = first.select_one("a[rel=next]")
    assert onward is not None
    second = page(client, str(onward["href"]))
    assert second.select_one("a[rel=next]") is None
    found = [{code for code in codes if code in each.get_text()} for each in (first, second)]
    assert [len(each) for each in found] == [2, 1]
    assert found[0] | found[1] == codes
    up_to = first.select_one("input[name=up_to]")
    assert up_to is not None
    came_since = assigned(office).code
    remind(at(EARLY))
    client.post("/inbox/read/all", data={"up_to": up_to["value"]})
    rest = page(client).get_text()
    assert came_since in rest
    assert not any(code in rest for code in codes)
    assert client.get("/inbox?after=x").status_code == 404


@time_machine.travel(NOON)
def test_what_is_done_stands_apart(office: Office, client: Client, reminded: str) -> None:
    case_id = db.session.scalars(select(Reminder.case_id)).one()
    assert case_id is not None
    service.suspend(case_id, actor=office.viewer(Role.COORDINATOR), reason="Chờ", now=NOON)
    client.sign_in(office.user(Role.AGENCY_WORKER))
    shown = page(client)
    assert shown.select_one("main tbody") is None
    assert "Đã xong, hoặc đã đổi hạn" in shown.get_text()
    assert reminded in shown.get_text()


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


def test_whoever_can_not_do_it_is_told_to_urge_those_who_can(
    office: Office, client: Client
) -> None:
    case = assigned(office)
    day = at(date(2026, 4, 2))
    remind(day)
    with time_machine.travel(day):
        client.sign_in(office.user(Role.COORDINATOR))
        link = page(client).select_one("main tbody a")
        assert link is not None
        assert link.get_text() == "Đôn đốc đơn vị, người phụ trách"
        assert link["href"] == f"/cases/{case.id}"
