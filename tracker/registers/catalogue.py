"""Names in a register and the rows of our catalogues that they mean."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select

from tracker.cases.models import Area, Channel, Field
from tracker.core.db import db, new_id
from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import clean, fold, fold_place
from tracker.units.models import Unit

# Cut before the marks are, as Phương Mai is a name; "xã hội" is no commune.
_WARD = re.compile(
    r"\b(?:(?:phường|phuong|xã(?! hội)|thị trấn|thi tran)\b|p(?:\s*\.|\s)|p(?=\d))[\s.]*"
)


def unit_key(name: str) -> str:
    """A unit's name as it is compared: "UBND P. Bồ Đề" and "UBND phường Bồ Đề" are one."""
    return fold(_WARD.sub("", clean(name).lower(), count=1))


def area_name(name: str) -> str:
    """An area's name as it is kept: "Bồ Đề" for "P. Bồ Đề" and for "phường Bồ Đề"."""
    written = clean(name)
    # Folding keeps the number of letters, so the bare name is the end of what is written.
    return written[len(written) - len(fold_place(written)) :]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One catalogue that a register's column points into.

    key: a name as it is compared. kept: a name as a new row keeps it.
    """

    column: str
    label: str
    table: type[Field] | type[Area] | type[Channel] | type[Unit]
    key: Callable[[str], str] = fold
    kept: Callable[[str], str] = str


CATALOGUES: dict[str, Catalogue] = {
    row.column: row
    for row in (
        Catalogue("area", _m("Địa bàn"), Area, fold_place, area_name),
        Catalogue("unit", _m("Đơn vị"), Unit, unit_key),
        Catalogue("field", _m("Lĩnh vực"), Field),
        Catalogue("channel", _m("Kênh tiếp nhận"), Channel),
    )
}


@dataclass(frozen=True, slots=True)
class _Meaning:
    """A row that a name may mean, and the days on which it does."""

    id: UUID
    valid_from: date
    valid_to: date
    is_near: bool = True

    def fits(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


class Names:
    """What the names of a register mean to the unit that keeps it."""

    def __init__(self, meanings: dict[str, dict[str, list[_Meaning]]]) -> None:
        """meanings: column -> name as it is compared -> the rows that it may mean."""
        self._meanings = meanings

    @classmethod
    def load(cls, unit_id: UUID) -> "Names":
        """The names as they stand, for the register of unit `unit_id`: one query a catalogue."""
        names = cls({column: {} for column in CATALOGUES})
        for column, catalogue in CATALOGUES.items():
            if catalogue.table is Unit:
                names._add_units(catalogue, unit_id)
                continue
            for row in db.session.execute(select(catalogue.table.id, catalogue.table.name)):
                names._add(column, catalogue.key(row.name), _always(row.id))
        return names

    def id_of(self, column: str, name: str, day: date) -> UUID | None:
        """The id that `name` means in `column` on `day`; None for an empty or unknown name."""
        found = self._meant(column, name, day)
        return found[0].id if found else None

    def is_unknown(self, column: str, name: str) -> bool:
        """Whether something is written that no catalogue has."""
        return bool(name) and CATALOGUES[column].key(name) not in self._meanings[column]

    def is_ambiguous(self, column: str, name: str, day: date) -> bool:
        """Whether `name` may mean several rows on `day`, and nothing says which."""
        return len(self._meant(column, name, day)) > 1

    def create(self, column: str, names: Iterable[str], parent_id: UUID) -> None:
        """Adds those of `names` that are new, inside the caller's transaction.

        Each comes once, written as it first is. parent_id: the unit below which new units stand.
        """
        catalogue = CATALOGUES[column]
        new: dict[str, str] = {}
        for name in names:
            if self.is_unknown(column, name):
                new.setdefault(catalogue.key(name), catalogue.kept(name))
        rows: list[dict[str, Any]] = [
            {"id": new_id(), "name": name, "folded_name": key} for key, name in new.items()
        ]
        if not rows:
            return
        if catalogue.table is Unit:
            rows = _as_units(rows, parent_id)
        db.session.execute(insert(catalogue.table), rows)
        for key, row in zip(new, rows, strict=True):
            self._add(column, key, _always(row["id"]))

    def _meant(self, column: str, name: str, day: date) -> list[_Meaning]:
        """What `name` may mean: before all what exists on `day`, then what is near."""
        if not name:
            return []
        found = self._meanings[column].get(CATALOGUES[column].key(name), [])
        if len(found) < 2:
            return found
        fitting = [each for each in found if each.fits(day)] or found
        return [each for each in fitting if each.is_near] or fitting

    def _add(self, column: str, key: str, meaning: _Meaning) -> None:
        self._meanings[column].setdefault(key, []).append(meaning)

    def _add_units(self, catalogue: Catalogue, unit_id: UUID) -> None:
        """Adds all units; near are those of the same tree as `unit_id`, below its topmost unit."""
        units = db.session.execute(
            select(Unit.id, Unit.name, Unit.parent_id, Unit.valid_from, Unit.valid_to).order_by(
                Unit.code
            )
        ).all()
        parents = {unit.id: unit.parent_id for unit in units}
        top = _top(unit_id, parents)
        for unit in units:
            self._add(catalogue.column, catalogue.key(unit.name), _while_valid(unit, top, parents))


def _always(row_id: UUID) -> _Meaning:
    return _Meaning(row_id, date.min, date.max)


def _while_valid(
    unit: Row[UUID, str, UUID | None, date | None, date | None],
    top: UUID,
    parents: Mapping[UUID, UUID | None],
) -> _Meaning:
    return _Meaning(
        unit.id,
        unit.valid_from or date.min,
        unit.valid_to or date.max,
        is_near=_top(unit.id, parents) == top,
    )


def _top(unit_id: UUID, parents: Mapping[UUID, UUID | None]) -> UUID:
    """The unit above `unit_id` that stands below no other."""
    while (parent := parents[unit_id]) is not None:
        unit_id = parent
    return unit_id


def _as_units(rows: list[dict[str, Any]], parent_id: UUID) -> list[dict[str, Any]]:
    """The rows with codes that are free, below the unit `parent_id`."""
    taken = set(db.session.scalars(select(Unit.code).where(Unit.code.like("DV%"))))
    free = (code for number in count(1) if (code := f"DV{number:03d}") not in taken)
    return [{**row, "code": next(free), "parent_id": parent_id} for row in rows]
