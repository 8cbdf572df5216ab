"""The database: base class, column types, and the one way to write: `transaction()`."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import orjson
import uuid_utils.compat
from flask import Flask
from flask_babel import gettext as _
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    Dialect,
    ExceptionContext,
    MetaData,
    Text,
    TypeDecorator,
    Uuid,
    event,
)
from sqlalchemy.orm import DeclarativeBase, registry
from sqlalchemy.orm.exc import StaleDataError

from tracker.core.errors import OutOfDate

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class Instant(TypeDecorator[datetime]):
    """An aware datetime in UTC; SQLite keeps it without its zone, PostgreSQL with."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """What all tables share: names of constraints, and the types behind the annotations."""

    registry = registry(
        metadata=MetaData(naming_convention=CONSTRAINT_NAMES),
        type_annotation_map={UUID: Uuid(), datetime: Instant(), date: Date(), str: Text()},
    )


db = SQLAlchemy(
    model_class=Base, disable_autonaming=True, session_options={"expire_on_commit": False}
)
migrate = Migrate()


def new_id() -> UUID:
    """An identifier that sorts by the instant at which it was made (UUID version 7)."""
    return uuid_utils.compat.uuid7()


def write_json(value: Any) -> str:
    """What a JSON column keeps of `value`."""
    return orjson.dumps(value).decode()


@contextmanager
def transaction() -> Iterator[None]:
    """Everything inside is written together or not at all.

    On SQLite it takes the writer's lock at once, so that a read inside can't be overtaken by
    another writer. Raises OutOfDate where somebody else changed a row that was read before.
    """
    session = db.session
    # Ends the reading transaction: on SQLite it can't be turned into a writing one.
    session.commit()
    session.connection(execution_options={"writes": True})
    try:
        yield
        session.commit()
    except StaleDataError as error:
        session.rollback()
        raise OutOfDate(
            _("Dữ liệu vừa được người khác cập nhật. Hãy mở lại trang rồi làm lại.")
        ) from error
    except BaseException:
        session.rollback()
        raise


def is_sqlite() -> bool:
    """Whether the embedded database is in use."""
    return db.engine.dialect.name == "sqlite"


def init_db(app: Flask) -> None:
    """Binds the extensions to the application, and SQLite to our way of locking."""
    db.init_app(app)
    migrate.init_app(app, db, render_as_batch=True)
    with app.app_context():
        event.listen(db.engine, "handle_error", _leave_out_the_row)
        if is_sqlite():
            event.listen(db.engine, "connect", _prepare_sqlite)
            event.listen(db.engine, "begin", _begin_sqlite)


def _leave_out_the_row(context: ExceptionContext) -> None:
    # PostgreSQL quotes the row that it refuses, and so what citizens said: no log may hold that.
    said = getattr(getattr(context.original_exception, "diag", None), "message_primary", None)
    if said is not None and context.sqlalchemy_exception is not None:
        context.original_exception.args = (said,)
        context.sqlalchemy_exception.args = (said,)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver must not open transactions by itself: _begin_sqlite does.
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = NORMAL",
        "foreign_keys = ON",
        "busy_timeout = 60000",
        "cache_size = -32000",
        "mmap_size = 268435456",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


__all__ = ["Base", "Instant", "db", "init_db", "is_sqlite", "new_id", "transaction"]
