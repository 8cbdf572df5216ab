"""The workflow's guards, looked up on a case: each gives the reason why not, or None."""

from collections.abc import Callable
from datetime import date

from flask_babel import gettext as _

from tracker.cases import clocks, endings
from tracker.cases.models import Assignment, Case
from tracker.cases.queries import agencies
from tracker.rules import deadlines
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Action, Guard, Kind, Outcome, Role, State, actions_from
from tracker.units.queries import Viewer


def why_not(action: Action, case: Case, actor: Viewer, today: date) -> str | None:
    """Why `actor` can't do `action` on `case` on a local date, in words; None where it can."""
    reasons = (REASONS[guard](case, actor, today) for guard in action.guards)
    return next((reason for reason in reasons if reason), None)


def available(case: Case, actor: Viewer, today: date) -> list[tuple[Action, str | None]]:
    """The actions that `actor`'s roles have in the case's state, each with its `why_not`.

    None for an administrator who sees as somebody else.
    """
    if actor.seen_by is not None:
        return []
    return [
        (action, why_not(action, case, actor, today))
        for action in actions_from(State(case.state), actor.roles)
    ]


def concerns(action: Action, case: Case, actor: Viewer, today: date) -> bool:
    """Whether `action` has to do with `case` at all: there is nothing to resume, say, where
    nothing was suspended, and nobody needs to be told so."""
    return not any(REASONS[guard](case, actor, today) for guard in action.guards if guard in QUIET)


def _suspended(case: Case, _actor: Viewer, _today: date) -> str | None:
    if case.suspended_on is None:
        return None
    return _("Vụ việc đang tạm đình chỉ. Thời hạn đứng yên cho đến khi tiếp tục giải quyết.")


def _not_suspended(case: Case, _actor: Viewer, _today: date) -> str | None:
    return None if case.suspended_on else _("Vụ việc không bị tạm đình chỉ.")


def _merged(case: Case, _actor: Viewer, _today: date) -> str | None:
    if case.merged_into_id:
        return _("Vụ việc đã gộp vào vụ việc khác; muốn mở lại thì hoàn tác việc gộp.")
    return None


def _not_merged(case: Case, _actor: Viewer, _today: date) -> str | None:
    return None if case.merged_into_id else _("Vụ việc không gộp vào vụ việc nào.")


def _leads_not(case: Case, actor: Viewer, _today: date) -> str | None:
    if any(each.part == "lead" for each in own_open_assignments(case, actor)):
        return None
    return _("Đơn vị của bạn không chủ trì vụ việc.")


def _supports_not(case: Case, actor: Viewer, _today: date) -> str | None:
    if any(each.part == "supporting" for each in own_open_assignments(case, actor)):
        return None
    return _("Đơn vị của bạn không phối hợp trong vụ việc.")


def _holds_no_assignment(case: Case, actor: Viewer, _today: date) -> str | None:
    if own_open_assignments(case, actor):
        return None
    return _("Vụ việc không giao cho đơn vị của bạn.")


def _accepted(case: Case, actor: Viewer, today: date) -> str | None:
    # Without a word in time a unit has taken on what it was asked.
    for each in own_open_assignments(case, actor):
        reply_on = clocks.reply_due_on(Kind(case.kind), each.assigned_on)
        if each.accepted_on is None and (reply_on is None or today <= reply_on):
            return None
    return _("Đơn vị đã nhận việc.")


def _taken_on(case: Case, actor: Viewer, today: date) -> str | None:
    lead = next((each for each in own_open_assignments(case, actor) if each.part == "lead"), None)
    if lead is None:
        return None
    if lead.accepted_on:
        return _("Đơn vị đã nhận việc.")
    reply_on = clocks.reply_due_on(Kind(case.kind), lead.assigned_on)
    if reply_on is None or today <= reply_on:
        return None
    return _("Hạn trả lại là %(day)s; đơn vị coi như đã nhận việc.", day=format_date(reply_on))


def _ruling_awaited(case: Case, _actor: Viewer, _today: date) -> str | None:
    if case.ruling_due_on is None:
        return None
    return _("Đang chờ lãnh đạo quyết định, hạn %(day)s.", day=format_date(case.ruling_due_on))


def _no_ruling_awaited(case: Case, _actor: Viewer, _today: date) -> str | None:
    return None if case.ruling_due_on else _("Vụ việc không chờ lãnh đạo quyết định.")


def _not_promised(case: Case, _actor: Viewer, _today: date) -> str | None:
    return None if case.outcome == Outcome.PROMISED else _("Vụ việc không có lời hẹn.")


def _extension_asked(case: Case, _actor: Viewer, _today: date) -> str | None:
    if case.extension_request is None:
        return None
    wanted = format_date(case.extension_request.wanted_on)
    return _("Đã xin gia hạn đến %(day)s, đang chờ quyết định.", day=wanted)


