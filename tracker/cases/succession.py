"""What a change of units would do: which open cases go to which successor. Nothing is written."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select

from tracker.cases.models import Area, Assignment, Case
from tracker.cases.queries import counted, visible
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.access import NORMAL, Confidentiality, Reach
from tracker.rules.vietnamese import clean, collate
from tracker.units.administration import must_manage
from tracker.units.models import Membership, Unit
from tracker.units.queries import Viewer
from tracker.units.staffing import is_served, working
from tracker.units.unit_queries import exists_on

TIES = ("received", "lead", "supporting")
SHOWN_CASES = 200
LONGEST_DOCUMENT = 300


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A successor that the change itself makes."""

    code: str
    name: str


@dataclass(frozen=True)
class Wanted:
    """A change of units as the document orders it.

    kind: merge, split, rename or dissolve. happened_on: the local date from which it holds.
    default: the key of the successor that takes whatever `by_area` doesn't name. by_area: the
    id of an area, None for cases without one -> the key of a successor. A successor's key is
    its id, or `new:` and its code.
    """

    kind: str
    unit_ids: tuple[UUID, ...]
    happened_on: date
    document: str
    successor_ids: tuple[UUID, ...] = ()
    new_units: tuple[NewUnit, ...] = ()
    default: str | None = None
    by_area: Mapping[UUID | None, str] = field(default_factory=dict)

    @property
    def keys(self) -> list[str]:
        """The keys of all successors, those that exist first."""
        return [*map(str, self.successor_ids), *(f"new:{unit.code}" for unit in self.new_units)]

    def areas_of(self, key: str) -> list[str]:
        """The ids of the areas whose cases the successor takes, empty for cases without one."""
        return [str(area_id or "") for area_id, taker in self.by_area.items() if taker == key]

    @property
    def rest(self) -> str:
        """The key of the successor that takes the rest."""
        return self.default if self.default in self.keys else self.keys[0]

    @property
    def last_day(self) -> date:
        """The last local date on which the old units exist."""
        return self.happened_on - timedelta(days=1)

    def key_for(self, area_id: UUID | None) -> str:
        """The key of the successor that takes a case of this area."""
        key = self.by_area.get(area_id)
        return key if key in self.keys else self.rest


class Move(NamedTuple):
    """One tie of one case to an old unit. assignment_id: of the open assignment, if it is one.

    level: how closely the case is kept.
    """

    case_id: UUID
    tie: str
    unit_id: UUID
    area_id: UUID | None
    assignment_id: UUID | None
    level: str

    @property
    def reach(self) -> Reach:
        """The tie through which people of the unit see the case."""
        return Reach.RECEIVED if self.tie == "received" else Reach.ASSIGNED


