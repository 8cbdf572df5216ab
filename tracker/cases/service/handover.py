"""Changes of units: the old ones end, successors take over people, units below and open cases.

One change is one transaction. It can be undone while nothing of it was worked on.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cases import story, succession
from tracker.cases.models import Assignment, Case, Handover
from tracker.cases.service import due_dates
from tracker.cases.service.step import record
from tracker.cases.story import Changes
from tracker.cases.succession import Move, Plan, Wanted
from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import OutOfDate, Refused
from tracker.rules.vietnamese import clean
from tracker.units.administration import KEPT, note
from tracker.units.models import Membership, UnitChange, UnitSuccession
from tracker.units.queries import Viewer
from tracker.units.unit_service import make_unit

CHUNK = 500


def change_units(wanted: Wanted, *, seen: str, actor: Viewer, now: datetime) -> UnitChange:
    """Carries out the change exactly as its preview showed it. Due dates stay what they were.

    seen: the preview's token. Raises OutOfDate where the preview would now look different, and
    Refused for what `succession.plan` refuses.
    """
    with transaction():
        plan = succession.plan(wanted, actor=actor, today=local_date(now), for_update=True)
        if plan.token != seen:
            raise OutOfDate(_("Số liệu đã thay đổi từ khi xem trước. Hãy xem lại rồi xác nhận."))
        change = UnitChange(
            id=new_id(),
            kind=wanted.kind,
            happened_on=wanted.happened_on,
            document=clean(wanted.document),
            user_id=actor.user_id,
            recorded_at=now,
        )
        db.session.add(change)
        made = _make_successors(plan)
        by_key = {str(unit.id): unit.id for unit in plan.successors} | made
        db.session.flush()
        heir_id = by_key[wanted.rest]
        _end_units(plan, change, by_key)
        kept: dict[str, object] = {
            "ended": [str(unit.id) for unit in plan.units],
            "made": [str(unit_id) for unit_id in made.values()],
            "children": _move_children(plan, heir_id),
            "roles": _move_roles(plan, heir_id),
        }
        _hand_over(plan, change, by_key, actor)
        _note(plan, change, by_key, kept, actor)
    return change


def _make_successors(plan: Plan) -> dict[str, UUID]:
    """Makes the successors that don't exist yet: key -> id."""
    model = plan.units[0]
    made = {}
    for new in plan.wanted.new_units:
        try:
            unit = make_unit(new.code, new.name, model.parent_id, plan.wanted.happened_on)
        except Refused as refusal:
            raise Refused(refusal.reason, "new_units") from refusal
        unit.paper, unit.place = model.paper, model.place
        db.session.add(unit)
        made[f"new:{new.code}"] = unit.id
    return made


def _end_units(plan: Plan, change: UnitChange, by_key: dict[str, UUID]) -> None:
    for unit in plan.units:
        unit.valid_to = plan.wanted.last_day
        for key, successor_id in by_key.items():
            db.session.add(
                UnitSuccession(
                    unit_id=unit.id,
                    successor_id=successor_id,
                    happened_on=change.happened_on,
                    reason=change.kind,
                    document=change.document,
                    takes_rest=key == plan.wanted.rest,
                    areas=plan.wanted.areas_of(key),
                    change_id=change.id,
                )
            )


def _move_children(plan: Plan, heir_id: UUID) -> dict[str, str]:
    """Puts the units below the old ones below the heir: child's id -> its old parent's."""
    kept = {}
    for child in plan.children:
        kept[str(child.id)] = str(child.parent_id)
        if child.id == heir_id:
            above = {unit.id: unit.parent_id for unit in plan.units}
            child.parent_id = above[child.parent_id] if child.parent_id else None
        else:
            child.parent_id = heir_id
    return kept


def _move_roles(plan: Plan, heir_id: UUID) -> dict[str, list[str | None]]:
    """Gives everybody with a role at an old unit the same at the heir from the change on.

    Returns the id of each ended role -> [its last day before, the id of the new role if any].
    """
    wanted = plan.wanted
    held = {
        (user_id, role)
        for user_id, role in db.session.execute(
            select(Membership.user_id, Membership.role).where(
                Membership.unit_id == heir_id,
                Membership.valid_to.is_(None) | (Membership.valid_to >= wanted.happened_on),
            )
        )
    }
    kept: dict[str, list[str | None]] = {}
    for old in db.session.scalars(select(Membership).where(succession.roles_after(wanted))).all():
        new_role_id = None
        if (old.user_id, old.role) not in held:
            held.add((old.user_id, old.role))
            new_role_id = new_id()
            db.session.add(
                Membership(
                    id=new_role_id,
                    user_id=old.user_id,
                    unit_id=heir_id,
                    role=old.role,
                    valid_from=max(wanted.happened_on, old.valid_from),
                    valid_to=old.valid_to,
                )
            )
        kept[str(old.id)] = [
            str(old.valid_to) if old.valid_to else None,
            str(new_role_id) if new_role_id else None,
        ]
        old.valid_to = max(wanted.last_day, old.valid_from)
    return kept


