"""The office that the generated cases belong to: units, catalogues, people who sign in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Any
from uuid import UUID

from argon2 import PasswordHasher
from sqlalchemy import select

from bench import words
from tracker.cases.models import Area, Channel, Field
from tracker.core.db import db, transaction
from tracker.rules.vietnamese import fold
from tracker.rules.workflow import Role
from tracker.units.models import Membership, Unit, User

PASSWORD = "mat-khau-do-toc-do"
DISTRICT_CODE = "QUAN"


@dataclass(frozen=True, slots=True)
class Office:
    """Identifiers as text, by name; `officers` is who logs, by unit."""

    district: str
    wards: dict[str, str]
    departments: dict[str, str]
    fields: dict[str, str]
    areas: dict[str, str]
    channels: tuple[str, ...]
    officers: dict[str, str]
    coordinator: str


def found_office(rng: Random) -> Office:
    """Writes the office into an empty, migrated database. Each role signs in by its name."""
    opened = date(2010, 1, 1)
    with transaction():
        district = _unit(rng, DISTRICT_CODE, words.DISTRICT, None, opened)
        db.session.flush()
        wards = {
            name: _unit(rng, f"P{number:02d}", f"UBND phường {name}", district, opened)
            for number, name in enumerate(words.WARDS, 1)
        }
        departments = {
            name: _unit(rng, f"PB{number:02d}", name, district, opened)
            for number, name in enumerate(words.DEPARTMENTS, 1)
        }
        db.session.flush()
        signing_in = _sign_ins(rng, district, departments, opened)
        officers = {
            str(unit.id): str(_officer(rng, unit, opened).id)
            for unit in (district, *wards.values())
        }
        return Office(
            district=str(district.id),
            wards={name: str(unit.id) for name, unit in wards.items()},
            departments={name: str(unit.id) for name, unit in departments.items()},
            fields=_catalogue(rng, Field, (matter.field for matter in words.MATTERS)),
            areas=_catalogue(rng, Area, words.WARDS),
            channels=tuple(_catalogue(rng, Channel, words.CHANNELS).values()),
            officers=officers,
            coordinator=signing_in[Role.COORDINATOR],
        )


def _id(rng: Random) -> UUID:
    return UUID(int=rng.getrandbits(128), version=4)


def _unit(rng: Random, code: str, name: str, parent: Unit | None, opened: date) -> Unit:
    unit = Unit(
        id=_id(rng),
        code=code,
        name=name,
        folded_name=fold(name),
        parent_id=parent.id if parent else None,
        valid_from=opened,
    )
    db.session.add(unit)
    return unit


def _sign_ins(
    rng: Random, district: Unit, departments: dict[str, Unit], opened: date
) -> dict[Role, str]:
    password_hash = PasswordHasher().hash(PASSWORD)
    department = next(iter(departments.values()))
    users = {}
    for role in Role:
        unit = department if role in (Role.AGENCY_WORKER, Role.AGENCY_HEAD) else district
        user = User(id=_id(rng), login=role.value, name=role.value, password_hash=password_hash)
        _employ(rng, user, unit, role, opened)
        users[role] = str(user.id)
    return users


def _officer(rng: Random, unit: Unit, opened: date) -> User:
    user = User(id=_id(rng), login=f"can-bo-{unit.code}", name=unit.name, password_hash="!")
    _employ(rng, user, unit, Role.RECEPTION_OFFICER, opened)
    return user


def _employ(rng: Random, user: User, unit: Unit, role: Role, opened: date) -> None:
    db.session.add(user)
    db.session.flush()
    db.session.add(
        Membership(id=_id(rng), user_id=user.id, unit_id=unit.id, role=role, valid_from=opened)
    )


def _catalogue(rng: Random, table: Any, names: Iterable[str]) -> dict[str, str]:
    """The rows of `names` in a catalogue, made where the migrations haven't made them."""
    known = {row.folded_name: row for row in db.session.scalars(select(table))}
    found = {}
    for name in dict.fromkeys(names):
        row = known.get(fold(name))
        if row is None:
            row = table(id=_id(rng), name=name, folded_name=fold(name))
            db.session.add(row)
        found[name] = str(row.id)
    db.session.flush()
    return found
