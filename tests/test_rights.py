"""Every role, at every place, on a case in every state, level and situation: who sees, who does.

What is expected is written here, not asked of the code: `ACTS`, `CLEARED` and the tree of units.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import product
from typing import Any

import pytest
from sqlalchemy import func, select, update

from tests.cases.circumstances import say_unsatisfied
from tests.factories import Office, as_viewer, make_unit, make_user
from tracker.cases import queries
from tracker.cases.models import Assignment, Case, Entry, ExtensionRequest
from tracker.cases.own_part import find_own_part
from tracker.cases.service.step import step
from tracker.core.db import db, new_id
from tracker.core.errors import Refused
from tracker.rules.access import Confidentiality
from tracker.rules.workflow import ACTIONS, Kind, Outcome, Role, State
from tracker.units.queries import Viewer

ROLES = {
    "O": Role.RECEPTION_OFFICER,
    "C": Role.COORDINATOR,
    "W": Role.AGENCY_WORKER,
    "H": Role.AGENCY_HEAD,
    "L": Role.LEADER,
    "A": Role.AUDITOR,
    "X": Role.ADMINISTRATOR,
}
STATES = {
    "R": State.RECEIVED,
    "V": State.VERIFYING,
    "A": State.ASSIGNED,
    "N": State.ANSWERED,
    "C": State.CLOSED,
}
# Which roles do it, in which states.
ACTS = {
    "verify": ("OC", "R"),
    "classify": ("C", "RV"),
    "admit": ("C", "RVA"),
    "rule": ("L", "VA"),
    "assign": ("C", "RV"),
    "accept": ("WH", "A"),
    "return": ("WH", "A"),
    "answer": ("WH", "A"),
    "contribute": ("WH", "A"),
    "redo": ("C", "N"),
    "close": ("C", "N"),
    "keep_promise": ("C", "C"),
    "guide": ("OC", "RV"),
    "forward": ("C", "RV"),
    "refuse": ("C", "RV"),
    "file": ("C", "RV"),
    "merge": ("C", "RV"),
    "unmerge": ("C", "C"),
    "split": ("C", "RV"),
    "add_turn": ("OC", "RVAN"),
    "void_turn": ("OC", "RVAN"),
    "void": ("OC", "R"),
    "unvoid": ("OC", "C"),
    "link": ("OCWH", "RVANC"),
    "unlink": ("OCWH", "RVANC"),
    "withdraw": ("C", "RVAN"),
    "withdraw_part": ("C", "RVAN"),
    "suspend": ("C", "RVAN"),
    "resume": ("C", "RVAN"),
    "extend": ("C", "RVAN"),
    "request_extension": ("WH", "A"),
    "decide_extension": ("C", "A"),
    "undo_ending": ("OC", "C"),
    "reopen": ("C", "C"),
    "uphold": ("C", "C"),
    "correct": ("OC", "RVANC"),
    "reclassify": ("C", "RVANC"),
    "comment": ("OCWHL", "RVANC"),
}
# What only the unit in charge does, only a supporting one, either of them.
OF_THE_LEAD = {"return", "answer", "request_extension"}
OF_SUPPORT = {"contribute"}
OF_EITHER = {"accept"}
OF_WHO_LOGGED_IT = {"void"}
# A coordinator's, and of whoever did what is undone: here the coordinator who logged the case.
OF_WHO_ENDED_IT = {"undo_ending"}
# Situations beside the plain one: in which states, what they alone allow, what they forbid.
SITUATIONS = {
    "plain": ("RVANC", set(), set()),
    "suspended": (
        "RVAN",
        {"resume"},
        {"suspend", "assign", "return", "answer", "redo", "split", "rule", "extend",
         "request_extension"},
    ),
    "ruling": (
        "VA",
        {"rule"},
        {"assign", "accept", "return", "answer", "guide", "forward", "refuse", "file", "merge",
         "split", "request_extension"},
    ),
    "complaint": ("RVANC", {"admit"}, set()),
    "asked": ("A", {"decide_extension"}, {"request_extension"}),
    "promised": ("C", {"keep_promise"}, set()),
    "merged": ("C", {"unmerge"}, {"reopen", "undo_ending"}),
    "voided": ("C", {"unvoid"}, {"reopen", "undo_ending"}),
    "unsatisfied": ("C", {"uphold"}, {"undo_ending"}),
}  # fmt: skip
ONLY_THERE = {name for _states, allowed, _forbidden in SITUATIONS.values() for name in allowed}

NORMAL, CONFIDENTIAL, DENUNCIATION = Confidentiality
CLEARED = {
    "O": {NORMAL},
    "C": {NORMAL, CONFIDENTIAL, DENUNCIATION},
    "W": {NORMAL, CONFIDENTIAL},
    "H": {NORMAL, CONFIDENTIAL, DENUNCIATION},
    "L": {NORMAL, CONFIDENTIAL, DENUNCIATION},
    "A": {NORMAL, CONFIDENTIAL},
    "X": set(),
}
# The committee received each case; the agency is in charge, another unit supports it, a former
# one had the case before. Who works for a unit works for those below it as well.
TREE = {
    "province": None,
    "committee": "province",
    "agency": "committee",
    "team": "agency",
    "supporting": "committee",
    "former": "committee",
    "elsewhere": None,
}
RECEIVING = {"province", "committee"}
LEADING = {"province", "committee", "agency"}
SUPPORTING = {"province", "committee", "supporting"}
FORMER = {"province", "committee", "former"}
# Who logged the case sees it as long as they work where it was received, or above: whoever logs
# cases whatever it is, who has another duty by now as others with that duty.
WHO_LOGGED_IT = "who logged it"
WHO_LOGGED_IT_AND_LEFT = "who logged it and works elsewhere now"
WORKS_AT = {WHO_LOGGED_IT: "committee", WHO_LOGGED_IT_AND_LEFT: "elsewhere"}


@dataclass(frozen=True)
class Standing:
    """A case as far as rights depend on it."""

    state: str
    level: Confidentiality
    situation: str


STANDINGS = [
    Standing(state, level, situation)
    for situation, (states, *_) in SITUATIONS.items()
    for state, level in product(states, Confidentiality)
    # What a situation allows doesn't depend on the level: the plain one tries all of them.
    if situation == "plain" or level is NORMAL
]


def sees(role: str, place: str, standing: Standing) -> bool:
    """Whether the whole case is open to `role` at `place`."""
    if role == "X":
        return False
    if place == WHO_LOGGED_IT:
        return role in "OC" or standing.level in CLEARED[role]
    place = WORKS_AT.get(place, place)
    if role not in "WH":
        return place in RECEIVING and standing.level in CLEARED[role]
    if standing.state in "AN" and place in LEADING | SUPPORTING:
        return standing.level in CLEARED[role]
    return standing.state == "C" and place in LEADING and standing.level is NORMAL


def keeps_a_part(role: str, place: str, standing: Standing) -> bool:
    """Whether a case that isn't open shows `role` at `place` what it once had to do with it."""
    if role not in "WH" or standing.level not in CLEARED[role]:
        return False
    place = WORKS_AT.get(place, place)
    return place in FORMER or (standing.state == "C" and place in LEADING | SUPPORTING)


