"""Who may do what in which state: nothing more, nothing less, for verbs and buttons alike."""

from datetime import datetime
from typing import Any

import pytest

from tests.factories import Office
from tracker.cases import guards, queries
from tracker.cases.actions import PAGES
from tracker.cases.models import Case
from tracker.core.db import db
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.rules.workflow import ACTIONS, Outcome, Role, State

DIRECT = {"guide", "forward", "refuse", "file", "withdraw"}

ALLOWED: dict[tuple[Role, State], set[str]] = {
    (Role.RECEPTION_OFFICER, State.RECEIVED): {"guide", "comment"},
    (Role.RECEPTION_OFFICER, State.VERIFYING): {"guide", "comment"},
    (Role.RECEPTION_OFFICER, State.ASSIGNED): {"comment"},
    (Role.RECEPTION_OFFICER, State.ANSWERED): {"comment"},
    (Role.RECEPTION_OFFICER, State.CLOSED): {"comment"},
    (Role.COORDINATOR, State.RECEIVED): {"verify", "assign", "comment"} | DIRECT,
    (Role.COORDINATOR, State.VERIFYING): {"assign", "comment"} | DIRECT,
    (Role.COORDINATOR, State.ASSIGNED): {"withdraw", "comment"},
    (Role.COORDINATOR, State.ANSWERED): {"redo", "close", "withdraw", "comment"},
    (Role.COORDINATOR, State.CLOSED): {"reopen", "comment"},
    # Before it is assigned to them, the agency's people don't see the case.
    (Role.AGENCY_WORKER, State.RECEIVED): set(),
    (Role.AGENCY_WORKER, State.VERIFYING): set(),
    (Role.AGENCY_WORKER, State.ASSIGNED): {"return", "answer", "comment"},
    (Role.AGENCY_WORKER, State.ANSWERED): {"comment"},
    (Role.AGENCY_WORKER, State.CLOSED): {"comment"},
    (Role.AGENCY_HEAD, State.RECEIVED): set(),
    (Role.AGENCY_HEAD, State.VERIFYING): set(),
    (Role.AGENCY_HEAD, State.ASSIGNED): {"return", "answer", "comment"},
    (Role.AGENCY_HEAD, State.ANSWERED): {"comment"},
    (Role.AGENCY_HEAD, State.CLOSED): {"comment"},
    **{(Role.LEADER, state): {"comment"} for state in State},
    **{(Role.AUDITOR, state): set() for state in State},
    **{(Role.ADMINISTRATOR, state): set() for state in State},
}


def arguments(action: str, office: Office, now: datetime) -> dict[str, Any]:
    """What the form of `action` gives when it is filled in as it should be."""
    given: dict[str, dict[str, Any]] = {
        "verify": {},
        "assign": {"lead_id": str(office.agency.id), "supporting_ids": [], "asked": ""},
        "answer": {"text": "Đã sửa", "outcome": Outcome.RESOLVED, "answered_on": now.date()},
        "close": {"outcome": Outcome.RESOLVED, "text": ""},
        "comment": {"text": "Đã xem"},
    }
    return given.get(action, {"reason": "Có lý do"}) | {"version": None, "now": now}


def is_done(action: str, case: Case, office: Office, role: Role, now: datetime) -> bool:
    """Whether `role` could do `action`; a refusal for want of something given isn't a no."""
    actor = office.viewer(role)
    try:
        PAGES[action].verb(case.id, actor=actor, **arguments(action, office, now))
    except (NotAllowed, OutOfDate):
        return False
    finally:
        db.session.expire_all()
    return True


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", Role)
def test_exactly_these_actions(office: Office, now: datetime, role: Role, state: State) -> None:
    allowed = set()
    case = office.case_in(state, now)
    for action in PAGES:
        before = case.version, case.state
        if is_done(action, case, office, role, now):
            allowed.add(action)
            case = office.case_in(state, now)
        else:
            assert (case.version, case.state) == before
    assert allowed == ALLOWED[role, state]


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", Role)
def test_the_buttons_are_those_actions(
    office: Office, now: datetime, role: Role, state: State
) -> None:
    actor = office.viewer(role)
    case = queries.find(actor, office.case_in(state, now).id)
    offered = [] if case is None else guards.available(case, actor)
    shown = {action.name for action, why_not in offered if action.name in PAGES and not why_not}
    assert shown == ALLOWED[role, state]


def test_every_page_is_of_an_action_with_a_resource_of_its_own() -> None:
    assert PAGES.keys() <= ACTIONS.keys()
    assert len({page.resource for page in PAGES.values()}) == len(PAGES)


@pytest.mark.parametrize("outcome", ["withdrawn", "guided"])
def test_an_outcome_that_the_action_has_not_is_refused(
    office: Office, now: datetime, outcome: str
) -> None:
    case = office.case_in(State.ANSWERED, now)
    given = arguments("close", office, now) | {"outcome": outcome}
    with pytest.raises(Refused) as refusal:
        PAGES["close"].verb(case.id, actor=office.viewer(Role.COORDINATOR), **given)
    assert refusal.value.field == "outcome"
