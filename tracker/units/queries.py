"""Who is asking: a person, the roles, and the units that each role reaches."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from flask_login import UserMixin
from sqlalchemy import Date, Select, bindparam, or_, select, true, union_all
from sqlalchemy.orm import aliased

from tracker.core.db import db
from tracker.rules import access
from tracker.rules.workflow import Role
from tracker.units.models import Membership, Unit, UnitSuccession, User


class Post(NamedTuple):
    """A role at the unit at which it is held, and all the units that it reaches from there."""

    role: Role
    unit_id: UUID
    unit_name: str
    units: frozenset[UUID]


@dataclass(frozen=True)
class Viewer(UserMixin):
    """A person who asks for something, with what is needed to judge it.

    user_id: None for the command line, whose user has the whole database in hand anyway.
    reach: for each role, the units at which it is held, all below them, and all whose work any
        of these took over: of a unit that was split, the successor which took the rest.
    posts: the same, for each unit at which a role is held, by the units' codes.
    unit_id: the first of these units; for which one a person acts in a case says `cases.acting`.
    must_change_password: whether the password was for one use.
    seen_by: the administrator who looks as this person, read only; None for the person.
    list_columns: those that the person's lists have, as kept with the account.
    """

    user_id: UUID | None
    name: str
    language: str
    session_epoch: int
    unit_id: UUID | None
    unit_name: str
    reach: dict[Role, frozenset[UUID]] = field(hash=False, compare=False)
    posts: tuple[Post, ...] = field(default=(), compare=False)
    must_change_password: bool = False
    seen_by: UUID | None = None
    list_columns: str = ""

    @property
    def sees_everything(self) -> bool:
        """Whether this is the command line."""
        return self.user_id is None

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(self.reach)

    def get_id(self) -> str:
        """What the session keeps: a higher epoch of the account makes it worthless."""
        return f"{self.user_id}.{self.session_epoch}"

    def may(self, permission: str) -> bool:
        """Whether one of the person's roles holds `permission`; seen by another, to read only."""
        if self.seen_by is not None and permission not in access.READING:
            return False
        return self.sees_everything or access.allows(self.roles, permission)

    def units_for(self, permission: str) -> dict[UUID, str]:
        """The units at which one of the person's roles holds `permission`, with their names."""
        if self.sees_everything:
            return {self.unit_id: self.unit_name} if self.unit_id else {}
        return {
            post.unit_id: post.unit_name
            for post in self.posts
            if access.allows(frozenset({post.role}), permission)
        }


def command_line(unit: Unit | None = None) -> Viewer:
    """Who asks on the command line, acting for `unit`."""
    unit_id, unit_name = (unit.id, unit.name) if unit else (None, "")
    return Viewer(None, "", "vi", 0, unit_id, unit_name, {})


def _reaching() -> Select[Any]:
    """Asks for a person with each role held, where, and each unit that it reaches from there."""
    on = bindparam("on", type_=Date())
    held = (
        select(Membership.role, Membership.unit_id, Membership.unit_id.label("post_id"))
        .where(
            Membership.user_id == bindparam("user_id"),
            Membership.valid_from <= on,
            or_(Membership.valid_to.is_(None), Membership.valid_to >= on),
        )
        .cte("reach", recursive=True)
    )
    edges = union_all(
        select(Unit.parent_id.label("upper_id"), Unit.id.label("lower_id")),
        # Who takes over a unit's work also keeps its files.
        select(UnitSuccession.successor_id, UnitSuccession.unit_id).where(
            UnitSuccession.takes_rest
        ),
    ).subquery()
    reach = held.union(
        select(held.c.role, edges.c.lower_id, held.c.post_id).where(
            edges.c.upper_id == held.c.unit_id
        )
    )
    own = aliased(Unit)
    return (
        select(User, reach.c.role, reach.c.unit_id, own.id, own.name)
        .select_from(User)
        .outerjoin(reach, true())
        .outerjoin(own, own.id == reach.c.post_id)
        .where(User.id == bindparam("user_id"), User.disabled_at.is_(None))
        .order_by(own.code)
    )


# Put together once: it is asked at every request.
REACHING = _reaching()


def viewer(user_id: UUID, on: date) -> Viewer | None:
    """The person with the roles that are valid on the local date `on`; None if disabled.

    One query, whatever the size of the tree.
    """
    rows = db.session.execute(REACHING, {"user_id": user_id, "on": on}).all()
    return _viewer(rows[0][0], (row[1:] for row in rows)) if rows else None


def _viewer(user: User, reached: Iterable[tuple[str | None, UUID, UUID, str]]) -> Viewer:
    held: dict[tuple[Role, UUID, str], set[UUID]] = {}
    for role, reached_id, unit_id, name in reached:
        if role is not None:
            held.setdefault((Role(role), unit_id, name), set()).add(reached_id)
    posts = tuple(Post(*post, frozenset(units)) for post, units in held.items())
    reach: dict[Role, frozenset[UUID]] = {}
    for post in posts:
        reach[post.role] = reach.get(post.role, frozenset()) | post.units
    return Viewer(
        user_id=user.id,
        name=user.name,
        language=user.language,
        must_change_password=user.must_change_password,
        session_epoch=user.session_epoch,
        unit_id=posts[0].unit_id if posts else None,
        unit_name=posts[0].unit_name if posts else "",
        reach=reach,
        posts=posts,
        list_columns=user.list_columns,
    )


class HeldRole(NamedTuple):
    """A role that somebody has at a unit, from a local date to another."""

    login: str
    name: str
    role: str | None
    unit_code: str | None
    unit_name: str | None
    valid_from: date | None
    valid_to: date | None


def account(user_id: UUID) -> User:
    """The account `user_id`, which exists."""
    return db.session.get_one(User, user_id)


def roles(user_id: UUID | None = None) -> list[HeldRole]:
    """The roles of one person, or of everybody, also those without one; by login and unit."""
    rows = (
        select(
            User.login,
            User.name,
            Membership.role,
            Unit.code,
            Unit.name,
            Membership.valid_from,
            Membership.valid_to,
        )
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Unit, Unit.id == Membership.unit_id)
        .order_by(User.login, Unit.code, Membership.role)
    )
    if user_id is not None:
        rows = rows.where(User.id == user_id)
    return [HeldRole(*row) for row in db.session.execute(rows)]
