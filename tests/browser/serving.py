"""A running server, and pages of Chromium before it."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from sqlalchemy import select
from waitress.server import create_server

from tests.application import Client
from tracker.core.db import db
from tracker.rules.workflow import Role
from tracker.units import passwords
from tracker.units.models import Membership, User

PASSWORD = "chín mươi chín con voi"
PATIENCE = 30_000
"""Milliseconds; only the test that fails takes so long."""

expect.set_options(timeout=PATIENCE)


@contextmanager
def serving(application: Flask, port: int = 0) -> Iterator[str]:
    """Lets `application` listen, at any free port where 0; gives its address."""
    server = create_server(application, host="127.0.0.1", port=port, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    for channel in list(server.active_channels.values()):
        channel.handle_close()  # otherwise a connection that is open goes on being answered
    thread.join(timeout=5)


@contextmanager
def opened(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page on which nobody is signed in. Addresses may be given without the server's.

    Ends with an AssertionError if the page broke its own security policy, if a script failed, or
    if the page asked anybody but our server for anything.
    """
    context = browser.new_context(
        base_url=address,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        reduced_motion="reduce",
        **options,
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    problems: list[str] = []

    def note_message(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    def note_request(url: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            problems.append(f"asked for {url}")

    page.on("console", note_message)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: note_request(request.url))
    try:
        yield page
    finally:
        context.close()
    assert problems == []


def person(role: Role) -> User:
    """The office's first person with that role."""
    found = db.session.scalars(
        select(User).join(Membership).where(Membership.role == role).order_by(User.login)
    ).first()
    assert found is not None
    return found


def enter(page: Page, application: Flask, address: str, role: Role) -> None:
    """From now on the page is used by the first person with that role, who gave the password a
    moment ago."""
    client = Client(application, application.response_class)
    with application.app_context():
        client.sign_in(person(role))
    cookie = client.get_cookie(application.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])


def give_password(application: Flask, role: Role) -> tuple[str, str]:
    """Lets the first person with that role come in with PASSWORD: their login and name."""
    with application.app_context():
        user = person(role)
        user.password_hash = passwords.hashed(PASSWORD)
        login, name = user.login, user.name
        db.session.commit()
    return login, name


def sign_in_by_form(page: Page, application: Flask, role: Role) -> None:
    """The first person with that role signs in as people do."""
    login, name = give_password(application, role)
    page.goto("/sign-in")
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
