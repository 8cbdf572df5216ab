"""Reads of the files of cases, through the same gate as the cases, and their previews."""

from collections.abc import Sequence
from io import BytesIO
from typing import IO
from uuid import UUID

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from tracker.cases.models import Answer, Attachment, Case, StoredFile
from tracker.cases.queries import visible
from tracker.core import preview
from tracker.core.content import PDF, PICTURES
from tracker.core.db import db
from tracker.core.storage import FolderStorage, storage
from tracker.units.queries import Viewer

PREVIEWED = frozenset({each.media_type for each in PICTURES | {PDF}})


def find(viewer: Viewer, file_id: UUID) -> tuple[Attachment, StoredFile, Case] | None:
    """A file that wasn't removed, with its content's row and its case, if `viewer` may see it."""
    found = db.session.execute(
        select(Attachment, StoredFile, Case)
        .join(StoredFile, StoredFile.digest == Attachment.digest)
        .join(Case, Case.id == Attachment.case_id)
        .where(Attachment.id == file_id, Attachment.removed_at.is_(None), visible(viewer))
    ).first()
    return (found[0], found[1], found[2]) if found else None


def answers_of(case_id: UUID) -> Sequence[Answer]:
    """The answers of a case that its reader may see."""
    return db.session.scalars(
        select(Answer)
        .options(joinedload(Answer.unit))
        .where(Answer.case_id == case_id)
        .order_by(Answer.answered_on, Answer.recorded_at)
    ).all()


def may_remove(viewer: Viewer, user_id: UUID | None) -> bool:
    """Whether `viewer` may take away a file that `user_id` put there."""
    if viewer.may("case:detach_others"):
        return True
    return viewer.may("case:detach") and user_id is not None and user_id == viewer.user_id


def open_preview(stored: StoredFile) -> IO[bytes] | None:
    """The preview as PNG, made anew where it was lost; None for a type that has none."""
    if stored.media_type not in PREVIEWED:
        return None
    kept = _previews()
    if kept.has(stored.digest):
        return kept.open(stored.digest)
    with storage().open(stored.digest) as content:
        _verdict, picture = preview.make(content, stored.media_type)
    if not picture:
        return None
    keep_preview(stored.digest, picture)
    return BytesIO(picture)


def keep_preview(digest: str, picture: bytes) -> None:
    """Keeps a preview beside the database; it may be deleted at any time."""
    _previews().put(digest, BytesIO(picture))


def _previews() -> FolderStorage:
    return FolderStorage(current_app.extensions["settings"].instance / "previews")
