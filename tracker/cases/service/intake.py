"""Logging a case."""

from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import clocks, numbering, search
from tracker.cases.models import Case, Submission
from tracker.cases.service.step import (
    MOST_PERSONS,
    not_after_today,
    perhaps_written,
    record,
    written,
)
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import NotAllowed, Refused
from tracker.rules import access
from tracker.rules.workflow import Kind, State
from tracker.units.queries import Viewer


def log(
    *,
    actor: Viewer,
    kind: Kind,
    content: str,
    received_on: date,
    now: datetime,
    field_id: UUID | None = None,
    area_id: UUID | None = None,
    channel_id: UUID | None = None,
    persons: int = 1,
    note: str = "",
    case_id: UUID | None = None,
) -> Case:
    """Logs a new case for the actor's unit, with its first turn and its due date.

    received_on: local date, not after today. case_id: the id that the form carried; sent a
    second time it gives the case of the first.
    """
    if not actor.may("case:create") or actor.unit_id is None:
        raise NotAllowed(_("Bạn không có quyền ghi nhận vụ việc."))
    content = written(content, "content", _("Hãy ghi nội dung."))
    not_after_today(received_on, now, "received_on")
    note = perhaps_written(note, "note")
    if not 1 <= persons <= MOST_PERSONS:
        raise Refused(_("Số người từ 1 đến 100.000."), "persons")
    with transaction():
        if case_id is not None and (twin := db.session.get(Case, case_id)) is not None:
            if twin.logged_by_id != actor.user_id:
                raise Refused(_("Mã biểu mẫu đã được dùng; hãy mở lại trang ghi nhận."))
            return twin
        # Before the due date: who corrects the calendar holds the numbers until it is in force.
        serial = numbering.take("serial")
        due_on = clocks.answer_due_on(kind, received_on)
        case = Case(
            id=case_id or new_id(),
            serial=serial,
            code=numbering.next_code(kind, received_on.year),
            kind=kind,
            confidentiality=access.confidentiality_of(kind),
            state=State.RECEIVED,
            received_on=received_on,
            due_on=due_on,
            original_due_on=due_on,
            unit_id=actor.unit_id,
            logged_by_id=actor.user_id,
            field_id=field_id,
            area_id=area_id,
            channel_id=channel_id,
            content=content,
            note=note,
            round=1,
        )
        db.session.add(case)
        db.session.flush()
        db.session.add(
            Submission(
                case_id=case.id,
                received_on=received_on,
                channel_id=channel_id,
                persons=persons,
                recorded_at=now,
            )
        )
        search.index(case)
        record(case, "receive", None, actor, received_on, now, content)
    return case
