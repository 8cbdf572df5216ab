"""An agency asks for more time: by its own date, and what the coordinator's word moves."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cases import circumstances
from tests.cases.stories import assert_chain, assert_versions, entries
from tests.factories import Office
from tracker.cases import service
from tracker.cases.models import Assignment, Case, ExtensionRequest
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.workflow import Role, State

TODAY = date(2026, 3, 2)
# 20 working days after Monday 2 March 2026.
DUE = date(2026, 3, 30)


def open_due_dates(case: Case) -> list[date | None]:
    return list(
        db.session.scalars(
            select(Assignment.due_on).where(
                Assignment.case_id == case.id, Assignment.ended_on.is_(None)
            )
        )
    )


def request_of(case: Case) -> ExtensionRequest:
    return db.session.scalars(
        select(ExtensionRequest).where(ExtensionRequest.case_id == case.id)
    ).one()


@pytest.mark.parametrize(
    ("given", "due_on", "text"),
    [
        ({"is_granted": True}, date(2026, 4, 20), "Đồng ý gia hạn."),
        (
            {"is_granted": True, "due_on": date(2026, 4, 10), "reason": "Đến đó thôi"},
            date(2026, 4, 10),
            "Đồng ý gia hạn. Đến đó thôi",
        ),
        ({"is_granted": False, "reason": "Đủ rồi"}, DUE, "Không đồng ý gia hạn. Đủ rồi"),
    ],
)
def test_an_agency_asks_and_is_told(
    office: Office, now: datetime, given: dict[str, Any], due_on: date, text: str
) -> None:
    case = circumstances.extension_asked(office, now)
    asked = entries(case)[-1]
    assert asked.text == "Xin gia hạn đến 20/04/2026: Phải đo lại đất"
    assert asked.user_id == office.user(Role.AGENCY_WORKER).id
    assert request_of(case).unit_id == office.agency.id
    actor = office.viewer(Role.COORDINATOR)
    service.decide_extension(case.id, actor=actor, now=now + timedelta(hours=1), **given)
    request = request_of(case)
    assert (request.is_granted, request.decided_at) == (
        given["is_granted"], now + timedelta(hours=1),
    )  # fmt: skip
    assert (case.due_on, case.original_due_on) == (due_on, DUE)
    assert entries(case)[-1].text == text
    assert_chain(case)
    assert_versions(case)


def test_a_refusal_says_why(office: Office, now: datetime) -> None:
    case = circumstances.extension_asked(office, now)
    actor = office.viewer(Role.COORDINATOR)
    with pytest.raises(Refused) as refusal:
        service.decide_extension(case.id, actor=actor, is_granted=False, now=now)
    assert refusal.value.field == "reason"
    assert request_of(case).decided_at is None


def test_extending_grants_what_waits(office: Office, now: datetime) -> None:
    case = circumstances.extension_asked(office, now)
    actor = office.viewer(Role.COORDINATOR)
    service.extend(case.id, actor=actor, due_on=date(2026, 4, 20), reason="Khó", now=now)
    assert request_of(case).is_granted is True


@pytest.mark.parametrize("leave", ["return", "answer", "withdraw"])
def test_what_was_asked_lapses_when_the_case_leaves_the_desk(
    office: Office, now: datetime, leave: str
) -> None:
    case = circumstances.extension_asked(office, now)
    worker = office.viewer(Role.AGENCY_WORKER)
    if leave == "return":
        service.send_back(case.id, actor=worker, reason="Không phải việc của phòng", now=now)
    elif leave == "answer":
        circumstances.answer(office, case, now)
    else:
        actor = office.viewer(Role.COORDINATOR)
        service.close_directly("withdraw", case.id, actor=actor, reason="Rút đơn", now=now)
    assert (request_of(case).is_granted, case.extension_request) == (False, None)
    assert case.due_on == DUE


@pytest.mark.parametrize(
    ("wanted_on", "later", "field"),
    [
        (DUE, timedelta(), "wanted_on"),
        (date(2026, 4, 19), timedelta(), "wanted_on"),
        (date(2026, 4, 20), timedelta(days=29), None),
    ],
)
def test_what_an_agency_cannot_ask(
    office: Office, now: datetime, wanted_on: date, later: timedelta, field: str | None
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    with pytest.raises(Refused) as refusal:
        service.request_extension(
            case.id,
            actor=office.viewer(Role.AGENCY_WORKER),
            wanted_on=wanted_on,
            reason="Phải đo lại đất",
            now=now + later,
        )
    assert refusal.value.field == field
    assert len(entries(case)) == 3


def ask(office: Office, case: Case, now: datetime, wanted_on: date) -> Case:
    return service.request_extension(
        case.id,
        actor=office.viewer(Role.AGENCY_WORKER),
        wanted_on=wanted_on,
        reason="Phải đo lại đất",
        now=now,
    )


def grant(office: Office, case: Case, now: datetime, due_on: date | None = None) -> Case:
    actor = office.viewer(Role.COORDINATOR)
    return service.decide_extension(case.id, actor=actor, is_granted=True, due_on=due_on, now=now)


@pytest.mark.parametrize(
    ("granted", "citizen_due_on"),
    [
        (date(2026, 3, 20), DUE),
        # No later than the citizen's.
        (DUE, DUE),
        # Later than the citizen's, which goes along.
        (date(2026, 4, 20), date(2026, 4, 20)),
    ],
)
def test_an_agency_asks_for_more_than_its_own_date(
    office: Office, now: datetime, granted: date, citizen_due_on: date
) -> None:
    case = office.case_in(State.VERIFYING, now)
    circumstances.assign(office, case, now, due_on=date(2026, 3, 13), reason="Gấp")
    ask(office, case, now + timedelta(days=8), date(2026, 3, 20))
    grant(office, case, now + timedelta(days=8), granted)
    assert (open_due_dates(case), case.due_on) == ([granted], citizen_due_on)
    assert case.original_due_on == DUE
    assert entries(case)[-1].changes["agency_due_on"] == ["2026-03-13", str(granted)]


def test_an_agency_whose_own_date_runs_may_ask_after_the_citizen_s(
    office: Office, now: datetime
) -> None:
    case = office.case_in(State.VERIFYING, now)
    circumstances.assign(office, case, now + (date(2026, 4, 20) - TODAY))
    later = now + (date(2026, 4, 21) - TODAY)
    with pytest.raises(Refused, match="21/05/2026"):
        ask(office, case, later, date(2026, 5, 20))
    ask(office, case, later, date(2026, 6, 1))
    grant(office, case, later)
    # The citizen has waited too long all the same.
    assert (open_due_dates(case), case.due_on) == ([date(2026, 6, 1)], DUE)


def test_an_agency_whose_own_date_is_over_asks_for_nothing(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now)
    circumstances.assign(office, case, now, due_on=date(2026, 3, 13), reason="Gấp")
    with pytest.raises(Refused, match="Đã quá hạn"):
        ask(office, case, now + timedelta(days=14), date(2026, 3, 20))
