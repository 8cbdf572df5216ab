"""Chromium before a running server with the sample office, as a person meets it."""

import shutil
from collections.abc import Callable, Iterator, Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from tests.application import make_application
from tests.browser.reminders import remind_coordinator
from tests.browser.serving import enter, opened, serving
from tests.browser.stories import Morning
from tests.database import Database, SQLite
from tracker.core import clock
from tracker.core.db import db
from tracker.registers import demo
from tracker.rules.workflow import Role

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
def database(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """A database apart from the other tests'."""
    return SQLite(tmp_path_factory.mktemp("database"))


@pytest.fixture(scope="session")
def application(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application with the sample office in its database."""
    application = make_application(database, tmp_path_factory.mktemp("instance"))
    with application.app_context():
        demo.load(clock.now())
        remind_coordinator()
        db.session.remove()
        database.remember(db.engine)
    return application


@pytest.fixture(scope="session")
def address(application: Flask) -> Iterator[str]:
    """Where the server listens."""
    with serving(application) as address:
        yield address


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
    """A page on which nobody is signed in; the test fails if anything is wrong with it."""
    with opened(browser, address) as page:
        yield page


@pytest.fixture
def plain_page(app: Flask, address: str, browser: Browser) -> Iterator[Page]:
    """The same in a browser that runs no scripts."""
    with opened(browser, address, java_script_enabled=False) as page:
        yield page


@pytest.fixture
def sign_in(app: Flask, address: str) -> Callable[[Page, Role], None]:
    """`sign_in(page, role)`: from now on the page is used by the sample office's first person
    with that role."""
    return lambda page, role: enter(page, app, address, role)


@pytest.fixture(scope="session")
def assert_accessible() -> Callable[..., None]:
    """`assert_accessible(page)` fails with axe's report if axe finds anything on the page;
    `assert_accessible(page, COLOURS)` looks only at what depends on colours."""
    axe = Axe()

    def assert_accessible(page: Page, rules: Sequence[str] = ()) -> None:
        chosen = {"runOnly": list(rules)} if rules else {}
        results = axe.run(page, options={"resultTypes": ["violations"], **chosen})
        assert results.violations_count == 0, results.generate_report()

    return assert_accessible


@pytest.fixture
def morning(
    request: pytest.FixtureRequest, page: Page, assert_accessible: Callable[..., None]
) -> Morning:
    """A page before which somebody works in the way that the test asks for."""
    return Morning(page, request.param, assert_accessible)
