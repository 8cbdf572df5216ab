"""Who has a case that comes back when the unit which received it has ended."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from tracker.cases.models import Case
from tracker.core.db import db
from tracker.rules.access import NORMAL, Confidentiality, Reach
from tracker.units import unit_queries
from tracker.units.models import Unit
from tracker.units.staffing import is_served, working


def to_successor(case: Case, today: date) -> None:
    """Leaves a case of a unit that has ended to the one which took over its work in the area."""
    unit = _successor(case, today)
    if unit is None:
        return
    if case.register_key is not None and _has_row(unit.id, case.register_key):
        case.register_key = f"{case.unit_id}:{case.register_key}"
    case.unit_id = unit.id


def _successor(case: Case, today: date) -> Unit | None:
    """The area's successor; of what is protected the heir of the rest, where nobody may open it
    there."""
    unit = unit_queries.successor(case.unit_id, case.area_id, today)
    level = Confidentiality(case.confidentiality)
    if unit is None or level in NORMAL:
        return unit
    if is_served(unit.id, working(Reach.RECEIVED, level), today):
        return unit
    return unit_queries.heir(case.unit_id, today)


def _has_row(unit_id: UUID, register_key: str) -> bool:
    """Whether the unit has a case of its own that came from such a row of a register."""
    same = select(Case.id).where(Case.unit_id == unit_id, Case.register_key == register_key)
    return db.session.scalar(same.limit(1)) is not None
