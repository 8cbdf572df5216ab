"""Changing the catalogues that cases point into: fields, areas, channels.

Nothing is ever removed: what is retired is offered no more, cases keep it, and a register that
names it still means it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, exists, select

from tracker.cases.models import Area, Channel, Field, StandardText
from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.rules.vietnamese import clean, fold, fold_place
from tracker.units.administration import managed, note
from tracker.units.models import Unit
from tracker.units.queries import Viewer

LONGEST_NAME = 100

CatalogueRow = Field | Area | Channel


@dataclass(frozen=True, slots=True)
class Kind:
    """One catalogue. folded: a name as two of them are compared."""

    table: type[Field] | type[Area] | type[Channel]
    folded: Callable[[str], str] = fold

    @property
    def subject(self) -> str:
        """What the record of administration calls its rows."""
        return self.table.__tablename__


KINDS: dict[str, Kind] = {
    "fields": Kind(Field),
    "areas": Kind(Area, fold_place),
    "channels": Kind(Channel),
}


def rows(kind: str) -> list[CatalogueRow]:
    """All rows of a catalogue, those that are retired as well."""
    return list(db.session.scalars(select(KINDS[kind].table)))


def find(kind: str, row_id: UUID) -> CatalogueRow | None:
    """The row, None where there is none."""
    found: CatalogueRow | None = db.session.scalars(_one(kind, row_id)).first()
    return found


def add(kind: str, *, actor: Viewer, name: str, now: datetime) -> CatalogueRow:
    """Adds a row. Raises Refused for a missing name and for one that is there already."""
    _must_manage_all(actor)
    with transaction():
        name, folded = _checked(kind, name, None)
        row = KINDS[kind].table(id=new_id(), name=name, folded_name=folded)
        db.session.add(row)
        note(actor, "add", KINDS[kind].subject, row.id, now, changes={"name": [None, name]})
    return row


def rename(kind: str, row_id: UUID, *, actor: Viewer, name: str, now: datetime) -> CatalogueRow:
    """Gives a row another name, in all its cases. Refuses what `add` refuses."""
    _must_manage_all(actor)
    with transaction():
        row = _row(kind, row_id)
        before = row.name
        row.name, row.folded_name = _checked(kind, name, row_id)
        if row.name != before:
            changes = {"name": [before, row.name]}
            note(actor, "rename", KINDS[kind].subject, row_id, now, changes=changes)
    return row


def retire(kind: str, row_id: UUID, *, actor: Viewer, now: datetime) -> CatalogueRow:
    """From today on the row is offered no more; cases that have it keep it."""
    _must_manage_all(actor)
    with transaction():
        row = _row(kind, row_id)
        put_away(row, actor, now)
    return row


def offer_again(kind: str, row_id: UUID, *, actor: Viewer, now: datetime) -> CatalogueRow:
    """A retired row may be chosen again."""
    _must_manage_all(actor)
    with transaction():
        row = _row(kind, row_id)
        take_out_again(row, actor, now)
    return row


def put_away(row: CatalogueRow | StandardText, actor: Viewer, now: datetime) -> None:
    """Retires a row, inside the caller's transaction."""
    if row.retired_on is not None:
        raise OutOfDate(_("Mục này đã ngừng dùng."))
    row.retired_on = local_date(now)
    note(actor, "retire", row.__tablename__, row.id, now)


def take_out_again(row: CatalogueRow | StandardText, actor: Viewer, now: datetime) -> None:
    """Offers a retired row again, inside the caller's transaction."""
    if row.retired_on is None:
        raise OutOfDate(_("Mục này đang dùng."))
    row.retired_on = None
    note(actor, "offer_again", row.__tablename__, row.id, now)


def may_manage_all(actor: Viewer) -> bool:
    """Whether `actor` administers a topmost unit: catalogues belong to all units in common."""
    top = exists().where(Unit.id.in_(managed(actor)), Unit.parent_id.is_(None))
    return actor.sees_everything or bool(db.session.scalar(select(top)))


def _must_manage_all(actor: Viewer) -> None:
    if not may_manage_all(actor):
        raise NotAllowed(_("Danh mục dùng chung: chỉ quản trị của đơn vị cao nhất sửa được."))


def _row(kind: str, row_id: UUID) -> CatalogueRow:
    statement = _one(kind, row_id).with_for_update()
    row: CatalogueRow
    row = db.session.scalars(statement.execution_options(populate_existing=True)).one()
    return row


def _one(kind: str, row_id: UUID) -> Select[Any]:
    table = KINDS[kind].table
    return select(table).where(table.id == row_id)


def _checked(kind: str, name: str, row_id: UUID | None) -> tuple[str, str]:
    """The name as it is kept, and folded."""
    name = clean(name)
    folded = KINDS[kind].folded(name)
    table = KINDS[kind].table
    same: Select[Any] = select(table).where(table.folded_name == folded)
    must_be_a_new_name(name, folded, db.session.scalar(same), row_id)
    return name, folded


def must_be_a_new_name(
    name: str, folded: str, same: CatalogueRow | StandardText | None, row_id: UUID | None
) -> None:
    """Refuses a missing name, one that is too long, and one of another row.

    same: the row with the name `folded`, if there is one. row_id: that of the row to be named,
    None of a new one.
    """
    if not folded:
        raise Refused(_("Hãy ghi tên."), "name")
    if len(name) > LONGEST_NAME:
        raise Refused(_("Không quá %(max)d ký tự.", max=LONGEST_NAME), "name")
    if same is not None and same.id != row_id:
        if same.retired_on is not None:
            raise Refused(
                _("“%(name)s” đã có, đang ngừng dùng; hãy cho dùng lại.", name=same.name), "name"
            )
        raise Refused(_("“%(name)s” đã có.", name=same.name), "name")
