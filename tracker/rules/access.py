"""Who may do what, and which cases who may see: role x reach x confidentiality.

Permissions are named `resource:action`. Those on cases follow from the workflow's table.
"""

from dataclasses import dataclass
from enum import StrEnum

from tracker.rules.labels import mark as _m
from tracker.rules.workflow import ACTIONS, Kind, Role


class Confidentiality(StrEnum):
    """How closely a case is kept."""

    NORMAL = "normal"
    CONFIDENTIAL = "confidential"
    DENUNCIATION = "denunciation"


CONFIDENTIALITY_LABELS = {
    Confidentiality.NORMAL: _m("Thường"),
    Confidentiality.CONFIDENTIAL: _m("Hạn chế"),
    Confidentiality.DENUNCIATION: _m("Tố cáo – bảo vệ người tố cáo"),
}


class Reach(StrEnum):
    """Through which tie to a case a role sees it."""

    RECEIVED = "received"  # the case was received by the role's unit or one below it
    ASSIGNED = "assigned"  # the role's unit, or one below it, has the case on its desk


@dataclass(frozen=True, slots=True)
class Sight:
    """What cases a role sees: through which tie, and up to which confidentiality."""

    reach: Reach
    clearance: frozenset[Confidentiality]


NORMAL = frozenset({Confidentiality.NORMAL})
UP_TO_CONFIDENTIAL = NORMAL | {Confidentiality.CONFIDENTIAL}
EVERYTHING = frozenset(Confidentiality)

# Protection of denouncers: Law on Denunciations, art. 8 and 47-58. Whoever logged a case goes
# on seeing it while a role of theirs reaches the unit that received it (`clearance_of_logged`); an
# administrator runs the system and sees no case.
SIGHT: dict[Role, Sight | None] = {
    Role.RECEPTION_OFFICER: Sight(Reach.RECEIVED, NORMAL),
    Role.COORDINATOR: Sight(Reach.RECEIVED, EVERYTHING),
    Role.AGENCY_WORKER: Sight(Reach.ASSIGNED, UP_TO_CONFIDENTIAL),
    Role.AGENCY_HEAD: Sight(Reach.ASSIGNED, EVERYTHING),
    Role.LEADER: Sight(Reach.RECEIVED, EVERYTHING),
    Role.AUDITOR: Sight(Reach.RECEIVED, UP_TO_CONFIDENTIAL),
    Role.ADMINISTRATOR: None,
}

# A unit that had a case on its desk keeps its own part of the story, within its clearance. The
# lead unit of a closed case keeps the whole of it, for its own figures, where it is of these.
KEPT_BY_LEAD = NORMAL
# What an administrator is shown while looking as another person looks: never a denunciation.
SHOWN_TO_ADMINISTRATOR = UP_TO_CONFIDENTIAL

_WORKERS = frozenset(Role) - {Role.ADMINISTRATOR}

