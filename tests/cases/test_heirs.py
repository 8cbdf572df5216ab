"""What a unit that ended has closed: who reads it, and where it goes when it is reopened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.cases.conftest import Visitor
from tests.cases.test_service import entries
from tests.factories import Office, as_viewer, give_role, make_named, make_unit, make_user
from tracker.cases import listing, queries, service, succession
from tracker.cases.models import Area, Assignment, Case, CaseVersion
from tracker.cases.service.handing_back import undo_change
from tracker.cases.service.handover import change_units
from tracker.cases.succession import NewUnit, Wanted
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.access import Confidentiality
from tracker.rules.workflow import Kind, Role, State
from tracker.units.models import Unit, UnitChange, User

DOCUMENT = "Nghị quyết 1656/NQ-UBTVQH15 ngày 16/6/2025"


def do(office: Office, wanted: Wanted, now: datetime, *, by: User | None = None) -> UnitChange:
    administrator = as_viewer(by or office.user(Role.ADMINISTRATOR))
    plan = succession.plan(wanted, actor=administrator, today=local_date(now))
    return change_units(wanted, seen=plan.token, actor=administrator, now=now)


def fresh(case: Case) -> Case:
    return db.session.get_one(Case, case.id, populate_existing=True)


def unit_called(code: str) -> Unit:
    return db.session.scalars(select(Unit).where(Unit.code == code)).one()


def test_only_who_takes_the_rest_reads_what_stays(office: Office, now: datetime) -> None:
    """A split unit's past isn't shared out among all its successors."""
    ward = make_unit("Phường Bồ Đề", office.committee)
    old = as_viewer(make_user(Role.COORDINATOR, ward))
    closed = office.log(now, actor=old, kind=Kind.DENUNCIATION)
    service.close_directly(
        "file", closed.id, actor=old, reason="Đơn nặc danh, không có căn cứ", now=now
    )
    split = Wanted(
        kind="split",
        unit_ids=(ward.id,),
        happened_on=local_date(now),
        document=DOCUMENT,
        new_units=(NewUnit("NB", "Phường Nam Bồ Đề"), NewUnit("BB", "Phường Bắc Bồ Đề")),
        default="new:BB",
    )
    do(office, split, now + timedelta(minutes=1))
    heir, other = unit_called("BB"), unit_called("NB")
    assert queries.find(as_viewer(make_user(Role.COORDINATOR, other)), closed.id) is None
    coordinator = as_viewer(make_user(Role.COORDINATOR, heir))
    assert queries.find(coordinator, closed.id) is not None
    assert fresh(closed).unit_id == ward.id
    service.reopen(
        closed.id, actor=coordinator, reason="Có tình tiết mới", now=now + timedelta(days=1)
    )
    assert fresh(closed).unit_id == heir.id
    [moved] = [e for e in entries(closed) if e.action == "reopen"]
    assert moved.changes["unit_id"] == [str(ward.id), str(heir.id)]


def test_what_is_reopened_goes_to_the_successor_of_its_area(office: Office, now: datetime) -> None:
    """What is protected stays where it can be read: nobody is at the area's successor yet."""
    ward = make_unit("Phường Bồ Đề")
    administrator = make_user(Role.ADMINISTRATOR, ward)
    give_role(administrator, Role.ADMINISTRATOR, office.committee)
    old = as_viewer(make_user(Role.COORDINATOR, ward))
    area_id = make_named(Area, "Ngọc Lâm")
    normal, elsewhere, secret = (
        office.log(now, actor=old, kind=kind, area_id=area)
        for kind, area in (
            (Kind.OPINION, area_id),
            (Kind.OPINION, None),
            (Kind.DENUNCIATION, area_id),
        )
    )
    for case in (normal, elsewhere, secret):
        service.close_directly("file", case.id, actor=old, reason="Để thông tin", now=now)
    split = Wanted(
        kind="split",
        unit_ids=(ward.id,),
        happened_on=local_date(now),
        document=DOCUMENT,
        new_units=(NewUnit("NL", "Phường Ngọc Lâm"), NewUnit("CL", "Phường Còn Lại")),
        default="new:CL",
        by_area={area_id: "new:NL"},
    )
    do(office, split, now + timedelta(minutes=1), by=administrator)
    heir = as_viewer(make_user(Role.COORDINATOR, unit_called("CL")))
    later = now + timedelta(days=1)
    for case, code in ((normal, "NL"), (elsewhere, "CL"), (secret, "CL")):
        service.reopen(case.id, actor=heir, reason="Có tình tiết mới", now=later)
        assert fresh(case).unit_id == unit_called(code).id
    assert queries.find(heir, normal.id) is None


