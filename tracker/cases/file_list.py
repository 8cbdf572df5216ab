"""The section of a case's page that shows its files and takes new ones."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import current_app
from flask_babel import format_decimal

from tracker.cases import files
from tracker.cases.file_forms import FileForm, answer_label
from tracker.cases.own_part import OwnPart
from tracker.cases.queries import WholeCase
from tracker.core.content import ACCEPTED, TYPES
from tracker.units.queries import Viewer


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A file in words. kind: marked for translation; answer: the answer that it belongs to."""

    id: UUID
    name: str
    kind: str
    size: str
    recorded_at: datetime
    user: str | None
    answer: str | None
    has_preview: bool
    may_remove: bool
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class FileSection:
    """What the section shows. form: None for those who may send nothing; most: in MB."""

    rows: list[ShownFile]
    form: FileForm | None
    most: int
    accept: str = ACCEPTED


def section(whole: WholeCase, reader: Viewer, refused: FileForm | None) -> FileSection:
    """The section for `reader`; `refused` is the form that was just refused, if any."""
    labels = {each.id: answer_label(each) for each in whole.answers}
    rows = [
        ShownFile(
            id=row.id,
            name=row.name,
            kind=TYPES[row.media_type].label,
            size=size_in_words(row.size),
            recorded_at=row.recorded_at,
            user=row.user,
            answer=labels[row.answer_id] if row.answer_id else None,
            has_preview=row.media_type in files.PREVIEWED,
            may_remove=row.removed_at is None and files.may_remove(reader, whole.case, row.user_id),
            removed_at=row.removed_at,
        )
        for row in whole.files
    ]
    form = refused
    if form is None and reader.may("case:attach"):
        # An agency that has answered sends the papers of its answer.
        own = [each for each in whole.answers if files.may_add_to(reader, each)]
        form = FileForm(formdata=None, answer_id=str(own[-1].id) if own else None)
        form.offer(own)
    return FileSection(rows, form, current_app.extensions["settings"].max_upload_megabytes)


def own_files(part: OwnPart) -> list[ShownFile]:
    """The files of an own part, to be fetched and no more."""
    return [
        ShownFile(
            id=each.id,
            name=each.name,
            kind=TYPES[each.media_type].label,
            size=size_in_words(each.size),
            recorded_at=each.recorded_at,
            user=None,
            answer=None,
            has_preview=False,
            may_remove=False,
        )
        for each in part.files
    ]


def size_in_words(size: int) -> str:
    """1,2 MB; 340 kB; never 0."""
    if size >= 1_000_000:
        return f"{format_decimal(size / 1_000_000, format='#,##0.0')} MB"
    return f"{max(1, round(size / 1000))} kB"
