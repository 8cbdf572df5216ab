"""Cases that something happened to, made by the verbs: what the workflow's guards look at."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from tests.factories import Office
from tracker.cases import service
from tracker.cases.models import Case, Submission
from tracker.core.clock import local_date
from tracker.core.db import db, transaction
from tracker.rules.workflow import Kind, Outcome, Role, State

Make = Callable[[Office, datetime], Case]


def suspended(office: Office, now: datetime) -> Case:
    """An assigned case whose clock stands still."""
    case = office.case_in(State.ASSIGNED, now)
    actor = office.viewer(Role.COORDINATOR)
    return service.suspend(case.id, actor=actor, reason="Chờ giám định", now=now)


def complaint(office: Office, now: datetime) -> Case:
    """A complaint of today that is being verified."""
    return office.case_in(State.VERIFYING, now, kind=Kind.COMPLAINT)


def admitted(office: Office, now: datetime) -> Case:
    """A complaint that was taken on by law today."""
    case, day = complaint(office, now), local_date(now)
    return service.admit(case.id, actor=office.viewer(Role.COORDINATOR), accepted_on=day, now=now)


def returned_often(office: Office, now: datetime, **given: Any) -> Case:
    """A case that its agency returned three times: a leader has to rule."""
    case = office.case_in(State.VERIFYING, now, **given)
    for _time in range(3):
        assign(office, case, now)
        worker = office.viewer(Role.AGENCY_WORKER)
        service.send_back(case.id, actor=worker, reason="Không thuộc phạm vi", now=now)
    return case


def redone_often(office: Office, now: datetime) -> Case:
    """A case whose answer was found wanting three times: a leader has to rule."""
    case = office.case_in(State.ASSIGNED, now)
    for _time in range(3):
        answer(office, case, now)
        coordinator = office.viewer(Role.COORDINATOR)
        service.redo(case.id, actor=coordinator, reason="Chưa rõ ai làm", now=now)
    return case


def accepted(office: Office, now: datetime) -> Case:
    """An assigned case that the agency took on."""
    case = office.case_in(State.ASSIGNED, now)
    return service.accept(case.id, actor=office.viewer(Role.AGENCY_WORKER), now=now)


def promised(office: Office, now: datetime) -> Case:
    """A case closed with a promise for 1 June 2026."""
    case = office.case_in(State.ASSIGNED, now)
    answer(office, case, now, Outcome.PROMISED)
    coordinator = office.viewer(Role.COORDINATOR)
    return service.close(case.id, actor=coordinator, outcome=Outcome.PROMISED, now=now)


def unsatisfied(office: Office, now: datetime) -> Case:
    """A closed case whose citizen asks for it to be looked at again."""
    case = office.case_in(State.CLOSED, now)
    say_unsatisfied(case, now)
    return case


def extension_asked(office: Office, now: datetime) -> Case:
    """An assigned case whose agency asks for time until 20 April 2026."""
    case = office.case_in(State.ASSIGNED, now)
    return service.request_extension(
        case.id,
        actor=office.viewer(Role.AGENCY_WORKER),
        wanted_on=date(2026, 4, 20),
        reason="Phải đo lại đất",
        now=now,
    )


def supporting(office: Office, now: datetime, **given: Any) -> Case:
    """A case that another agency leads and ours supports."""
    case = office.case_in(State.VERIFYING, now, **given)
    return service.assign(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        lead_id=office.other_agency.id,
        supporting_ids=[office.agency.id],
        now=now,
    )


def say_unsatisfied(case: Case, now: datetime, reason: str = "Đèn vẫn chưa sáng") -> None:
    """What the citizen behind the case's only turn says of its end."""
    with transaction():
        [turn] = db.session.query(Submission).filter_by(case_id=case.id)
        service.say_within(turn, is_satisfied=False, reason=reason, now=now)


def assign(office: Office, case: Case, now: datetime, **given: Any) -> Case:
    """The case given to the agency."""
    actor = office.viewer(Role.COORDINATOR)
    return service.assign(case.id, actor=actor, lead_id=office.agency.id, now=now, **given)


def answer(office: Office, case: Case, now: datetime, outcome: Outcome = Outcome.RESOLVED) -> Case:
    """The case answered by the agency."""
    return service.answer(
        case.id,
        actor=office.viewer(Role.AGENCY_WORKER),
        text="Đã kiểm tra",
        answered_on=local_date(now),
        outcome=outcome,
        promised_on=date(2026, 6, 1) if outcome is Outcome.PROMISED else None,
        now=now,
    )
