"""One's account: sessions and their end, the password, the language."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask

from tests.application import Client
from tests.units.conftest import LOGIN, PASSWORD
from tracker.units import service
from tracker.units.models import User

NEW = "vườn hoa Bồ Đề 2026"


@pytest.fixture
def inside(client: Client, person: User) -> Client:
    """A browser in which the person has signed in."""
    client.post("/sign-in", data={"login": LOGIN, "password": PASSWORD})
    return client


@pytest.fixture
def elsewhere(app: Flask, person: User) -> Client:
    """Another browser of the same person."""
    client = Client(app, app.response_class)
    client.post("/sign-in", data={"login": LOGIN, "password": PASSWORD})
    return client


def is_inside(client: Client) -> bool:
    return client.get("/account").status_code == 200


def change(client: Client, old: str, new: str):
    return client.post("/account/password", data={"old_password": old, "new_password": new})


def test_a_session_ends_with_the_working_day(inside: Client, clock) -> None:
    clock.shift(timedelta(hours=12))
    assert is_inside(inside)
    clock.shift(timedelta(seconds=1))
    assert inside.get("/account").location == "/sign-in?next=/account"


def test_signing_out_ends_this_session_only(inside: Client, elsewhere: Client) -> None:
    page = inside.post("/sign-out", follow_redirects=True).text
    assert "Đã đăng xuất." in page
    assert not is_inside(inside)
    assert is_inside(elsewhere)


def test_signing_out_takes_a_form(inside: Client) -> None:
    assert inside.get("/sign-out").status_code == 405
    assert is_inside(inside)


def test_signing_out_everywhere_ends_all(inside: Client, elsewhere: Client) -> None:
    assert is_inside(elsewhere)
    inside.post("/account/sessions/end")
    assert not is_inside(inside)
    assert not is_inside(elsewhere)


def test_a_cookie_kept_from_before_is_worthless(inside: Client, app: Flask) -> None:
    kept = inside.get_cookie("session")
    assert kept is not None
    inside.post("/account/sessions/end")
    thief = Client(app, app.response_class)
    thief.set_cookie("session", kept.value)
    assert not is_inside(thief)


def test_a_new_password_ends_the_other_sessions(inside: Client, elsewhere: Client) -> None:
    assert change(inside, PASSWORD, NEW).location == "/account"
    assert is_inside(inside)
    assert not is_inside(elsewhere)
    answers = [
        elsewhere.post("/sign-in", data={"login": LOGIN, "password": password}).status_code
        for password in (PASSWORD, NEW)
    ]
    assert answers == [422, 302]


@pytest.mark.parametrize(
    ("old", "new", "field", "told"),
    [
        ("không phải", NEW, "old_password", "Mật khẩu hiện tại không đúng"),
        (PASSWORD, "ngắn", "new_password", "Cần từ 10 đến 200 ký tự."),
        (PASSWORD, "", "new_password", "Hãy điền ô này."),
        (PASSWORD, "a" * 201, "new_password", "Cần từ 10 đến 200 ký tự."),
    ],
)
def test_a_password_is_refused_beside_its_field(inside, old, new, field, told) -> None:
    answer = change(inside, old, new)
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    assert told in page.find(id=f"{field}-error").text
    assert page.find(id=field)["aria-invalid"] == "true"
    inside.post("/sign-out")
    again = inside.post("/sign-in", data={"login": LOGIN, "password": PASSWORD})
    assert again.status_code == 302


def test_the_login_is_no_password(client: Client, person: User) -> None:
    person.login = "nguyen.thi.dieu.phoi"
    client.sign_in(person)
    answer = change(client, PASSWORD, person.login)
    assert "Mật khẩu phải khác tên đăng nhập." in answer.text


def test_guessing_the_old_password_locks_as_well(inside: Client, elsewhere: Client) -> None:
    for _attempt in range(5):
        change(inside, "không phải", NEW)
    assert change(inside, PASSWORD, NEW).status_code == 422
    answer = elsewhere.post("/sign-in", data={"login": LOGIN, "password": PASSWORD})
    assert answer.status_code == 422


def test_roles_are_shown_with_their_units(inside: Client, office) -> None:
    page = BeautifulSoup(inside.get("/account").text, "html.parser")
    assert f"Điều phối viên – {office.committee.name}" in page.find("main").text


def test_the_language_is_remembered_for_the_person(inside: Client, elsewhere: Client) -> None:
    assert 'lang="vi"' in elsewhere.get("/account").text
    answer = inside.post("/language", data={"language": "en", "next": "/account"})
    assert answer.location == "/account"
    assert '<html lang="en">' in elsewhere.get("/account").text


def test_the_language_before_signing_in_is_the_browser_s(client: Client) -> None:
    client.post("/language", data={"language": "en", "next": "/sign-in"})
    assert '<html lang="en">' in client.get("/sign-in").text


def test_a_language_that_we_don_t_speak_changes_nothing(client: Client) -> None:
    client.post("/language", data={"language": "fr", "next": "/sign-in"})
    assert '<html lang="vi">' in client.get("/sign-in").text


@pytest.fixture
def locked(inside: Client) -> Client:
    for _attempt in range(5):
        change(inside, "không phải", NEW)
    return inside


def test_an_administrator_s_new_password_unlocks_and_ends_sessions(locked: Client) -> None:
    service.set_password(LOGIN, NEW)
    assert not is_inside(locked)
    locked.post("/sign-in", data={"login": LOGIN, "password": NEW})
    assert is_inside(locked)
