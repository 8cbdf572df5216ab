"""An administrator looks as another person looks: read only, on record, no denunciation."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select

from tests.application import Client
from tests.factories import Office, as_viewer, make_office, make_user
from tests.test_routes import calls
from tracker.cases.models import Entry
from tracker.core.db import db, new_id
from tracker.rules.workflow import Kind, Role, State
from tracker.units import seeing
from tracker.units.models import SeeingAs, User

# What concerns whoever looks, and not the person as whom.
OWN_BUTTONS = {"/seeing/end", "/sign-out", "/language"}
# Open to everybody, and looks at no sign-in.
OF_CITIZENS = {"/tra-cuu"}
REASON = "Chị ấy không thấy vụ việc mới giao"


@pytest.fixture
def administrator(client: Client, office: Office) -> Client:
    """A browser of the office's administrator."""
    client.sign_in(office.user(Role.ADMINISTRATOR))
    return client


def page(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == status
    return BeautifulSoup(answer.text, "html.parser")


def words(soup: BeautifulSoup) -> str:
    return " ".join(soup.text.split())


def look_as(client: Client, user: User, reason: str = REASON):
    return client.post("/seeing", data={"user_id": user.id, "reason": reason})


def offered(soup: BeautifulSoup) -> set[str]:
    return {option["value"] for option in soup.select("select[name=user_id] option")} - {""}


def test_the_administrator_sees_what_the_other_sees(
    administrator: Client, office: Office, now
) -> None:
    case = office.log(now)
    assert administrator.get(f"/cases/{case.id}").status_code == 403
    leader = office.user(Role.LEADER)
    assert look_as(administrator, leader).location == "/"
    for address in ("/", "/cases", f"/cases/{case.id}", "/account", "/no-such-page"):
        found = page(administrator, address, 404 if "no-such" in address else 200)
        band = found.select_one("main > form.sticky-top")
        assert band is not None, address
        assert leader.name in band.text
        assert office.committee.name in band.text
    assert administrator.get("/administration").status_code == 403


def test_a_denunciation_stays_closed_to_the_administrator(
    administrator: Client, office: Office, now
) -> None:
    case = office.log(now, kind=Kind.DENUNCIATION, content="Điều phải giữ kín")
    for role in (Role.COORDINATOR, Role.LEADER):
        look_as(administrator, office.user(role))
        assert administrator.get(f"/cases/{case.id}").status_code == 404
        assert "giữ kín" not in administrator.get("/cases").text
        assert page(administrator, "/").select(".counts") == []
        administrator.post("/seeing/end")


def test_nothing_can_be_written(app: Flask, administrator: Client, office: Office, now) -> None:
    case = office.log(now)
    look_as(administrator, office.user(Role.COORDINATOR))
    writing = [
        (method, address)
        for method, address, _permission in calls(app)
        if method != "GET" and address not in OWN_BUTTONS
    ]
    assert len(writing) > 20
    for method, address in [*writing, ("POST", f"/cases/{case.id}/verifications")]:
        answer = administrator.open(address, method=method)
        assert answer.status_code == 403, address
        assert "chỉ xem" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 1


@pytest.mark.parametrize("role", [role for role in Role if role != Role.ADMINISTRATOR])
def test_nothing_that_writes_is_shown(
    app: Flask, administrator: Client, office: Office, now, role: Role
) -> None:
    cases = [office.case_in(state, now) for state in State]
    look_as(administrator, office.user(role))
    pages = [address for method, address, _permission in calls(app) if method == "GET"]
    pages += [f"/cases/{case.id}" for case in cases]
    waiting, opened = [*pages], set[str]()
    # Whatever leads from one page to the next opens: no way to a form is shown either.
    while waiting:
        address = waiting.pop()
        if address in opened:
            continue
        opened.add(address)
        answer = administrator.get(address, follow_redirects=True)
        assert address in pages or answer.status_code == 200, address
        if answer.mimetype == "text/html":
            soup = BeautifulSoup(answer.text, "html.parser")
            sent = {form["action"].partition("?")[0] for form in soup.select("form[method=post]")}
            assert sent <= OWN_BUTTONS | OF_CITIZENS, address
            if address in pages:
                waiting += [link["href"].split("#")[0] for link in soup.select("a[href^='/']")]
    assert len(opened) > len(pages)


def test_language_and_sign_out_concern_whoever_looks(administrator: Client, office: Office) -> None:
    leader = office.user(Role.LEADER)
    look_as(administrator, leader)
    administrator.post("/language", data={"language": "en", "next": "/"})
    assert page(administrator, "/").html["lang"] == "en"
    assert (leader.language, office.user(Role.ADMINISTRATOR).language) == ("vi", "en")
    assert administrator.post("/sign-out").location == "/sign-in"
    assert db.session.scalars(select(SeeingAs)).one().ended_at is not None


def test_it_ends_by_the_button(administrator: Client, office: Office, clock) -> None:
    look_as(administrator, office.user(Role.LEADER))
    clock.shift(timedelta(minutes=5))
    ended = administrator.post("/seeing/end", follow_redirects=True)
    assert "Đã thôi xem như người khác." in ended.text
    assert office.user(Role.ADMINISTRATOR).name in ended.text
    record = db.session.scalars(select(SeeingAs)).one()
    assert record.ended_at is not None
    assert record.ended_at - record.started_at >= timedelta(minutes=5)
    assert administrator.post("/seeing/end").status_code == 302


@pytest.mark.parametrize("change", ["an hour", "no administrator any more", "the other disabled"])
def test_it_ends_by_itself(administrator: Client, office: Office, clock, now, change: str) -> None:
    leader = office.user(Role.LEADER)
    look_as(administrator, leader)
    assert leader.name in administrator.get("/").text
    if change == "an hour":
        clock.shift(seeing.LASTS)
    elif change == "the other disabled":
        leader.disabled_at = now
    else:
        member = office.user(Role.ADMINISTRATOR).memberships[0]
        member.role = Role.AUDITOR
    db.session.commit()
    assert leader.name not in administrator.get("/").text


def test_only_people_of_the_own_units_are_offered(
    administrator: Client, office: Office, now
) -> None:
    other = make_office("Huyện ủy Gia Lâm")
    both = make_user(Role.COORDINATOR, office.committee)
    moved = make_user(Role.LEADER, other.committee).memberships[0]
    moved.user_id = both.id
    db.session.commit()
    expected = {str(user.id) for user in office.users.values()} - {
        str(office.user(Role.ADMINISTRATOR).id)
    }
    assert offered(page(administrator, "/seeing")) == expected
    for user in (both, other.user(Role.LEADER), office.user(Role.ADMINISTRATOR)):
        assert look_as(administrator, user).status_code == 422
    assert db.session.scalars(select(SeeingAs)).all() == []


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_a_reason_is_asked_for(administrator: Client, office: Office, reason: str) -> None:
    answer = look_as(administrator, office.user(Role.LEADER), reason)
    assert answer.status_code == 422
    soup = BeautifulSoup(answer.text, "html.parser")
    assert soup.select_one("#reason-error") is not None
    chosen = soup.select_one("select[name=user_id] option[selected]")
    assert chosen is not None
    assert chosen["value"] == str(office.user(Role.LEADER).id)


def test_auditors_read_who_looked_as_whom_and_why(
    client: Client, administrator: Client, office: Office
) -> None:
    look_as(administrator, office.user(Role.LEADER))
    client.sign_in(office.user(Role.AUDITOR))
    read = page(client, "/seeing")
    row = words(read.select_one("tbody tr"))
    for word in (office.user(Role.ADMINISTRATOR).name, office.user(Role.LEADER).name, REASON):
        assert word in row
    assert read.select("main form") == []
    client.sign_in(make_office("Huyện ủy Gia Lâm").user(Role.AUDITOR))
    assert page(client, "/seeing").select("tbody tr") == []
    client.sign_in(office.user(Role.LEADER))
    assert client.get("/seeing").status_code == 403


def test_a_record_of_another_administrator_opens_nothing(
    client: Client, office: Office, now
) -> None:
    record = seeing.start(
        office.viewer(Role.ADMINISTRATOR), office.user(Role.LEADER).id, REASON, now
    )
    another = as_viewer(make_user(Role.ADMINISTRATOR, office.committee))
    assert seeing.as_seen(another, record, now) is another
    assert seeing.as_seen(another, new_id(), now) is another
