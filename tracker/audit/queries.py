"""Reads of the record of rights: who gave whom a role, who was given a new password."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from tracker.core.db import db
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


def _new(changes: dict[str, list[str | None]], column: str) -> str | None:
    return changes.get(column, [None, None])[1]


def _watched(viewer: Viewer) -> set[UUID]:
    return {
        unit_id
        for role, reached in viewer.reach.items()
        if role in PERMISSIONS["audit:read"]
        for unit_id in reached
    }
