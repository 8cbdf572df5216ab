"""Loads generated rows in bulk: without indexes, triggers and look-ups of foreign keys."""

import sqlite3
from collections.abc import Iterable
from datetime import date
from random import Random

import psycopg
from psycopg import sql
from sqlalchemy import Uuid, make_url

from bench.course import Rows
from bench.generate import COLUMNS, batches
from bench.office import found_office
from tracker.core.db import Base, db, is_sqlite

SEED = 20160516


def fill(count: int, today: date) -> None:
    """Fills the empty, migrated database of the current application with `count` cases."""
    rng = Random(SEED)
    office = found_office(rng)
    rows = batches(office, count, today, rng)
    url = db.engine.url
    db.session.remove()
    db.engine.dispose()
    if is_sqlite():
        _fill_sqlite(str(url.database), rows)
    else:
        _fill_postgresql(make_url(url).set(drivername="postgresql").render_as_string(False), rows)


def _fill_sqlite(path: str, batches: Iterable[Rows]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -400000"):
        connection.execute(f"PRAGMA {pragma}")
    made = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type = 'trigger' OR"
        " (type = 'index' AND sql IS NOT NULL)"
    ).fetchall()
    for kind, name, _ in made:
        connection.execute(f'DROP {kind} "{name}"')
    connection.execute("BEGIN")
    for rows in batches:
        for table, columns in COLUMNS.items():
            connection.executemany(_insert(table, columns), rows.get(table, ()))
    for *_, statement in made:
        connection.execute(statement)
    connection.execute("INSERT INTO case_search_index (case_search_index) VALUES ('rebuild')")
    connection.execute("COMMIT")
    connection.execute("PRAGMA journal_mode = WAL")
    if connection.execute("PRAGMA foreign_key_check").fetchone():
        raise RuntimeError("the generated rows don't fit together")
    connection.close()


def _insert(table: str, columns: tuple[str, ...]) -> str:
    """SQLite keeps identifiers as digits without hyphens."""
    types = Base.metadata.tables[table].columns
    values = (
        "replace(?, '-', '')" if isinstance(types[name].type, Uuid) else "?" for name in columns
    )
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(values)})"


def _fill_postgresql(url: str, batches: Iterable[Rows]) -> None:
    with psycopg.connect(url, autocommit=True, options="-c TimeZone=UTC") as connection:
        made = connection.execute(
            "SELECT i.indexname, i.indexdef FROM pg_indexes i WHERE i.schemaname = 'public'"
            " AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = i.indexname)"
        ).fetchall()
        # The rows refer only to each other: looking that up for each takes longer than all else.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET maintenance_work_mem = '512MB'")
        connection.execute("SET synchronous_commit = off")
        for name, _ in made:
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        with connection.cursor() as cursor:
            for rows in batches:
                for table, columns in COLUMNS.items():
                    _copy(cursor, table, columns, rows.get(table, ()))
        for _, statement in made:
            connection.execute(statement)
        connection.execute("VACUUM (ANALYZE)")


def _copy(
    cursor: psycopg.Cursor, table: str, columns: tuple[str, ...], rows: Iterable[tuple[object, ...]]
) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
