"""Who may do what in which state: nothing more, nothing less, for verbs and buttons alike."""

from datetime import date, datetime
from typing import Any

import pytest

from tests.cases import circumstances
from tests.factories import Office
from tracker.cases import guards, queries
from tracker.cases.actions import PAGES
from tracker.cases.models import Case
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.access import Confidentiality
from tracker.rules.workflow import ACTIONS, Kind, Outcome, Role, State

DIRECT = {"guide", "forward", "refuse", "file", "withdraw"}
# What a coordinator has on every open case, and on every case.
OPEN = {"withdraw", "withdraw_part", "suspend", "extend", "add_turn"}
ALWAYS = {"correct", "reclassify", "comment"}
AGENCY = {"accept", "return", "answer", "request_extension", "comment"}

ALLOWED: dict[tuple[Role, State], set[str]] = {
    (Role.RECEPTION_OFFICER, State.RECEIVED): {"verify", "guide", "add_turn", "correct", "comment"},
    (Role.RECEPTION_OFFICER, State.VERIFYING): {"guide", "add_turn", "correct", "comment"},
    (Role.RECEPTION_OFFICER, State.ASSIGNED): {"add_turn", "correct", "comment"},
    (Role.RECEPTION_OFFICER, State.ANSWERED): {"add_turn", "correct", "comment"},
    (Role.RECEPTION_OFFICER, State.CLOSED): {"correct", "comment"},
    (Role.COORDINATOR, State.RECEIVED): {"verify", "classify", "assign", "void"}
    | DIRECT
    | OPEN
    | ALWAYS,
    (Role.COORDINATOR, State.VERIFYING): {"classify", "assign"} | DIRECT | OPEN | ALWAYS,
    (Role.COORDINATOR, State.ASSIGNED): OPEN | ALWAYS,
    (Role.COORDINATOR, State.ANSWERED): {"redo", "close"} | OPEN | ALWAYS,
    (Role.COORDINATOR, State.CLOSED): {"reopen", "undo_ending"} | ALWAYS,
    # Before it is assigned to them, the agency's people don't see the case.
    (Role.AGENCY_WORKER, State.RECEIVED): set(),
    (Role.AGENCY_WORKER, State.VERIFYING): set(),
    (Role.AGENCY_WORKER, State.ASSIGNED): AGENCY,
    (Role.AGENCY_WORKER, State.ANSWERED): {"comment"},
    (Role.AGENCY_WORKER, State.CLOSED): {"comment"},
    (Role.AGENCY_HEAD, State.RECEIVED): set(),
    (Role.AGENCY_HEAD, State.VERIFYING): set(),
    (Role.AGENCY_HEAD, State.ASSIGNED): AGENCY,
    (Role.AGENCY_HEAD, State.ANSWERED): {"comment"},
    (Role.AGENCY_HEAD, State.CLOSED): {"comment"},
    **{(Role.LEADER, state): {"comment"} for state in State},
    **{(Role.AUDITOR, state): set() for state in State},
    **{(Role.ADMINISTRATOR, state): set() for state in State},
}


