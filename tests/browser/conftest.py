"""Chromium before a running server with the sample office, as a person meets it."""

import shutil
from collections.abc import Callable, Iterator
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright
from sqlalchemy import select
from waitress.server import create_server

from tests.application import Client, make_application
from tests.database import Database
from tracker.core import clock
from tracker.core.db import db
from tracker.registers import demo
from tracker.rules.workflow import Role
from tracker.units.models import Membership, User

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def application(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with the sample office in its database."""
    application = make_application(database, tmp_path_factory.mktemp("instance"))
    with application.app_context():
        demo.load(clock.now())
        db.session.remove()
        database.remember(db.engine)
    return application


@pytest.fixture(scope="session")
def address(application: Flask) -> Iterator[str]:
    """Where the server listens."""
    server = create_server(application, host="127.0.0.1", port=0, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(timeout=5)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium: the system's where there is one, otherwise Playwright's own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            headless=True, args=FLAGS, executable_path=shutil.which("chromium")
        )
        yield browser
        browser.close()


@pytest.fixture
def page(app: Flask, address: str, browser: Browser) -> Iterator[Page]:
    """A page on which nobody is signed in. Addresses may be given without the server's.

    The test fails if the page breaks its own security policy, if a script fails, or if the page
    asks anybody but our server for anything.
    """
    context = browser.new_context(base_url=address, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
    context.set_default_timeout(10_000)
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
    yield page
    context.close()
    assert problems == []


@pytest.fixture
def sign_in(app: Flask, address: str) -> Callable[[Page, Role], None]:
    """`sign_in(page, role)`: from now on the page is used by the sample office's first person
    with that role, who gave the password a moment ago."""

    def sign_in(page: Page, role: Role) -> None:
        client = Client(app, app.response_class)
        with app.app_context():
            client.sign_in(
                db.session.scalars(
                    select(User)
                    .join(Membership)
                    .where(Membership.role == role)
                    .order_by(User.login)
                ).first()
            )
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])
        page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": address}])

    return sign_in


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[[Page], None]:
    """`assert_accessible(page)` fails with axe's report if axe finds anything on the page."""
    axe = Axe()

    def assert_accessible(page: Page) -> None:
        results = axe.run(page)
        assert results.violations_count == 0, results.generate_report()

    return assert_accessible
