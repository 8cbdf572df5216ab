"""How Alembic finds our database and our models: both come from the application."""

from alembic import context
from flask import current_app
from sqlalchemy import Column

from tracker.core.db import Base, db

OURS_BY_HAND = ("case_search_index", "ix_case_search_words")


def is_compared(compared: object, name: str | None, *_rest: object) -> bool:
    """What the search's index needs is each database's own and unknown to the models."""
    if isinstance(compared, Column):
        return (compared.table.name, name) != ("case_search", "words")
    return name is None or not name.startswith(OURS_BY_HAND)


def run() -> None:
    """Runs the migrations in one transaction on the application's database."""
    configure_args = current_app.extensions["migrate"].configure_args
    with db.engine.connect().execution_options(writes=True) as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            include_object=is_compared,
            **configure_args,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
