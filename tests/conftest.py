"""What all tests stand on: an application over SQLite or PostgreSQL, fresh for each test.

`pytest --database postgresql` chooses PostgreSQL; a server is started for the run, or
TRACKER_TEST_POSTGRESQL names one that is there already. A test that asks for no database is
marked `pure`, so that `-m "not pure"` doesn't run it a second time.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import hypothesis
import pytest
from flask import Flask
from sqlalchemy.orm import scoped_session

from tests.application import Client, make_application
from tests.database import Database, PostgreSQL, SQLite
from tests.postgres import Server
from tracker.core.assets import build
from tracker.core.db import db

SERVER_URL = "TRACKER_TEST_POSTGRESQL"
SERVER = pytest.StashKey[Server]()

hypothesis.settings.register_profile(
    "quick", max_examples=30, deadline=None, derandomize=True, database=None
)
hypothesis.settings.register_profile("deep", max_examples=1000, deadline=None)
hypothesis.settings.load_profile("quick")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=["sqlite", "postgresql"], default="sqlite")


def pytest_configure(config: pytest.Config) -> None:
    """Once for the run, before there are workers: build the assets, start PostgreSQL."""
    if hasattr(config, "workerinput"):
        return
    build()
    if config.getoption("database") == "postgresql" and SERVER_URL not in os.environ:
        server = config.stash[SERVER] = Server()
        os.environ[SERVER_URL] = server.url


def pytest_unconfigure(config: pytest.Config) -> None:
    server = config.stash.get(SERVER, None)
    if server is not None:
        del os.environ[SERVER_URL]
        server.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "database" not in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.pure)


@pytest.fixture(scope="session")
def database(
    request: pytest.FixtureRequest, worker_id: str, tmp_path_factory: pytest.TempPathFactory
) -> Database:
    """This worker's database, still empty."""
    if request.config.getoption("database") == "postgresql":
        return PostgreSQL(os.environ[SERVER_URL], f"test_{worker_id}")
    return SQLite(tmp_path_factory.mktemp("database"))


@pytest.fixture(scope="session")
def application(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application as `tracker init` leaves it; tests ask for `app`."""
    application = make_application(database, tmp_path_factory.mktemp("instance"))
    # Tests post forms without fetching them; those of the token itself turn it on.
    application.config.update(WTF_CSRF_ENABLED=False, TESTING=True)
    with application.app_context():
        database.remember(db.engine)
    return application


@pytest.fixture
def app(application: Flask, database: Database) -> Flask:
    """The application, its database as it was made."""
    with application.app_context():
        database.restore(db.engine)
    return application


@pytest.fixture
def session(app: Flask) -> Iterator[scoped_session[Any]]:
    """The database's session, in an application's context that is open during the test."""
    with app.app_context():
        yield db.session
        db.session.rollback()


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser that nobody has signed in with yet; `client.sign_in(user)` does."""
    return Client(app, app.response_class)


@pytest.fixture
def now() -> datetime:
    """An instant at which the office is open: Monday 2 March 2026, 9:00 in Viet Nam."""
    return datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
