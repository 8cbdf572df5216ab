"""An administrator looks as another person looks: read only, for an hour, on record.

Denunciations stay closed to administrators: `cases.queries.visible` asks `Viewer.seen_by`.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from tracker.core.clock import local_date
from tracker.core.db import db, transaction
from tracker.core.errors import NotAllowed, Refused
from tracker.rules.access import PERMISSIONS
from tracker.rules.vietnamese import clean, collate
from tracker.rules.workflow import Role
from tracker.units.models import Membership, SeeingAs, Unit, User
from tracker.units.queries import Viewer, viewer

LASTS = timedelta(hours=1)
LONGEST_REASON = 500
LATEST = 100


class Candidate(NamedTuple):
    """Somebody as whom an administrator may look, with the roles held now: (role, unit)."""

    id: UUID
    name: str
    login: str
    roles: list[tuple[str, str]]


class Seen(NamedTuple):
    """One time that an administrator looked as somebody; `ended_at` is when it ends by itself
    where nobody ended it."""

    administrator: str
    user: str
    reason: str
    started_at: datetime
    ended_at: datetime


def candidates(administrator: Viewer, on: date) -> list[Candidate]:
    """Those who on the local date `on` work only for units of the administrator's, by name."""
    units = administrator.reach.get(Role.ADMINISTRATOR, frozenset())
    rows = db.session.execute(
        select(User.id, User.name, User.login, Membership.role, Membership.unit_id, Unit.name)
        .join(Membership, Membership.user_id == User.id)
        .join(Unit, Unit.id == Membership.unit_id)
        .where(
            User.disabled_at.is_(None),
            User.id != administrator.user_id,
            Membership.valid_from <= on,
            or_(Membership.valid_to.is_(None), Membership.valid_to >= on),
        )
        .order_by(User.id, Membership.role)
    ).all()
    found: dict[UUID, Candidate] = {}
    outside = set()
    for user_id, name, login, role, unit_id, unit in rows:
        found.setdefault(user_id, Candidate(user_id, name, login, [])).roles.append((role, unit))
        if unit_id not in units:
            outside.add(user_id)
    inside = (each for each in found.values() if each.id not in outside)
    return sorted(inside, key=lambda each: collate(each.name))


def start(administrator: Viewer, user_id: UUID, reason: str, now: datetime) -> UUID:
    """Records that the administrator looks as `user_id` from `now` on; returns the record's id.

    Raises Refused without a reason, or for somebody who isn't among the `candidates`.
    """
    if administrator.seen_by is not None or not administrator.may("seeing:start"):
        raise NotAllowed(_("Bạn không có quyền làm việc này."))
    reason = clean(reason)
    if not reason:
        raise Refused(_("Hãy ghi lý do."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Dài quá: tối đa 500 ký tự."), "reason")
    if user_id not in {each.id for each in candidates(administrator, local_date(now))}:
        raise Refused(_("Hãy chọn một người thuộc đơn vị bạn quản trị."), "user_id")
    with transaction():
        seeing = SeeingAs(
            administrator_id=administrator.user_id, user_id=user_id, reason=reason, started_at=now
        )
        db.session.add(seeing)
    return seeing.id


def end(seeing_id: UUID, now: datetime) -> None:
    """Records that the administrator looks no longer; ending twice changes nothing."""
    with transaction():
        seeing = db.session.get(SeeingAs, seeing_id, with_for_update=True)
        if seeing is not None and seeing.ended_at is None:
            seeing.ended_at = min(now, seeing.started_at + LASTS)


def as_seen(person: Viewer, seeing_id: UUID, now: datetime) -> Viewer:
    """The one as whom `person` looks by the record `seeing_id`; `person` where that is over."""
    seeing = db.session.get(SeeingAs, seeing_id)
    if (
        seeing is None
        or seeing.administrator_id != person.user_id
        or seeing.ended_at is not None
        or now >= seeing.started_at + LASTS
        or not person.may("seeing:start")
    ):
        return person
    seen = viewer(seeing.user_id, local_date(now))
    if seen is None:
        return person
    return replace(seen, seen_by=person.user_id, language=person.language)


def records(asker: Viewer) -> list[Seen]:
    """The latest times at which somebody of the asker's units was looked as, newest first."""
    units = {
        unit_id
        for role, reached in asker.reach.items()
        if role in PERMISSIONS["seeing:read"]
        for unit_id in reached
    }
    of_these_units = (
        select(Membership.id)
        .where(Membership.user_id == SeeingAs.user_id, Membership.unit_id.in_(units))
        .exists()
    )
    administrator, user = aliased(User), aliased(User)
    rows = db.session.execute(
        select(
            administrator.name,
            user.name,
            SeeingAs.reason,
            SeeingAs.started_at,
            SeeingAs.ended_at,
        )
        .join(administrator, administrator.id == SeeingAs.administrator_id)
        .join(user, user.id == SeeingAs.user_id)
        .where(of_these_units)
        .order_by(SeeingAs.started_at.desc(), SeeingAs.id.desc())
        .limit(LATEST)
    ).all()
    return [
        Seen(by, of, reason, started_at, ended_at or started_at + LASTS)
        for by, of, reason, started_at, ended_at in rows
    ]
