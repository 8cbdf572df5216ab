"""The files of a case as one column of the query that reads the case: no query of their own."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import JSON, ScalarSelect, func, select, true
from sqlalchemy.orm import aliased

from tracker.cases.models import Attachment, Case, StoredFile
from tracker.core.db import is_sqlite
from tracker.units.models import User


class FileRow(NamedTuple):
    """A file. user: the name of who sent it; removed_at: when it was taken away, if it was."""

    recorded_at: datetime
    id: UUID
    name: str
    answer_id: UUID | None
    user_id: UUID | None
    size: int
    media_type: str
    user: str | None
    removed_at: datetime | None


def of_case(*, with_removed: bool) -> ScalarSelect[Any]:
    """The files of the `Case` that the query around it reads, as JSON for `parse`.

    with_removed: those that were taken away as well.
    """
    sender = aliased(User)
    columns = (
        Attachment.recorded_at,
        Attachment.id,
        Attachment.name,
        Attachment.answer_id,
        Attachment.user_id,
        StoredFile.size,
        StoredFile.media_type,
        sender.name,
        Attachment.removed_at,
    )
    gathered = (
        func.json_group_array(func.json_array(*columns), type_=JSON)
        if is_sqlite()
        else func.json_agg(func.json_build_array(*columns), type_=JSON)
    )
    there = true() if with_removed else Attachment.removed_at.is_(None)
    return (
        select(gathered)
        .join(StoredFile, StoredFile.digest == Attachment.digest)
        .outerjoin(sender, sender.id == Attachment.user_id)
        .where(Attachment.case_id == Case.id, there)
        .correlate(Case)
        .scalar_subquery()
    )


def parse(gathered: Sequence[Any] | None) -> list[FileRow]:
    """What `of_case` gave, oldest first."""
    return sorted(
        FileRow(
            _instant(at),
            UUID(file_id),
            name,
            _id(answer_id),
            _id(user_id),
            size,
            kind,
            user,
            _instant(removed_at) if removed_at else None,
        )
        for at, file_id, name, answer_id, user_id, size, kind, user, removed_at in gathered or ()
    )


def _instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
