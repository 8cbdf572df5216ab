"""Who hears a reminder: those at a level who may see the case, or whoever is nearest above."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import or_, select

from tracker.chasing.models import Correspondent
from tracker.core.db import db
from tracker.rules.access import SIGHT, Confidentiality
from tracker.rules.chasing import AT_THE_AGENCY, LADDER, ROLE_OF, Clock, Level, audience
from tracker.rules.workflow import Role
from tracker.units.models import Membership, Unit, User


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
                return self._with_stand_ins(found)
        return ()

    def _nearest(self, role: Role, at: UUID | None) -> tuple[UUID, ...]:
        while at is not None:
            if found := self.holders.get((role, at)):
                return found
            at = self.parents.get(at)
        return ()

    def _with_stand_ins(self, user_ids: Iterable[UUID]) -> Iterable[Recipient]:
        for user_id in user_ids:
            yield Recipient(user_id)
            if stand_in := self.stand_ins.get(user_id):
                yield Recipient(stand_in, user_id)


def people(today: date) -> People:
    """Who has which role on the local date `today`."""
    held = db.session.execute(
        select(Membership.role, Membership.unit_id, Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(
            User.disabled_at.is_(None),
            Membership.valid_from <= today,
            or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
        )
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
