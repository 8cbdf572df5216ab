"""Taking a complaint or a denunciation on by law (thụ lý): its limit of resolution begins."""

from datetime import date, datetime
from uuid import UUID

from tracker.cases.models import Case
from tracker.cases.service import due_dates
from tracker.cases.service.step import not_after_today, not_before_receipt, step
from tracker.cases.story import Changes
from tracker.rules.workflow import Kind
from tracker.units.queries import Viewer


def admit(
    case_id: UUID,
    *,
    actor: Viewer,
    accepted_on: date,
    now: datetime,
    needed_verification: bool = False,
    version: int | None = None,
) -> Case:
    """The coordinator records since when the case is taken on: a local date, up to today.

    A due date that comes from the rule is counted anew from that day. needed_verification: of a
    denunciation, whose acceptance may then take longer (Law on Denunciations, art. 24).
    """
    not_after_today(accepted_on, now, "accepted_on")
    also: Changes = {}
    with step(
        "admit", case_id, actor, now, happened_on=accepted_on, version=version, also=also
    ) as case:
        not_before_receipt(accepted_on, case, "accepted_on")
        if needed_verification and case.kind == Kind.DENUNCIATION:
            also["needed_verification"] = [None, "yes"]
        due_dates.accept_on(case, accepted_on)
    return case
