"""The record of administration: who changed which unit, person or catalogue, and how."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.core.db import db
from tracker.core.errors import NotAllowed
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Role
from tracker.units.models import AdministrationEntry, Unit, User
from tracker.units.queries import Viewer
from tracker.units.unit_queries import all_units, exists_on

# The key in an entry's changes under which a change keeps what its undoing needs.
KEPT = "kept"
DATES = frozenset({"valid_from", "valid_to"})


class Noted(NamedTuple):
    """One entry of the record; changes: column -> [old, new] as text."""

    action: str
    recorded_at: datetime
    user: str | None
    changes: dict[str, list[str | None]]
    text: str


def note(
    actor: Viewer,
    action: str,
    subject: str,
    subject_id: UUID,
    now: datetime,
    *,
    changes: Mapping[str, Any] | None = None,
    text: str = "",
) -> None:
    """Writes one entry, inside the caller's transaction."""
    db.session.add(
        AdministrationEntry(
            recorded_at=now,
            user_id=actor.user_id,
            action=action,
            subject=subject,
            subject_id=subject_id,
            changes=dict(changes or {}),
            text=text,
        )
    )


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What differs: column -> [old, new], as text."""
    return {
        name: [_as_text(before.get(name)), _as_text(value)]
        for name, value in after.items()
        if before.get(name) != value
    }


def _as_text(value: Any) -> str | None:
    return None if value is None else str(value)


def history(subject_id: UUID) -> Sequence[Noted]:
    """What was changed of one subject, latest first."""
    rows = db.session.execute(
        select(
            AdministrationEntry.action,
            AdministrationEntry.recorded_at,
            User.name,
            AdministrationEntry.changes,
            AdministrationEntry.text,
        )
        .outerjoin(User, User.id == AdministrationEntry.user_id)
        .where(AdministrationEntry.subject_id == subject_id)
        .order_by(AdministrationEntry.recorded_at.desc(), AdministrationEntry.id.desc())
    )
    return [
        Noted(action, at, user, _as_written(changes), text)
        for action, at, user, changes, text in rows
    ]


def _as_written(changes: Mapping[str, Any]) -> dict[str, Any]:
    """The changes that people are shown, dates as offices write them."""
    return {
        column: [_day(each) for each in change] if column in DATES else change
        for column, change in changes.items()
        if column != KEPT
    }


def _day(value: str | None) -> str | None:
    return format_date(date.fromisoformat(value)) if value else value


def may_manage(actor: Viewer, unit_id: UUID | None) -> bool:
    """Whether `actor` administers the unit: the own one or one below it."""
    return actor.sees_everything or unit_id in actor.reach.get(Role.ADMINISTRATOR, frozenset())


def must_manage(actor: Viewer, *unit_ids: UUID | None) -> None:
    """Raises NotAllowed where `actor` doesn't administer each of the units."""
    if not all(may_manage(actor, unit_id) for unit_id in unit_ids):
        raise NotAllowed(_("Bạn chỉ quản trị đơn vị của mình và các đơn vị trực thuộc."))


def managed_units(actor: Viewer, day: date) -> list[Unit]:
    """The units that `actor` administers and that exist on a local date, by name."""
    own = managed(actor)
    return [unit for unit in all_units() if unit.id in own and exists_on(unit, day)]


def managed(actor: Viewer) -> frozenset[UUID]:
    """The units that `actor` administers."""
    if actor.sees_everything:
        return frozenset(db.session.scalars(select(Unit.id)))
    return actor.reach.get(Role.ADMINISTRATOR, frozenset())
