"""What was written down wrongly, put right: old and new stay in the story."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import func, select

from tracker.cases import search
from tracker.cases.models import Answer, Assignment, Case, Submission
from tracker.cases.service import due_dates, raising
from tracker.cases.service.assigning import take_from_uncleared
from tracker.cases.service.step import (
    MOST_PERSONS,
    change,
    not_after_today,
    perhaps_written,
    step,
    written,
)
from tracker.cases.story import Changes
from tracker.core.db import db, transaction
from tracker.core.errors import Refused
from tracker.rules import access, conditions
from tracker.rules.access import Confidentiality, is_closer
from tracker.rules.conditions import Condition
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Kind, State
from tracker.units.queries import Viewer


def classify(
    case_id: UUID,
    *,
    actor: Viewer,
    kind: Kind,
    condition: Condition = "ordinary",
    field_id: UUID | None,
    area_id: UUID | None,
    now: datetime,
    version: int | None = None,
) -> Case:
    """Says before the assignment what kind of case this is, about what and where.

    A kind that is protected protects the case, and what was split from it or merged with it.
    The due date follows the kind and the condition under which the law puts the case. Raises
    Refused beside `condition` where it isn't the kind's.
    """
    _check_condition(condition, kind)
    also: Changes = {}
    with _with_joined("classify", case_id, actor, now, version=version, also=also) as case:
        also |= _differing(case, condition=condition)
        before = case.kind, case.field_id, case.area_id
        if not also and before == (kind, field_id, area_id):
            raise Refused(_("Chưa có gì thay đổi."))
        level = access.kept_as(Confidentiality(case.confidentiality), kind)
        _reclassify(case, kind, condition, level)
        case.field_id = field_id
        case.area_id = area_id
    return case


def reclassify(
    case_id: UUID,
    *,
    actor: Viewer,
    kind: Kind,
    condition: Condition = "ordinary",
    confidentiality: Confidentiality,
    field_id: UUID | None,
    reason: str,
    now: datetime,
    version: int | None = None,
) -> Case:
    """Changes kind, field and confidentiality at any time. The code stays.

    A case that was protected as a denunciation stays so. What was split from the case or merged
    with it is kept as closely as the case from then on.
    """
    reason = written(reason, "reason", _("Hãy ghi lý do."))
    _check_condition(condition, kind)
    also: Changes = {}
    with _with_joined(
        "reclassify", case_id, actor, now, text=reason, version=version, also=also
    ) as case:
        also |= _differing(case, condition=condition)
        before = case.kind, case.confidentiality, case.field_id
        if not also and before == (kind, confidentiality, field_id):
            raise Refused(_("Chưa có gì thay đổi."))
        if confidentiality not in access.levels(Confidentiality(case.confidentiality), kind):
            raise Refused(
                _("Tố cáo luôn được bảo vệ: không hạ mức bảo mật của vụ việc."), "confidentiality"
            )
        _reclassify(case, kind, condition, confidentiality)
        case.field_id = field_id
    return case


def correct(
    case_id: UUID,
    *,
    actor: Viewer,
    content: str,
    received_on: date,
    field_id: UUID | None,
    area_id: UUID | None,
    channel_id: UUID | None,
    persons: int,
    note: str,
    reason: str,
    now: datetime,
    accepted_on: date | None = None,
    version: int | None = None,
) -> Case:
    """Puts right what was logged wrongly; channel and persons are those of the first turn.

    Due dates that come from the rule are counted anew from the corrected day of acceptance, or of
    receipt, which only a coordinator may correct once the case is closed. accepted_on: None
    leaves the acceptance as it is.
    """
    reason = written(reason, "reason", _("Hãy ghi lý do sửa."))
    content = written(content, "content", _("Hãy ghi nội dung."))
    note = perhaps_written(note, "note")
    not_after_today(received_on, now, "received_on")
    if accepted_on is not None:
        not_after_today(accepted_on, now, "accepted_on")
    if not 1 <= persons <= MOST_PERSONS:
        raise Refused(_("Số người từ 1 đến 100.000."), "persons")
    also: Changes = {}
    with step("correct", case_id, actor, now, text=reason, version=version, also=also) as case:
        turn = _first_turn(case)
        also |= _differing(case, content=content, note=note)
        if turn is not None:
            also |= _differing(turn, persons=persons)
            turn.persons, turn.channel_id = persons, channel_id
        places = {"field_id": field_id, "area_id": area_id, "channel_id": channel_id}
        accepted_on = accepted_on or case.accepted_on
        days = {"received_on": received_on, "accepted_on": accepted_on}
        if not also and not _differing(case, **days, **places):
            raise Refused(_("Chưa có gì thay đổi."))
        case.content, case.note = content, note
        for column, value in places.items():
            setattr(case, column, value)
        if accepted_on is not None and accepted_on != case.accepted_on:
            _accept_on(case, accepted_on, received_on, actor)
        if received_on != case.received_on:
            if case.state == State.CLOSED and not actor.may("case:correct_closed"):
                raise Refused(
                    _("Vụ việc đã kết thúc; chỉ điều phối viên sửa được ngày tiếp nhận."),
                    "received_on",
                )
            _receive_on(case, turn, received_on)
        search.index(case)
    return case


@contextmanager
def _with_joined(
    name: str,
    case_id: UUID,
    actor: Viewer,
    now: datetime,
    *,
    version: int | None,
    also: Changes,
    text: str = "",
) -> Iterator[Case]:
    """A step of a case whose level may rise, and then that of the cases joined with it."""
    with transaction():
        others = raising.hold_joined(case_id)
        with change(name, case_id, actor, now, text=text, version=version, also=also) as case:
            level = case.confidentiality
            yield case
            if is_closer(Confidentiality(case.confidentiality), Confidentiality(level)):
                also |= take_from_uncleared(case, now)
        raising.raise_joined(case, others, actor, now)


def _check_condition(condition: Condition, kind: Kind) -> None:
    if not conditions.can_be(condition, kind):
        raise Refused(_("Trường hợp này không áp dụng cho loại vụ việc đã chọn."), "condition")


def _reclassify(case: Case, kind: Kind, condition: Condition, level: Confidentiality) -> None:
    case.confidentiality = level
    if (case.kind, case.condition) != (kind, condition):
        case.kind, case.condition = kind, condition
        due_dates.recount(case)


def _receive_on(case: Case, turn: Submission | None, day: date) -> None:
    earliest = _first_dealt_with_on(case)
    if earliest is not None and day > earliest:
        raise Refused(_("Ngày tiếp nhận không được sau những ngày đã ghi về sau."), "received_on")
    if turn is not None and turn.received_on == case.received_on:
        turn.received_on = day
    _check_others(case, day)
    case.received_on = day
    due_dates.recount(case)


def _check_others(case: Case, day: date) -> None:
    """Raises Refused where somebody who brought the matter would count as waiting for less long
    than by what stands: by another turn, or by the case that this one was merged into."""
    turns = (turn.received_on for turn in case.submissions if turn.voided_at is None)
    first = min(turns, default=day)
    if day > first:
        raise Refused(
            _(
                "Vụ việc có lượt phản ánh ngày %(day)s; ngày tiếp nhận không được sau ngày ấy.",
                day=format_date(first),
            ),
            "received_on",
        )
    if case.merged_into_id is None:
        return
    target = db.session.get_one(Case, case.merged_into_id)
    if day < target.received_on:
        raise Refused(
            _(
                "Vụ việc đã gộp vào %(code)s, tiếp nhận ngày %(day)s; hãy hoàn tác việc gộp trước.",
                code=target.code,
                day=format_date(target.received_on),
            ),
            "received_on",
        )


def _accept_on(case: Case, day: date, received_on: date, actor: Viewer) -> None:
    if case.accepted_on is None or not actor.may("case:admit"):
        raise Refused(_("Chỉ điều phối viên ghi và sửa ngày thụ lý."), "accepted_on")
    if day < received_on:
        raise Refused(_("Ngày này trước ngày tiếp nhận."), "accepted_on")
    if case.answered_on is not None and day > case.answered_on:
        raise Refused(_("Ngày này sau ngày trả lời."), "accepted_on")
    due_dates.accept_on(case, day)


def _first_dealt_with_on(case: Case) -> date | None:
    """The first local date on which anything was done about `case`."""
    known = [
        case.accepted_on,
        case.assigned_on,
        case.answered_on,
        case.closed_on,
        case.suspended_on,
        db.session.scalar(
            select(func.min(Assignment.assigned_on)).where(Assignment.case_id == case.id)
        ),
        db.session.scalar(select(func.min(Answer.answered_on)).where(Answer.case_id == case.id)),
    ]
    return min((day for day in known if day is not None), default=None)


def _first_turn(case: Case) -> Submission | None:
    return db.session.scalars(
        select(Submission)
        .where(Submission.case_id == case.id, Submission.merge_id.is_(None))
        .order_by(Submission.received_on, Submission.id)
        .limit(1)
    ).first()


def _differing(row: Case | Submission, **values: Any) -> Changes:
    """Those of `values` that `row` doesn't have yet: column -> [old, new]."""
    return {
        name: [str(old), str(value)]
        for name, value in values.items()
        if (old := getattr(row, name)) != value
    }
