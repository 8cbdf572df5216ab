"""What every answer promises the browser: policy, cookies, tokens in forms."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask

from tests.application import Client
from tests.factories import make_office
from tracker import create_app
from tracker.core.crypto import fresh_keys
from tracker.core.permissions import PUBLIC, declared
from tracker.rules.access import allows
from tracker.rules.workflow import Role
from tracker.settings import PROJECT, Settings

TEMPLATES = sorted((PROJECT / "templates").rglob("*.html"))
PAGES = (
    "/",
    "/cases",
    "/cases/new",
    "/imports",
    "/reports/opinion",
    "/account",
    "/khong-co",
    "/sign-out",
)


class InlineFinder(HTMLParser):
    """Collects what a strict policy forbids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)
        for name, value in names.items():
            is_code = name.startswith(("on", "hx-on", "hx-vals", "hx-vars")) or name == "style"
            if is_code or (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"{tag} {name}")


@pytest.fixture
def client_inside(client: Client, session) -> Client:
    client.sign_in(make_office().user(Role.COORDINATOR))
    return client


def directives(policy: str) -> dict[str, str]:
    return dict(part.strip().partition(" ")[::2] for part in policy.split(";"))


@pytest.mark.parametrize("address", PAGES)
def test_every_page_has_a_strict_policy(client_inside: Client, address: str) -> None:
    answer = client_inside.get(address)
    policy = directives(answer.headers["Content-Security-Policy"])
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not re.search("unsafe|\\*|http", answer.headers["Content-Security-Policy"])
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert InlineFinder(answer.text).found == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(PROJECT)))
def test_templates_hold_nothing_inline(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    without_jinja = re.sub(r"\{%.*?%\}|\{#.*?#\}", " ", text, flags=re.DOTALL)
    assert InlineFinder(without_jinja).found == []
    assert not re.search(r"\|\s*safe\b|autoescape false", text)


# They look at no sign-in: what a form may do there, the secret in it says.
OF_CITIZENS = ("/tra-cuu", "/tra-cuu/y-kien")


@pytest.fixture
def checked(app: Flask) -> Iterator[Flask]:
    """The application as it is in use: forms need their token."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield app
    app.config["WTF_CSRF_ENABLED"] = False


def test_a_form_without_its_token_is_refused(checked: Flask, client_inside: Client) -> None:
    for rule in checked.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.arguments or rule.rule in OF_CITIZENS:
            continue
        answer = client_inside.post(rule.rule)
        permission = declared(checked, rule.endpoint)
        assert permission is not None
        if permission != PUBLIC and not allows(frozenset({Role.COORDINATOR}), permission):
            assert answer.status_code == 403, rule.rule
            continue
        assert answer.status_code == 400, rule.rule
        assert "Biểu mẫu đã hết hiệu lực" in answer.text
    assert client_inside.get("/account").status_code == 200


def test_a_form_with_its_token_is_taken(checked: Flask, client_inside: Client) -> None:
    token = re.search('name="csrf_token" value="([^"]+)"', client_inside.get("/account").text)
    assert token
    answer = client_inside.post("/sign-out", data={"csrf_token": token[1]})
    assert answer.location == "/sign-in"


@pytest.mark.parametrize("mode", ["local", "production"])
def test_cookies_are_kept_from_scripts_and_other_sites(tmp_path: Path, mode: str) -> None:
    (tmp_path / "data.keys").write_text(fresh_keys())
    settings = Settings(mode=mode, instance=tmp_path, secret_key="only for tests").completed()
    application = create_app(settings)
    client = application.test_client()
    address = "https://localhost" if mode == "production" else "http://localhost"
    cookies = client.get("/sign-in", base_url=address).headers.getlist("Set-Cookie")
    application.config["WTF_CSRF_ENABLED"] = False  # only the cookie is looked at
    chosen = client.post("/language", base_url=address, data={"language": "en", "next": "/sign-in"})
    cookies += chosen.headers.getlist("Set-Cookie")
    assert {cookie.partition("=")[0] for cookie in cookies} == {"session", "language"}
    for cookie in cookies:
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert ("Secure" in cookie) == (mode == "production")


def test_safe_connections_are_asked_for_again(client: Client) -> None:
    safe = client.get("/sign-in", base_url="https://localhost")
    assert "max-age=31536000" in safe.headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in client.get("/sign-in").headers
