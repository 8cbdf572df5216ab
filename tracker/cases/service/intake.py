"""Logging a case."""

from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import clocks, numbering, search
from tracker.cases.models import Case
from tracker.cases.service.step import not_after_today, perhaps_written, record, written
from tracker.cases.service.turns import Turn, check_persons, write_turn
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
    unit_id: UUID | None = None,
) -> Case:
    """Logs a new case with its first turn and its due date.

    unit_id: the unit that received it, needed where the actor logs for several. received_on:
    local date, not after today. case_id: the id that the form carried; sent a
    second time it gives the case of the first.
    """
    turn = Turn(received_on=received_on, channel_id=channel_id, persons=persons)
    with transaction():
        return log_within(
            actor=actor,
            kind=kind,
            content=content,
            turn=turn,
            now=now,
            field_id=field_id,
            area_id=area_id,
            note=note,
            case_id=case_id,
            unit_id=unit_id,
        )


def log_within(
    *,
    actor: Viewer,
    kind: Kind,
    content: str,
    turn: Turn,
    now: datetime,
    field_id: UUID | None = None,
    area_id: UUID | None = None,
    note: str = "",
    case_id: UUID | None = None,
    unit_id: UUID | None = None,
    proposed_unit_id: UUID | None = None,
) -> Case:
    """The same inside the caller's transaction, with whatever is known of its first turn.

    proposed_unit_id: the unit that should be asked, as far as whoever logs it can tell.
    """
    unit_id = _receiving(actor, unit_id)
    content = written(content, "content", _("Hãy ghi nội dung."))
    not_after_today(turn.received_on, now, "received_on")
    note = perhaps_written(note, "note")
    check_persons(turn.persons)
    if case_id is not None and (twin := db.session.get(Case, case_id)) is not None:
        if twin.logged_by_id != actor.user_id:
            raise Refused(_("Mã biểu mẫu đã được dùng; hãy mở lại trang ghi nhận."))
        return twin
    # Before the due date: who corrects the calendar holds the numbers until it is in force.
    serial = numbering.take("serial")
    due_on = clocks.answer_due_on(kind, turn.received_on)
    case = Case(
        id=case_id or new_id(),
        serial=serial,
        code=numbering.next_code(kind, turn.received_on.year),
        kind=kind,
        confidentiality=access.confidentiality_of(kind),
        state=State.RECEIVED,
        received_on=turn.received_on,
        due_on=due_on,
        original_due_on=due_on,
        unit_id=unit_id,
        logged_by_id=actor.user_id,
        field_id=field_id,
        area_id=area_id,
        channel_id=turn.channel_id,
        event_id=turn.event_id,
        content=content,
        note=note,
        proposed_unit_id=proposed_unit_id,
        round=1,
    )
    db.session.add(case)
    db.session.flush()
    write_turn(case, turn, actor, now)
    search.index(case)
    record(case, "receive", None, actor, turn.received_on, now, content)
    return case


def _receiving(actor: Viewer, wanted: UUID | None) -> UUID:
    """The unit for which `actor` logs; Refused where they have to say which."""
    units = list(actor.units_for("case:create"))
    if not units:
        raise NotAllowed(_("Bạn không có quyền ghi nhận vụ việc."))
    if wanted is None and len(units) == 1:
        return units[0]
    if wanted not in units:
        raise Refused(_("Hãy chọn đơn vị tiếp nhận."), "unit_id")
    return wanted
