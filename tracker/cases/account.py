"""The account of a case's clocks: the citizen's, each agency's, and the stages between.

The citizen's clock begins with the receipt and never again; an agency's begins with each
assignment.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, cast
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import clocks
from tracker.cases import due as standing
from tracker.cases.due import Due
from tracker.cases.models import Assignment, Case
from tracker.cases.telling import action_label
from tracker.core.clock import local_date, local_time
from tracker.rules import deadlines, milestones
from tracker.rules.calendar import LedgerLine, OutsideCalendar
from tracker.rules.conditions import Condition
from tracker.rules.deadlines import Limit, Stage
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import BEFORE_ANSWER, ENDINGS, Kind, State


@dataclass(frozen=True, slots=True)
class Citizen:
    """Why a case is due when it is: the limit in law, the day by it, and the days one by one.

    first_on: the day by the limit alone. lines: with the pauses that the case had, up to a date
    that was decided instead.
    """

    limit: Limit
    unit: str
    first_on: date
    lines: list[LedgerLine]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An entry of the story that moved the due date, or stopped or started the clock."""

    label: str
    happened_on: date
    user: str | None
    old: date | None
    new: date | None
    text: str


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage with its limit in law: by when, done when, and how that stands."""

    stage: Stage
    label: str
    source: str
    due_on: date
    done_on: date | None
    due: Due


@dataclass(frozen=True, slots=True)
class Agency:
    """A unit's own clock: by when to accept or return, by when to answer, the days to it.

    Without a word by `reply_on` it has accepted.
    """

    reply_on: date | None
    reply: str
    due: Due | None
    lines: list[LedgerLine]


@dataclass(frozen=True, slots=True)
class Account:
    """All clocks of a case. citizen: None where no limit was in force on the day of receipt.

    agencies: by assignment. accept_by: by when an open complaint or denunciation is to be taken
    on (thụ lý), None where it is, or where the law knows no such thing.
    """

    citizen: Citizen | None
    adjustments: list[Adjustment]
    milestones: list[Milestone]
    agencies: dict[UUID, Agency]
    accept_by: date | None


def account(case: Case, story: Sequence[Any], today: date) -> Account:
    """The clocks of `case` on the local date `today`. story: its entries, latest first."""
    entries = list(reversed(story))
    stages = list(_milestones(case, _standing_entries(entries), today))
    may_be_admitted = case.round == 1 and case.state in BEFORE_ANSWER
    awaited = (each for each in stages if each.stage == "acceptance" and not each.done_on)
    return Account(
        _citizen(case),
        _adjustments(entries),
        stages,
        {each.id: _agency(case, each, today) for each in case.assignments},
        next((each.due_on for each in awaited), None) if may_be_admitted else None,
    )


def _standing_entries(entries: Iterable[Any]) -> list[Any]:
    """A story in order, without the endings that were undone."""
    found: list[Any] = []
    for entry in entries:
        if entry.action == "undo_ending":
            last = next(each for each in reversed(found) if each.action in ENDINGS)
            found.remove(last)
        found.append(entry)
    return found


def _citizen(case: Case) -> Citizen | None:
    limit = clocks.limit_of(case)
    if limit is None or limit.unit not in ("working_days", "calendar_days"):
        return None
    start, working = clocks.begins_on(case), clocks.calendar()
    try:
        first_on = deadlines.due_on(limit, start, working)
        lines = working.ledger(start, limit.amount, limit.unit, case.pauses)
        if case.decided_due_on is not None and case.due_on is not None:
            lines = working.ledger_to(case.due_on, lines, case.pauses)
    except OutsideCalendar:
        return None
    return Citizen(limit, deadlines.UNITS[limit.unit], first_on, lines)


def _adjustments(entries: Iterable[Any]) -> list[Adjustment]:
    found = []
    for entry in entries:
        old, new = (
            date.fromisoformat(day) if day else None
            for day in entry.changes.get("due_on", (None, None))
        )
        if old is not None or entry.action in ("suspend", "resume"):
            found.append(
                Adjustment(
                    action_label(entry.action), entry.happened_on, entry.user, old, new, entry.text
                )
            )
    return found


def _milestones(case: Case, entries: Sequence[Any], today: date) -> Iterable[Milestone]:
    for row in milestones.MILESTONES:
        done = next((each for each in entries if each.action in row.done_by), None)
        limit = _limit_of(case, row.stage, done)
        done_on = done.happened_on if done else None
        if row.stage == "acceptance":
            done_on = case.accepted_on or done_on
        # Only what isn't ours is forwarded; of what has ended nobody asks whether it was taken on.
        is_open_end = row.stage == "forwarding" or (row.stage == "acceptance" and case.closed_on)
        if limit is None or (is_open_end and done_on is None):
            continue
        try:
            due_on = _ends_on(limit, case, entries)
        except OutsideCalendar:
            continue
        yield _milestone(
            row.stage, row.label, limit, due_on, done_on or case.closed_on, case, today
        )
    limit = clocks.limit_of(case)
    if limit is not None and case.due_on is not None:
        label = milestones.ANSWER_LABELS[limit.stage]
        done_on = case.answered_on or case.ended_on
        yield _milestone(limit.stage, label, limit, case.due_on, done_on, case, today)


def _ends_on(limit: Limit, case: Case, entries: Sequence[Any]) -> date:
    """The last day of a stage. Hours run from when the case was logged, of a late entry from the
    opening of the day on which it was received."""
    if limit.unit not in ("working_hours", "hours"):
        return deadlines.due_on(limit, case.received_on, clocks.calendar(), case.pauses)
    start = datetime.combine(case.received_on, time.min)
    if entries and local_date(entries[0].recorded_at) == case.received_on:
        start = local_time(entries[0].recorded_at)
    return deadlines.due_at(limit, start, clocks.calendar()).date()


def _limit_of(case: Case, stage: Stage, done: Any) -> Limit | None:
    """The limit of a stage, as long as the law lets it be where the entry `done` says so."""
    limit = deadlines.limit_for(case.kind, stage, case.received_on, cast(Condition, case.condition))
    if limit is not None and done is not None and "needed_verification" in done.changes:
        return replace(limit, amount=limit.extensions[0].total or limit.amount)
    return limit


def _milestone(
    stage: Stage,
    label: str,
    limit: Limit,
    due_on: date,
    done_on: date | None,
    case: Case,
    today: date,
) -> Milestone:
    if done_on is not None:
        due = standing.ended(due_on, done_on)
    elif case.suspended_on:
        due = Due("none", _("tạm đình chỉ"))
    else:
        due = standing.waiting(due_on, today)
    return Milestone(stage, label, limit.source, due_on, done_on, due)


def _agency(case: Case, assignment: Assignment, today: date) -> Agency:
    try:
        reply_on = clocks.reply_due_on(Kind(case.kind), assignment.assigned_on)
        lines = _days_to_answer(assignment)
    except OutsideCalendar:
        return Agency(None, "", None, [])
    return Agency(
        reply_on, _reply(assignment, reply_on, today), _standing(case, assignment, today), lines
    )


def _days_to_answer(assignment: Assignment) -> list[LedgerLine]:
    """The working days that an open assignment has, one by one; of the others nobody asks."""
    if assignment.due_on is None or assignment.ended_on is not None:
        return []
    working = clocks.calendar()
    days = working.working_days_between(assignment.assigned_on, assignment.due_on)
    return working.ledger(assignment.assigned_on, days, "working_days") if days > 0 else []


def _reply(assignment: Assignment, reply_on: date | None, today: date) -> str:
    if assignment.returned_on:
        return _("trả lại %(day)s", day=format_date(assignment.returned_on))
    if assignment.accepted_on:
        return _("nhận %(day)s", day=format_date(assignment.accepted_on))
    if reply_on is None:
        return ""
    if assignment.ended_on is None and today <= reply_on:
        return _("nhận hoặc trả lại trước hết ngày %(day)s", day=format_date(reply_on))
    return _("coi như đã nhận từ %(day)s", day=format_date(reply_on))


def _standing(case: Case, assignment: Assignment, today: date) -> Due | None:
    if assignment.due_on is None or assignment.returned_on:
        return None
    if assignment.ended_on is not None:
        return standing.ended(assignment.due_on, assignment.ended_on)
    if case.state == State.ANSWERED:
        return None
    if case.suspended_on:
        return Due("none", _("tạm đình chỉ"))
    return standing.waiting(assignment.due_on, today)
