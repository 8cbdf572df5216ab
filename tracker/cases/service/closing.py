"""The ways in which a case ends, and the way back."""

from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from tracker.cases.models import Answer, Case, Entry
from tracker.cases.service import due_dates
from tracker.cases.service.assigning import await_ruling, end_assignments
from tracker.cases.service.feedback import settle
from tracker.cases.service.heirs import to_successor
from tracker.cases.service.step import (
    not_after_today,
    one_of_outcomes,
    perhaps_written,
    promise,
    short,
    step,
    written,
)
from tracker.cases.service.undoing import standing
from tracker.cases.story import Changes
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules import counting
from tracker.rules.workflow import ACTIONS, Outcome, State
from tracker.units.queries import Viewer


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
    one_of_outcomes("close", outcome)
    text = perhaps_written(text, "text")
    also: Changes = {}
    with step("close", case_id, actor, now, text=text, version=version, also=also) as case:
        also |= standing(case)
        assert case.answered_on is not None  # the database holds this of an answered case
        case.promised_on = promise(outcome, promised_on or case.promised_on, case.answered_on)
        end(case, outcome, local_date(now))
    return case


def close_as_proposed(
    case_id: UUID, *, actor: Viewer, now: datetime, text: str = "", version: int | None = None
) -> Case:
    """The coordinator closes an answered case with what its last answer proposes and promises."""
    text = perhaps_written(text, "text")
    also: Changes = {}
    with step("close", case_id, actor, now, text=text, version=version, also=also) as case:
        also |= standing(case)
        proposed = db.session.scalar(
            select(Answer.outcome)
            .where(Answer.case_id == case.id)
            .order_by(Answer.recorded_at.desc(), Answer.id.desc())
            .limit(1)
        )
        if proposed is None:
            raise Refused(
                _("Lần trả lời không đề xuất kết quả; hãy kết thúc riêng vụ việc này."), "outcome"
            )
        end(case, Outcome(proposed), local_date(now))
    return case


def close_directly(
    action: str,
    case_id: UUID,
    *,
    actor: Viewer,
    reason: str,
    now: datetime,
    sent_to: str = "",
    version: int | None = None,
) -> Case:
    """Guide, forward, refuse, file or withdraw: the actions whose row has one outcome.

    sent_to: the body that the case is forwarded to, or that the citizen is guided to.
    """
    reason = written(reason, "reason", _("Hãy ghi lý do."))
    also: Changes = {}
    with step(action, case_id, actor, now, text=reason, version=version, also=also) as case:
        also |= standing(case)
        also |= due_dates.let_request_lapse(case, now)
        if "sent_to" in ACTIONS[action].required:
            case.sent_to = _body(sent_to)
            also["sent_to"] = [None, case.sent_to]
        end(case, ACTIONS[action].outcomes[0], local_date(now))
    return case


def withdraw_part(
    case_id: UUID, *, actor: Viewer, reason: str, now: datetime, version: int | None = None
) -> Case:
    """Notes what part the citizen withdrew; the case goes on with the rest."""
    reason = written(reason, "reason", _("Hãy ghi phần được rút và lý do."))
    with step("withdraw_part", case_id, actor, now, text=reason, version=version) as case:
        # Nothing of the case changes, and yet the form sent twice has to be out of date.
        flag_modified(case, "state")
    return case


def keep_promise(
    case_id: UUID,
    *,
    actor: Viewer,
    kept_on: date,
    now: datetime,
    text: str = "",
    version: int | None = None,
) -> Case:
    """What was promised has been done, on the local date `kept_on`: the case is resolved then."""
    text = perhaps_written(text, "text")
    not_after_today(kept_on, now, "kept_on")
    with step(
        "keep_promise", case_id, actor, now, happened_on=kept_on, text=text, version=version
    ) as case:
        if case.answered_on is not None and kept_on < case.answered_on:
            raise Refused(_("Ngày này trước ngày trả lời có lời hẹn."), "kept_on")
        case.outcome = Outcome.RESOLVED
        case.ended_on = kept_on
    return case


def reopen(
    case_id: UUID,
    *,
    actor: Viewer,
    reason: str,
    now: datetime,
    is_coerced: bool = False,
    version: int | None = None,
) -> Case:
    """Begins a new round on a closed case. Its clock has run on since it was received.

    The calendar may have been corrected while it was closed: its due dates are counted anew.
    Where the unit that received it has ended, its successor has the case from now on.

    is_coerced: that the citizen was made to withdraw it; a withdrawn case isn't reopened otherwise.
    """
    reason = written(reason, "reason", _("Hãy ghi lý do mở lại."))
    text = _("Công dân bị ép buộc rút đơn. %(reason)s", reason=reason) if is_coerced else reason
    also: Changes = {}
    with step("reopen", case_id, actor, now, text=text, version=version, also=also) as case:
        if case.outcome == Outcome.WITHDRAWN and not is_coerced:
            raise Refused(
                _("Công dân đã tự nguyện rút đơn; chỉ mở lại nếu việc rút đơn là do bị ép buộc."),
                "is_coerced",
            )
        case.round += 1
        settle(case, now)
        if case.sent_to is not None:
            also["sent_to"], case.sent_to = [case.sent_to, None], None
        for column in ("outcome", "closed_on", "ended_on", "answered_on", "promised_on"):
            setattr(case, column, None)
        case.lead_unit_id = None
        case.assigned_on = None
        if (times := _unruled(case)) is not None:
            also |= await_ruling(case, times, local_date(now))
        to_successor(case, local_date(now))
        due_dates.recount(case)
    return case


def _unruled(case: Case) -> int | None:
    """How often the case had gone back when it last did, if no leader has ruled since then."""
    last = db.session.scalar(
        select(Entry.action)
        .where(Entry.case_id == case.id, Entry.action.in_(("return", "redo", "rule")))
        .order_by(Entry.sequence.desc())
        .limit(1)
    )
    return {"return": case.return_count, "redo": case.redo_count}.get(last or "")


def end(case: Case, outcome: Outcome, closed_on: date) -> None:
    """Closes `case` on a local date, inside the caller's step."""
    due_dates.end_pause(case, closed_on)
    case.state = State.CLOSED
    case.outcome = outcome
    case.closed_on = closed_on
    case.ruling_due_on = None
    case.ended_on = counting.ended_on(outcome, case.answered_on, closed_on)
    end_assignments(case, closed_on, returned=False)


def _body(name: str) -> str:
    name = short(name, "sent_to")
    if not name:
        raise Refused(_("Hãy ghi tên cơ quan nhận."), "sent_to")
    return name
