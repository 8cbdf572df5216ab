"""The history of a case: entries in a chain of digests, and versions by recording instant."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import and_, func, insert, select

from tracker.cases.models import FOREVER, REPORTABLE, Case, CaseVersion, Entry
from tracker.core.db import db, new_id

# Column -> [old, new], as text.
Changes = dict[str, list[str | None]]

FIRST_DIGEST = "0" * 64


def entry_digest(previous: str, fields: dict[str, Any]) -> str:
    """The digest of an entry: of all that it says, and of the digest of the entry before it."""
    said = orjson.dumps(fields, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(previous.encode() + b"\n" + said).hexdigest()


def sealed(previous: str, fields: dict[str, Any]) -> dict[str, Any]:
    """The entry's columns with their digest: every column but `id` is part of what it says."""
    said = {name: value for name, value in fields.items() if name != "id"}
    said["recorded_at"] = fields["recorded_at"].isoformat()
    return {**fields, "digest": entry_digest(previous, said)}


def reportable(case: Case) -> dict[str, Any]:
    """The columns of `case` that reports and lists read."""
    return {name: getattr(case, name) for name in REPORTABLE}


def record(
    case: Case,
    *,
    action: str,
    before: dict[str, Any] | None,
    happened_on: date,
    now: datetime,
    user_id: UUID | None,
    unit_id: UUID | None,
    text: str = "",
    also: Changes | None = None,
    entry_id: UUID | None = None,
) -> Entry:
    """Appends an entry to the story of `case` and a version of its columns, inside a transaction.

    before: what `reportable` gave before the change, None for a new case. also: what changed
    beside the columns that reports read. entry_id: the one that the entry's form carried, if any.
    """
    last = db.session.execute(
        select(Entry.sequence, Entry.digest)
        .where(Entry.case_id == case.id)
        .order_by(Entry.sequence.desc())
        .limit(1)
    ).first()
    sequence, previous = (last.sequence + 1, last.digest) if last else (1, FIRST_DIGEST)
    after = reportable(case)
    fields = {
        "id": entry_id or new_id(),
        "case_id": case.id,
        "sequence": sequence,
        "action": action,
        "from_state": before["state"] if before else None,
        "to_state": case.state,
        "happened_on": happened_on,
        "recorded_at": now,
        "user_id": user_id,
        "unit_id": unit_id,
        "changes": changes(before or {}, after) | (also or {}),
        "text": text,
        "import_id": None,
        "import_row": None,
    }
    entry = Entry(**sealed(previous, fields))
    db.session.add(entry)
    _add_version(case, after, now, is_new=before is None)
    return entry


@dataclass(frozen=True, slots=True)
class Note:
    """An entry that leaves a case in its state: what the system writes, or one of many at once.

    user_id: who did it, None for the system. changes: what changed with it, if anything.
    """

    case_id: UUID
    state: str
    action: str
    text: str
    unit_id: UUID | None = None
    user_id: UUID | None = None
    changes: Changes = field(default_factory=dict)


def note(notes: Sequence[Note], happened_on: date, now: datetime) -> None:
    """Appends the notes to their cases' stories, inside a transaction that holds the cases."""
    last = _last_entries({each.case_id for each in notes})
    rows = []
    for each in notes:
        sequence, digest = last.get(each.case_id, (0, FIRST_DIGEST))
        fields = {
            "case_id": each.case_id,
            "sequence": sequence + 1,
            "action": each.action,
            "from_state": each.state,
            "to_state": each.state,
            "happened_on": happened_on,
            "recorded_at": now,
            "user_id": each.user_id,
            "unit_id": each.unit_id,
            "changes": each.changes,
            "text": each.text,
            "import_id": None,
            "import_row": None,
        }
        row = {"id": new_id(), **sealed(digest, fields)}
        last[each.case_id] = row["sequence"], row["digest"]
        rows.append(row)
    if rows:
        db.session.connection().execute(insert(Entry), rows)


def _last_entries(case_ids: Collection[UUID]) -> dict[UUID, tuple[int, str]]:
    """The number and the digest of the last entry of each of these cases."""
    newest = (
        select(Entry.case_id, func.max(Entry.sequence).label("sequence"))
        .where(Entry.case_id.in_(case_ids))
        .group_by(Entry.case_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Entry.case_id, Entry.sequence, Entry.digest).join(
            newest,
            and_(Entry.case_id == newest.c.case_id, Entry.sequence == newest.c.sequence),
        )
    )
    return {case_id: (sequence, digest) for case_id, sequence, digest in rows}


def changes(before: dict[str, Any], after: dict[str, Any]) -> Changes:
    """What differs: column -> [old, new], as text."""
    return {
        name: [_as_text(before.get(name)), _as_text(value)]
        for name, value in after.items()
        if before.get(name) != value
    }


def _as_text(value: Any) -> str | None:
    return None if value is None else str(value)


def _add_version(case: Case, columns: dict[str, Any], now: datetime, *, is_new: bool) -> None:
    current = None
    if not is_new:
        current = db.session.scalars(
            select(CaseVersion).where(
                CaseVersion.case_id == case.id, CaseVersion.recorded_to == FOREVER
            )
        ).first()
    if current is not None and current.recorded_from >= now:
        # Recorded at the same instant, or by a clock that runs behind: nobody can have asked
        # in between, so the later word replaces the earlier one.
        for name, value in columns.items():
            setattr(current, name, value)
        return
    if current is not None:
        current.recorded_to = now
    db.session.add(CaseVersion(case_id=case.id, recorded_from=now, recorded_to=FOREVER, **columns))