def test_what_became_a_denunciation_elsewhere_is_gone_from_the_heir_s_past(
    office: Office, now: datetime
) -> None:
    """The heir keeps a split unit's figures as then, and of what is protected today's sight."""
    ward, area_id = make_unit("Phường Bồ Đề", office.committee), make_named(Area, "Ngọc Lâm")
    old = as_viewer(make_user(Role.COORDINATOR, ward))
    secret, normal = (office.log(now, actor=old, area_id=area_id) for _number in range(2))
    split = Wanted(
        kind="split",
        unit_ids=(ward.id,),
        happened_on=local_date(now),
        document=DOCUMENT,
        new_units=(NewUnit("NL", "Phường Ngọc Lâm"), NewUnit("CL", "Phường Còn Lại")),
        default="new:CL",
        by_area={area_id: "new:NL"},
    )
    do(office, split, now + timedelta(minutes=1))
    service.reclassify(
        secret.id,
        actor=as_viewer(make_user(Role.COORDINATOR, unit_called("NL"))),
        kind=Kind.DENUNCIATION,
        confidentiality=Confidentiality.DENUNCIATION,
        field_id=None,
        reason="Nội dung là tố cáo",
        now=now + timedelta(minutes=2),
    )
    heir = as_viewer(make_user(Role.COORDINATOR, unit_called("CL")))
    then = (CaseVersion.recorded_from <= now, CaseVersion.recorded_to > now)
    found = listing.page(heir, *then, table=CaseVersion)
    assert [row.code for row in found.rows] == [normal.code]
    above = listing.page(office.viewer(Role.COORDINATOR), *then, table=CaseVersion)
    assert {row.code for row in above.rows} == {normal.code, secret.code}


def test_what_is_protected_goes_where_somebody_may_open_it(office: Office, now: datetime) -> None:
    """A split by areas leaves no denunciation with a unit at which nobody may see it."""
    area_id = make_named(Area, "Ngọc Lâm")
    level_of = {Kind.OPINION: "normal", Kind.DENUNCIATION: "denunciation"}
    cases = {
        kind: office.case_in(State.ASSIGNED, now, kind=kind, area_id=area_id) for kind in level_of
    }
    assert {kind: case.confidentiality for kind, case in cases.items()} == level_of
    split = Wanted(
        kind="split",
        unit_ids=(office.agency.id,),
        happened_on=local_date(now),
        document=DOCUMENT,
        successor_ids=(office.other_agency.id,),
        new_units=(NewUnit("NL", "Phòng Ngọc Lâm"), NewUnit("CL", "Phòng Còn Lại")),
        default="new:CL",
        by_area={area_id: "new:NL"},
    )
    change = do(office, split, now + timedelta(minutes=1))
    assert fresh(cases[Kind.OPINION]).lead_unit_id == unit_called("NL").id
    assert fresh(cases[Kind.DENUNCIATION]).lead_unit_id == unit_called("CL").id
    head = as_viewer(office.user(Role.AGENCY_HEAD), local_date(now))
    assert queries.find(head, cases[Kind.DENUNCIATION].id) is not None
    undo_change(change.id, actor=office.viewer(Role.ADMINISTRATOR), now=now + timedelta(minutes=2))
    # Once somebody there is cleared, the area's successor has it.
    make_user(Role.AGENCY_HEAD, office.other_agency)
    there = replace(split, by_area={area_id: str(office.other_agency.id)})
    do(office, there, now + timedelta(minutes=3))
    assert fresh(cases[Kind.DENUNCIATION]).lead_unit_id == office.other_agency.id


