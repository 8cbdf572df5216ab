"""The section of a case's page that shows its files and takes new ones."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask import current_app
from flask_babel import format_decimal

from tracker.cases import files
from tracker.cases.file_forms import FileForm, answer_label
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
            may_remove=files.may_remove(reader, row.user_id),
        )
        for row in whole.files
    ]
    form = refused
    if form is None and reader.may("case:attach"):
        # An agency that has answered sends the papers of its answer.
        own = [str(each.id) for each in whole.answers if each.unit_id == reader.unit_id]
        form = FileForm(formdata=None, answer_id=own[-1] if own else None)
    if form is not None:
        form.offer(whole.answers)
    return FileSection(rows, form, current_app.extensions["settings"].max_upload_megabytes)


def size_in_words(size: int) -> str:
    """1,2 MB; 340 kB; never 0."""
    if size >= 1_000_000:
        return f"{format_decimal(size / 1_000_000, format='#,##0.0')} MB"
    return f"{max(1, round(size / 1000))} kB"
