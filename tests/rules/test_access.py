"""Who may see what, and do what beside casework, row by row."""

import pytest

from tracker.rules.access import (
    CONFIDENTIALITY_LABELS,
    KEPT_BY_LEAD,
    PERMISSIONS,
    SHOWN_TO_ADMINISTRATOR,
    SIGHT,
    Confidentiality,
    Reach,
    allows,
    confidentiality_of,
    kept_as,
    levels,
)
from tracker.rules.workflow import Kind, Role

NORMAL, CONFIDENTIAL, DENUNCIATION = Confidentiality


@pytest.mark.parametrize(
    ("role", "reach", "cleared"),
    [
        (Role.RECEPTION_OFFICER, Reach.RECEIVED, {NORMAL}),
        (Role.COORDINATOR, Reach.RECEIVED, {NORMAL, CONFIDENTIAL, DENUNCIATION}),
        (Role.AGENCY_WORKER, Reach.ASSIGNED, {NORMAL, CONFIDENTIAL}),
        (Role.AGENCY_HEAD, Reach.ASSIGNED, {NORMAL, CONFIDENTIAL, DENUNCIATION}),
        (Role.LEADER, Reach.RECEIVED, {NORMAL, CONFIDENTIAL, DENUNCIATION}),
        (Role.AUDITOR, Reach.RECEIVED, {NORMAL, CONFIDENTIAL}),
    ],
)
def test_what_a_role_sees(role: Role, reach: Reach, cleared: set[Confidentiality]) -> None:
    sight = SIGHT[role]
    assert sight is not None
    assert (sight.reach, sight.clearance) == (reach, cleared)


def test_an_administrator_sees_no_case_and_is_never_shown_a_denunciation() -> None:
    assert SIGHT[Role.ADMINISTRATOR] is None
    assert {NORMAL, CONFIDENTIAL} == SHOWN_TO_ADMINISTRATOR
    held = {name for name in PERMISSIONS if allows(frozenset({Role.ADMINISTRATOR}), name)}
    assert {name for name in held if name.startswith(("case:", "report:"))} == set()


def test_a_closed_case_stays_whole_to_its_lead_unit_only_where_it_is_normal() -> None:
    assert {NORMAL} == KEPT_BY_LEAD


def test_every_role_and_level_has_its_row() -> None:
    assert set(SIGHT) == set(Role)
    assert set(CONFIDENTIALITY_LABELS) == set(Confidentiality)
    assert set().union(*PERMISSIONS.values()) == set(Role)


@pytest.mark.parametrize(
    ("permission", "roles"),
    [
        ("account:use", set(Role)),
        ("case:create", {Role.RECEPTION_OFFICER, Role.COORDINATOR}),
        ("register:import", {Role.RECEPTION_OFFICER, Role.COORDINATOR}),
        ("seeing:start", {Role.ADMINISTRATOR}),
        ("seeing:read", {Role.ADMINISTRATOR, Role.AUDITOR}),
        ("unit:change", {Role.ADMINISTRATOR}),
        ("user:manage", {Role.ADMINISTRATOR}),
        ("catalogue:manage", {Role.ADMINISTRATOR}),
        ("text:manage", {Role.ADMINISTRATOR}),
    ],
)
def test_who_holds_a_permission(permission: str, roles: set[Role]) -> None:
    assert {role for role in Role if allows(frozenset({role}), permission)} == roles


def test_roles_add_up_and_an_unknown_permission_is_an_error() -> None:
    both = frozenset({Role.AUDITOR, Role.COORDINATOR})
    assert allows(both, "seeing:read")
    assert allows(both, "case:assign")
    assert not allows(frozenset(), "account:use")
    with pytest.raises(KeyError):
        allows(both, "case:invent")


@pytest.mark.parametrize("kind", Kind)
def test_a_denunciation_is_protected_from_the_first_moment_and_stays_so(kind: Kind) -> None:
    is_denunciation = kind is Kind.DENUNCIATION
    assert confidentiality_of(kind) is (DENUNCIATION if is_denunciation else NORMAL)
    assert levels(DENUNCIATION, kind) == (DENUNCIATION,)
    assert kept_as(DENUNCIATION, kind) is DENUNCIATION
    for present in (NORMAL, CONFIDENTIAL):
        assert kept_as(present, kind) is (DENUNCIATION if is_denunciation else present)
