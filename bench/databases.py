"""Databases to be measured: made, migrated, filled, and thrown away afterwards."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade

from bench.load import fill
from tests.postgres import FASTER, Server
from tracker import create_app
from tracker.core import clock
from tracker.settings import PROJECT, Settings

DATABASES = ("sqlite", "postgresql")


@dataclass(frozen=True, slots=True)
class Place:
    """A database with an application over it; `environment` leads other processes there."""

    database: str
    app: Flask
    environment: dict[str, str]

    def describe(self) -> str:
        """The database and its version, for a table's heading."""
        return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[self.database]


@contextmanager
def filled(database: str, cases: int) -> Iterator[Place]:
    """A database of `cases` generated cases, on disk with the durability of everyday use."""
    with tempfile.TemporaryDirectory(prefix="tracker-bench-") as folder, _url(database) as url:
        place = _place(database, url, Path(folder))
        with place.app.app_context():
            upgrade(directory=str(PROJECT / "migrations"))
            started = time.perf_counter()
            fill(cases, clock.local_date(clock.now()))
            spent = time.perf_counter() - started
        print(f"{cases:,} cases on {place.describe()}, made in {spent:.0f} s", flush=True)
        yield place


@contextmanager
def _url(database: str) -> Iterator[str]:
    """The URL of an empty database; an empty one stands for SQLite in the instance folder."""
    if database == "sqlite":
        yield ""
        return
    server = Server()
    try:
        with psycopg.connect(server.url, autocommit=True) as connection:
            for name in FASTER:  # what tests do without, figures mustn't
                connection.execute(f"ALTER SYSTEM RESET {name}")
            connection.execute("SELECT pg_reload_conf()")
        yield server.url
    finally:
        server.stop()


def _place(database: str, url: str, folder: Path) -> Place:
    own = {"TRACKER_INSTANCE": str(folder), "DATABASE_URL": url, "TRACKER_MODE": "local"}
    app = create_app(Settings.load(own))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    return Place(database, app, {**kept, **own, "PYTHONPATH": str(PROJECT)})
