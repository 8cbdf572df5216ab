"""One worker leads at a time: whoever holds the lock. When it dies the lock is free at once."""

import fcntl
from pathlib import Path
from typing import IO, Protocol

from flask import Flask, current_app
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from tracker.core.db import db, is_sqlite
from tracker.settings import Settings

# One number of PostgreSQL's for all our workers on the same database.
LOCK = 7_311_955


class Lead(Protocol):
    """The lock that one worker holds."""

    def is_held(self) -> bool:
        """Whether this worker leads now: takes the lead where it is free."""

    def release(self) -> None:
        """Lets another lead."""


class DatabaseLead:
    """By an advisory lock of PostgreSQL, which ends with the connection that took it."""

    def __init__(self) -> None:
        self._connection: Connection | None = None

    def is_held(self) -> bool:
        try:
            return self._is_connected() or self._take()
        except OperationalError:
            # The connection is gone and the lock with it, or the database itself: the caller
            # asks again, and perhaps another leads by then.
            current_app.logger.warning("the worker can't reach the database")
            self.release()
            return False

    def release(self) -> None:
        # Closed and not put back into the pool: so the lock ends with it, whatever it is like.
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None

    def _is_connected(self) -> bool:
        return self._connection is not None and bool(self._connection.scalar(text("SELECT 1")))

    def _take(self) -> bool:
        connection = db.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        if connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}):
            self._connection = connection
            return True
        connection.close()
        return False


class FileLead:
    """By a lock on a file of the instance: SQLite has one machine anyway."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[str] | None = None

    def is_held(self) -> bool:
        if self._file is not None:
            return True
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def lead_of(app: Flask) -> Lead:
    """The lock for this application's database."""
    settings: Settings = app.extensions["settings"]
    return FileLead(settings.instance / "worker.lock") if is_sqlite() else DatabaseLead()
