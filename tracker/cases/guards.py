"""The workflow's guards, looked up on a case: each gives the reason why not, or None."""

from collections.abc import Callable

from flask_babel import gettext as _

from tracker.cases.models import Assignment, Case
from tracker.rules.access import SIGHT, Reach
from tracker.rules.workflow import Action, Guard, Outcome, State, actions_from
from tracker.units.queries import Viewer


def why_not(action: Action, case: Case, actor: Viewer) -> str | None:
    """Why `actor` can't do `action` on `case` now, in words; None where it can be done."""
    reasons = (REASONS[guard](case, actor) for guard in action.guards)
    return next((reason for reason in reasons if reason), None)


def available(case: Case, actor: Viewer) -> list[tuple[Action, str | None]]:
    """The actions that `actor`'s roles have in the case's state, each with its `why_not`."""
    return [
        (action, why_not(action, case, actor))
        for action in actions_from(State(case.state), actor.roles)
    ]


def _suspended(case: Case, _actor: Viewer) -> str | None:
    return _("Vụ việc đang tạm đình chỉ.") if case.suspended_on else None


def _not_suspended(case: Case, _actor: Viewer) -> str | None:
    return None if case.suspended_on else _("Vụ việc không bị tạm đình chỉ.")


def _withdrawn(case: Case, _actor: Viewer) -> str | None:
    if case.outcome == Outcome.WITHDRAWN:
        return _("Công dân đã tự nguyện rút đơn; không mở lại.")
    return None


def _holds_no_assignment(case: Case, actor: Viewer) -> str | None:
    if any(True for _each in _own_open_assignments(case, actor)):
        return None
    return _("Vụ việc không giao cho đơn vị của bạn.")


def _accepted(case: Case, actor: Viewer) -> str | None:
    if all(each.accepted_on for each in _own_open_assignments(case, actor)):
        return _("Đơn vị đã nhận việc.")
    return None


def _own_open_assignments(case: Case, actor: Viewer) -> list[Assignment]:
    units = {
        unit_id
        for role, reached in actor.reach.items()
        if (sight := SIGHT[role]) is not None and sight.reach is Reach.ASSIGNED
        for unit_id in reached
    }
    return [each for each in case.assignments if each.ended_on is None and each.unit_id in units]


REASONS: dict[Guard, Callable[[Case, Viewer], str | None]] = {
    Guard.NOT_SUSPENDED: _suspended,
    Guard.SUSPENDED: _not_suspended,
    Guard.NOT_WITHDRAWN_FREELY: _withdrawn,
    Guard.HOLDS_ASSIGNMENT: _holds_no_assignment,
    Guard.NOT_YET_ACCEPTED: _accepted,
}