def _no_extension_asked(case: Case, _actor: Viewer, _today: date) -> str | None:
    return None if case.extension_request else _("Không có đề nghị gia hạn nào đang chờ.")


def _needs_no_admission(case: Case, _actor: Viewer, _today: date) -> str | None:
    if case.kind in deadlines.ADMITTED:
        return None
    return _("Chỉ khiếu nại, tố cáo mới thụ lý.")


def _admitted(case: Case, _actor: Viewer, _today: date) -> str | None:
    if case.kind not in deadlines.ADMITTED or case.accepted_on is None:
        return None
    return _("Đã thụ lý ngày %(day)s.", day=format_date(case.accepted_on))


def _not_first_round(case: Case, _actor: Viewer, _today: date) -> str | None:
    if case.round == 1:
        return None
    return _("Vụ việc đã mở lại; hạn giữ như lần giải quyết đầu.")


def _not_own(case: Case, actor: Viewer, _today: date) -> str | None:
    return None if case.logged_by_id == actor.user_id else _("Vụ việc do người khác ghi.")


def _voided(case: Case, _actor: Viewer, _today: date) -> str | None:
    if case.outcome == Outcome.VOIDED:
        return _("Vụ việc đã được bỏ vì ghi nhầm; muốn mở lại thì khôi phục.")
    return None


def _not_voided(case: Case, _actor: Viewer, _today: date) -> str | None:
    return None if case.outcome == Outcome.VOIDED else _("Vụ việc không phải là ghi nhầm.")


def _not_ended_today(case: Case, _actor: Viewer, today: date) -> str | None:
    if case.closed_on == today:
        return None
    return _("Chỉ hoàn tác được trong ngày kết thúc; nay hãy mở lại vụ việc.")


def _not_ones_ending(case: Case, actor: Viewer, _today: date) -> str | None:
    ending = endings.last_ending(case)
    if ending is None:
        return _("Sau khi kết thúc, vụ việc đã được xử lý tiếp; không hoàn tác được nữa.")
    if Role.COORDINATOR in actor.roles or ending.user_id == actor.user_id:
        return None
    return _("Chỉ người đã kết thúc vụ việc hoặc điều phối viên hoàn tác được.")


def _nobody_unsatisfied(case: Case, _actor: Viewer, _today: date) -> str | None:
    return None if case.awaits_reply else _("Không có công dân nào chưa hài lòng.")


def own_open_assignments(case: Case, actor: Viewer) -> list[Assignment]:
    """What units that `actor` works for were asked to do about `case` and haven't done yet."""
    units = agencies(actor)
    return [each for each in case.assignments if each.ended_on is None and each.unit_id in units]


REASONS: dict[Guard, Callable[[Case, Viewer, date], str | None]] = {
    Guard.NOT_SUSPENDED: _suspended,
    Guard.SUSPENDED: _not_suspended,
    Guard.NOT_MERGED: _merged,
    Guard.MERGED: _not_merged,
    Guard.LEADS: _leads_not,
    Guard.SUPPORTS: _supports_not,
    Guard.HOLDS_ASSIGNMENT: _holds_no_assignment,
    Guard.NOT_YET_ACCEPTED: _accepted,
    Guard.NOT_YET_TAKEN_ON: _taken_on,
    Guard.NO_RULING_AWAITED: _ruling_awaited,
    Guard.RULING_AWAITED: _no_ruling_awaited,
    Guard.PROMISED: _not_promised,
    Guard.NO_EXTENSION_ASKED: _extension_asked,
    Guard.EXTENSION_ASKED: _no_extension_asked,
    Guard.NEEDS_ADMISSION: _needs_no_admission,
    Guard.NOT_YET_ADMITTED: _admitted,
    Guard.FIRST_ROUND: _not_first_round,
    Guard.OWN: _not_own,
    Guard.VOIDED: _not_voided,
    Guard.NOT_VOIDED: _voided,
    Guard.ENDED_TODAY: _not_ended_today,
    Guard.ONES_LAST_ENDING: _not_ones_ending,
    Guard.CITIZEN_UNSATISFIED: _nobody_unsatisfied,
}

# Where one of these fails the action has no object, and the page leaves it out.
QUIET = frozenset(
    {
        Guard.MERGED,
        Guard.SUSPENDED,
        Guard.LEADS,
        Guard.SUPPORTS,
        Guard.HOLDS_ASSIGNMENT,
        Guard.NOT_YET_ACCEPTED,
        Guard.RULING_AWAITED,
        Guard.PROMISED,
        Guard.EXTENSION_ASKED,
        Guard.NEEDS_ADMISSION,
        Guard.NOT_YET_ADMITTED,
        Guard.OWN,
        Guard.VOIDED,
        Guard.ENDED_TODAY,
        Guard.CITIZEN_UNSATISFIED,
    }
)
