"""Error pages: what happened, what is safe, what to do."""

import pytest
from bs4 import BeautifulSoup
from flask import Flask, abort

from tests.application import Client
from tests.factories import make_office
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.core.problems import error_words
from tracker.rules.workflow import Role

CODES = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)


@pytest.mark.parametrize("code", CODES)
def test_each_says_what_happened_what_is_safe_and_what_to_do(app: Flask, code: int) -> None:
    with app.test_request_context():
        words = error_words(code)
    assert all(words)
    assert len(set(words)) == 3


def test_an_unknown_page_is_told_to_anybody(client: Client) -> None:
    answer = client.get("/khong-co")
    assert answer.status_code == 404
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.find("h1").text == "Không có trang này"
    assert page.find("main").find("a")["href"] == "/"


def test_an_unknown_page_keeps_the_person_s_places(client: Client, session) -> None:
    client.sign_in(make_office().user(Role.LEADER))
    page = BeautifulSoup(client.get("/khong-co").text, "html.parser")
    assert page.find("nav", class_="side").find("a", href="/cases")


@pytest.fixture
def failing(app: Flask, client: Client, session, monkeypatch: pytest.MonkeyPatch):
    """`failing(error)`: a browser whose page of cases ends with `error`."""

    def failing(error: Exception | int) -> Client:
        def view() -> str:
            if isinstance(error, int):
                abort(error)
            raise error

        view.permission = "case:read"
        monkeypatch.setitem(app.view_functions, "cases.list_cases", view)
        client.sign_in(make_office().user(Role.LEADER))
        return client

    return failing


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Refused("Vụ việc đã kết thúc."), 422),
        (NotAllowed("Vụ việc đã kết thúc."), 403),
        (OutOfDate("Vụ việc đã kết thúc."), 409),
    ],
)
def test_a_refusal_gives_its_reason(failing, error: Refused, code: int) -> None:
    answer = failing(error).get("/cases")
    assert answer.status_code == code
    assert "Vụ việc đã kết thúc." in answer.text


def test_a_fault_of_ours_tells_nothing_of_its_cause(failing, app: Flask, monkeypatch) -> None:
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    answer = failing(RuntimeError("of a secret")).get("/cases")
    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in answer.text
    assert "secret" not in answer.text


def test_a_database_that_fails_is_told_like_any_fault(failing, app: Flask, monkeypatch) -> None:
    client = failing(404)
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr("tracker.units.sessions.viewer", lambda *_: 1 / 0)
    answer = client.get("/cases")
    assert answer.status_code == 500
    assert "Hệ thống gặp lỗi" in answer.text


def test_a_part_of_a_page_gets_a_part(failing) -> None:
    answer = failing(409).get("/cases", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    page = BeautifulSoup(answer.text, "html.parser")
    assert page.find(role="alert").find("h1")
    assert not page.find("html")
