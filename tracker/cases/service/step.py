"""What every verb does: load, check, change, record; and the checks of what was given."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import acting, guards, queries, search, story
from tracker.cases.models import Case
from tracker.cases.service.writing import stop_writing
from tracker.core.clock import local_date
from tracker.core.db import db, transaction
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.rules.vietnamese import clean
from tracker.rules.workflow import ACTIONS, Action, Outcome, State
from tracker.units.queries import Viewer

LONGEST_TEXT = 20_000
LONGEST_LINE = 200
MOST_PERSONS = 100_000


@contextmanager
def step(
    name: str,
    case_id: UUID,
    actor: Viewer,
    now: datetime,
    *,
    happened_on: date | None = None,
    text: str = "",
    version: int | None = None,
    also: story.Changes | None = None,
) -> Iterator[Case]:
    """One action of the workflow: loads, checks, lets the caller change, then records.

    also: to be filled inside with what changes beside the columns that reports read.
    """
    with (
        transaction(),
        change(name, case_id, actor, now, happened_on, text, version, also) as case,
    ):
        yield case


@contextmanager
def change(
    name: str,
    case_id: UUID,
    actor: Viewer,
    now: datetime,
    happened_on: date | None = None,
    text: str = "",
    version: int | None = None,
    also: story.Changes | None = None,
    entry_id: UUID | None = None,
) -> Iterator[Case]:
    """A `step` inside the caller's transaction, which changes other cases beside this one."""
    action = ACTIONS[name]
    case = queries.find(actor, case_id, for_update=True)
    if case is None:
        raise NotAllowed(_("Không tìm thấy vụ việc."))
    _check(action, case, actor, version, local_date(now))
    unit_id = acting.unit_for(name, case, actor)
    before = story.reportable(case)
    # Half a change must not reach the database's own checks.
    with db.session.no_autoflush:
        if action.target is not None:
            case.state = action.target
        yield case
    day = happened_on or local_date(now)
    record(case, name, before, actor, day, now, text, also, entry_id, unit_id)
    stop_writing(case.id, actor)


def _check(action: Action, case: Case, actor: Viewer, version: int | None, today: date) -> None:
    if not actor.may(f"case:{action.name}"):
        raise NotAllowed(_("Bạn không có quyền làm việc này."))
    if version is not None and version != case.version:
        raise OutOfDate(
            _("Vụ việc vừa được người khác cập nhật. Hãy xem lại diễn biến rồi gửi lại.")
        )
    if State(case.state) not in action.sources:
        raise OutOfDate(_("Vụ việc đã chuyển trạng thái; việc này không còn làm được."))
    if reason := guards.why_not(action, case, actor, today):
        raise Refused(reason)


def record(
    case: Case,
    action: str,
    before: dict[str, Any] | None,
    actor: Viewer,
    happened_on: date,
    now: datetime,
    text: str,
    also: story.Changes | None = None,
    entry_id: UUID | None = None,
    unit_id: UUID | None = None,
) -> None:
    """One entry and one version by `actor`, inside the caller's transaction.

    unit_id: for which unit, where that isn't what `acting.unit_for` says by now.
    """
    if before is not None:  # a new case has just been indexed as a whole
        search.index_scope(case)
    story.record(
        case,
        action=action,
        before=before,
        happened_on=happened_on,
        now=now,
        user_id=actor.user_id,
        unit_id=unit_id or acting.unit_for(action, case, actor),
        text=text,
        also=also,
        entry_id=entry_id,
    )


def written(value: str, field: str, missing: str) -> str:
    """The clean text; raises Refused beside `field`, with `missing` where nothing is left of it."""
    value = perhaps_written(value, field)
    if not value:
        raise Refused(missing, field)
    return value


def perhaps_written(value: str, field: str) -> str:
    """The clean text, which may be empty; raises Refused beside `field` where it is too long."""
    value = clean(value, keep_lines=True)
    if len(value) > LONGEST_TEXT:
        raise Refused(_("Dài quá: tối đa 20.000 ký tự."), field)
    return value


def short(value: str, field: str) -> str:
    """The clean text on one line; raises Refused beside `field` where it is too long."""
    value = clean(value)
    if len(value) > LONGEST_LINE:
        raise Refused(_("Dài quá: tối đa 200 ký tự."), field)
    return value


def not_after_today(day: date, now: datetime, field: str) -> None:
    """Raises Refused beside `field` where the local date `day` lies ahead."""
    if day > local_date(now):
        raise Refused(_("Ngày này chưa đến."), field)


def not_before_receipt(day: date, case: Case, field: str) -> None:
    """Raises Refused beside `field` where `day` lies before the case was received."""
    if day < case.received_on:
        raise Refused(_("Ngày này trước ngày tiếp nhận."), field)


def one_of_outcomes(action: str, outcome: Outcome) -> None:
    """Raises Refused where the workflow gives `action` no such outcome."""
    if outcome not in ACTIONS[action].outcomes:
        raise Refused(_("Hãy chọn kết quả."), "outcome")


def promise(outcome: Outcome, promised_on: date | None, answered_on: date) -> date | None:
    """The date of a promise, None for other outcomes; raises Refused where it is wanting."""
    if outcome is not Outcome.PROMISED:
        return None
    if promised_on is None or promised_on <= answered_on:
        raise Refused(_("Hãy ghi ngày hẹn thực hiện, sau ngày trả lời."), "promised_on")
    return promised_on
