"""For which of the units at which somebody has a role they act in a case."""

from uuid import UUID

from tracker.cases import guards
from tracker.cases.models import Assignment, Case
from tracker.rules.access import PERMISSIONS, SIGHT, Reach
from tracker.rules.workflow import ACTIONS, Guard
from tracker.units.queries import Viewer

# What only a unit does that was asked to, and as which part: it is done for that unit, also by
# somebody of the unit above it.
_FOR_THE_UNIT_ASKED = {
    Guard.LEADS: ("lead",),
    Guard.SUPPORTS: ("supporting",),
    Guard.HOLDS_ASSIGNMENT: ("lead", "supporting"),
}


def unit_for(action: str, case: Case, actor: Viewer) -> UUID | None:
    """The unit for which `actor` does `action`: where the role is held that permits it.

    What only a unit does that was asked to is done for that one. Else, of several units, it is the
    one that received the case, or that was asked for it, or the next above.
    To be asked before the action ends an assignment.
    """
    if asked := _asked(action, case, actor):
        return asked[0].unit_id
    roles = PERMISSIONS.get(f"case:{action}")
    posts = [post for post in actor.posts if roles is None or post.role in roles]
    if len({post.unit_id for post in posts}) < 2:
        return posts[0].unit_id if posts else actor.unit_id
    open_now = [each for each in case.assignments if each.ended_on is None]
    places: list[tuple[Reach, UUID | None]] = [
        (Reach.RECEIVED, case.unit_id),
        *((Reach.ASSIGNED, each.unit_id) for each in sorted(open_now, key=_lead_first)),
        (Reach.ASSIGNED, case.lead_unit_id),
    ]
    near = [
        (post.unit_id != unit_id, place, post.unit_id)
        for place, (reach, unit_id) in enumerate(places)
        for post in posts
        if unit_id in post.units and (sight := SIGHT[post.role]) and sight.reach is reach
    ]
    return min(near)[2] if near else posts[0].unit_id


def _asked(action: str, case: Case, actor: Viewer) -> list[Assignment]:
    wanted = [
        part
        for guard in (ACTIONS[action].guards if action in ACTIONS else ())
        for part in _FOR_THE_UNIT_ASKED.get(guard, ())
    ]
    if not wanted:
        return []
    own = guards.own_open_assignments(case, actor)
    return sorted((each for each in own if each.part in wanted), key=_lead_first)


def _lead_first(assignment: Assignment) -> bool:
    return assignment.part != "lead"
