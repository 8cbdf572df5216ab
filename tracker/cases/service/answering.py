"""The agency's answer, and the coordinator's wish for a better one."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.cases import acting, guards, search
from tracker.cases.models import Answer, Case, Entry
from tracker.cases.service import due_dates
from tracker.cases.service.assigning import await_ruling
from tracker.cases.service.attaching import Taken, permit, put, take_in
from tracker.cases.service.step import (
    not_after_today,
    not_before_receipt,
    one_of_outcomes,
    promise,
    short,
    step,
    written,
)
from tracker.cases.story import Changes
from tracker.core.clock import local_date
from tracker.core.db import db, new_id
from tracker.core.errors import Refused
from tracker.rules.vietnamese import format_date
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
    files: Sequence[tuple[IO[bytes], str]] = (),
    version: int | None = None,
) -> Case:
    """The lead unit answers and proposes an outcome; a promise carries the date it is due.

    answered_on: not before the unit was asked, or asked again; document_date: not after it.
    files: each with the name that it had; they become the answer's, or nothing is saved.
    """
    document_number = short(document_number, "document_number")
    text = written(text, "text", _("Hãy ghi nội dung trả lời."))
    not_after_today(answered_on, now, "answered_on")
    if document_date is not None and document_date > answered_on:
        raise Refused(_("Ngày văn bản sau ngày trả lời."), "document_date")
    one_of_outcomes("answer", outcome)
    promised_on = promise(outcome, promised_on, answered_on)
    if files:
        permit(actor, case_id, "case:answer")
    taken = take_in(files)
    also: Changes = {}
    with step(
        "answer",
        case_id,
        actor,
        now,
        happened_on=answered_on,
        text=text,
        version=version,
        also=also,
    ) as case:
        _not_before_asked(answered_on, case)
        if document_date is not None:
            not_before_receipt(document_date, case, "document_date")
        also |= due_dates.let_request_lapse(case, now)
        case.answered_on = answered_on
        case.promised_on = promised_on
        for assignment in guards.own_open_assignments(case, actor):
            assignment.accepted_on = assignment.accepted_on or local_date(now)
        given = Answer(
            id=new_id(),
            case_id=case.id,
            unit_id=acting.unit_for("answer", case, actor),
            answered_on=answered_on,
            outcome=outcome,
            text=text,
            document_number=document_number,
            document_date=document_date,
            promised_on=promised_on,
            recorded_at=now,
        )
        db.session.add(given)
        also |= _attach(given, taken, actor, now)
        search.index(case, document_number)
    return case


def contribute(
    case_id: UUID, *, actor: Viewer, text: str, now: datetime, version: int | None = None
) -> Case:
    """A supporting unit says its part, and is done with the case."""
    text = written(text, "text", _("Hãy ghi ý kiến phối hợp."))
    with step("contribute", case_id, actor, now, text=text, version=version) as case:
        for assignment in guards.own_open_assignments(case, actor):
            if assignment.part == "supporting":
                assignment.ended_on = local_date(now)
    return case


def redo(
    case_id: UUID, *, actor: Viewer, reason: str, now: datetime, version: int | None = None
) -> Case:
    """The coordinator finds the answer wanting and sends it back to the agency.

    The third time waits for a leader's ruling.
    """
    reason = written(reason, "reason", _("Hãy ghi lý do yêu cầu giải quyết lại."))
    also: Changes = {}
    with step("redo", case_id, actor, now, text=reason, version=version, also=also) as case:
        case.answered_on = None
        case.promised_on = None
        case.redo_count += 1
        also |= await_ruling(case, case.redo_count, local_date(now))
    return case


def _not_before_asked(answered_on: date, case: Case) -> None:
    """Raises Refused where nobody had asked for this answer on the local date `answered_on`."""
    redone_on = db.session.scalar(
        select(func.max(Entry.happened_on)).where(Entry.case_id == case.id, Entry.action == "redo")
    )
    asked_on = max(filter(None, (case.received_on, case.assigned_on, redone_on)))
    if answered_on < asked_on:
        raise Refused(
            _(
                "Ngày này trước %(day)s, ngày giao hoặc ngày yêu cầu giải quyết lại.",
                day=format_date(asked_on),
            ),
            "answered_on",
        )


def _attach(answer: Answer, taken: Sequence[Taken], actor: Viewer, now: datetime) -> Changes:
    """Puts the files to their answer; what that is in the story."""
    if not taken:
        return {}
    # The answer's row has to be there before what points to it.
    db.session.flush()
    for each in taken:
        put(each, answer.case_id, answer.id, actor, answer.unit_id, now)
    return {"files": [None, ", ".join(each.name for each in taken)]}
