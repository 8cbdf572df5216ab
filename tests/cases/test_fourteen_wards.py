"""The largest change of units is played: the fourteen wards of a district become four, in many
changes of one day and one document, and all of it is undone again."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.factories import Office, as_viewer, give_role, make_named, make_unit
from tracker.cases import service, succession
from tracker.cases.models import Area, Case, Entry, Handover
from tracker.cases.service.handing_back import undo_change
from tracker.cases.service.handover import change_units
from tracker.cases.succession import NewUnit, Wanted
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.workflow import Role, State
from tracker.units.models import Unit, UnitChange, UnitSuccession

DOCUMENT = "Nghị quyết 1656/NQ-UBTVQH15 ngày 16/6/2025"

# Old ward -> the new ones that it went to, the first of them with whatever isn't named.
WARDS = {
    "Thạch Bàn": ("Long Biên",),
    "Cự Khối": ("Long Biên",),
    "Long Biên": ("Long Biên", "Bồ Đề"),
    "Bồ Đề": ("Bồ Đề", "Long Biên"),
    "Ngọc Lâm": ("Bồ Đề",),
    "Gia Thụy": ("Bồ Đề", "Việt Hưng"),
    "Ngọc Thụy": ("Bồ Đề",),
    "Thượng Thanh": ("Việt Hưng", "Bồ Đề"),
    "Đức Giang": ("Việt Hưng",),
    "Giang Biên": ("Việt Hưng", "Phúc Lợi"),
    "Việt Hưng": ("Việt Hưng", "Phúc Lợi"),
    "Phúc Đồng": ("Phúc Lợi", "Việt Hưng"),
    "Sài Đồng": ("Phúc Lợi",),
    "Phúc Lợi": ("Phúc Lợi",),
}
NEW_WARDS = {"LB": "Long Biên", "BD": "Bồ Đề", "VH": "Việt Hưng", "PL": "Phúc Lợi"}


def do(wanted: Wanted, office: Office, now: datetime) -> UnitChange:
    """Looks at the preview and confirms it."""
    administrator = office.viewer(Role.ADMINISTRATOR)
    plan = succession.plan(wanted, actor=administrator, today=local_date(now))
    return change_units(wanted, seen=plan.token, actor=administrator, now=now)


def last_action(case: Case) -> str:
    entries = select(Entry.action).where(Entry.case_id == case.id)
    return db.session.scalars(entries.order_by(Entry.sequence.desc())).first() or ""


def test_fourteen_wards_become_four(office: Office, now: datetime) -> None:
    today, at = local_date(now), now + timedelta(minutes=1)
    coordinator = office.viewer(Role.COORDINATOR)
    user = office.user(Role.ADMINISTRATOR)
    # Who administers sees no case, and would be told of none.
    give_role(user, Role.COORDINATOR, office.committee)
    old = {name: make_unit(f"Phường {name} cũ", office.committee) for name in WARDS}
    part_of: dict[str, UUID] = {
        name: make_named(Area, f"{name}, tổ 1") for name, new in WARDS.items() if len(new) > 1
    }
    cases = {}
    for name, ward in old.items():
        for area_id in {None, part_of.get(name)}:
            case = office.case_in(State.VERIFYING, now, area_id=area_id)
            service.assign(case.id, actor=coordinator, lead_id=ward.id, now=now)
            cases[name, area_id] = case
    due = {key: case.due_on for key, case in cases.items()}

    changes: list[UnitChange] = []
    new: dict[str, Unit] = {}
    for code, name in NEW_WARDS.items():
        whole = [old[ward].id for ward, to in WARDS.items() if to == (name,)]
        wanted = Wanted("merge", tuple(whole), today, DOCUMENT, new_units=(NewUnit(code, name),))
        changes.append(do(wanted, office, at))
        new[name] = db.session.scalars(select(Unit).where(Unit.code == code)).one()
    for ward, to in WARDS.items():
        if len(to) < 2:
            continue
        wanted = Wanted(
            kind="split",
            unit_ids=(old[ward].id,),
            happened_on=today,
            document=DOCUMENT,
            successor_ids=tuple(new[name].id for name in to),
            default=str(new[to[0]].id),
            by_area={part_of[ward]: str(new[to[1]].id)},
        )
        plan = succession.plan(wanted, actor=as_viewer(user), today=today)
        assert {key: counts["cases"] for key, counts in plan.counts.items()} == {
            str(new[name].id): 1 for name in to
        }
        changes.append(do(wanted, office, at))

    for (name, area_id), case in cases.items():
        wards = WARDS[name]
        assert (
            db.session.get_one(Case, case.id, populate_existing=True).lead_unit_id
            == new[wards[1] if area_id else wards[0]].id
        )
        assert (
            db.session.get_one(Case, case.id, populate_existing=True).due_on == due[name, area_id]
        )
        assert last_action(case) == "hand_over"
    still = select(Unit.name).where(Unit.parent_id == office.committee.id, Unit.valid_to.is_(None))
    assert set(NEW_WARDS.values()) <= set(db.session.scalars(still))
    assert not {ward.name for ward in old.values()} & set(db.session.scalars(still))
    rows = select(UnitSuccession.unit_id, UnitSuccession.successor_id)
    assert len(db.session.execute(rows).all()) == sum(map(len, WARDS.values()))

    later = now + timedelta(hours=1)
    with pytest.raises(Refused, match="đơn vị kế tục đã có việc"):
        # The merger's ward has taken over cases of the splits since.
        undo_change(changes[0].id, actor=office.viewer(Role.ADMINISTRATOR), now=later)
    for change in reversed(changes):
        undo_change(change.id, actor=office.viewer(Role.ADMINISTRATOR), now=later)
        later += timedelta(minutes=1)
    for (name, area_id), case in cases.items():
        assert (
            db.session.get_one(Case, case.id, populate_existing=True).lead_unit_id == old[name].id
        )
        assert (
            db.session.get_one(Case, case.id, populate_existing=True).due_on == due[name, area_id]
        )
    assert {unit.valid_to for unit in old.values()} == {None}
    assert len(db.session.scalars(select(Handover)).all()) == len(cases)
