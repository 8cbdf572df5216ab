"""Whoever isn't signed in is asked to, and comes back to where they were."""

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from tests.application import Client

CASE = "/cases/00000000-0000-7000-8000-000000000000"


def next_page(location: str) -> str:
    [address] = parse_qs(urlsplit(location).query)["next"]
    return address


@pytest.mark.parametrize(
    ("method", "referrer", "back"),
    [
        ("GET", "http://localhost/cases", f"{CASE}?form=correct"),
        ("POST", f"http://localhost{CASE}?form=comment", f"{CASE}?form=comment"),
        ("POST", "", f"{CASE}/comments?list=new"),
        # Of another site nothing but the path is taken: one doesn't leave ours.
        ("POST", "https://example.org/cases", "/cases"),
    ],
)
def test_after_signing_in_one_is_back(
    client: Client, method: str, referrer: str, back: str
) -> None:
    headers = {"Referer": referrer} if referrer else {}
    asked = f"{CASE}?form=correct" if method == "GET" else f"{CASE}/comments?list=new"
    answer = client.open(asked, method=method, headers=headers)
    assert answer.status_code == 302
    assert next_page(answer.location) == back


def test_a_script_is_told_that_nobody_is_signed_in(client: Client) -> None:
    answer = client.post(f"{CASE}/comments", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.data) == (401, b"")


def test_a_form_of_a_session_that_has_ended_leads_to_signing_in(
    app: Flask, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    answer = client.post(f"{CASE}/comments", data={"text": "Đã gọi", "csrf_token": "of yesterday"})
    assert answer.location.startswith("/sign-in?next=")
