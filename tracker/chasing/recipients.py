"""Who hears a reminder: those at a level who may see the case, or whoever is nearest above."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from tracker.chasing.models import Correspondent
from tracker.core.db import db
from tracker.rules.access import SIGHT, Confidentiality, Reach
from tracker.rules.chasing import AT_THE_AGENCY, LADDER, ROLE_OF, Clock, Level, audience
from tracker.rules.vietnamese import sort_key
from tracker.rules.workflow import Role
from tracker.units.models import Membership, Unit, User
from tracker.units.queries import Viewer


class Recipient(NamedTuple):
    """Who hears a reminder, and in whose place, if in anybody's."""

    user_id: UUID
    stands_in_for_id: UUID | None = None


@dataclass(frozen=True)
class People:
    """Who has which role at which unit on one local date, and who is away."""

    holders: Mapping[tuple[Role, UUID], tuple[UUID, ...]]
    parents: Mapping[UUID, UUID | None]
    stand_ins: Mapping[UUID, UUID]
    _known: dict[tuple[object, ...], tuple[Recipient, ...]] = field(default_factory=dict)

    def hear(
        self,
        clock: Clock,
        level: Level,
        unit_id: UUID | None,
        office_id: UUID | None,
        confidentiality: str,
    ) -> tuple[Recipient, ...]:
        """Who hears a step of `level`; each person once.

        unit_id: the agency, office_id: who received the case. Where nobody at a level may see the
        case, the next level above hears it.
        """
        key = (clock.name, level, unit_id, office_id, confidentiality)
        if key not in self._known:
            found: dict[UUID, Recipient] = {}
            for each in audience(clock, level):
                for one in self._at(each, unit_id, office_id, Confidentiality(confidentiality)):
                    found.setdefault(one.user_id, one)
            for one in self._stand_ins(found, unit_id, office_id, Confidentiality(confidentiality)):
                found.setdefault(one.user_id, one)
            self._known[key] = tuple(found.values())
        return self._known[key]

    def _at(
        self,
        level: Level,
        unit_id: UUID | None,
        office_id: UUID | None,
        confidentiality: Confidentiality,
    ) -> Iterable[Recipient]:
        for each in LADDER[LADDER.index(level) :] if level in LADDER else (level,):
            sight = SIGHT[ROLE_OF[each]]
            if sight is not None and confidentiality not in sight.clearance:
                continue
            at = unit_id if each in AT_THE_AGENCY else office_id
            if found := self._nearest(ROLE_OF[each], at):
                return [Recipient(user_id) for user_id in found]
        return ()

    def _nearest(self, role: Role, at: UUID | None) -> tuple[UUID, ...]:
        while at is not None:
            if found := self.holders.get((role, at)):
                return found
            at = self.parents.get(at)
        return ()

    def _stand_ins(
        self,
        absent: Iterable[UUID],
        unit_id: UUID | None,
        office_id: UUID | None,
        confidentiality: Confidentiality,
    ) -> list[Recipient]:
        """Who hears in the place of those who are away: only what they may see themselves."""
        return [
            Recipient(stand_in, user_id)
            for user_id in absent
            if (stand_in := self.stand_ins.get(user_id))
            and self._may_see(stand_in, unit_id, office_id, confidentiality)
        ]

    def _may_see(
        self,
        user_id: UUID,
        unit_id: UUID | None,
        office_id: UUID | None,
        confidentiality: Confidentiality,
    ) -> bool:
        for role, sight in SIGHT.items():
            if sight is None or confidentiality not in sight.clearance:
                continue
            at = unit_id if sight.reach == Reach.ASSIGNED else office_id
            while at is not None:
                if user_id in self.holders.get((role, at), ()):
                    return True
                at = self.parents.get(at)
        return False


def colleagues(viewer: Viewer, today: date) -> dict[UUID, str]:
    """Who may stand in for a person: those with one of the same roles at the same unit, by name."""
    own, other = aliased(Membership), aliased(Membership)
    held = select(User.id, User.name).where(
        User.id != viewer.user_id,
        User.disabled_at.is_(None),
        exists()
        .where(own.user_id == viewer.user_id, other.user_id == User.id)
        .where(own.role == other.role, own.unit_id == other.unit_id)
        .where(_holds(own, today), _holds(other, today)),
    )
    found = {row.id: row.name for row in db.session.execute(held)}
    return dict(sorted(found.items(), key=lambda each: sort_key(each[1])))


def _holds(membership: type[Membership], today: date) -> ColumnElement[bool]:
    return and_(
        membership.valid_from <= today,
        or_(membership.valid_to.is_(None), membership.valid_to >= today),
    )


def people(today: date) -> People:
    """Who has which role on the local date `today`."""
    held = db.session.execute(
        select(Membership.role, Membership.unit_id, Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(User.disabled_at.is_(None), _holds(Membership, today))
        .order_by(Membership.user_id)
    )
    holders: dict[tuple[Role, UUID], tuple[UUID, ...]] = {}
    for role, unit_id, user_id in held:
        key = (Role(role), unit_id)
        holders[key] = (*holders.get(key, ()), user_id)
    away = select(Correspondent.user_id, Correspondent.stand_in_id).where(
        Correspondent.away_from <= today,
        Correspondent.away_until >= today,
        Correspondent.stand_in_id.is_not(None),
    )
    units = db.session.execute(select(Unit.id, Unit.parent_id))
    parents = {unit.id: unit.parent_id for unit in units}
    stand_ins = {one: other for one, other in db.session.execute(away) if other is not None}
    return People(holders, parents, stand_ins)