def _hand_over(plan: Plan, change: UnitChange, by_key: dict[str, UUID], actor: Viewer) -> None:
    moves: dict[UUID, list[Move]] = defaultdict(list)
    for move in plan.moves:
        moves[move.case_id].append(move)
    taken = _Keys(plan.wanted.unit_ids)
    for case in cases_for_update(moves):
        before, also = story.reportable(case), Changes()
        to_id = by_key[plan.key_of[case.id]]
        # The tie as the lead goes before one as a supporter: a unit needs only one of the two.
        for move in sorted(moves[case.id]):
            if move.tie == "received":
                case.register_key = taken.free(case, to_id)
                case.unit_id = to_id
            elif move.tie == "lead":
                case.lead_unit_id = to_id
                also |= due_dates.let_request_lapse(case, change.recorded_at)
                _end_support(case, to_id, change)
            new_assignment_id = _pass_on(move, to_id, change) if move.assignment_id else None
            _keep(move, to_id, change, new_assignment_id)
        happened_on = max(change.happened_on, case.received_on)
        told = (happened_on, change.recorded_at, change.document, also)
        record(case, "hand_over", before, actor, *told)


def _keep(move: Move, to_id: UUID, change: UnitChange, new_assignment_id: UUID | None) -> None:
    db.session.add(
        Handover(
            change_id=change.id,
            case_id=move.case_id,
            tie=move.tie,
            from_unit_id=move.unit_id,
            to_unit_id=to_id,
            assignment_id=move.assignment_id,
            new_assignment_id=new_assignment_id,
        )
    )


def _end_support(case: Case, to_id: UUID, change: UnitChange) -> None:
    """Ends what the successor was asked as a supporter: it leads from now on."""
    supporting = db.session.scalars(
        select(Assignment).where(
            Assignment.case_id == case.id,
            Assignment.unit_id == to_id,
            Assignment.part == "supporting",
            Assignment.ended_on.is_(None),
        )
    ).all()
    for each in supporting:
        each.ended_on = max(change.happened_on, each.assigned_on)
        level = case.confidentiality
        support = Move(case.id, "supporting", to_id, case.area_id, each.id, level)
        _keep(support, to_id, change, None)


def _pass_on(move: Move, to_id: UUID, change: UnitChange) -> UUID | None:
    """Ends an old unit's assignment and gives the successor the same, its dates unchanged.

    Returns the id of the new one; None where the successor is on the case already.
    """
    old = db.session.get_one(Assignment, move.assignment_id)
    old.ended_on = max(change.happened_on, old.assigned_on)
    # Before the new one is there: the database allows one open lead.
    db.session.flush()
    if move.tie == "supporting" and _is_on(old.case_id, to_id):
        return None
    new = Assignment(
        id=new_id(),
        case_id=old.case_id,
        unit_id=to_id,
        part=old.part,
        asked=old.asked,
        assigned_on=old.assigned_on,
        due_on=old.due_on,
        decided_due_on=old.decided_due_on,
        pauses_before_decision=old.pauses_before_decision,
        accepted_on=old.accepted_on,
    )
    db.session.add(new)
    db.session.flush()
    return new.id


def _is_on(case_id: UUID, unit_id: UUID) -> bool:
    found = db.session.scalar(
        select(Assignment.id).where(
            Assignment.case_id == case_id,
            Assignment.unit_id == unit_id,
            Assignment.ended_on.is_(None),
        )
    )
    return found is not None


class _Keys:
    """Register keys at the successors: two units may have kept the same line of a register."""

    def __init__(self, unit_ids: Iterable[UUID]) -> None:
        self._moved = select(Case.register_key).where(
            Case.unit_id.in_(list(unit_ids)), Case.register_key.is_not(None)
        )
        self._taken: dict[UUID, set[str | None]] = {}

    def free(self, case: Case, to_id: UUID) -> str | None:
        """The case's key, told apart by its old unit where the successor has the same."""
        if case.register_key is None:
            return None
        if to_id not in self._taken:
            same = select(Case.register_key).where(
                Case.unit_id == to_id, Case.register_key.in_(self._moved)
            )
            self._taken[to_id] = set(db.session.scalars(same))
        key = case.register_key
        if key in self._taken[to_id]:
            key = f"{case.unit_id}:{key}"
        self._taken[to_id].add(key)
        return key


def cases_for_update(ids: Iterable[UUID]) -> Iterable[Case]:
    """The cases with these ids, read afresh and kept from other writers, a chunk at a time."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield from db.session.scalars(
            select(Case)
            .where(Case.id.in_(ordered[start : start + CHUNK]))
            .order_by(Case.id)
            .with_for_update(of=Case)
            .execution_options(populate_existing=True)
        ).all()


def _note(
    plan: Plan,
    change: UnitChange,
    by_key: dict[str, UUID],
    kept: dict[str, object],
    actor: Viewer,
) -> None:
    now, text = change.recorded_at, change.document
    for unit in plan.units:
        ended = {"valid_to": [None, str(unit.valid_to)]}
        note(actor, "end", "unit", unit.id, now, changes=ended, text=text)
    for unit_id in by_key.values():
        note(actor, "succeed", "unit", unit_id, now, text=text)
    for child in plan.children:
        note(actor, "change", "unit", child.id, now, text=text)
    note(actor, change.kind, "unit_change", change.id, now, changes={KEPT: kept}, text=text)
