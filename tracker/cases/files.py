"""Reads of the files of cases, through the same gate as the cases, and their previews."""

from collections.abc import Sequence
from io import BytesIO
from typing import IO
from uuid import UUID

from flask import current_app
from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import joinedload

from tracker.cases import own_part
from tracker.cases.models import Answer, Attachment, Case, StoredFile
from tracker.cases.queries import agencies, visible
from tracker.core import preview
from tracker.core.content import PDF, PICTURES
from tracker.core.db import db
from tracker.core.storage import FolderStorage, storage
from tracker.rules.workflow import State
from tracker.units.queries import Viewer

READ_DETACHED = "case:read_detached"
PREVIEWED = frozenset({each.media_type for each in PICTURES | {PDF}})


Found = tuple[Attachment, StoredFile, Case]


def find(viewer: Viewer, file_id: UUID) -> Found | None:
    """A file with its content's row and its case, if `viewer` may see that.

    One that was taken away is there only for those who read such files.
    """
    there = true() if viewer.may(READ_DETACHED) else Attachment.removed_at.is_(None)
    return _first(Attachment.id == file_id, there, visible(viewer))


def find_own(viewer: Viewer, file_id: UUID) -> Found | None:
    """A file of the own part that a unit of `viewer` keeps of a case which has left it."""
    found = _first(Attachment.id == file_id, own_part.had_on_desk(viewer))
    part = own_part.find_own_part(viewer, found[2].id) if found else None
    return found if part and file_id in {each.id for each in part.files} else None


def _first(*conditions: ColumnElement[bool]) -> Found | None:
    found = db.session.execute(
        select(Attachment, StoredFile, Case)
        .join(StoredFile, StoredFile.digest == Attachment.digest)
        .join(Case, Case.id == Attachment.case_id)
        .where(*conditions)
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


def may_add_to(viewer: Viewer, answer: Answer) -> bool:
    """Whether `viewer` may add files to `answer`: only the unit that gave it does."""
    if answer.unit_id is None:
        return viewer.may("case:detach_others")
    return answer.unit_id in agencies(viewer)


def may_remove(viewer: Viewer, case: Case, user_id: UUID | None) -> bool:
    """Whether `viewer` may take away a file that `user_id` put to `case`."""
    if viewer.may("case:detach_others"):
        return True
    if case.state == State.CLOSED:
        return False
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
