"""Coming in: the right password, the wrong one, the lock, where one goes on."""

import logging
from datetime import timedelta
from urllib.parse import unquote

import pytest
from argon2 import PasswordHasher
from bs4 import BeautifulSoup

from tests.application import Client
from tests.factories import make_user
from tests.units.conftest import LOGIN, PASSWORD
from tracker.core.db import db
from tracker.rules.workflow import Role
from tracker.units.models import Membership, User
from tracker.units.views import limiter

WRONG = "không phải mật khẩu này"


def sign_in(client: Client, login: str = LOGIN, password: str = PASSWORD, query: str = ""):
    return client.post(f"/sign-in{query}", data={"login": login, "password": password})


def complaint(answer) -> str:
    assert answer.status_code == 422
    return BeautifulSoup(answer.text, "html.parser").find(role="alert").get_text(" ", strip=True)


def is_inside(client: Client) -> bool:
    return client.get("/account").status_code == 200


@pytest.mark.parametrize("login", [LOGIN, LOGIN.upper(), f" {LOGIN} "])
def test_the_right_password_opens(client: Client, person: User, login: str) -> None:
    assert sign_in(client, login).location == "/"
    assert "Nguyễn Thị Điều Phối" in client.get("/account").text


def test_what_is_wrong_stays_unsaid(client: Client, person: User) -> None:
    """Nobody learns which logins exist."""
    told = {
        complaint(sign_in(client, password=WRONG)),
        complaint(sign_in(client, login="khong-co-ai")),
    }
    assert len(told) == 1
    assert not is_inside(client)


def test_an_unknown_login_costs_the_work_of_a_known_one(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    verify = PasswordHasher.verify
    monkeypatch.setattr(
        PasswordHasher,
        "verify",
        lambda self, kept, password: checked.append(kept) or verify(self, kept, password),
    )
    sign_in(client, password=WRONG)
    sign_in(client, login="khong-co-ai")
    assert len(checked) == 2
    assert checked[0].split("$")[:4] == checked[1].split("$")[:4]  # the same parameters


def test_what_was_typed_stays_except_the_password(client: Client, person: User) -> None:
    page = BeautifulSoup(sign_in(client, password=WRONG).text, "html.parser")
    assert page.find(id="login")["value"] == LOGIN
    assert not page.find(id="password").get("value")


def test_empty_fields_are_named(client: Client, person: User) -> None:
    answer = client.post("/sign-in", data={"login": "", "password": ""})
    assert answer.status_code == 422
    page = BeautifulSoup(answer.text, "html.parser")
    for name in ("login", "password"):
        told = page.find(id=page.find(id=name)["aria-describedby"]).get_text(strip=True)
        assert told == "Hãy điền ô này."


def test_five_failures_lock_for_a_quarter_of_an_hour(client: Client, person: User, clock) -> None:
    for _attempt in range(5):
        complaint(sign_in(client, password=WRONG))
    complaint(sign_in(client))
    clock.shift(timedelta(minutes=14, seconds=59))
    complaint(sign_in(client))
    clock.shift(timedelta(seconds=1))
    assert sign_in(client).status_code == 302


def test_failures_before_a_success_are_forgotten(client: Client, person: User) -> None:
    for _round in range(2):
        for _attempt in range(4):
            complaint(sign_in(client, password=WRONG))
        assert sign_in(client).status_code == 302


def test_many_failures_from_one_address_are_slowed_down(
    client: Client, person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(client.application.config, "FAILURES_ARE_LIMITED", True)
    limiter.reset()
    answers = [sign_in(client, login=f"ai-do-{n}", password=WRONG).status_code for n in range(31)]
    assert answers == [422] * 30 + [429]
    assert "Quá nhiều lần thử" in sign_in(client).text
    limiter.reset()


def test_a_password_kept_with_old_parameters_is_kept_anew(client: Client, person: User) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    person.password_hash = old
    sign_in(client)
    assert is_inside(client)
    assert person.password_hash != old
    assert sign_in(client).status_code == 302


def test_a_disabled_account_stays_out(client: Client, person: User, now) -> None:
    person.disabled_at = now
    complaint(sign_in(client))


def test_without_a_role_there_is_nothing_to_come_in_for(client: Client, person: User, now) -> None:
    membership = db.session.query(Membership).filter_by(user_id=person.id).one()
    membership.valid_from = now.date() + timedelta(days=1)
    assert "chưa được giao vai trò" in complaint(sign_in(client))


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/account", "/account"),
        ("/cases?q=đèn", "/cases?q=đèn"),
        ("//example.org/account", "/"),
        ("https://example.org/account", "/"),
        ("/\\example.org", "/"),
        ("/\t/example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("/sign-out", "/"),  # can't be opened, only sent to
        ("/khong-co", "/"),
        ("", "/"),
    ],
)
def test_one_goes_on_only_to_pages_of_ours(client, person, wanted: str, reached: str) -> None:
    answer = client.post(
        "/sign-in", query_string={"next": wanted}, data={"login": LOGIN, "password": PASSWORD}
    )
    assert unquote(answer.location) == reached


def test_who_is_inside_need_not_sign_in(client: Client, person: User) -> None:
    sign_in(client)
    assert client.get("/sign-in?next=/account").location == "/account"


def test_a_part_of_a_page_becomes_a_whole_page_when_the_session_has_ended(client: Client) -> None:
    answer = client.get(
        "/cases",
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/cases?q=a"},
        follow_redirects=True,
    )
    assert answer.headers["HX-Redirect"] == "/sign-in?next=/cases?q%3Da"
    assert answer.text == ""


def test_the_session_is_a_new_one(client: Client, person: User) -> None:
    """What somebody put into the browser before doesn't survive signing in."""
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    sign_in(client)
    with client.session_transaction() as session:
        assert "planted" not in session


def test_logs_hold_nothing_of_the_person(client, person, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        sign_in(client, password=WRONG)
        sign_in(client)
        client.get("/account")
    for secret in (PASSWORD, WRONG, LOGIN, person.name):
        assert secret not in caplog.text


def test_another_s_session_isn_t_touched(client: Client, person: User, office) -> None:
    other = make_user(Role.LEADER, office.committee)
    client.sign_in(other)
    assert other.name in client.get("/account").text
