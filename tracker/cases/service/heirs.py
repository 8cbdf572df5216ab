"""Who has a case that comes back when the unit which received it has ended."""

from datetime import date
from uuid import UUID

from sqlalchemy import select

from tracker.cases.models import Case
from tracker.core.db import db
from tracker.units import unit_queries


def to_heir(case: Case, today: date) -> None:
    """Leaves a case of a unit that has ended to the one which took over the rest of its work."""
    heir = unit_queries.heir(case.unit_id, today)
    if heir is None:
        return
    if case.register_key is not None and _has_row(heir.id, case.register_key):
        case.register_key = f"{case.unit_id}:{case.register_key}"
    case.unit_id = heir.id


def _has_row(unit_id: UUID, register_key: str) -> bool:
    """Whether the unit has a case of its own that came from such a row of a register."""
    same = select(Case.id).where(Case.unit_id == unit_id, Case.register_key == register_key)
    return db.session.scalar(same.limit(1)) is not None