@dataclass(frozen=True)
class Plan:
    """What the change would do, as it stands now.

    moves: of all cases that go over. seen: the id and code of those among them that the actor
    may see, by code; counted: those that are counted to the actor. Nothing else here tells of the
    others: a denunciation would change it. unserved: the key of a successor, a tie and a level for
    which nobody there may work on what is protected.
    """

    wanted: Wanted
    units: Sequence[Unit]
    successors: Sequence[Unit]
    moves: Sequence[Move]
    seen: Mapping[UUID, str]
    counted: frozenset[UUID]
    members: int
    children: Sequence[Unit]
    area_names: Mapping[UUID, str]
    unserved: frozenset[tuple[str, Reach, str]]

    @cached_property
    def key_of(self) -> dict[UUID, str]:
        """The key of each case's successor.

        What is protected goes with the rest where nobody at its area's successor might open it:
        the people who may go there (Law on Denunciations, art. 8).
        """
        found: dict[UUID, str] = {}
        for move in self.moves:
            key = found.get(move.case_id, self.wanted.key_for(move.area_id))
            is_unserved = (key, move.reach, move.level) in self.unserved
            found[move.case_id] = self.wanted.rest if is_unserved else key
        return found

    @cached_property
    def counts(self) -> dict[str, Counter[str]]:
        """For each successor's key: how many of each tie, and under `cases` how many cases."""
        counts: dict[str, Counter[str]] = {key: Counter() for key in self.wanted.keys}
        for move in self.counted_moves:
            counts[self.key_of[move.case_id]][move.tie] += 1
        for case_id in {move.case_id for move in self.counted_moves}:
            counts[self.key_of[case_id]]["cases"] += 1
        return counts

    @cached_property
    def counted_moves(self) -> list[Move]:
        """The ties that go over of the cases that are counted to the actor."""
        return [move for move in self.moves if move.case_id in self.counted]

    @cached_property
    def cases(self) -> dict[str, list[tuple[UUID, str]]]:
        """(id, code) of the cases that the actor may see, by their successor's key."""
        found: dict[str, list[tuple[UUID, str]]] = {}
        for case_id, code in self.seen.items():
            found.setdefault(self.key_of[case_id], []).append((case_id, code))
        return found

    @cached_property
    def areas(self) -> list[tuple[UUID | None, str, int]]:
        """(id, name, number of cases counted to the actor) of every area there is, by name."""
        counts = Counter({move.case_id: move.area_id for move in self.counted_moves}.values())
        names = sorted(self.area_names.items(), key=lambda row: collate(row[1]))
        return [
            (area_id, name, counts[area_id])
            for area_id, name in [(None, _("Chưa rõ địa bàn")), *names]
        ]

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of each successor, by its key."""
        existing = {str(unit.id): unit.name for unit in self.successors}
        return existing | {f"new:{unit.code}": unit.name for unit in self.wanted.new_units}

    @cached_property
    def token(self) -> str:
        """Stands for this plan as it is shown: a confirmation with another one is refused."""
        said = [self.wanted.kind, *map(str, sorted(self.wanted.unit_ids))]
        said += [str(self.wanted.happened_on), self.wanted.document]
        said += [f"{key} {name}" for key, name in sorted(self.names.items())]
        said += sorted(
            f"{move.case_id} {move.tie} {move.unit_id} {self.key_of[move.case_id]}"
            for move in self.counted_moves
        )
        said += [self.wanted.rest, str(self.members), str(len(self.children))]
        return hashlib.sha256("\n".join(said).encode()).hexdigest()


def plan(wanted: Wanted, *, actor: Viewer, today: date, for_update: bool = False) -> Plan:
    """What `wanted` would do. Raises Refused beside the field that is wrong.

    for_update: the units are kept from other writers until the transaction ends.
    """
    units = _units(wanted.unit_ids, for_update)
    successors = _units(wanted.successor_ids, for_update)
    must_manage(actor, *wanted.unit_ids, *wanted.successor_ids)
    _check_numbers(wanted)
    _check_dates(wanted, units, successors, today)
    moves = _moves(wanted.unit_ids)
    moving = {move.case_id for move in moves}
    seen = _among(wanted.unit_ids, visible(actor))
    told = _among(wanted.unit_ids, counted(actor))
    return Plan(
        wanted,
        units,
        successors,
        moves,
        {case_id: code for case_id, code in seen.items() if case_id in moving},
        frozenset(moving & told.keys()),
        _member_count(wanted),
        _children(wanted),
        {row.id: row.name for row in db.session.execute(select(Area.id, Area.name))},
        _unserved(wanted, moves, units[0], today),
    )


def _unserved(
    wanted: Wanted, moves: Sequence[Move], model: Unit, today: date
) -> frozenset[tuple[str, Reach, str]]:
    """For which protected cases nobody at their area's successor is cleared.

    A successor that is still to be made stands beside `model`, with nobody but those above it.
    """
    asked = {
        (wanted.key_for(move.area_id), move.reach, Confidentiality(move.level))
        for move in moves
        if move.level not in NORMAL
    }
    place = {key: UUID(key) for key in map(str, wanted.successor_ids)}
    found = set()
    for key, reach, level in asked:
        unit_id = place.get(key, model.parent_id)
        if unit_id is None or not is_served(unit_id, working(reach, level), today):
            found.add((key, reach, str(level)))
    return frozenset(found)


def _concerned(unit_ids: Sequence[UUID]) -> ColumnElement[bool]:
    """The condition under which a case is unfinished and tied to one of the units."""
    on_desk = select(Assignment.case_id).where(
        Assignment.unit_id.in_(unit_ids), Assignment.ended_on.is_(None)
    )
    tied = or_(Case.unit_id.in_(unit_ids), Case.lead_unit_id.in_(unit_ids), Case.id.in_(on_desk))
    return Case.ended_on.is_(None) & tied


def _among(unit_ids: Sequence[UUID], which: ColumnElement[bool]) -> dict[UUID, str]:
    """The id and code of each case that goes over and is among `which`, by code."""
    rows = select(Case.id, Case.code).where(_concerned(unit_ids), which)
    return {row.id: row.code for row in db.session.execute(rows.order_by(Case.code))}


def _units(ids: Sequence[UUID], for_update: bool) -> list[Unit]:
    statement = select(Unit).where(Unit.id.in_(ids)).order_by(Unit.code)
    if for_update:
        statement = statement.with_for_update()
    fresh = statement.execution_options(populate_existing=True)
    units = list(db.session.scalars(fresh))
    if len(units) != len(set(ids)):
        raise Refused(_("Không tìm thấy đơn vị."), "unit_ids")
    return units


def _check_numbers(wanted: Wanted) -> None:
    old, new = len(wanted.unit_ids), len(set(wanted.keys))
    if not old:
        raise Refused(_("Hãy chọn đơn vị."), "unit_ids")
    if set(wanted.unit_ids) & set(wanted.successor_ids):
        raise Refused(_("Đơn vị không thể kế tục chính nó."), "successor_ids")
    if len(wanted.keys) != new:
        raise Refused(_("Có đơn vị được ghi hai lần."), "new_units")
    if wanted.kind == "merge" and new != 1:
        raise Refused(_("Sáp nhập thì có đúng một đơn vị kế tục."), "successor_ids")
    if wanted.kind == "split" and (old != 1 or new < 2):
        raise Refused(_("Chia, tách thì một đơn vị thành từ hai đơn vị trở lên."), "successor_ids")
    if wanted.kind == "rename" and (old, new, len(wanted.new_units)) != (1, 1, 1):
        raise Refused(_("Đổi tên thì một đơn vị thành một đơn vị mới."), "new_units")
    # Whether anything is left at the unit isn't asked: the answer would tell of a denunciation.
    if not new:
        raise Refused(
            _("Hãy chọn đơn vị kế tục: nơi nhận hồ sơ, người và việc còn lại, nếu có."),
            "successor_ids",
        )
    if not clean(wanted.document):
        raise Refused(_("Hãy ghi văn bản: số, ngày, cơ quan."), "document")
    if len(wanted.document) > LONGEST_DOCUMENT:
        raise Refused(_("Không quá %(max)d ký tự.", max=LONGEST_DOCUMENT), "document")


def _check_dates(
    wanted: Wanted, units: Sequence[Unit], successors: Sequence[Unit], today: date
) -> None:
    if wanted.happened_on > today:
        raise Refused(_("Ngày này chưa đến; hãy ghi khi thay đổi có hiệu lực."), "happened_on")
    for unit in units:
        if unit.valid_to is not None:
            raise Refused(_("%(name)s đã kết thúc.", name=unit.name), "unit_ids")
        if unit.valid_from is not None and unit.valid_from > wanted.last_day:
            raise Refused(_("Ngày này %(name)s chưa có.", name=unit.name), "happened_on")
    for unit in successors:
        if not exists_on(unit, wanted.happened_on) or not exists_on(unit, today):
            raise Refused(
                _("%(name)s không có vào ngày thay đổi.", name=unit.name), "successor_ids"
            )


def _moves(unit_ids: Sequence[UUID]) -> list[Move]:
    unfinished = Case.ended_on.is_(None)
    received = select(Case.id, Case.unit_id, Case.area_id, Case.confidentiality).where(
        unfinished, Case.unit_id.in_(unit_ids)
    )
    lead = (
        select(Case.id, Case.lead_unit_id, Case.area_id, Assignment.id, Case.confidentiality)
        .outerjoin(
            Assignment,
            (Assignment.case_id == Case.id)
            & (Assignment.part == "lead")
            & Assignment.ended_on.is_(None),
        )
        .where(unfinished, Case.lead_unit_id.in_(unit_ids))
    )
    supporting = (
        select(Case.id, Assignment.unit_id, Case.area_id, Assignment.id, Case.confidentiality)
        .join(Assignment, Assignment.case_id == Case.id)
        .where(
            unfinished,
            Assignment.part == "supporting",
            Assignment.ended_on.is_(None),
            Assignment.unit_id.in_(unit_ids),
        )
    )
    moves = [
        Move(case_id, "received", unit_id, area_id, None, level)
        for case_id, unit_id, area_id, level in db.session.execute(received)
    ]
    moves += [
        Move(case_id, tie, unit_id, area_id, assignment_id, level)
        for tie, ties in (("lead", lead), ("supporting", supporting))
        for case_id, unit_id, area_id, assignment_id, level in db.session.execute(ties)
        if unit_id is not None
    ]
    return moves


def _children(wanted: Wanted) -> list[Unit]:
    """The units that stand below the old ones and don't end with them."""
    return list(
        db.session.scalars(
            select(Unit)
            .where(
                Unit.parent_id.in_(wanted.unit_ids),
                Unit.id.not_in(wanted.unit_ids),
                Unit.valid_to.is_(None),
            )
            .order_by(Unit.code)
        )
    )


def roles_after(wanted: Wanted) -> ColumnElement[bool]:
    """The condition under which a role at an old unit reaches beyond its end."""
    return Membership.unit_id.in_(wanted.unit_ids) & (
        Membership.valid_to.is_(None) | (Membership.valid_to >= wanted.happened_on)
    )


def _member_count(wanted: Wanted) -> int:
    return len(db.session.execute(select(Membership.id).where(roles_after(wanted))).all())
