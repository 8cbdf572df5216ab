"""The ways in which a case ends, and the way back."""

from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases.models import Case
from tracker.cases.service.assigning import end_assignments
from tracker.cases.service.step import one_of_outcomes, promise, step, written
from tracker.core.clock import local_date
from tracker.rules import counting
from tracker.rules.vietnamese import clean
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
    text = clean(text, keep_lines=True)
    with step("close", case_id, actor, now, text=text, version=version) as case:
        assert case.answered_on is not None  # the database holds this of an answered case
        case.promised_on = promise(outcome, promised_on or case.promised_on, case.answered_on)
        end(case, outcome, local_date(now))
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
    reason = written(reason, "reason", _("Hãy ghi lý do."))
    with step(action, case_id, actor, now, text=reason, version=version) as case:
        end(case, ACTIONS[action].outcomes[0], local_date(now))
    return case


def reopen(
    case_id: UUID, *, actor: Viewer, reason: str, now: datetime, version: int | None = None
) -> Case:
    """Begins a new round on a closed case. Its received date and due date stay what they were."""
    reason = written(reason, "reason", _("Hãy ghi lý do mở lại."))
    with step("reopen", case_id, actor, now, text=reason, version=version) as case:
        case.round += 1
        for column in ("outcome", "closed_on", "ended_on", "answered_on", "promised_on"):
            setattr(case, column, None)
        case.lead_unit_id = None
        case.assigned_on = None
    return case


def end(case: Case, outcome: Outcome, closed_on: date) -> None:
    """Closes `case` on a local date, inside the caller's step."""
    case.state = State.CLOSED
    case.outcome = outcome
    case.closed_on = closed_on
    case.ended_on = counting.ended_on(outcome, case.answered_on, closed_on)
    end_assignments(case, closed_on, returned=False)