def does(action: str, role: str, place: str, standing: Standing) -> bool:
    """Whether `role` at `place`, which sees the case, may do `action` with it now."""
    roles, states = ACTS[action]
    _states, allowed, forbidden = SITUATIONS[standing.situation]
    if role not in roles or standing.state not in states or action in forbidden:
        return False
    if action in ONLY_THERE and action not in allowed:
        return False
    if action in OF_WHO_LOGGED_IT:
        return place == WHO_LOGGED_IT
    is_who_logged_it = place == WHO_LOGGED_IT
    place = WORKS_AT.get(place, place)
    if action in OF_THE_LEAD:
        return place in LEADING
    if action in OF_WHO_ENDED_IT:
        return role == "C" or is_who_logged_it
    if action in OF_SUPPORT:
        return place in SUPPORTING
    return action not in OF_EITHER or place in LEADING | SUPPORTING


class World:
    """The units, and a case in every one of `standings`; `entries`: of all their stories."""

    def __init__(self, now: datetime, standings: Sequence[Standing]) -> None:
        self.units = {}
        for name, parent in TREE.items():
            self.units[name] = make_unit(name, self.units[parent] if parent else None)
        users = {role: make_user(role, self.units["committee"]) for role in Role}
        at_agency = {
            role: make_user(role, self.units["agency"])
            for role in (Role.AGENCY_WORKER, Role.AGENCY_HEAD)
        }
        unit = self.units
        self.office = Office(
            unit["committee"], unit["agency"], unit["supporting"], users | at_agency
        )
        self.logged_by = users[Role.COORDINATOR].id
        self.other_id = self.office.log(now).id
        self.cases = {standing: self._case(standing, now) for standing in standings}
        db.session.commit()
        self.entries = db.session.scalar(select(func.count()).select_from(Entry))

    def viewer(self, role: str, place: str) -> Viewer:
        """Somebody who has `role` at `place`, and nowhere else."""
        if place in WORKS_AT:
            return replace(self.viewer(role, WORKS_AT[place]), user_id=self.logged_by)
        return as_viewer(make_user(ROLES[role], self.units[place]))

    def _case(self, standing: Standing, now: datetime) -> Case:
        case = self.office.case_in(STATES[standing.state], now)
        today = date(2026, 3, 2)
        on_desk = {"ended_on": today if standing.state == "C" else None}
        if standing.state in "ANC":
            db.session.add(self._assignment(case, "supporting", **on_desk))
        db.session.add(self._assignment(case, "former", ended_on=today, returned_on=today))
        if standing.situation == "asked":
            db.session.add(
                ExtensionRequest(
                    case_id=case.id, unit_id=self.units["agency"].id, wanted_on=date(2026, 6, 1),
                    reason="Cần thêm thời gian", recorded_at=now,
                )
            )  # fmt: skip
        if standing.situation == "unsatisfied":
            say_unsatisfied(case, now)
        changed: dict[str, Any] = {
            "plain": {},
            "asked": {},
            "unsatisfied": {},
            "complaint": {"kind": Kind.COMPLAINT},
            "suspended": {"suspended_on": today},
            "ruling": {"ruling_due_on": date(2026, 3, 9)},
            "promised": {
                "outcome": Outcome.PROMISED, "promised_on": date(2026, 6, 1), "ended_on": None,
            },
            "voided": {"outcome": Outcome.VOIDED},
            "merged": {"outcome": Outcome.DUPLICATE, "merged_into_id": self.other_id},
        }[standing.situation]  # fmt: skip
        db.session.flush()
        db.session.execute(
            update(Case).where(Case.id == case.id).values(confidentiality=standing.level, **changed)
        )
        return case

    def _assignment(self, case: Case, place: str, **columns: Any) -> Assignment:
        return Assignment(
            id=new_id(),
            case_id=case.id,
            unit_id=self.units[place].id,
            part="supporting",
            assigned_on=date(2026, 3, 2),
            **columns,
        )