def renamed(office: Office, unit: Unit, code: str, now: datetime) -> None:
    wanted = Wanted(
        kind="rename",
        unit_ids=(unit.id,),
        happened_on=local_date(now),
        document=DOCUMENT,
        new_units=(NewUnit(code, f"{unit.name} mới"),),
    )
    do(office, wanted, now)


def test_what_an_undo_brings_back_is_the_successor_s(office: Office, now: datetime) -> None:
    """Neither a merge undone nor an ending taken back leaves an open case with who is no more."""
    ward, coordinator = make_unit("Phường Bồ Đề", office.committee), office.viewer(Role.COORDINATOR)
    old = as_viewer(make_user(Role.COORDINATOR, ward))
    target, merged, filed = (office.log(now, actor=old) for _number in range(3))
    service.merge(merged.id, actor=coordinator, into_id=target.id, now=now)
    service.close_directly("file", filed.id, actor=coordinator, reason="Để thông tin", now=now)
    renamed(office, ward, "BDM", now + timedelta(minutes=1))
    coordinator, later = office.viewer(Role.COORDINATOR), now + timedelta(minutes=2)
    service.undo_merge(merged.id, actor=coordinator, now=later)
    service.undo_ending(filed.id, actor=coordinator, now=later)
    heir = unit_called("BDM")
    assert [fresh(case).unit_id for case in (merged, filed)] == [heir.id, heir.id]


def test_no_ending_is_undone_for_an_agency_that_is_no_more(office: Office, now: datetime) -> None:
    case, coordinator = office.case_in(State.ASSIGNED, now), office.viewer(Role.COORDINATOR)
    service.close_directly("withdraw", case.id, actor=coordinator, reason="Rút đơn", now=now)
    renamed(office, office.agency, "PKT", now + timedelta(minutes=1))
    with pytest.raises(Refused, match="đã kết thúc; hãy mở lại"):
        service.undo_ending(case.id, actor=coordinator, now=now + timedelta(minutes=2))
    assert fresh(case).state == State.CLOSED


def test_the_page_names_the_successor_of_a_unit_that_ended(
    office: Office, now: datetime, visit: Callable[[Role], Visitor]
) -> None:
    ward = make_unit("Phường Bồ Đề", office.committee)
    case = office.log(now, actor=as_viewer(make_user(Role.COORDINATOR, ward)))
    service.close_directly(
        "file",
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        reason="Chỉ để thông tin",
        now=now,
    )
    do(
        office,
        Wanted(
            kind="rename",
            unit_ids=(ward.id,),
            happened_on=local_date(now),
            document=DOCUMENT,
            new_units=(NewUnit("BDM", "Phường Bồ Đề mới"),),
        ),
        now + timedelta(minutes=1),
    )
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    assert "Nơi tiếp nhận, Phường Bồ Đề (nay là Phường Bồ Đề mới) và cấp trên" in page.text


def test_who_supported_the_case_leads_it_and_no_more(office: Office, now: datetime) -> None:
    case, coordinator = office.log(now), office.viewer(Role.COORDINATOR)
    lead, heir = office.agency, office.other_agency
    service.assign(case.id, actor=coordinator, lead_id=lead.id, supporting_ids=[heir.id], now=now)
    at = now + timedelta(minutes=1)
    change = do(
        office,
        Wanted(
            kind="merge",
            unit_ids=(lead.id,),
            happened_on=local_date(now),
            document=DOCUMENT,
            successor_ids=(heir.id,),
        ),
        at,
    )
    assert open_parts(case) == [(heir.id, "lead")]
    undo_change(change.id, actor=office.viewer(Role.ADMINISTRATOR), now=at)
    assert open_parts(case) == [(lead.id, "lead"), (heir.id, "supporting")]


def open_parts(case: Case) -> list[tuple[UUID, str]]:
    rows = db.session.execute(
        select(Assignment.unit_id, Assignment.part)
        .where(Assignment.case_id == case.id, Assignment.ended_on.is_(None))
        .order_by(Assignment.part)
    )
    return [(unit_id, part) for unit_id, part in rows]
