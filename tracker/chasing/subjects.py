"""What runs on each clock just now: one question for each, all with the same columns.

began_on: the local date that the clock goes by. since: the local date from which it runs; what
was reached before that isn't made up for. office_id: who received the case; unit_id: whose work
is awaited.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, func, select

from tracker.cases.models import Assignment, Case
from tracker.reception.models import Event
from tracker.rules.chasing import CLOCKS
from tracker.rules.deadlines import ADMITTED
from tracker.rules.workflow import Outcome, State

Subjects = Select[Any]

_NOT_SUSPENDED = Case.suspended_on.is_(None)
_NOT_RULED = Case.ruling_due_on.is_(None)
_BEFORE_ASSIGNMENT = Case.state.in_((State.RECEIVED, State.VERIFYING))


def _cases(
    subject_id: Any = Case.id,
    began_on: Any = Case.received_on,
    since: Any = Case.received_on,
    unit_id: Any = Case.lead_unit_id,
) -> Subjects:
    return select(
        subject_id.label("subject_id"),
        Case.id.label("case_id"),
        Case.state,
        Case.kind,
        Case.condition,
        Case.confidentiality,
        Case.unit_id.label("office_id"),
        unit_id.label("unit_id"),
        began_on.label("began_on"),
        since.label("since"),
    ).where(began_on.is_not(None))


def _in_hand(began_on: Any) -> Subjects:
    return (
        _cases(Assignment.id, began_on, Assignment.assigned_on, Assignment.unit_id)
        .join(Assignment, Assignment.case_id == Case.id)
        .where(
            Assignment.ended_on.is_(None),
            Case.state == State.ASSIGNED,
            _NOT_SUSPENDED,
            _NOT_RULED,
        )
    )


def _untreated(began_on: Any = Case.received_on) -> Subjects:
    return _cases(began_on=began_on).where(
        Case.state != State.CLOSED, _BEFORE_ASSIGNMENT, _NOT_SUSPENDED, _NOT_RULED
    )


def _before_briefings() -> Subjects:
    """What was brought at a briefing and isn't answered, by the unit's next briefing."""
    held, following = Event.__table__.alias("held"), Event.__table__.alias("following")
    next_on = (
        select(func.min(following.c.held_on))
        .where(
            following.c.unit_id == held.c.unit_id,
            following.c.kind == "briefing",
            following.c.state == "planned",
            following.c.held_on > held.c.held_on,
        )
        .correlate(held)
        .scalar_subquery()
    )
    return (
        _cases(began_on=next_on, since=held.c.held_on)
        .join(held, held.c.id == Case.event_id)
        .where(held.c.kind == "briefing", Case.state == State.ASSIGNED, _NOT_SUSPENDED)
    )


_QUESTIONS: dict[str, Callable[[], Subjects]] = {
    "reply": lambda: _in_hand(Assignment.assigned_on).where(Assignment.accepted_on.is_(None)),
    "answer": lambda: _in_hand(Assignment.due_on).where(Assignment.part == "lead"),
    "contribution": lambda: _in_hand(Assignment.due_on).where(Assignment.part == "supporting"),
    "intake": lambda: _untreated().where(Case.state == State.RECEIVED),
    "classification": _untreated,
    "notice": lambda: _untreated().where(Case.accepted_on.is_(None)),
    "acceptance": lambda: _untreated().where(
        Case.kind.in_(sorted(filter(None, ADMITTED))), Case.accepted_on.is_(None)
    ),
    "assignment": _untreated,
    "unassigned": lambda: _untreated(Case.due_on),
    "check": lambda: _cases(began_on=Case.answered_on, since=Case.answered_on).where(
        Case.state == State.ANSWERED, _NOT_SUSPENDED
    ),
    "ruling": lambda: _cases(began_on=Case.ruling_due_on).where(_NOT_SUSPENDED),
    "promise": lambda: _cases(began_on=Case.promised_on, since=Case.closed_on).where(
        Case.outcome == Outcome.PROMISED
    ),
    "suspension": lambda: _cases(began_on=Case.suspended_on, since=Case.suspended_on).where(
        Case.state != State.CLOSED
    ),
    "briefing": _before_briefings,
}


def running(clock: str) -> Subjects:
    """The question for all that runs on a clock of cases. Raises KeyError for another."""
    return _QUESTIONS[clock]()


OF_CASES = tuple(name for name in CLOCKS if name in _QUESTIONS)
