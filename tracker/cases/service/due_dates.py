"""Due dates that people set: what may be one, how far the law lets it go, what moves with it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cases import clocks
from tracker.cases.models import Assignment, Case, Entry, ExtensionRequest
from tracker.cases.story import Changes
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules import deadlines
from tracker.rules.calendar import OutsideCalendar
from tracker.rules.deadlines import Pause
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Kind

RULING_WORKING_DAYS = 3


def ruling_due_on(today: date) -> date:
    """By when a leader has to rule on what went wrong on the local date `today`."""
    return clocks.calendar().add_working_days(today, RULING_WORKING_DAYS)


def fit_for_work(day: date, today: date, field: str) -> None:
    """Raises Refused beside `field` where nothing can be due on `day`: past, or a rest day."""
    if day < today:
        raise Refused(_("Hạn không được ở trước hôm nay."), field)
    try:
        is_working = clocks.calendar().is_working(day)
    except OutsideCalendar as error:
        raise Refused(_("Ngày này xa quá."), field) from error
    if not is_working:
        raise Refused(_("Ngày này là ngày nghỉ; hãy chọn một ngày làm việc."), field)


def decide(case: Case, day: date, today: date, field: str) -> None:
    """Sets the due date of `case` by decision, inside the caller's step.

    The first date stays beside it. The unit that has to answer gets as long; what others have
    been asked moves along where it was due with the case. Raises Refused beside `field` for a
    day that can't be, or that the law doesn't allow.
    """
    fit_for_work(day, today, field)
    latest = latest_due_on(case)
    if latest is not None and day > latest and (case.due_on is None or day > case.due_on):
        raise Refused(
            _("Luật chỉ cho gia hạn đến %(day)s.", day=format_date(latest)),
            field,
        )
    move(case, day)
    for assignment in open_assignments(case):
        if assignment.part == "lead" and assignment.due_on is not None:
            assignment.due_on = max(assignment.due_on, day)
    case.due_basis = "decision"
    case.original_due_on = case.original_due_on or day


def move(case: Case, day: date | None) -> None:
    """Moves the due date, and that of open assignments that were due on the same day."""
    for assignment in open_assignments(case):
        if assignment.due_on == case.due_on:
            assignment.due_on = day
    case.due_on = day


def open_assignments(case: Case) -> Sequence[Assignment]:
    """What units were asked to do and haven't done yet."""
    return db.session.scalars(
        select(Assignment).where(Assignment.case_id == case.id, Assignment.ended_on.is_(None))
    ).all()


def latest_due_on(case: Case) -> date | None:
    """How far the law lets the due date of `case` be extended; None where it sets no end.

    The days for which the case was suspended come on top.
    """
    start = clocks.begins_on(case)
    limit = deadlines.answer_limit(case.kind, start)
    if limit is None or not limit.extensions:
        return None
    totals = [extension.total for extension in limit.extensions]
    if None in totals:
        return None
    longest = max(total for total in totals if total is not None)
    extended = replace(limit, amount=longest)
    return deadlines.due_on(extended, start, clocks.calendar(), pauses(case.id))


def by_rule(case: Case) -> None:
    """Counts the due dates of `case` anew where they come from the rule, and from it alone."""
    if case.due_basis == "rule":
        kind, start = Kind(case.kind), clocks.begins_on(case)
        case.original_due_on = clocks.answer_due_on(kind, start)
        move(case, clocks.answer_due_on(kind, start, pauses(case.id)))


def accept_on(case: Case, day: date) -> None:
    """Takes `case` on by law from the local date `day`: what comes from the rule counts from it.

    A due date that was decided stays; the original date beside it, where it was computed, not.
    """
    kind = Kind(case.kind)
    is_computed = case.original_due_on == clocks.answer_due_on(kind, clocks.begins_on(case))
    case.accepted_on = day
    if case.due_basis == "decision" and is_computed:
        case.original_due_on = clocks.answer_due_on(kind, clocks.begins_on(case))
    by_rule(case)


def after_pause(case: Case, pause: Pause) -> None:
    """Moves the due dates, the units' own as well, by the days for which the clock stood still.

    They are counted as the limit is: working days or calendar days. What was due before stays so.
    Raises Refused where the calendar doesn't reach.
    """
    before = case.due_on
    try:
        case.due_on = _citizens_after(case, pause)
        for assignment in open_assignments(case):
            if assignment.due_on is not None and assignment.due_on == before:
                assignment.due_on = case.due_on
            elif assignment.due_on is not None:
                assignment.due_on = _later(case, assignment.due_on, pause)
    except OutsideCalendar as error:
        raise Refused(_("Lịch làm việc không có các ngày này.")) from error


def _citizens_after(case: Case, pause: Pause) -> date | None:
    suspended_on, resumed_on = pause
    if case.due_on is None or case.due_on <= suspended_on or suspended_on == resumed_on:
        return case.due_on
    if case.due_basis == "rule":
        paused = [*pauses(case.id), pause]
        return clocks.answer_due_on(Kind(case.kind), clocks.begins_on(case), paused)
    return _later(case, case.due_on, pause)


def let_request_lapse(case: Case, now: datetime) -> Changes:
    """An extension that was asked for is asked no more, once the case leaves the agency's desk.

    What that changes, for the story.
    """
    request = case.extension_request
    if request is None:
        return {}
    decide_request(case, request, is_granted=False, now=now)
    return {"wanted_on": [str(request.wanted_on), None]}


def decide_request(
    case: Case, request: ExtensionRequest, *, is_granted: bool, now: datetime
) -> None:
    """Writes down what became of an agency's request, inside the caller's step."""
    request.is_granted = is_granted
    request.decided_at = now
    db.session.expire(case, ["extension_request"])


def pauses(case_id: UUID) -> list[Pause]:
    """When the case was suspended and resumed, as its story tells; of pauses that have ended."""
    found = db.session.execute(
        select(Entry.action, Entry.happened_on)
        .where(Entry.case_id == case_id, Entry.action.in_(("suspend", "resume")))
        .order_by(Entry.sequence)
    ).all()
    ended: list[Pause] = []
    begun: date | None = None
    for action, day in found:
        if action == "suspend":
            begun = day
        elif begun is not None:
            ended.append((begun, day))
            begun = None
    return ended


def _later(case: Case, due_on: date, pause: Pause) -> date:
    calendar = clocks.calendar()
    suspended_on, resumed_on = pause
    if due_on <= suspended_on or suspended_on == resumed_on:
        return due_on
    limit = deadlines.answer_limit(case.kind, clocks.begins_on(case))
    if limit is None or limit.unit != "working_days":
        return calendar.add_calendar_days(due_on, (resumed_on - suspended_on).days)
    days = calendar.working_days_between(*pause)
    return calendar.add_working_days(due_on, days) if days else due_on
