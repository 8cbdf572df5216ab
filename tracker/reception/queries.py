"""Reads of meetings. `open_to` is the gate: nothing reads meetings of others without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, select, true

from tracker.cases.models import Case, Submission
from tracker.cases.queries import visible
from tracker.core.db import db
from tracker.reception.models import Event
from tracker.rules.access import allows
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
    """A turn that a meeting logged: `began` says whether its case began with it."""

    turn: Submission
    case: Case

    @property
    def began(self) -> bool:
        return self.case.event_id == self.turn.event_id and self.turn.merge_id is None


def logged_at(viewer: Viewer, event_id: UUID, limit: int = 50) -> Sequence[Logged]:
    """The latest turns that `viewer` wrote down at the meeting, those taken back as well."""
    rows = db.session.execute(
        select(Submission, Case)
        .join(Case, Case.id == Submission.case_id)
        .where(
            Submission.event_id == event_id,
            Submission.logged_by_id == viewer.user_id,
            visible(viewer),
        )
        .order_by(Submission.recorded_at.desc(), Submission.id.desc())
        .limit(limit)
    )
    return [Logged(turn, case) for turn, case in rows]
