"""The verbs of casework, each one transaction and one entry in the story.

Every verb checks that the actor sees the case, that the workflow lets the actor's roles do it
in this state, and that what is required was given; it raises `Refused` otherwise.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cases import clocks, guards, numbering, queries, search, story
from tracker.cases.models import Answer, Assignment, Case, Submission
from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.rules import access, counting
from tracker.rules.vietnamese import clean
from tracker.rules.workflow import ACTIONS, Action, Kind, Outcome, State
from tracker.units.queries import Viewer

LONGEST_TEXT = 20_000


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
    content = _text(content, "content", _("Hãy ghi nội dung."))
    _not_after_today(received_on, now, "received_on")
    if not 1 <= persons <= 100_000:
        raise Refused(_("Số người từ 1 đến 100.000."), "persons")
    with transaction():
        if case_id is not None and (twin := db.session.get(Case, case_id)) is not None:
            if twin.logged_by_id != actor.user_id:
                raise Refused(_("Mã biểu mẫu đã được dùng; hãy mở lại trang ghi nhận."))
            return twin
        due_on = clocks.answer_due_on(kind, received_on)
        case = Case(
            id=case_id or new_id(),
            serial=numbering.take("serial"),
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
            note=clean(note, keep_lines=True),
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
        _record(case, "receive", None, actor, received_on, now, content)
    return case


def verify(case_id: UUID, *, actor: Viewer, now: datetime, version: int | None = None) -> Case:
    """The coordinator begins to verify a received case."""
    with _step("verify", case_id, actor, now, version=version) as case:
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
    with _step("assign", case_id, actor, now, text=asked, version=version) as case:
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
    reason = _text(reason, "reason", _("Hãy ghi lý do trả lại."))
    today = local_date(now)
    with _step("return", case_id, actor, now, text=reason, version=version) as case:
        _end_assignments(case, today, returned=True)
        case.lead_unit_id = None
        case.assigned_on = None
    return case


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
    text = _text(text, "text", _("Hãy ghi nội dung trả lời."))
    _not_after_today(answered_on, now, "answered_on")
    if document_date is not None:
        _not_after_today(document_date, now, "document_date")
    _one_of_outcomes("answer", outcome)
    promised_on = _promise(outcome, promised_on, answered_on)
    with _step(
        "answer", case_id, actor, now, happened_on=answered_on, text=text, version=version
    ) as case:
        _not_before_receipt(answered_on, case, "answered_on")
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
    reason = _text(reason, "reason", _("Hãy ghi lý do yêu cầu giải quyết lại."))
    with _step("redo", case_id, actor, now, text=reason, version=version) as case:
        case.answered_on = None
        case.promised_on = None
    return case


def close(
    case_id: UUID,
    *,
    actor: Viewer,
    outcome: Outcome,
    now: datetime,
    text: str = "",
    promised_on: date | None = None,
    version: int | None = None,
) -> Case:
    """The coordinator closes an answered case. Only a promise leaves it unended."""
    _one_of_outcomes("close", outcome)
    text = clean(text, keep_lines=True)
    with _step("close", case_id, actor, now, text=text, version=version) as case:
        assert case.answered_on is not None  # the database holds this of an answered case
        case.promised_on = _promise(outcome, promised_on or case.promised_on, case.answered_on)
        _close(case, outcome, local_date(now))
    return case


def close_directly(
    action: str,
    case_id: UUID,
    *,
    actor: Viewer,
    reason: str,
    now: datetime,
    version: int | None = None,
) -> Case:
    """Guide, forward, refuse, file or withdraw: the actions whose row has one outcome."""
    reason = _text(reason, "reason", _("Hãy ghi lý do."))
    with _step(action, case_id, actor, now, text=reason, version=version) as case:
        _close(case, ACTIONS[action].outcomes[0], local_date(now))
    return case


def reopen(
    case_id: UUID, *, actor: Viewer, reason: str, now: datetime, version: int | None = None
) -> Case:
    """Begins a new round on a closed case. Its received date and due date stay what they were."""
    reason = _text(reason, "reason", _("Hãy ghi lý do mở lại."))
    with _step("reopen", case_id, actor, now, text=reason, version=version) as case:
        case.round += 1
        for column in ("outcome", "closed_on", "ended_on", "answered_on", "promised_on"):
            setattr(case, column, None)
        case.lead_unit_id = None
        case.assigned_on = None
    return case


def comment(case_id: UUID, *, actor: Viewer, text: str, now: datetime) -> Case:
    """A note inside the office, never shown to the citizen."""
    text = _text(text, "text", _("Hãy ghi nội dung ghi chú."))
    with _step("comment", case_id, actor, now, text=text) as case:
        pass
    return case


@contextmanager
def _step(
    name: str,
    case_id: UUID,
    actor: Viewer,
    now: datetime,
    *,
    happened_on: date | None = None,
    text: str = "",
    version: int | None = None,
) -> Iterator[Case]:
    """One action of the workflow: loads, checks, lets the caller change, then records."""
    action = ACTIONS[name]
    with transaction():
        case = queries.find(actor, case_id, for_update=True)
        if case is None:
            raise NotAllowed(_("Không tìm thấy vụ việc."))
        _check(action, case, actor, version)
        before = story.reportable(case)
        # Half a change must not reach the database's own checks.
        with db.session.no_autoflush:
            if action.target is not None:
                case.state = action.target
            yield case
        _record(case, name, before, actor, happened_on or local_date(now), now, text)


def _check(action: Action, case: Case, actor: Viewer, version: int | None) -> None:
    if not actor.may(f"case:{action.name}"):
        raise NotAllowed(_("Bạn không có quyền làm việc này."))
    if version is not None and version != case.version:
        raise OutOfDate(
            _("Vụ việc vừa được người khác cập nhật. Hãy xem lại diễn biến rồi gửi lại.")
        )
    if State(case.state) not in action.sources:
        raise OutOfDate(_("Vụ việc đã chuyển trạng thái; việc này không còn làm được."))
    if reason := guards.why_not(action, case, actor):
        raise Refused(reason)


def _record(
    case: Case,
    action: str,
    before: dict[str, Any] | None,
    actor: Viewer,
    happened_on: date,
    now: datetime,
    text: str,
) -> None:
    story.record(
        case,
        action=action,
        before=before,
        happened_on=happened_on,
        now=now,
        user_id=actor.user_id,
        unit_id=actor.unit_id,
        text=text,
    )


def _close(case: Case, outcome: Outcome, closed_on: date) -> None:
    case.state = State.CLOSED
    case.outcome = outcome
    case.closed_on = closed_on
    case.ended_on = counting.ended_on(outcome, case.answered_on, closed_on)
    _end_assignments(case, closed_on, returned=False)


def _end_assignments(case: Case, on: date, *, returned: bool) -> None:
    for assignment in db.session.scalars(
        select(Assignment).where(Assignment.case_id == case.id, Assignment.ended_on.is_(None))
    ):
        assignment.ended_on = on
        if returned:
            assignment.returned_on = on


def _text(value: str, field: str, missing: str) -> str:
    value = clean(value, keep_lines=True)
    if not value:
        raise Refused(missing, field)
    if len(value) > LONGEST_TEXT:
        raise Refused(_("Dài quá: tối đa 20.000 ký tự."), field)
    return value


def _not_after_today(day: date, now: datetime, field: str) -> None:
    if day > local_date(now):
        raise Refused(_("Ngày này ở tương lai."), field)


def _not_before_receipt(day: date, case: Case, field: str) -> None:
    if day < case.received_on:
        raise Refused(_("Ngày này trước ngày tiếp nhận."), field)


def _one_of_outcomes(action: str, outcome: Outcome) -> None:
    if outcome not in ACTIONS[action].outcomes:
        raise Refused(_("Hãy chọn kết quả."), "outcome")


def _promise(outcome: Outcome, promised_on: date | None, answered_on: date) -> date | None:
    if outcome is not Outcome.PROMISED:
        return None
    if promised_on is None or promised_on <= answered_on:
        raise Refused(_("Hãy ghi ngày hẹn thực hiện, sau ngày trả lời."), "promised_on")
    return promised_on
