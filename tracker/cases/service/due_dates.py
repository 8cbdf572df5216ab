"""Due dates that people set: what may be one, how far the law lets it go, what moves with it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cases import clocks
from tracker.cases.models import Assignment, Case, ExtensionRequest
from tracker.cases.story import Changes
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules import deadlines
from tracker.rules.calendar import OutsideCalendar
from tracker.rules.vietnamese import format_date

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
    if case.original_due_on is None:
        case.original_due_on, case.due_basis = day, "decision"
    case.decided_due_on = day
    case.pauses_before_decision = len(case.pauses)
    move(case, day)
    for assignment in open_assignments(case):
        if assignment.part == "lead" and assignment.due_on is not None and assignment.due_on < day:
            decide_own(case, assignment, day)


def decide_own(case: Case, assignment: Assignment, day: date) -> None:
    """Gives a unit until `day`, whatever its clock says; what is the citizen's date moves with it.

    Inside the caller's step.
    """
    assignment.due_on = day
    assignment.decided_due_on = None if day == case.due_on else day
    assignment.pauses_before_decision = len(case.pauses)


def move(case: Case, day: date | None) -> None:
    """Moves the due date, and that of open assignments that have no other."""
    for assignment in open_assignments(case):
        if not _has_own_date(case, assignment):
            assignment.due_on = day
    case.due_on = day


def _has_own_date(case: Case, assignment: Assignment) -> bool:
    return assignment.decided_due_on is not None or assignment.due_on != case.due_on


def settle_own(case: Case) -> None:
    """Puts the units' own due dates right by the calendar of now, in which they may be rest days.

    A date that nothing explains moves on from a rest day, and back with the calendar.
    """
    for assignment in open_assignments(case):
        if assignment.due_on is None or not _has_own_date(case, assignment):
            continue
        if clocks.own_due_on(case, assignment) != assignment.due_on:
            if assignment.decided_due_on is None:
                decide_own(case, assignment, assignment.due_on)
            assignment.due_on = clocks.own_due_on(case, assignment)


def open_assignments(case: Case) -> Sequence[Assignment]:
    """What units were asked to do and haven't done yet."""
    return db.session.scalars(
        select(Assignment).where(Assignment.case_id == case.id, Assignment.ended_on.is_(None))
    ).all()


def latest_due_on(case: Case) -> date | None:
    """How far the law lets the due date of `case` be extended; None where it sets no end.

    The days for which the case was suspended come on top.
    """
    limit = clocks.limit_of(case)
    if limit is None or not limit.extensions:
        return None
    totals = [extension.total for extension in limit.extensions]
    if None in totals:
        return None
    longest = max(total for total in totals if total is not None)
    extended = replace(limit, amount=longest)
    return deadlines.due_on(extended, clocks.begins_on(case), clocks.calendar(), case.pauses)


def recount(case: Case) -> None:
    """Counts the due dates of `case` anew, by what it is now and by the calendar of now.

    The first date as well, where the rule gave it. Raises Refused where the calendar doesn't reach.
    """
    case.original_due_on = clocks.first_due_on(case)
    move(case, clocks.due_on(case))


def accept_on(case: Case, day: date) -> None:
    """Takes `case` on by law from the local date `day`: what comes from the rule counts from it."""
    case.accepted_on = day
    recount(case)


def end_pause(case: Case, on: date) -> None:
    """Starts the clock of `case` again on the local date `on`, if it stood still.

    The due dates move by the days of the pause, the units' own as well: see `clocks.later`.
    Raises Refused where the calendar doesn't reach.
    """
    if case.suspended_on is None:
        return
    pause = case.suspended_on, on
    own = [each for each in open_assignments(case) if _has_own_date(case, each)]
    counted = [each for each in own if clocks.own_due_on(case, each) == each.due_on]
    case.pauses = (*case.pauses, pause)
    case.suspended_on = None
    recount(case)
    for assignment in own:
        if assignment in counted:
            assignment.due_on = clocks.own_due_on(case, assignment)
        elif assignment.due_on is not None:
            assignment.due_on = clocks.later(case, assignment.due_on, [pause])


def undo_end_of_pause(case: Case) -> None:
    """Suspends `case` again since when it was, as if its last pause had never ended."""
    *earlier, (case.suspended_on, _ended) = case.pauses
    case.pauses = tuple(earlier)


def let_request_lapse(case: Case, now: datetime) -> Changes:
    """An extension that was asked for is asked no more, once the case leaves the agency's desk.

    What that changes, for the story.
    """
    request = case.extension_request
    if request is None:
        return {}
    decide_request(case, request, is_granted=False, now=now)
    return {"wanted_on": [str(request.wanted_on), None]}


def take_up_lapsed(case: Case, lapsed_at: datetime) -> Changes:
    """An extension that lapsed at this instant is asked for again. What that changes, for the
    story."""
    request = db.session.scalars(
        select(ExtensionRequest).where(
            ExtensionRequest.case_id == case.id,
            ExtensionRequest.decided_at == lapsed_at,
            ExtensionRequest.is_granted.is_(False),
        )
    ).one_or_none()
    if request is None:
        return {}
    request.decided_at = request.is_granted = None
    db.session.expire(case, ["extension_request"])
    return {"wanted_on": [None, str(request.wanted_on)]}


def decide_request(
    case: Case, request: ExtensionRequest, *, is_granted: bool, now: datetime
) -> None:
    """Writes down what became of an agency's request, inside the caller's step."""
    request.is_granted = is_granted
    request.decided_at = now
    db.session.expire(case, ["extension_request"])
