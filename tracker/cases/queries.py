"""Reads of cases. `visible` is the one gate: nothing reads cases without it."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from tracker.cases.models import Assignment, Case, CaseVersion
from tracker.core.db import db
from tracker.rules.access import SIGHT, Reach, Sight
from tracker.units.queries import Viewer

CaseTable = type[Case] | type[CaseVersion]


def visible(viewer: Viewer, table: CaseTable = Case) -> ColumnElement[bool]:
    """The condition under which `viewer` may see a row of `table`.

    It joins what each of the roles sees (`rules.access.SIGHT`) and what the person logged.
    """
    if viewer.sees_everything:
        return true()
    ties = [
        _tie(sight, units, table)
        for role, units in viewer.reach.items()
        if (sight := SIGHT[role]) is not None
    ]
    if not ties:
        return false()
    return or_(*ties, table.logged_by_id == viewer.user_id)


def _tie(sight: Sight, units: frozenset[UUID], table: CaseTable) -> ColumnElement[bool]:
    cleared = table.confidentiality.in_(sorted(sight.clearance))
    if sight.reach is Reach.RECEIVED:
        return and_(table.unit_id.in_(units), cleared)
    case_id: Any = Case.id if table is Case else CaseVersion.case_id
    on_desk = select(Assignment.case_id).where(
        Assignment.unit_id.in_(units), Assignment.ended_on.is_(None)
    )
    return and_(or_(table.lead_unit_id.in_(units), case_id.in_(on_desk)), cleared)


def find(viewer: Viewer, case_id: UUID, *, for_update: bool = False) -> Case | None:
    """The case, if it exists and `viewer` may see it: to others it doesn't exist.

    for_update: read afresh and kept from other writers until the transaction ends.
    """
    statement = select(Case).where(Case.id == case_id, visible(viewer))
    if for_update:
        statement = statement.with_for_update(of=Case).execution_options(populate_existing=True)
    return db.session.scalars(statement).first()
