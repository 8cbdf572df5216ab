"""The names behind ids: fields, areas, channels and units, for choices and for the story."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    and_,
    bindparam,
    cast,
    literal,
    null,
    or_,
    select,
    true,
    union_all,
)

from tracker.cases import clocks
from tracker.cases.models import Area, CalendarDay, Channel, Field
from tracker.core.db import db
from tracker.rules.vietnamese import collate
from tracker.units.models import Unit

Choices = list[tuple[str, str]]

KINDS = (Field, Area, Channel)

_TODAY = bindparam("today", type_=Date())
_NO_DAY = cast(null(), Date)
_CORRECTIONS = select(
    literal(CalendarDay.__tablename__),
    CalendarDay.id,
    CalendarDay.kind,
    CalendarDay.source,
    true(),
    CalendarDay.day,
).where(CalendarDay.removed_at.is_(None))

_sorting = lru_cache(maxsize=4096)(collate)


@dataclass(frozen=True, slots=True)
class Named:
    """One row of a catalogue.

    key: by which addresses speak of it, the name itself or a unit's code.
    is_valid: whether it exists today, and isn't retired.
    """

    id: UUID
    key: str
    name: str
    is_valid: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All rows of each catalogue, by name."""

    fields: Sequence[Named]
    areas: Sequence[Named]
    channels: Sequence[Named]
    units: Sequence[Named]

    def names(self) -> dict[str, str]:
        """The name of each id, as the story writes ids."""
        everything = (self.fields, self.areas, self.channels, self.units)
        return {str(row.id): row.name for rows in everything for row in rows}


def by_id(rows: Sequence[Named]) -> Choices:
    """(id, name) of those rows that may be chosen today."""
    return [(str(row.id), row.name) for row in rows if row.is_valid]


def by_key(rows: Sequence[Named]) -> Choices:
    """(key, name) of all rows."""
    return [(row.key, row.name) for row in rows]


def id_of(rows: Sequence[Named], key: str | None) -> UUID | None:
    """The id of the row that is called `key`."""
    return next((row.id for row in rows if row.key == key), None)


def _offered(kind: type[Field] | type[Area] | type[Channel]) -> ColumnElement[bool]:
    """The condition under which a row may be chosen on the local date `:today`."""
    return or_(kind.retired_on.is_(None), kind.retired_on > _TODAY)


def _everything() -> CompoundSelect[Any]:
    """All catalogues and the calendar's corrections, as rows of one shape."""
    exists = and_(
        or_(Unit.valid_from.is_(None), Unit.valid_from <= _TODAY),
        or_(Unit.valid_to.is_(None), Unit.valid_to >= _TODAY),
    )
    return union_all(
        *(
            select(
                literal(kind.__tablename__),
                kind.id,
                kind.name,
                kind.name,
                _offered(kind),
                _NO_DAY,
            )
            for kind in KINDS
        ),
        select(literal(Unit.__tablename__), Unit.id, Unit.code, Unit.name, exists, _NO_DAY),
        _CORRECTIONS,
    )


# Put together once: most pages ask it.
_EVERYTHING = _everything()


def catalogue(today: date) -> Catalogue:
    """All catalogues, with the units that exist on the local date `today`. One query.

    It brings the calendar's corrections along, which the pages that need names need too.
    """
    rows = db.session.execute(_EVERYTHING, {"today": today}).all()
    clocks.remember((row[5], row[2], row[3]) for row in rows if row[5])
    named = (row for row in rows if not row[5])
    sorted_rows = sorted(named, key=lambda row: _sorting(row[3]))
    found: dict[str, list[Named]] = {kind.__tablename__: [] for kind in (*KINDS, Unit)}
    for kind, id, key, name, is_valid, _day in sorted_rows:
        found[kind].append(Named(id, key, name, is_valid))
    return Catalogue(*found.values())
