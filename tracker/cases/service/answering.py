"""The agency's answer, and the coordinator's wish for a better one."""

from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases.models import Answer, Case
from tracker.cases.service.step import (
    not_after_today,
    not_before_receipt,
    one_of_outcomes,
    promise,
    step,
    written,
)
from tracker.core.db import db
from tracker.rules.vietnamese import clean
from tracker.rules.workflow import Outcome
from tracker.units.queries import Viewer


def answer(
    case_id: UUID,
    *,
    actor: Viewer,
    text: str,
    answered_on: date,
    outcome: Outcome,
    now: datetime,
    document_number: str = "",
    document_date: date | None = None,
    promised_on: date | None = None,
    version: int | None = None,
) -> Case:
    """The agency answers and proposes an outcome; a promise carries the date it is due."""
    text = written(text, "text", _("Hãy ghi nội dung trả lời."))
    not_after_today(answered_on, now, "answered_on")
    if document_date is not None:
        not_after_today(document_date, now, "document_date")
    one_of_outcomes("answer", outcome)
    promised_on = promise(outcome, promised_on, answered_on)
    with step(
        "answer", case_id, actor, now, happened_on=answered_on, text=text, version=version
    ) as case:
        not_before_receipt(answered_on, case, "answered_on")
        case.answered_on = answered_on
        case.promised_on = promised_on
        db.session.add(
            Answer(
                case_id=case.id,
                unit_id=actor.unit_id,
                answered_on=answered_on,
                outcome=outcome,
                text=text,
                document_number=clean(document_number),
                document_date=document_date,
                promised_on=promised_on,
                recorded_at=now,
            )
        )
    return case


def redo(
    case_id: UUID, *, actor: Viewer, reason: str, now: datetime, version: int | None = None
) -> Case:
    """The coordinator finds the answer wanting and sends it back to the agency."""
    reason = written(reason, "reason", _("Hãy ghi lý do yêu cầu giải quyết lại."))
    with step("redo", case_id, actor, now, text=reason, version=version) as case:
        case.answered_on = None
        case.promised_on = None
    return case
