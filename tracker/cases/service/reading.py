"""The record of who read what is protected, and who took a list away."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from tracker.cases.models import Case, Reading
from tracker.core.clock import local_date
from tracker.core.db import db, is_sqlite, new_id, transaction
from tracker.rules.access import NORMAL
from tracker.units.queries import Viewer


def note_reading(case: Case, *, reader: Viewer, now: datetime) -> None:
    """Records that `reader` opened a confidential case or a denunciation: once a day each.

    Of an administrator who looks as somebody else it is the administrator who read it.
    """
    if case.confidentiality not in NORMAL:
        _note(case.id, 1, reader, now)


def note_export(cases: int, *, reader: Viewer, now: datetime) -> None:
    """Records that `reader` took a list of so many cases away as a file."""
    _note(None, cases, reader, now)


def _note(case_id: UUID | None, cases: int, reader: Viewer, now: datetime) -> None:
    # Two pages may be opened at once: the second finds the first's row.
    insert = sqlite_insert if is_sqlite() else postgresql_insert
    row = {
        "id": new_id(),
        "user_id": reader.seen_by or reader.user_id,
        "case_id": case_id,
        "cases": cases,
        "read_on": local_date(now),
        "recorded_at": now,
    }
    with transaction():
        db.session.execute(insert(Reading).values(**row).on_conflict_do_nothing())
