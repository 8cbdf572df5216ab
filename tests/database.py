"""Databases for tests: each worker has one, put back before every test to how it was at first."""

import shutil
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy import Engine, make_url


class Database(Protocol):
    """A database that can be put back to a state remembered."""

    url: str

    def remember(self, engine: Engine) -> None:
        """Keep the present rows of all tables as the state to return to."""

    def restore(self, engine: Engine) -> None:
        """Return to the state remembered. Whatever is connected must not be in a transaction."""


class SQLite:
    """A file that is copied back."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "tracker.db"
        self._template = folder / "template.db"
        self.url = f"sqlite:///{self._file}"

    def remember(self, engine: Engine) -> None:
        engine.dispose()
        shutil.copyfile(self._file, self._template)

    def restore(self, engine: Engine) -> None:
        engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
        shutil.copyfile(self._template, self._file)


class PostgreSQL:
    """A database on a running server. Its rows are kept in a schema beside the tables."""

    def __init__(self, server: str, name: str) -> None:
        """`server` is the URL of any database there; `name` is ours, made anew."""
        with psycopg.connect(server, autocommit=True) as connection:
            for statement in ("DROP DATABASE IF EXISTS {}", "CREATE DATABASE {}"):
                connection.execute(sql.SQL(statement).format(sql.Identifier(name)))
        self._url = make_url(server).set(drivername="postgresql", database=name)
        self.url = self._url.set(drivername="postgresql+psycopg").render_as_string(False)
        self._restoring = sql.SQL("")

    def remember(self, engine: Engine) -> None:
        engine.dispose()
        with self._connect() as connection:
            connection.execute("CREATE SCHEMA remembered")
            tables = [
                row[0]
                for row in connection.execute(
                    "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                )
            ]
            self._restoring = sql.SQL("; ").join(
                [
                    sql.SQL("SET session_replication_role = replica; SET lock_timeout = '10s'"),
                    *(_delete(table) for table in tables),
                    *(self._insert(connection, table) for table in tables),
                ]
            )

    def restore(self, engine: Engine) -> None:
        with self._connect() as connection:
            connection.execute(self._restoring)

    def _connect(self) -> psycopg.Connection:
        return psycopg.connect(self._url.render_as_string(False))

    def _insert(self, connection: psycopg.Connection, table: str) -> sql.Composable:
        """Copy the rows of `table` aside; return the statement that brings them back."""
        kept, live = sql.Identifier("remembered", table), sql.Identifier("public", table)
        connection.execute(sql.SQL("CREATE TABLE {} AS TABLE {}").format(kept, live))
        found = connection.execute(
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER'",
            [table],
        )
        columns = sql.SQL(", ").join(sql.Identifier(row[0]) for row in found)
        if connection.execute(sql.SQL("SELECT 1 FROM {} LIMIT 1").format(kept)).fetchone() is None:
            return sql.SQL("SELECT 1")
        return sql.SQL("INSERT INTO {} ({}) OVERRIDING SYSTEM VALUE SELECT {} FROM {}").format(
            live, columns, columns, kept
        )


def _delete(table: str) -> sql.Composable:
    # On small tables much faster than TRUNCATE, which makes new files.
    return sql.SQL("DELETE FROM {}").format(sql.Identifier("public", table))
