"""The migrations lead from nothing to what the models say, and back to nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, downgrade, upgrade
from sqlalchemy import CheckConstraint, inspect

from tests.application import make_application
from tests.conftest import SERVER_URL
from tests.database import Database, PostgreSQL, SQLite
from tracker.core.db import Base, db
from tracker.settings import PROJECT

MIGRATIONS = PROJECT / "migrations"


@pytest.fixture
def migrated(database: Database, worker_id: str, tmp_path: Path) -> Iterator[Flask]:
    """An application over a database of its own, migrated from empty to head."""
    own: Database
    if isinstance(database, PostgreSQL):
        own = PostgreSQL(os.environ[SERVER_URL], f"migrations_{worker_id}")
    else:
        own = SQLite(tmp_path)
    application = make_application(own, tmp_path / "instance")
    yield application
    with application.app_context():
        db.engine.dispose()


def test_head_is_what_the_models_say(migrated: Flask) -> None:
    with migrated.app_context():
        check(directory=str(MIGRATIONS))


def test_every_check_of_the_models_is_in_the_database(migrated: Flask) -> None:
    with migrated.app_context():
        inspector = inspect(db.engine)
        for name, table in Base.metadata.tables.items():
            expected = {
                str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)
            }
            found = {each["name"] for each in inspector.get_check_constraints(name)}
            assert found == expected, name


def test_the_way_back_leaves_nothing_and_the_way_forth_can_be_gone_again(migrated: Flask) -> None:
    with migrated.app_context():
        downgrade(directory=str(MIGRATIONS), revision="base")
        assert inspect(db.engine).get_table_names() == ["alembic_version"]
        upgrade(directory=str(MIGRATIONS))
        check(directory=str(MIGRATIONS))
