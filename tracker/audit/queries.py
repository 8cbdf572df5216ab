"""Reads of the record: who gave whom rights, who read what is protected, who took lists away."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from tracker.cases.models import Case, Reading
from tracker.cases.queries import visible
from tracker.core.db import db
from tracker.people.models import PersonReading
from tracker.rules.access import PERMISSIONS
from tracker.units.models import AdministrationEntry, Membership, Unit, User
from tracker.units.queries import Viewer

LATEST = 100
GRANTS = ("invite", "add_role", "end_role", "reset_password", "disable", "enable")


class Grant(NamedTuple):
    """One change of what an account may do; role and unit where it is about one role."""

    recorded_at: datetime
    action: str
    by: str | None
    user: str
    role: str | None
    unit: str | None


def grants(viewer: Viewer) -> list[Grant]:
    """The latest of them about people of the units that `viewer` watches over, newest first."""
    by, user = aliased(User), aliased(User)
    of_these_units = (
        select(Membership.id)
        .where(Membership.user_id == user.id, Membership.unit_id.in_(_watched(viewer)))
        .exists()
    )
    rows = db.session.execute(
        select(
            AdministrationEntry.recorded_at,
            AdministrationEntry.action,
            by.name,
            user.name,
            AdministrationEntry.changes,
        )
        .join(user, user.id == AdministrationEntry.subject_id)
        .outerjoin(by, by.id == AdministrationEntry.user_id)
        .where(AdministrationEntry.action.in_(GRANTS), of_these_units)
        .order_by(AdministrationEntry.recorded_at.desc(), AdministrationEntry.id.desc())
        .limit(LATEST)
    ).all()
    names = {str(id): name for id, name in db.session.execute(select(Unit.id, Unit.name))}
    return [
        Grant(
            at,
            action,
            by_name,
            user_name,
            _new(changes, "role"),
            names.get(_new(changes, "unit_id") or ""),
        )
        for at, action, by_name, user_name, changes in rows
    ]


class Opened(NamedTuple):
    """A case that somebody opened, saw in a list or saw a receipt of, first at an instant of a
    day."""

    recorded_at: datetime
    user: str
    case_id: UUID
    code: str


def readings(viewer: Viewer, way: str) -> list[Opened]:
    """The latest times that those cases which `viewer` may see too were read, newest first. way:
    `opened` or `listed`, of protected ones; `receipt`."""
    rows = db.session.execute(
        select(Reading.recorded_at, User.name, Case.id, Case.code)
        .join(User, User.id == Reading.user_id)
        .join(Case, Case.id == Reading.case_id)
        .where(Reading.way == way, visible(viewer))
        .order_by(Reading.recorded_at.desc(), Reading.id.desc())
        .limit(LATEST)
    )
    return [Opened(*row) for row in rows]


class Shown(NamedTuple):
    """Somebody was shown who brought a case; reason: asked for where that was a denunciation."""

    read_at: datetime
    user: str
    case_id: UUID
    code: str
    reason: str


def persons_shown(viewer: Viewer) -> list[Shown]:
    """The latest of them on cases that `viewer` may see too, newest first."""
    rows = db.session.execute(
        select(PersonReading.read_at, User.name, Case.id, Case.code, PersonReading.reason)
        .join(User, User.id == PersonReading.user_id)
        .join(Case, Case.id == PersonReading.case_id)
        .where(visible(viewer))
        .order_by(PersonReading.read_at.desc(), PersonReading.id.desc())
        .limit(LATEST)
    )
    return [Shown(*row) for row in rows]


class Exported(NamedTuple):
    """A list that was taken away as a file.

    cases: how many were in it, without the protected ones that are closed to who reads this: the
    number would tell of them. protected: how many of those open to them are protected.
    """

    id: UUID
    recorded_at: datetime
    user: str
    cases: int
    protected: int


def exports(viewer: Viewer) -> list[Exported]:
    """The latest of them by people of the units that `viewer` watches over, newest first."""
    latest = _exports(viewer).order_by(Reading.recorded_at.desc(), Reading.id.desc())
    return [Exported(*row) for row in db.session.execute(latest.limit(LATEST))]


def find_export(viewer: Viewer, export_id: UUID) -> Exported | None:
    """One of them."""
    row = db.session.execute(_exports(viewer).where(Reading.id == export_id)).first()
    return Exported(*row) if row else None


def protected_in(viewer: Viewer, export_id: UUID) -> list[tuple[UUID, str]]:
    """(id, code) of the protected cases in a file, as far as `viewer` may see them too, by code."""
    rows = db.session.execute(
        select(Case.id, Case.code)
        .join(Reading, Reading.case_id == Case.id)
        .where(Reading.export_id == export_id, visible(viewer))
        .order_by(Case.code)
    )
    return [(row.id, row.code) for row in rows]


def _exports(viewer: Viewer) -> Select[Any]:
    of_these_units = (
        select(Membership.id)
        .where(Membership.user_id == Reading.user_id, Membership.unit_id.in_(_watched(viewer)))
        .exists()
    )
    part = aliased(Reading)
    parts = select(func.count()).select_from(part).where(part.export_id == Reading.id)
    every = parts.correlate(Reading).scalar_subquery()
    protected = (
        parts.join(Case, Case.id == part.case_id)
        .where(visible(viewer))
        .correlate(Reading)
        .scalar_subquery()
    )
    cases = Reading.cases - every + protected
    return (
        select(Reading.id, Reading.recorded_at, User.name, cases, protected)
        .join(User, User.id == Reading.user_id)
        .where(Reading.case_id.is_(None), of_these_units)
    )


def _new(changes: dict[str, list[str | None]], column: str) -> str | None:
    return changes.get(column, [None, None])[1]


def _watched(viewer: Viewer) -> set[UUID]:
    return {
        unit_id
        for role, reached in viewer.reach.items()
        if role in PERMISSIONS["audit:read"]
        for unit_id in reached
    }