def arguments(action: str, office: Office, now: datetime) -> dict[str, Any]:
    """What the form of `action` gives when it is filled in as it should be."""
    day = local_date(now)
    catalogue = {"field_id": None, "area_id": None}
    given: dict[str, dict[str, Any]] = {
        "verify": {},
        "undo_ending": {},
        "unvoid": {},
        "void": {},
        "add_turn": {"turn_id": "", "received_on": day, "persons": 1, "channel_id": ""},
        "accept": {},
        "classify": {"kind": Kind.VOTER, **catalogue},
        "admit": {"accepted_on": day},
        "rule": {"lead_id": str(office.agency.id), "text": "Giao", "due_on": day},
        "contribute": {"text": "Đồng ý"},
        "keep_promise": {"kept_on": day},
        "uphold": {"text": "Đã thay bóng ngày 1/3"},
        "extend": {"due_on": date(2026, 4, 16), "reason": "Có lý do"},
        "request_extension": {"wanted_on": date(2026, 6, 1), "reason": "Có lý do"},
        "decide_extension": {"decision": "granted"},
        "reclassify": {
            "kind": Kind.VOTER,
            "confidentiality": Confidentiality.CONFIDENTIAL,
            "field_id": None,
            "reason": "Có lý do",
        },
        "correct": {
            "content": "Nội dung đúng",
            "received_on": day,
            "persons": 1,
            "channel_id": None,
            "note": "",
            "reason": "Có lý do",
            **catalogue,
        },
        "assign": {"lead_id": str(office.agency.id), "supporting_ids": [], "asked": ""},
        "answer": {"text": "Đã sửa", "outcome": Outcome.RESOLVED, "answered_on": day},
        "close": {"outcome": Outcome.RESOLVED, "text": ""},
        "comment": {"text": "Đã xem"},
        "guide": {"sent_to": "Công an quận", "reason": "Có lý do"},
        "forward": {"sent_to": "Công an quận", "reason": "Có lý do"},
    }
    return given.get(action, {"reason": "Có lý do"}) | {"version": None, "now": now}


def is_done(action: str, case: Case, office: Office, role: Role, now: datetime) -> bool:
    """Whether `role` could do `action`, everything that it needs being given."""
    actor = office.viewer(role)
    try:
        PAGES[action].verb(case.id, actor=actor, **arguments(action, office, now))
    except Refused:
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
    offered = [] if case is None else guards.available(case, actor, local_date(now))
    shown = {action.name for action, why_not in offered if action.name in PAGES and not why_not}
    assert shown == ALLOWED[role, state]


@pytest.mark.parametrize(
    ("circumstance", "role", "gained", "lost"),
    [
        (
            circumstances.suspended,
            Role.COORDINATOR,
            {"resume"},
            {"suspend", "extend"},
        ),
        (
            circumstances.suspended,
            Role.AGENCY_WORKER,
            set(),
            {"return", "answer", "request_extension"},
        ),
        (circumstances.complaint, Role.COORDINATOR, {"admit"}, set()),
        (circumstances.complaint, Role.RECEPTION_OFFICER, set(), set()),
        (circumstances.admitted, Role.COORDINATOR, set(), {"refuse"}),
        (
            circumstances.returned_often,
            Role.COORDINATOR,
            set(),
            {"assign", "guide", "forward", "refuse", "file"},
        ),
        (circumstances.returned_often, Role.LEADER, {"rule"}, set()),
        (
            circumstances.redone_often,
            Role.AGENCY_WORKER,
            set(),
            {"accept", "return", "answer", "request_extension"},
        ),
        (circumstances.redone_often, Role.LEADER, {"rule"}, set()),
        (circumstances.accepted, Role.AGENCY_HEAD, set(), {"accept", "return"}),
        (circumstances.promised, Role.COORDINATOR, {"keep_promise"}, set()),
        (circumstances.unsatisfied, Role.COORDINATOR, {"uphold"}, {"undo_ending"}),
        (circumstances.extension_asked, Role.COORDINATOR, {"decide_extension"}, set()),
        (circumstances.extension_asked, Role.AGENCY_HEAD, set(), {"request_extension"}),
        (
            circumstances.supporting,
            Role.AGENCY_WORKER,
            {"contribute"},
            {"return", "answer", "request_extension"},
        ),
    ],
)
def test_circumstances_give_and_take_actions(
    office: Office,
    now: datetime,
    circumstance: circumstances.Make,
    role: Role,
    gained: set[str],
    lost: set[str],
) -> None:
    actor = office.viewer(role)
    case = circumstance(office, now)
    usual = ALLOWED[role, State(case.state)]
    found = queries.find(actor, case.id)
    assert found is not None
    can = {
        action.name
        for action, why_not in guards.available(found, actor, local_date(now))
        if not why_not
    }
    assert can & PAGES.keys() == (usual | gained) - lost
    allowed = set()
    for action in PAGES:
        if is_done(action, case, office, role, now):
            allowed.add(action)
            case = circumstance(office, now)
    assert allowed == (usual | gained) - lost


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
