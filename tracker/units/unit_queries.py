"""Reads of the units: the tree, one unit with its people, where its work went."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from tracker.core.db import db
from tracker.rules.vietnamese import collate
from tracker.units.models import Membership, Unit, UnitChange, UnitSuccession, User


class Placed(NamedTuple):
    """A unit and how deep it stands in the tree."""

    unit: Unit
    depth: int


def exists_on(unit: Unit, day: date) -> bool:
    """Whether the unit exists on a local date."""
    began = unit.valid_from is None or unit.valid_from <= day
    return began and (unit.valid_to is None or unit.valid_to >= day)


def all_units() -> list[Unit]:
    """Every unit, also those that ended, by name."""
    return sorted(db.session.scalars(select(Unit)), key=lambda unit: collate(unit.name))


def tree(units: Iterable[Unit]) -> list[Placed]:
    """`units` from the topmost down, each followed by those below it."""
    units = list(units)
    known = {unit.id for unit in units}
    below: dict[UUID | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id if unit.parent_id in known else None, []).append(unit)

    def walk(parent_id: UUID | None, depth: int) -> Iterator[Placed]:
        for unit in below.get(parent_id, ()):
            yield Placed(unit, depth)
            yield from walk(unit.id, depth + 1)

    return list(walk(None, 0))


def find(unit_id: UUID) -> Unit | None:
    """The unit, None where there is none."""
    return db.session.get(Unit, unit_id)


def members(unit_id: UUID) -> Sequence[Any]:
    """(user_id, name, role, valid_from, valid_to, disabled_at) of who has or had a role there."""
    return db.session.execute(
        select(
            User.id,
            User.name,
            Membership.role,
            Membership.valid_from,
            Membership.valid_to,
            User.disabled_at,
        )
        .join(User, User.id == Membership.user_id)
        .where(Membership.unit_id == unit_id)
        .order_by(Membership.valid_to.isnot(None), User.name, Membership.role)
    ).all()


def successions(unit_id: UUID) -> Sequence[Any]:
    """What went over from the unit or to it: (old, new, reason, happened_on, document, change_id),
    each with `old_id` and `new_id`."""
    new = aliased(Unit)
    return db.session.execute(
        select(
            Unit.id.label("old_id"),
            Unit.name.label("old"),
            new.id.label("new_id"),
            new.name.label("new"),
            UnitSuccession.reason,
            UnitSuccession.happened_on,
            UnitSuccession.document,
            UnitSuccession.change_id,
        )
        .join(Unit, Unit.id == UnitSuccession.unit_id)
        .join(new, new.id == UnitSuccession.successor_id)
        .where(or_(UnitSuccession.unit_id == unit_id, UnitSuccession.successor_id == unit_id))
        .order_by(UnitSuccession.happened_on.desc(), Unit.name)
    ).all()


def latest_changes(limit: int = 20) -> Sequence[UnitChange]:
    """The last changes of units, those undone as well."""
    return db.session.scalars(
        select(UnitChange).order_by(UnitChange.recorded_at.desc()).limit(limit)
    ).all()


def change_successions(change_id: UUID) -> Sequence[Any]:
    """(old_id, old, new_id, new) of one change."""
    new = aliased(Unit)
    return db.session.execute(
        select(
            Unit.id.label("old_id"),
            Unit.name.label("old"),
            new.id.label("new_id"),
            new.name.label("new"),
        )
        .select_from(UnitSuccession)
        .join(Unit, Unit.id == UnitSuccession.unit_id)
        .join(new, new.id == UnitSuccession.successor_id)
        .where(UnitSuccession.change_id == change_id)
        .order_by(Unit.name, new.name)
    ).all()


def levels() -> dict[UUID, str | None]:
    """Each unit -> its level, that of the nearest unit above it where it says none itself."""
    units = {
        unit.id: unit for unit in db.session.execute(select(Unit.id, Unit.parent_id, Unit.level))
    }

    def level_of(unit_id: UUID | None) -> str | None:
        seen: set[UUID] = set()
        while unit_id is not None and unit_id not in seen:
            seen.add(unit_id)
            if units[unit_id].level:
                return str(units[unit_id].level)
            unit_id = units[unit_id].parent_id
        return None

    return {unit_id: level_of(unit_id) for unit_id in units}


def present_units() -> dict[UUID, UUID | None]:
    """Units that have ended -> the one that has all of their work today, None where it was split.

    A chain of successions is followed as long as each unit has exactly one successor.
    """
    successors: dict[UUID, list[UUID]] = {}
    for old_id, new_id in db.session.execute(
        select(UnitSuccession.unit_id, UnitSuccession.successor_id)
    ):
        successors.setdefault(old_id, []).append(new_id)
    return {unit_id: _end_of_chain(unit_id, successors) for unit_id in successors}


def heir(unit_id: UUID, today: date) -> Unit | None:
    """The unit that keeps the files of `unit_id`, which ended before the local date `today`.

    None where the unit exists, and where nobody took over the rest of its work.
    """
    return _taker(unit_id, None, today)


def successor(unit_id: UUID, area_id: UUID | None, today: date) -> Unit | None:
    """The unit that took over the work of `unit_id` in an area, as the change of units ordered it.

    Where none was given the area by name it is the heir; None as there.
    """
    return _taker(unit_id, str(area_id or ""), today)


def _taker(unit_id: UUID, area: str | None, today: date) -> Unit | None:
    unit = db.session.get_one(Unit, unit_id)
    seen = {unit_id}
    while not exists_on(unit, today):
        rows = db.session.execute(
            select(Unit, UnitSuccession.takes_rest, UnitSuccession.areas)
            .join(UnitSuccession, UnitSuccession.successor_id == Unit.id)
            .where(UnitSuccession.unit_id == unit.id)
        ).all()
        of_the_rest = next((taker for taker, takes_rest, _areas in rows if takes_rest), None)
        taker = next((taker for taker, _rest, areas in rows if area in areas), of_the_rest)
        if taker is None or taker.id in seen:
            break
        unit = taker
        seen.add(unit.id)
    return unit if unit.id != unit_id else None


def _end_of_chain(unit_id: UUID, successors: dict[UUID, list[UUID]]) -> UUID | None:
    at, seen = unit_id, {unit_id}
    while len(successors.get(at, ())) == 1 and successors[at][0] not in seen:
        at = successors[at][0]
        seen.add(at)
    return at if at != unit_id else None
