"""Verifying a case and giving it to the units that answer; taking it back from them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import clocks, guards
from tracker.cases.models import Assignment, Case
from tracker.cases.service import due_dates
from tracker.cases.service.step import perhaps_written, step, written
from tracker.cases.story import Changes
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.access import Confidentiality, Reach
from tracker.rules.workflow import State
from tracker.units import staffing
from tracker.units.models import Unit
from tracker.units.queries import Viewer

# From the third on, a leader has to rule who answers.
PATIENCE = 3


def verify(case_id: UUID, *, actor: Viewer, now: datetime, version: int | None = None) -> Case:
    """A received case is handed over to verifying."""
    with step("verify", case_id, actor, now, version=version) as case:
        pass
    return case


def assign(
    case_id: UUID,
    *,
    actor: Viewer,
    lead_id: UUID,
    supporting_ids: Sequence[UUID] = (),
    asked: str = "",
    supporting_asked: str = "",
    asked_of: Mapping[UUID, str] = MappingProxyType({}),
    due_on: date | None = None,
    reason: str = "",
    now: datetime,
    version: int | None = None,
) -> Case:
    """Gives the case to a lead unit, and to supporting units with it.

    supporting_asked: what the supporting units are asked, the same as the lead where empty.
    asked_of: what single ones of them are asked instead, by unit.
    due_on: the units' own, where it isn't what `clocks.agency_due_on` gives; that needs its
    `reason`. The citizen's due date stays what it is.
    """
    today = local_date(now)
    asked = perhaps_written(asked, "asked")
    supporting_asked = perhaps_written(supporting_asked, "supporting_asked") or asked
    own = {unit_id: perhaps_written(each, "asked_of") for unit_id, each in asked_of.items()}
    reason = perhaps_written(reason, "reason")
    told = "\n".join(filter(None, (asked, reason)))
    also: Changes = {}
    with step("assign", case_id, actor, now, text=told, version=version, also=also) as case:
        usual = clocks.agency_due_on(case, today)
        given = [_give(case, lead_id, "lead", asked, today, usual)]
        for unit_id in dict.fromkeys(supporting_ids):
            if unit_id != lead_id:
                text = own.get(unit_id) or supporting_asked
                given.append(_give(case, unit_id, "supporting", text, today, usual))
        if due_on is not None and due_on != usual:
            if not reason:
                raise Refused(_("Hãy ghi lý do đổi hạn."), "reason")
            due_dates.fit_for_work(due_on, today, "due_on")
            also["agency_due_on"] = [str(usual) if usual else None, str(due_on)]
            for assignment in given:
                due_dates.decide_own(case, assignment, due_on)
    return case


def accept(case_id: UUID, *, actor: Viewer, now: datetime, version: int | None = None) -> Case:
    """The agency takes on what it was asked."""
    with step("accept", case_id, actor, now, version=version) as case:
        for assignment in guards.own_open_assignments(case, actor):
            assignment.accepted_on = assignment.accepted_on or local_date(now)
    return case


def send_back(
    case_id: UUID, *, actor: Viewer, reason: str, now: datetime, version: int | None = None
) -> Case:
    """The lead unit returns the case to the coordinator, with its reason.

    The third return waits for a leader's ruling.
    """
    reason = written(reason, "reason", _("Hãy ghi lý do trả lại."))
    today = local_date(now)
    also: Changes = {}
    with step("return", case_id, actor, now, text=reason, version=version, also=also) as case:
        also |= due_dates.let_request_lapse(case, now)
        end_assignments(case, today, returned=True)
        case.lead_unit_id = None
        case.assigned_on = None
        case.return_count += 1
        also |= await_ruling(case, case.return_count, today)
    return case


def rule(
    case_id: UUID,
    *,
    actor: Viewer,
    lead_id: UUID,
    text: str,
    due_on: date,
    now: datetime,
    version: int | None = None,
) -> Case:
    """A leader rules in words who has to answer, and by when.

    `due_on` is the agency's; the citizen's due date stays what it is.
    """
    text = written(text, "text", _("Hãy ghi nội dung quyết định."))
    today = local_date(now)
    due_dates.fit_for_work(due_on, today, "due_on")
    also: Changes = {"agency_due_on": [None, str(due_on)]}
    with step("rule", case_id, actor, now, text=text, version=version, also=also) as case:
        also["ruling_due_on"] = [str(case.ruling_due_on), None]
        also |= due_dates.let_request_lapse(case, now)
        for assignment in due_dates.open_assignments(case):
            if assignment.part == "lead" or assignment.unit_id == lead_id:
                assignment.ended_on = today
        _check_unit(case, lead_id, today, "lead_id")
        case.lead_unit_id, case.assigned_on, case.ruling_due_on = lead_id, today, None
        # The new lead may be the old one: its old assignment has to end before.
        db.session.flush()
        due_dates.decide_own(case, _give(case, lead_id, "lead", text, today), due_on)
    return case


def await_ruling(case: Case, times: int, today: date) -> Changes:
    """Leaves `case` to a leader, where it went back `times` and that is too often.

    What that changes, for the story.
    """
    if times < PATIENCE:
        return {}
    case.ruling_due_on = due_dates.ruling_due_on(today)
    return {"ruling_due_on": [None, str(case.ruling_due_on)]}


def end_assignments(case: Case, on: date, *, returned: bool) -> None:
    """Takes the case from every unit that has it, on the local date `on`."""
    for assignment in due_dates.open_assignments(case):
        assignment.ended_on = on
        if returned:
            assignment.returned_on = on


def take_from_uncleared(case: Case, now: datetime) -> Changes:
    """Takes a case whose level rose from units where nobody may see it now.

    Where one of them had to answer, the case goes back to be verified and assigned anew: left
    there, nobody could do anything with it. What that changes beside the case, for the story.
    """
    today = local_date(now)
    cleared = staffing.working(Reach.ASSIGNED, Confidentiality(case.confidentiality))
    also: Changes = {}
    for assignment in due_dates.open_assignments(case):
        if staffing.is_served(assignment.unit_id, cleared, today):
            continue
        assignment.ended_on = today
        if assignment.part == "lead" and case.state == State.ASSIGNED:
            also |= due_dates.let_request_lapse(case, now)
            case.state = State.VERIFYING
            case.lead_unit_id = case.assigned_on = None
    return also


def _give(
    case: Case, unit_id: UUID, part: str, asked: str, today: date, due_on: date | None = None
) -> Assignment:
    _check_unit(case, unit_id, today, "lead_id" if part == "lead" else "supporting_ids")
    if part == "lead":
        case.lead_unit_id = unit_id
        case.assigned_on = today
    assignment = Assignment(
        case_id=case.id,
        unit_id=unit_id,
        part=part,
        asked=asked,
        assigned_on=today,
        due_on=due_on,
    )
    db.session.add(assignment)
    return assignment


def _check_unit(case: Case, unit_id: UUID, today: date, field: str) -> None:
    unit = db.session.get(Unit, unit_id)
    if unit is None:
        raise Refused(_("Hãy chọn một đơn vị trong danh sách."), field)
    if unit.valid_to is not None and unit.valid_to < today:
        raise Refused(_("%(unit)s không còn hoạt động.", unit=unit.name), field)
    if unit.valid_from is not None and unit.valid_from > today:
        raise Refused(_("%(unit)s chưa hoạt động.", unit=unit.name), field)
    level = Confidentiality(case.confidentiality)
    cleared = staffing.working(Reach.ASSIGNED, level)
    if level is not Confidentiality.NORMAL and not staffing.is_served(unit_id, cleared, today):
        raise Refused(
            _(
                "Ở %(unit)s chưa có ai được xem vụ việc ở mức bảo mật này; hãy chọn đơn vị khác"
                " hoặc nhờ quản trị trao vai trò trước.",
                unit=unit.name,
            ),
            field,
        )
