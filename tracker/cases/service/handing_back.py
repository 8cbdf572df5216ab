"""Undoing a change of units, as long as nothing of it was worked on."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Select, delete, exists, or_, select

from tracker.cases import story
from tracker.cases.models import Assignment, Case, Entry, Handover
from tracker.cases.models.history import SYSTEM_ACTIONS
from tracker.cases.service import due_dates
from tracker.cases.service.handover import cases_for_update
from tracker.cases.service.step import record
from tracker.cases.story import Changes
from tracker.core.clock import local_date
from tracker.core.db import db, transaction
from tracker.core.errors import OutOfDate, Refused
from tracker.units.administration import KEPT, must_manage, note
from tracker.units.models import AdministrationEntry, Membership, Unit, UnitChange, UnitSuccession
from tracker.units.queries import Viewer

# What may have been done to a case that went over without its having been worked on.
QUIET_ACTIONS = (
    "comment",
    "link",
    "unlink",
    "attach",
    "detach",
    "recalculate",
    "protect",
    *SYSTEM_ACTIONS,
)


def undo_change(change_id: UUID, *, actor: Viewer, now: datetime) -> UnitChange:
    """Takes a change of units back: units, roles and cases are as before, with entries again.

    Units that it made stay on record as having existed on the day before it, and no later.
    Raises Refused where something of it was worked on, OutOfDate where it was undone already.
    """
    with transaction():
        change = db.session.get_one(
            UnitChange, change_id, populate_existing=True, with_for_update=True
        )
        if change.undone_at is not None:
            raise OutOfDate(_("Thay đổi này đã được hoàn tác."))
        kept = _kept(change)
        ended = _ended(change, kept)
        must_manage(actor, *(unit.id for unit in ended))
        if reason := why_not_undone(change):
            raise Refused(reason)
        _hand_back(change, actor, now)
        _restore_roles(kept)
        _restore_units(change, ended, kept)
        db.session.execute(delete(UnitSuccession).where(UnitSuccession.change_id == change.id))
        change.undone_at = now
        for unit in ended:
            note(actor, "undo", "unit", unit.id, now, text=change.document)
        note(actor, "undo", "unit_change", change.id, now, text=change.document)
    return change


def why_not_undone(change: UnitChange) -> str | None:
    """Why the change can't be undone any more, None where it can."""
    if change.undone_at is not None:
        return _("Thay đổi này đã được hoàn tác.")
    handed = select(Handover.case_id).where(Handover.change_id == change.id)
    successors = select(UnitSuccession.successor_id).where(UnitSuccession.change_id == change.id)
    later = exists().where(
        UnitSuccession.unit_id.in_(successors), UnitSuccession.change_id != change.id
    )
    if db.session.scalar(select(later)):
        return _("Đơn vị kế tục đã có thay đổi khác; hãy hoàn tác thay đổi ấy trước.")
    # One reason for people, units and cases: it doesn't tell that there is a case.
    if _has_work_since(change, handed) or _has_people_since(change):
        return _(
            "Từ khi thay đổi, đơn vị kế tục đã có việc, người hoặc đơn vị trực thuộc của mình;"
            " không hoàn tác được nữa."
        )
    return None


def _has_work_since(change: UnitChange, handed: Select[Any]) -> bool:
    """Whether a case that went over was worked on, or a unit that was made got one of its own."""
    made = _made(change)
    worked_on = exists().where(
        Entry.case_id.in_(handed),
        Entry.recorded_at > change.recorded_at,
        Entry.action.not_in(QUIET_ACTIONS),
    )
    new_cases = exists().where(
        or_(Case.unit_id.in_(made), Case.lead_unit_id.in_(made)), Case.id.not_in(handed)
    )
    new_work = exists().where(Assignment.unit_id.in_(made), Assignment.case_id.not_in(handed))
    return bool(db.session.scalar(select(worked_on | new_cases | new_work)))


def _has_people_since(change: UnitChange) -> bool:
    """Whether a unit that was made got people or units of its own."""
    made, kept = _made(change), _kept(change)
    roles = {UUID(new) for _old_end, new in kept.get("roles", {}).values() if new}
    children = {UUID(child) for child in kept.get("children", {})}
    new_people = exists().where(Membership.unit_id.in_(made), Membership.id.not_in(roles))
    new_units = exists().where(Unit.parent_id.in_(made), Unit.id.not_in(children))
    return bool(db.session.scalar(select(new_people | new_units)))


def _made(change: UnitChange) -> list[UUID]:
    return [UUID(unit_id) for unit_id in _kept(change)["made"]]


def _kept(change: UnitChange) -> dict[str, Any]:
    entry = db.session.scalars(
        select(AdministrationEntry).where(
            AdministrationEntry.subject_id == change.id,
            AdministrationEntry.action == change.kind,
        )
    ).one()
    kept: dict[str, Any] = entry.changes[KEPT]
    return kept


def _ended(change: UnitChange, kept: dict[str, Any]) -> Sequence[Unit]:
    """The units that ended by the change."""
    ids = [UUID(unit_id) for unit_id in kept["ended"]]
    return db.session.scalars(
        select(Unit).where(Unit.id.in_(ids)).order_by(Unit.code).with_for_update()
    ).all()


def _hand_back(change: UnitChange, actor: Viewer, now: datetime) -> None:
    handed: dict[UUID, list[Handover]] = defaultdict(list)
    for row in db.session.scalars(select(Handover).where(Handover.change_id == change.id)):
        handed[row.case_id].append(row)
    today = local_date(now)
    for case in cases_for_update(handed):
        before, also = story.reportable(case), Changes()
        for row in handed[case.id]:
            if row.tie == "received":
                case.unit_id = row.from_unit_id
                if case.register_key is not None:
                    case.register_key = case.register_key.removeprefix(f"{row.from_unit_id}:")
            elif row.tie == "lead":
                case.lead_unit_id = row.from_unit_id
                also |= due_dates.take_up_lapsed(case, change.recorded_at)
            _take_back(row)
        record(case, "hand_back", before, actor, today, now, change.document, also)


def _take_back(row: Handover) -> None:
    """Opens the old unit's assignment again; the successor never had one: the story tells of it."""
    if row.new_assignment_id is not None:
        new = db.session.get_one(Assignment, row.new_assignment_id)
        row.new_assignment_id = None
        # The row that points to it first; and before the old one opens again: the database allows
        # one open lead.
        db.session.flush()
        db.session.delete(new)
        db.session.flush()
    if row.assignment_id is not None:
        db.session.get_one(Assignment, row.assignment_id).ended_on = None
        db.session.flush()


def _restore_roles(kept: dict[str, Any]) -> None:
    for old_id, (last_day, new_id) in kept.get("roles", {}).items():
        if new_id is not None:
            db.session.execute(delete(Membership).where(Membership.id == UUID(new_id)))
        old = db.session.get_one(Membership, UUID(old_id))
        old.valid_to = date.fromisoformat(last_day) if last_day else None


def _restore_units(change: UnitChange, ended: Sequence[Unit], kept: dict[str, Any]) -> None:
    last_day = ended[0].valid_to
    for unit in ended:
        unit.valid_to = None
    for child_id, parent_id in kept.get("children", {}).items():
        db.session.get_one(Unit, UUID(child_id)).parent_id = UUID(parent_id)
    for unit_id in kept["made"]:
        unit = db.session.get_one(Unit, UUID(unit_id))
        unit.valid_from = unit.valid_to = last_day
        # Whoever records the change again finds the code free.
        unit.code = f"{unit.code}~{change.id.hex[-6:]}"
