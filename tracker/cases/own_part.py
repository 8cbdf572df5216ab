"""What a unit keeps of a case that has left its desk: what it was asked, and what it said."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import joinedload

from tracker.cases.models import Answer, Assignment, Attachment, Case, Entry, StoredFile
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.rules.access import SHOWN_TO_ADMINISTRATOR, SIGHT, Confidentiality, Reach
from tracker.rules.workflow import ACTIONS, Role
from tracker.units.models import Unit, User
from tracker.units.queries import Viewer

_AGENCY = frozenset(
    role for role, sight in SIGHT.items() if sight is not None and sight.reach is Reach.ASSIGNED
)
AGENCY_ACTIONS = sorted(name for name, row in ACTIONS.items() if row.roles & _AGENCY)


@dataclass(frozen=True, slots=True)
class OwnPart:
    """A case to a unit that has it no longer: nothing of the case but its code and kind.

    assignments: the unit's own, ended. answers: those that it gave. entries: what it did while
    it had the case, each with `user` and `unit`, latest first. files: those that it sent while it
    had the case, each with what it is, oldest first.
    """

    id: UUID
    confidentiality: str
    code: str
    kind: str
    assignments: Sequence[Assignment]
    answers: Sequence[Answer]
    entries: Sequence[Any]
    files: Sequence[Any]


def had_on_desk(viewer: Viewer) -> ColumnElement[bool]:
    """The condition that a case has left a desk of `viewer`, who may still see the own part."""
    desks = [
        and_(
            Case.confidentiality.in_(sorted(_clearance(role, viewer))),
            select(Assignment.id)
            .where(
                Assignment.case_id == Case.id,
                Assignment.unit_id.in_(units),
                Assignment.ended_on.is_not(None),
            )
            .exists(),
        )
        for role, units in viewer.reach.items()
        if role in _AGENCY
    ]
    return or_(*desks) if desks else false()


def find_own_part(viewer: Viewer, case_id: UUID) -> OwnPart | None:
    """The own part of a case that has left a desk of `viewer`; None where there is none."""
    row = db.session.execute(
        select(Case.code, Case.kind, Case.confidentiality).where(
            Case.id == case_id, had_on_desk(viewer)
        )
    ).first()
    if row is None:
        return None
    units = _desks(viewer, Confidentiality(row.confidentiality))
    assignments = _assignments(case_id, units)
    return OwnPart(
        case_id,
        row.confidentiality,
        row.code,
        row.kind,
        assignments,
        _answers(case_id, units),
        _entries(case_id, assignments),
        _files(case_id, assignments),
    )


def _clearance(role: Role, viewer: Viewer) -> frozenset[Confidentiality]:
    sight = SIGHT[role]
    clearance = sight.clearance if sight is not None else frozenset()
    return clearance if viewer.seen_by is None else clearance & SHOWN_TO_ADMINISTRATOR


def _desks(viewer: Viewer, confidentiality: Confidentiality) -> set[UUID]:
    return {
        unit_id
        for role, units in viewer.reach.items()
        if role in _AGENCY and confidentiality in _clearance(role, viewer)
        for unit_id in units
    }


def _assignments(case_id: UUID, units: set[UUID]) -> Sequence[Assignment]:
    return db.session.scalars(
        select(Assignment)
        .options(joinedload(Assignment.unit))
        .where(
            Assignment.case_id == case_id,
            Assignment.unit_id.in_(units),
            Assignment.ended_on.is_not(None),
        )
        .order_by(Assignment.assigned_on, Assignment.id)
    ).all()


def _answers(case_id: UUID, units: set[UUID]) -> Sequence[Answer]:
    return db.session.scalars(
        select(Answer)
        .options(joinedload(Answer.unit))
        .where(Answer.case_id == case_id, Answer.unit_id.in_(units))
        .order_by(Answer.answered_on, Answer.recorded_at)
    ).all()


def _entries(case_id: UUID, assignments: Sequence[Assignment]) -> Sequence[Any]:
    rows = db.session.execute(
        select(
            Entry.action,
            Entry.happened_on,
            Entry.recorded_at,
            Entry.text,
            Entry.unit_id,
            User.name.label("user"),
            Unit.name.label("unit"),
        )
        .outerjoin(User, User.id == Entry.user_id)
        .join(Unit, Unit.id == Entry.unit_id)
        .where(
            Entry.case_id == case_id,
            Entry.unit_id.in_({each.unit_id for each in assignments}),
            Entry.action.in_(AGENCY_ACTIONS),
        )
        .order_by(Entry.sequence.desc())
    ).all()
    return [row for row in rows if any(_is_within(row, each) for each in assignments)]


def _files(case_id: UUID, assignments: Sequence[Assignment]) -> Sequence[Any]:
    rows = db.session.execute(
        select(
            Attachment.id,
            Attachment.name,
            Attachment.recorded_at,
            Attachment.unit_id,
            StoredFile.media_type,
            StoredFile.size,
        )
        .join(StoredFile, StoredFile.digest == Attachment.digest)
        .where(
            Attachment.case_id == case_id,
            Attachment.unit_id.in_({each.unit_id for each in assignments}),
            Attachment.removed_at.is_(None),
        )
        .order_by(Attachment.recorded_at, Attachment.id)
    ).all()
    return [row for row in rows if any(_is_within(row, each) for each in assignments)]


def _is_within(row: Any, assignment: Assignment) -> bool:
    assert assignment.ended_on is not None
    recorded_on = local_date(row.recorded_at)
    return (
        row.unit_id == assignment.unit_id
        and assignment.assigned_on <= recorded_on <= assignment.ended_on
    )
