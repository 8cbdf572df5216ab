"""How many citizens said that they are satisfied with how their cases ended."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import case as sql_case
from sqlalchemy import func, select

from tracker.cases.models import Case, CitizenFeedback
from tracker.cases.queries import visible
from tracker.core.clock import end_of_day
from tracker.core.db import db
from tracker.units.queries import Viewer


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """Turns whose citizens spoke: satisfied or not; of the latter those that still wait."""

    satisfied: int
    unsatisfied: int
    waiting: int


def counted(viewer: Viewer, first: date, last: date) -> Satisfaction:
    """What citizens said from one local date to another, both included, of the cases that
    `viewer` may see. Each turn speaks once in each round of its case."""
    is_not = CitizenFeedback.is_satisfied.is_(False)
    found = db.session.execute(
        select(
            func.count(sql_case((CitizenFeedback.is_satisfied, 1))),
            func.count(sql_case((is_not, 1))),
            func.count(sql_case((is_not & CitizenFeedback.handled_at.is_(None), 1))),
        )
        .join(Case, Case.id == CitizenFeedback.case_id)
        .where(
            CitizenFeedback.recorded_at > end_of_day(first - timedelta(days=1)),
            CitizenFeedback.recorded_at <= end_of_day(last),
            visible(viewer),
        )
    ).one()
    return Satisfaction(*found)
