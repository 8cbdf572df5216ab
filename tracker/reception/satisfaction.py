"""How many citizens said that they are satisfied with how their cases ended."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy import case as sql_case

from tracker.cases.models import Case, CitizenFeedback
from tracker.cases.queries import visible
from tracker.core.clock import end_of_day
from tracker.core.db import db
from tracker.units.queries import Viewer

_IS_NOT = CitizenFeedback.is_satisfied.is_(False)
SAID: dict[str, ColumnElement[bool]] = {
    "satisfied": CitizenFeedback.is_satisfied.is_(True),
    "unsatisfied": _IS_NOT,
    "waiting": and_(_IS_NOT, CitizenFeedback.handled_at.is_(None)),
}


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Turns whose citizens spoke: satisfied or not; of the latter those that still wait."""

    satisfied: int
    unsatisfied: int
    waiting: int


def counted(
    viewer: Viewer, first: date, last: date, unit_ids: Collection[UUID] | None = None
) -> Satisfaction:
    """What citizens said from one local date to another, both included, of the cases that
    `viewer` may see. Each turn speaks once in each round of its case. unit_ids: of the units that
    received the cases, None for all."""
    figures = [func.count(sql_case((said, 1))) for said in SAID.values()]
    found = db.session.execute(
        select(*figures)
        .join(Case, Case.id == CitizenFeedback.case_id)
        .where(_between(first, last), _of(unit_ids), visible(viewer))
    ).one()
    return Satisfaction(**dict(zip(SAID, found, strict=True)))


def cases_behind(
    name: str, first: date, last: date, unit_ids: Collection[UUID] | None = None
) -> list[ColumnElement[bool]]:
    """The conditions under which a case is one of those of the figure `name`."""
    spoken = select(CitizenFeedback.case_id).where(_between(first, last), SAID[name])
    return [Case.id.in_(spoken), _of(unit_ids)]


def _between(first: date, last: date) -> ColumnElement[bool]:
    return and_(
        CitizenFeedback.recorded_at > end_of_day(first - timedelta(days=1)),
        CitizenFeedback.recorded_at <= end_of_day(last),
    )


def _of(unit_ids: Collection[UUID] | None) -> ColumnElement[bool]:
    return true() if unit_ids is None else Case.unit_id.in_(sorted(unit_ids))
