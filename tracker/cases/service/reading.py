"""The record of who read what is protected, and who took a list away."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from tracker.cases.models import Reading
from tracker.core.clock import local_date
from tracker.core.db import db, is_sqlite, new_id, transaction
from tracker.rules.access import NORMAL
from tracker.units.queries import Viewer


class Kept(Protocol):
    """A case, or what somebody is shown of it, with how closely it is kept."""

    @property
    def id(self) -> UUID: ...

    @property
    def confidentiality(self) -> str: ...


def is_protected(level: str) -> bool:
    """Whether it goes on record that somebody read a case at `level`."""
    return level not in NORMAL


def note_reading(case: Kept, *, reader: Viewer, now: datetime) -> None:
    """Records that `reader` opened a confidential case or a denunciation: once a day each.

    Of an administrator who looks as somebody else it is the administrator who read it.
    """
    if is_protected(case.confidentiality):
        _note([_row(reader, now, way="opened", case_id=case.id)])


def note_listed(cases: Iterable[tuple[UUID, str]], *, reader: Viewer, now: datetime) -> None:
    """Records that `reader` saw words of the protected ones among `cases` in a list.

    cases: (id, level). Once a day each, and not where it is on record that the reader opened it.
    Nothing is asked of the database where none is protected; else two queries at most.
    """
    protected = {case_id for case_id, level in cases if is_protected(level)}
    if not protected:
        return
    known = select(Reading.case_id).where(
        Reading.case_id.in_(protected),
        Reading.user_id == _reader_id(reader),
        Reading.read_on == local_date(now),
        Reading.export_id.is_(None),
        Reading.way != "receipt",
    )
    new = protected.difference(db.session.scalars(known))
    if new:
        _note([_row(reader, now, way="listed", case_id=case_id) for case_id in sorted(new)])


def note_receipt(case_id: UUID, *, reader: Viewer, now: datetime) -> None:
    """Records that `reader` saw a receipt of the case, protected or not: once a day each.

    Whoever has its secret can speak in the name of its citizen.
    """
    _note([_row(reader, now, way="receipt", case_id=case_id)])


def note_export(cases: int, protected: Collection[UUID], *, reader: Viewer, now: datetime) -> None:
    """Records that `reader` took a list of so many cases away as a file, and each of the
    `protected` ones that it told of."""
    export = _row(reader, now, way="taken", cases=cases)
    parts = [
        _row(reader, now, way="taken", case_id=case_id, export_id=export["id"])
        for case_id in sorted(protected)
    ]
    _note([export, *parts])


def _row(reader: Viewer, now: datetime, **given: Any) -> dict[str, Any]:
    row = {"id": new_id(), "case_id": None, "cases": 1, "export_id": None}
    return (
        row
        | given
        | {
            "user_id": _reader_id(reader),
            "read_on": local_date(now),
            "recorded_at": now,
        }
    )


def _reader_id(reader: Viewer) -> UUID | None:
    return reader.seen_by or reader.user_id


def _note(rows: list[dict[str, Any]]) -> None:
    # Two pages may be opened at once: the second finds the first's row.
    insert = sqlite_insert if is_sqlite() else postgresql_insert
    with transaction():
        db.session.execute(insert(Reading).on_conflict_do_nothing(), rows)