PERMISSIONS: dict[str, frozenset[Role]] = {
    "account:use": frozenset(Role),
    "account:change": frozenset(Role),
    "home:read": frozenset(Role),
    "inbox:read": frozenset(Role),
    "inbox:change": frozenset(Role),
    "case:read": _WORKERS,
    "case:export": _WORKERS,
    "list:keep": _WORKERS,
    "list:share": frozenset({Role.COORDINATOR, Role.AGENCY_HEAD, Role.LEADER}),
    "case:create": frozenset({Role.RECEPTION_OFFICER, Role.COORDINATOR}),
    "event:read": frozenset({Role.RECEPTION_OFFICER, Role.COORDINATOR, Role.LEADER, Role.AUDITOR}),
    "event:manage": frozenset({Role.RECEPTION_OFFICER, Role.COORDINATOR}),
    "paper:print": frozenset({Role.RECEPTION_OFFICER, Role.COORDINATOR, Role.LEADER}),
    "paper:manage": frozenset({Role.ADMINISTRATOR}),
    "register:export": frozenset(
        {Role.RECEPTION_OFFICER, Role.COORDINATOR, Role.LEADER, Role.AUDITOR}
    ),
    "person:read": frozenset({Role.RECEPTION_OFFICER, Role.COORDINATOR, Role.LEADER}),
    "person:change": frozenset({Role.RECEPTION_OFFICER, Role.COORDINATOR}),
    "person:merge": frozenset({Role.COORDINATOR}),
    "report:read": _WORKERS,
    "report:export": _WORKERS,
    "seeing:start": frozenset({Role.ADMINISTRATOR}),
    "seeing:read": frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    "audit:read": frozenset({Role.AUDITOR, Role.LEADER}),
    "register:import": frozenset({Role.RECEPTION_OFFICER, Role.COORDINATOR}),
    "calendar:read": frozenset(Role),
    "calendar:change": frozenset({Role.ADMINISTRATOR, Role.COORDINATOR}),
    "unit:read": frozenset(Role),
    "unit:change": frozenset({Role.ADMINISTRATOR}),
    "user:manage": frozenset({Role.ADMINISTRATOR}),
    "catalogue:manage": frozenset({Role.ADMINISTRATOR}),
    "text:manage": frozenset({Role.ADMINISTRATOR}),
    "chasing:manage": frozenset({Role.ADMINISTRATOR}),
    **{f"case:{action.name}": action.roles for action in ACTIONS.values()},
    # Whoever may write a note may add a file, and take away the own one.
    "case:attach": ACTIONS["comment"].roles,
    "case:detach": ACTIONS["comment"].roles,
    # After the case has ended nobody else does; what was taken away stays readable.
    "case:detach_others": frozenset({Role.COORDINATOR}),
    "case:read_detached": frozenset({Role.COORDINATOR, Role.AUDITOR}),
    # The figures of what has ended move with its day of receipt.
    "case:correct_closed": frozenset({Role.COORDINATOR}),
}


# What is left of them to an administrator who sees as somebody else: nothing is taken away, and
# who somebody is stays closed.
READING = frozenset(
    {name for name in PERMISSIONS if name.endswith(":read")} - {"person:read"} | {"account:use"}
)


def allows(roles: frozenset[Role], permission: str) -> bool:
    """Whether one of `roles` holds `permission`. Raises KeyError for an unknown permission."""
    return not roles.isdisjoint(PERMISSIONS[permission])


def clearance_of_logged(role: Role) -> frozenset[Confidentiality]:
    """Up to which confidentiality somebody who has `role` goes on seeing what they logged.

    Whoever logs cases sees all that they logged; who has another duty by now sees no more than
    others with that duty.
    """
    if role in PERMISSIONS["case:create"]:
        return EVERYTHING
    sight = SIGHT[role]
    return sight.clearance if sight is not None else frozenset()


def is_closer(one: Confidentiality, other: Confidentiality) -> bool:
    """Whether a case at level `one` is kept more closely than one at level `other`."""
    order = list(Confidentiality)
    return order.index(one) > order.index(other)


def confidentiality_of(kind: Kind) -> Confidentiality:
    """The confidentiality that a new case of `kind` starts with."""
    if kind == Kind.DENUNCIATION:
        return Confidentiality.DENUNCIATION
    return Confidentiality.NORMAL


def levels(present: Confidentiality, kind: Kind) -> tuple[Confidentiality, ...]:
    """What a case that is kept at `present` may be kept at if it is, or becomes, of `kind`.

    A denunciation is protected, and what was protected as one stays so: whoever brought it isn't
    safer because the office calls it something else.
    """
    if Confidentiality.DENUNCIATION in (present, confidentiality_of(kind)):
        return (Confidentiality.DENUNCIATION,)
    return (Confidentiality.NORMAL, Confidentiality.CONFIDENTIAL)


def kept_as(present: Confidentiality, kind: Kind) -> Confidentiality:
    """The confidentiality of a case that becomes of `kind`: the present one where it may stay."""
    allowed = levels(present, kind)
    return present if present in allowed else allowed[0]
