"""Reads of accounts: who there is, which roles, and who may be administered by whom."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import aliased

from tracker.core.db import db
from tracker.rules.vietnamese import collate, fold
from tracker.units.administration import managed
from tracker.units.models import Membership, Unit, User
from tracker.units.queries import Viewer


def within_reach(actor: Viewer, today: date) -> ColumnElement[bool]:
    """The condition under which `actor` administers an account: every role that it has now or
    will have, or the last ones that it had, are at units which the actor administers."""
    own = Membership.unit_id.in_(managed(actor))
    mine = Membership.user_id == User.id
    standing = or_(Membership.valid_to.is_(None), Membership.valid_to >= today)
    return and_(
        exists().where(mine, own),
        ~exists().where(mine, standing, ~own),
    )


def find(actor: Viewer, user_id: UUID, today: date) -> User | None:
    """The account, if it exists and `actor` administers it."""
    return db.session.scalars(
        select(User).where(User.id == user_id, within_reach(actor, today))
    ).first()


def accounts(actor: Viewer, today: date, words: str = "") -> list[tuple[User, list[Any]]]:
    """The accounts that `actor` administers, by name, each with its roles of today and later.

    words: written with marks or without, found in the name or the login.
    """
    users = db.session.scalars(select(User).where(within_reach(actor, today))).all()
    wanted = fold(words)
    found = [user for user in users if wanted in fold(user.name) or wanted in user.login]
    roles: dict[UUID, list[Any]] = {}
    for role in _standing_roles(today):
        roles.setdefault(role.user_id, []).append(role)
    found.sort(key=lambda user: (collate(user.name), user.login))
    return [(user, roles.get(user.id, [])) for user in found]


def _standing_roles(today: date) -> Sequence[Any]:
    return db.session.execute(
        select(Membership.user_id, Membership.role, Unit.name.label("unit"))
        .join(Unit, Unit.id == Membership.unit_id)
        .where(or_(Membership.valid_to.is_(None), Membership.valid_to >= today))
        .order_by(Unit.code, Membership.role)
    ).all()


def roles(user_id: UUID) -> Sequence[Any]:
    """(id, role, unit, unit_id, valid_from, valid_to) of all roles of an account, latest first."""
    return db.session.execute(
        select(
            Membership.id,
            Membership.role,
            Unit.name.label("unit"),
            Membership.unit_id,
            Membership.valid_from,
            Membership.valid_to,
        )
        .join(Unit, Unit.id == Membership.unit_id)
        .where(Membership.user_id == user_id)
        .order_by(Membership.valid_to.isnot(None), Membership.valid_from.desc(), Unit.code)
    ).all()


def left_empty(user_id: UUID, today: date) -> Sequence[Any]:
    """(role, unit) of the account's roles of today, at units that go on, which nobody has for good:
    work that waits there would find nobody."""
    other = aliased(Membership)
    has_somebody = exists().where(
        other.unit_id == Membership.unit_id,
        other.role == Membership.role,
        other.valid_to.is_(None),
        other.user_id == User.id,
        User.disabled_at.is_(None),
    )
    return db.session.execute(
        select(Membership.role, Unit.name.label("unit"))
        .join(Unit, Unit.id == Membership.unit_id)
        .where(
            Membership.user_id == user_id,
            or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
            Unit.valid_to.is_(None),
            ~has_somebody,
        )
        .order_by(Unit.code, Membership.role)
    ).all()


def is_administered_without(unit_id: UUID, user_id: UUID, role_id: UUID | None) -> bool:
    """Whether somebody would go on administering the unit, for good, without one account
    (role_id None) or without one of its roles. Locks the administrators, so that two of them
    can't take each other's place away at once."""
    db.session.execute(
        select(User.id)
        .where(User.id.in_(select(Membership.user_id).where(Membership.role == "administrator")))
        .order_by(User.id)
        .with_for_update()
    ).all()
    above = select(Unit.id, Unit.parent_id).where(Unit.id == unit_id).cte("above", recursive=True)
    above = above.union(select(Unit.id, Unit.parent_id).where(Unit.id == above.c.parent_id))
    gone = Membership.user_id == user_id if role_id is None else Membership.id == role_id
    remaining = (
        select(Membership.id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.role == "administrator",
            Membership.valid_to.is_(None),
            Membership.unit_id.in_(select(above.c.id)),
            User.disabled_at.is_(None),
            ~gone,
        )
        .limit(1)
    )
    return db.session.scalar(remaining) is not None
