"""Verifying a case and giving it to the units that answer; taking it back from them."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cases.models import Assignment, Case
from tracker.cases.service.step import step, written
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.rules.vietnamese import clean
from tracker.units.queries import Viewer


def verify(case_id: UUID, *, actor: Viewer, now: datetime, version: int | None = None) -> Case:
    """The coordinator begins to verify a received case."""
    with step("verify", case_id, actor, now, version=version) as case:
        pass
    return case


def assign(
    case_id: UUID,
    *,
    actor: Viewer,
    lead_id: UUID,
    supporting_ids: Sequence[UUID] = (),
    asked: str = "",
    now: datetime,
    version: int | None = None,
) -> Case:
    """Gives the case to a lead unit, and to supporting units with it.

    The citizen's due date stays; the agency's is the same day.
    """
    today = local_date(now)
    asked = clean(asked, keep_lines=True)
    with step("assign", case_id, actor, now, text=asked, version=version) as case:
        case.lead_unit_id = lead_id
        case.assigned_on = today
        supporting = [unit_id for unit_id in dict.fromkeys(supporting_ids) if unit_id != lead_id]
        for unit_id, part in [(lead_id, "lead"), *((each, "supporting") for each in supporting)]:
            db.session.add(
                Assignment(
                    case_id=case.id,
                    unit_id=unit_id,
                    part=part,
                    asked=asked,
                    assigned_on=today,
                    due_on=case.due_on,
                )
            )
    return case


def send_back(
    case_id: UUID, *, actor: Viewer, reason: str, now: datetime, version: int | None = None
) -> Case:
    """The agency returns the case to the coordinator, with its reason."""
    reason = written(reason, "reason", _("Hãy ghi lý do trả lại."))
    today = local_date(now)
    with step("return", case_id, actor, now, text=reason, version=version) as case:
        end_assignments(case, today, returned=True)
        case.lead_unit_id = None
        case.assigned_on = None
    return case


def end_assignments(case: Case, on: date, *, returned: bool) -> None:
    """Takes the case from every unit that has it, on the local date `on`."""
    for assignment in db.session.scalars(
        select(Assignment).where(Assignment.case_id == case.id, Assignment.ended_on.is_(None))
    ):
        assignment.ended_on = on
        if returned:
            assignment.returned_on = on
