"""Reads of meetings. `open_to` is the gate: nothing reads meetings of others without it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select, true

from tracker.cases.models import Case, Submission
from tracker.cases.queries import visible
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.reception.models import Event
from tracker.rules.access import allows
from tracker.rules.meetings import LARGE_GROUP
from tracker.units.queries import Viewer


def open_to(viewer: Viewer) -> ColumnElement[bool]:
    """The condition under which `viewer` may see a meeting: held by a unit that a role reaches."""
    if viewer.sees_everything:
        return true()
    return Event.unit_id.in_(units_for(viewer, "event:read"))


def units_for(viewer: Viewer, permission: str) -> frozenset[UUID]:
    """The units at which one of the roles of `viewer` holds `permission`."""
    return frozenset(
        unit_id
        for role, reached in viewer.reach.items()
        if allows(frozenset({role}), permission)
        for unit_id in reached
    )


def find_event(viewer: Viewer, event_id: UUID, *, for_update: bool = False) -> Event | None:
    """The meeting, if `viewer` may see it: to others it doesn't exist."""
    statement = select(Event).where(Event.id == event_id, open_to(viewer))
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).first()


@dataclass(frozen=True, slots=True)
class Logged:
    """A turn that a meeting logged: `began` says whether its case began with it, as both have
    then the id that the page made."""

    turn: Submission
    case: Case

    @property
    def began(self) -> bool:
        return self.turn.id == self.case.id

    @property
    def is_large_group(self) -> bool:
        return self.turn.persons >= LARGE_GROUP

    def is_of(self, today: date) -> bool:
        """Whether it was written down on the local date `today`, and so may be taken back."""
        return local_date(self.turn.recorded_at) == today


class Log(NamedTuple):
    """The latest turns that somebody wrote down at a meeting, and how many stand in all."""

    items: list[Logged]
    standing: int


def logged_at(viewer: Viewer, event_id: UUID, limit: int = 20) -> Log:
    """The latest turns that `viewer` wrote down at the meeting, those taken back as well."""
    standing = func.count(case((Submission.voided_at.is_(None), 1))).over()
    rows = db.session.execute(
        _logged(viewer, event_id)
        .add_columns(standing)
        .order_by(Submission.recorded_at.desc(), Submission.id.desc())
        .limit(limit)
    ).all()
    return Log([Logged(turn, about) for turn, about, _number in rows], rows[0][2] if rows else 0)


def find_logged(viewer: Viewer, event_id: UUID, turn_id: UUID) -> Logged | None:
    """One of them."""
    found = db.session.execute(_logged(viewer, event_id).where(Submission.id == turn_id)).first()
    return Logged(*found) if found else None


def _logged(viewer: Viewer, event_id: UUID) -> Select[Submission, Case]:
    return (
        select(Submission, Case)
        .join(Case, Case.id == Submission.case_id)
        .where(
            Submission.event_id == event_id,
            Submission.logged_by_id == viewer.user_id,
            visible(viewer),
        )
    )


def persons_of(case_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many persons brought each of the cases, which the reader has found by `visible`."""
    rows = db.session.execute(
        select(Submission.case_id, func.sum(Submission.persons))
        .where(Submission.case_id.in_(case_ids), Submission.voided_at.is_(None))
        .group_by(Submission.case_id)
    )
    return dict(rows.all())