class Reached(Exception):
    """A verb was let through to where it begins to change the case."""


def is_let_through(action: str, case: Case, actor: Viewer, now: datetime) -> bool:
    """Whether the frame of every verb lets `actor` do `action`; nothing is changed."""
    try:
        with step(action, case.id, actor, now):
            raise Reached
    except Reached:
        return True
    except Refused:
        return False


@pytest.fixture
def world(session, now: datetime) -> World:
    return World(now, STANDINGS)


def test_every_action_has_its_row_here() -> None:
    assert set(ACTS) == set(ACTIONS)


@pytest.mark.parametrize("role", ROLES)
def test_who_sees_and_does_what(world: World, now: datetime, role: str) -> None:
    unexpected = []
    asked = 0
    for place in (*TREE, *WORKS_AT):
        viewer = world.viewer(role, place)
        for standing, case in world.cases.items():
            is_seen = queries.find(viewer, case.id) is not None
            if is_seen != sees(role, place, standing):
                unexpected.append(("sees", place, standing, is_seen))
            if not is_seen:
                has_part = find_own_part(viewer, case.id) is not None
                if has_part != keeps_a_part(role, place, standing):
                    unexpected.append(("keeps a part", place, standing, has_part))
            # What isn't seen is the same refusal whatever is asked: one action stands for all.
            for action in ACTIONS if is_seen else ("comment",):
                is_done = is_let_through(action, case, viewer, now)
                if is_done != (is_seen and does(action, role, place, standing)):
                    unexpected.append((action, place, standing, is_done))
            asked += len(ACTIONS)
    assert asked > 5_000
    assert unexpected == []
