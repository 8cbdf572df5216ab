"""The citizen's clock: stopped, started again, extended; and what agencies ask of it."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import guards
from tracker.cases.models import Assignment, Case, ExtensionRequest
from tracker.cases.service import due_dates
from tracker.cases.service.step import perhaps_written, step, written
from tracker.cases.story import Changes
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.vietnamese import format_date
from tracker.units.queries import Viewer


def suspend(
    case_id: UUID, *, actor: Viewer, reason: str, now: datetime, version: int | None = None
) -> Case:
    """Stops the clock of an open case, which stays where it is."""
    reason = written(reason, "reason", _("Hãy ghi lý do tạm đình chỉ."))
    with step("suspend", case_id, actor, now, text=reason, version=version) as case:
        case.suspended_on = local_date(now)
    return case


def resume(
    case_id: UUID, *, actor: Viewer, reason: str, now: datetime, version: int | None = None
) -> Case:
    """Starts the clock again: the due date moves by the days for which it stood still."""
    reason = written(reason, "reason", _("Hãy ghi lý do tiếp tục giải quyết."))
    with step("resume", case_id, actor, now, text=reason, version=version) as case:
        due_dates.end_pause(case, local_date(now))
    return case


def extend(
    case_id: UUID,
    *,
    actor: Viewer,
    due_on: date,
    reason: str,
    now: datetime,
    version: int | None = None,
) -> Case:
    """The coordinator gives a case more time. The first date stays beside the new one.

    An agency's request that waits is granted by it.
    """
    reason = written(reason, "reason", _("Hãy ghi lý do gia hạn."))
    with step("extend", case_id, actor, now, text=reason, version=version) as case:
        _extend(case, due_on, now)
        if case.extension_request is not None:
            due_dates.decide_request(case, case.extension_request, is_granted=True, now=now)
    return case


def request_extension(
    case_id: UUID,
    *,
    actor: Viewer,
    wanted_on: date,
    reason: str,
    now: datetime,
    version: int | None = None,
) -> Case:
    """The lead unit asks for a later due date of its own, before the present one is over."""
    reason = written(reason, "reason", _("Hãy ghi lý do xin gia hạn."))
    today = local_date(now)
    text = _("Xin gia hạn đến %(day)s: %(reason)s", day=format_date(wanted_on), reason=reason)
    with step("request_extension", case_id, actor, now, text=text, version=version) as case:
        lead = _lead(guards.own_open_assignments(case, actor))
        if lead.due_on is not None and lead.due_on < today:
            raise Refused(_("Đã quá hạn; chỉ xin gia hạn được trước khi hết hạn."))
        _later_than(lead.due_on, wanted_on, "wanted_on")
        due_dates.fit_for_work(wanted_on, today, "wanted_on")
        db.session.add(
            ExtensionRequest(
                case_id=case.id,
                unit_id=lead.unit_id,
                user_id=actor.user_id,
                wanted_on=wanted_on,
                reason=reason,
                recorded_at=now,
            )
        )
    db.session.expire(case, ["extension_request"])
    return case


def decide_extension(
    case_id: UUID,
    *,
    actor: Viewer,
    is_granted: bool,
    now: datetime,
    due_on: date | None = None,
    reason: str = "",
    version: int | None = None,
) -> Case:
    """The coordinator grants what was asked, or another date, or refuses it with a reason.

    What is granted is the unit's; the citizen's due date moves only where it still runs and would
    come before it.
    """
    reason = perhaps_written(reason, "reason")
    if not is_granted and not reason:
        raise Refused(_("Hãy ghi lý do không gia hạn."), "reason")
    decision = _("Đồng ý gia hạn.") if is_granted else _("Không đồng ý gia hạn.")
    text = f"{decision} {reason}".strip()
    also: Changes = {}
    with step(
        "decide_extension", case_id, actor, now, text=text, version=version, also=also
    ) as case:
        request = case.extension_request
        assert request is not None  # the workflow's guard
        if is_granted:
            also |= _grant(case, due_on or request.wanted_on, local_date(now))
        due_dates.decide_request(case, request, is_granted=is_granted, now=now)
    return case


def _extend(case: Case, due_on: date, now: datetime) -> None:
    _later_than(case.due_on, due_on, "due_on")
    due_dates.decide(case, due_on, local_date(now), "due_on")


def _grant(case: Case, due_on: date, today: date) -> Changes:
    """Gives the lead unit until `due_on`. What that changes beside the case, for the story."""
    lead = _lead(due_dates.open_assignments(case))
    before = lead.due_on
    _later_than(before, due_on, "due_on")
    # What the citizen was to have by a day that is over stays overdue.
    if case.due_on is not None and today <= case.due_on < due_on:
        due_dates.decide(case, due_on, today, "due_on")
    else:
        due_dates.fit_for_work(due_on, today, "due_on")
        due_dates.decide_own(case, lead, due_on)
    return {"agency_due_on": [str(before) if before else None, str(due_on)]}


def _lead(assignments: Iterable[Assignment]) -> Assignment:
    return next(each for each in assignments if each.part == "lead")


def _later_than(present: date | None, day: date, field: str) -> None:
    if present is not None and day <= present:
        raise Refused(_("Hạn mới phải sau hạn hiện nay, %(day)s.", day=format_date(present)), field)
