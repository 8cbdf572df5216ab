"""Whether somebody works where cases lie: nobody notices one that nobody can open."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, column, func, or_, select, tuple_
from sqlalchemy import table as sql_table

from tracker.core.db import db
from tracker.rules.access import (
    PERMISSIONS,
    SHOWN_TO_ADMINISTRATOR,
    SIGHT,
    Confidentiality,
    Reach,
)
from tracker.rules.workflow import Role
from tracker.units.models import Membership, Unit, User

# Cases stand above units: only these columns of theirs are known here.
_CASE = sql_table(
    "case_file",
    column("id", Uuid()),
    column("unit_id", Uuid()),
    column("state"),
    column("confidentiality"),
)
_ASSIGNMENT = sql_table(
    "assignment", column("case_id", Uuid()), column("unit_id", Uuid()), column("ended_on")
)
# Who brings a case on: leaders and auditors read, officers log.
WORKING = PERMISSIONS["case:assign"] | PERMISSIONS["case:answer"]

FORESEEN = timedelta(days=30)


class LeftAlone(NamedTuple):
    """Open cases that nobody would work on any more, and the unit at which the role is held."""

    unit: str
    cases: int


class Ending(NamedTuple):
    """A role that nobody has at a unit after a local date."""

    last_day: date
    unit: str
    unit_id: UUID
    role: Role


def working(reach: Reach, level: Confidentiality) -> frozenset[Role]:
    """The roles that bring on cases at `level` through the tie `reach`."""
    return frozenset(
        role
        for role in WORKING
        if (sight := SIGHT[role]) and sight.reach is reach and level in sight.clearance
    )


def is_served(unit_id: UUID, roles: Iterable[Role], today: date) -> bool:
    """Whether somebody has one of `roles` at the unit, or above it, on the local date `today`."""
    above = select(Unit.id, Unit.parent_id).where(Unit.id == unit_id).cte("above", recursive=True)
    above = above.union(select(Unit.id, Unit.parent_id).where(Unit.id == above.c.parent_id))
    found = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.unit_id.in_(select(above.c.id)),
            Membership.role.in_(sorted(roles)),
            _stands(today),
        )
        .limit(1)
    )
    return db.session.scalar(found) is not None


def without_people(unit_ids: Iterable[UUID], today: date) -> list[str]:
    """The names of those units where nobody would see what they are asked, by name."""
    names = db.session.execute(
        select(Unit.id, Unit.name).where(Unit.id.in_(list(unit_ids))).order_by(Unit.name)
    )
    roles = working(Reach.ASSIGNED, Confidentiality.NORMAL)
    return [name for unit_id, name in names if not is_served(unit_id, roles, today)]


def left_alone(lost: Sequence[Membership], today: date) -> list[LeftAlone]:
    """What nobody would work on without the roles `lost`, for each of these that matters.

    Denunciations aren't counted: a number would tell of them. Where one might be left alone the
    unit is named, whether there is one or not.
    """
    parents: dict[UUID, UUID | None] = {
        unit.id: unit.parent_id for unit in db.session.execute(select(Unit.id, Unit.parent_id))
    }
    gone = [role.id for role in lost]
    others = db.session.execute(
        select(Membership.role, Membership.unit_id)
        .join(User, User.id == Membership.user_id)
        .where(_stands(today), Membership.id.not_in(gone), Membership.role.in_(sorted(WORKING)))
    ).all()
    held = {(Role(role), unit_id) for role, unit_id in others}
    found = []
    for role in lost:
        if Role(role.role) not in WORKING:
            continue
        sight = SIGHT[Role(role.role)]
        assert sight is not None  # who works on cases sees some
        unserved = [
            (unit_id, level)
            for unit_id in parents
            if role.unit_id in (line := _line(unit_id, parents))
            for level in sight.clearance
            if not any((each, at) in held for each in working(sight.reach, level) for at in line)
        ]
        cases = _open_cases(sight.reach, unserved)
        if cases or any(level is Confidentiality.DENUNCIATION for _id, level in unserved):
            found.append(LeftAlone(role.unit.name, cases))
    return found


def ending(units: Iterable[Unit], today: date) -> list[Ending]:
    """The roles that bring on cases which nobody will have any more at `units`, or has no more.

    As far as it is foreseen for the next `FORESEEN`: a role that somebody has for good, there or
    above, isn't among them, nor what nobody ever had. The earliest first.
    """
    parents: dict[UUID, UUID | None] = {
        unit.id: unit.parent_id for unit in db.session.execute(select(Unit.id, Unit.parent_id))
    }
    last_days: dict[tuple[str, UUID], date] = {}
    for role, unit_id, valid_to in db.session.execute(
        select(Membership.role, Membership.unit_id, Membership.valid_to)
        .join(User, User.id == Membership.user_id)
        .where(Membership.role.in_(sorted(WORKING)), User.disabled_at.is_(None))
    ):
        held = role, unit_id
        last_days[held] = max(last_days.get(held, date.min), valid_to or date.max)
    found = []
    for unit in units:
        for role in sorted(WORKING):
            if (role, unit.id) in last_days:
                held_at = ((role, at) for at in _line(unit.id, parents))
                last_day = max(last_days.get(held, date.min) for held in held_at)
                if last_day < today + FORESEEN:
                    found.append(Ending(last_day, unit.name, unit.id, role))
    return sorted(found)


def _stands(today: date) -> ColumnElement[bool]:
    return and_(
        Membership.valid_from <= today,
        or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
        User.disabled_at.is_(None),
    )


def _line(unit_id: UUID, parents: dict[UUID, UUID | None]) -> list[UUID]:
    """The unit and all those above it."""
    line: list[UUID] = []
    at: UUID | None = unit_id
    while at is not None and at not in line:
        line.append(at)
        at = parents.get(at)
    return line


def _open_cases(reach: Reach, unserved: Sequence[tuple[UUID, Confidentiality]]) -> int:
    shown = [pair for pair in unserved if pair[1] in SHOWN_TO_ADMINISTRATOR]
    cases = select(func.count(_CASE.c.id.distinct())).where(_CASE.c.state != "closed")
    unit_id = _CASE.c.unit_id
    if reach is Reach.ASSIGNED:
        cases = cases.join(_ASSIGNMENT, _ASSIGNMENT.c.case_id == _CASE.c.id)
        cases = cases.where(_ASSIGNMENT.c.ended_on.is_(None))
        unit_id = _ASSIGNMENT.c.unit_id
    wanted = tuple_(unit_id, _CASE.c.confidentiality).in_(shown)
    return db.session.scalar(cases.where(wanted)) or 0 if shown else 0
