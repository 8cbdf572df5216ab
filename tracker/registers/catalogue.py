"""Names in a register and the rows of our catalogues that they mean."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import func, insert, select

from tracker.cases.models import Area, Channel, Field
from tracker.core.db import db, new_id
from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import fold, fold_place
from tracker.units.models import Unit

_WARD = re.compile(r"\b(?:phuong|p\.|xa|thi tran)\s*")


def unit_key(name: str) -> str:
    """A unit's name as it is compared: "UBND P. Bồ Đề" and "UBND phường Bồ Đề" are one."""
    return " ".join(_WARD.sub(" ", fold(name)).split())


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One catalogue that a register's column points into."""

    column: str
    label: str
    table: type[Field] | type[Area] | type[Channel] | type[Unit]
    key: Callable[[str], str]


CATALOGUES: dict[str, Catalogue] = {
    row.column: row
    for row in (
        Catalogue("area", _m("Địa bàn"), Area, fold_place),
        Catalogue("unit", _m("Đơn vị"), Unit, unit_key),
        Catalogue("field", _m("Lĩnh vực"), Field, fold),
        Catalogue("channel", _m("Nguồn"), Channel, fold),
    )
}


@dataclass
class Names:
    """What the names of a register mean: for each column, folded name -> id."""

    known: dict[str, dict[str, UUID]] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "Names":
        """The names of all catalogues as they stand: one query for each."""
        return cls(
            {
                column: dict(
                    db.session.execute(select(catalogue.table.folded_name, catalogue.table.id))
                    .tuples()
                    .all()
                )
                for column, catalogue in CATALOGUES.items()
            }
        )

    def id_of(self, column: str, name: str) -> UUID | None:
        """The id that `name` means in `column`; None for an empty or an unknown name."""
        return self.known[column].get(CATALOGUES[column].key(name)) if name else None

    def is_unknown(self, column: str, name: str) -> bool:
        """Whether something is written that no catalogue has."""
        return bool(name) and CATALOGUES[column].key(name) not in self.known[column]

    def create(self, column: str, names: Iterable[str], parent_id: UUID) -> None:
        """Adds the `names` that are new, once each, inside the caller's transaction.

        parent_id: the unit below which new units stand.
        """
        catalogue = CATALOGUES[column]
        known = self.known[column]
        new = {catalogue.key(name): _display(column, name) for name in reversed(list(names))}
        rows = [
            {"id": new_id(), "name": name, "folded_name": key}
            for key, name in reversed(new.items())
            if key not in known
        ]
        if not rows:
            return
        if catalogue.table is Unit:
            rows = _as_units(rows, parent_id)
        db.session.execute(insert(catalogue.table), rows)
        known.update({str(row["folded_name"]): row["id"] for row in rows})


def _display(column: str, name: str) -> str:
    """The name as it is stored: an area without "phường" before it."""
    if column != "area":
        return name
    words = name.split()
    for length in range(len(words)):
        rest = " ".join(words[length:])
        if fold(rest) == fold_place(name):
            return rest
    return name.split(".", 1)[-1].strip() or name


def _as_units(rows: list[dict[str, object]], parent_id: UUID) -> list[dict[str, object]]:
    taken = db.session.scalar(select(func.count()).select_from(Unit)) or 0
    return [
        {**row, "code": f"DV{taken + place:03d}", "parent_id": parent_id}
        for place, row in enumerate(rows, start=1)
    ]
