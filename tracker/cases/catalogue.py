"""The names behind ids: fields, areas, channels and units, for choices and for the story."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, literal, or_, select, true, union_all

from tracker.cases.models import Area, Channel, Field
from tracker.core.db import db
from tracker.rules.vietnamese import collate
from tracker.units.models import Unit

Choices = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What may be chosen, as (id, name) by name, and the name of each id.

    units: all units, those that have ended as well; valid_units: those of today.
    """

    fields: Choices
    areas: Choices
    channels: Choices
    units: Choices
    valid_units: Choices
    names: dict[str, str]


def catalogue(today: date) -> Catalogue:
    """All names, and the units that exist on the local date `today`. One query."""
    exists = and_(
        or_(Unit.valid_from.is_(None), Unit.valid_from <= today),
        or_(Unit.valid_to.is_(None), Unit.valid_to >= today),
    )
    rows = db.session.execute(
        union_all(
            *(
                select(literal(table.__tablename__), table.id, table.name, true())
                for table in (Field, Area, Channel)
            ),
            select(literal("unit"), Unit.id, Unit.name, exists),
        )
    ).all()
    named = [(table, str(id), name, is_valid) for table, id, name, is_valid in rows]
    named.sort(key=lambda row: collate(row[2]))
    chosen = {
        wanted: [(id, name) for table, id, name, _ in named if table == wanted]
        for wanted in ("field", "area", "channel", "unit")
    }
    return Catalogue(
        fields=chosen["field"],
        areas=chosen["area"],
        channels=chosen["channel"],
        units=chosen["unit"],
        valid_units=[(id, name) for table, id, name, valid in named if table == "unit" and valid],
        names={id: name for _table, id, name, _valid in named},
    )
