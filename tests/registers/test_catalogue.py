"""Names as registers write them, and what they mean."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from tests.factories import Office, make_named, make_unit
from tracker.cases.models import Area, Channel
from tracker.core.db import db, transaction
from tracker.registers.catalogue import Names, area_name, unit_key
from tracker.units.models import Unit

DAY = date(2020, 5, 4)


@pytest.mark.parametrize(
    "written",
    [
        "UBND phường Bồ Đề",
        "UBND P. Bồ Đề",
        "UBND P.Bồ Đề",
        "ubnd p Bồ  Đề",
        "UBND phuong Bồ Đề",
        "UBND Bồ Đề",
    ],
)
def test_a_ward_s_office_is_known_however_its_ward_is_written(written: str) -> None:
    assert unit_key(written) == "ubnd bo de"


@pytest.mark.parametrize(
    "name, other",
    [
        ("UBND phường Phương Mai", "UBND phường Mai"),
        ("Phòng Lao động - Thương binh và Xã hội", "Phòng Lao động - Thương binh và hội"),
        ("Đội Quản lý trật tự xây dựng", "Đội Quản lý trật tự y dựng"),
        ("Phòng 5", "hòng 5"),
    ],
)
def test_no_unit_loses_a_part_of_its_name(name: str, other: str) -> None:
    assert unit_key(name) != unit_key(other)


@pytest.mark.parametrize(
    "written, kept",
    [
        ("P. Bồ Đề", "Bồ Đề"),
        ("P.Bồ Đề", "Bồ Đề"),
        ("phường  Bồ Đề ", "Bồ Đề"),
        ("Bồ Đề", "Bồ Đề"),
        ("Phường 5", "5"),
        ("Phương Mai", "Phương Mai"),
    ],
)
def test_an_area_is_kept_without_the_word_before_it(written: str, kept: str) -> None:
    assert area_name(written) == kept


def test_names_are_found_folded(office: Office) -> None:
    bo_de = make_named(Area, "Bồ Đề")
    hotline = db.session.scalar(select(Channel.id).where(Channel.name == "Đường dây nóng"))
    hotline = hotline or make_named(Channel, "Đường dây nóng")
    names = Names.load(office.committee.id)
    for written in ("Phường BỒ ĐỀ", "p. bo de", "Bo\u0302\u0300 Đe\u0302\u0300"):
        assert names.id_of("area", written, DAY) == bo_de
    assert names.id_of("channel", "DUONG DAY NONG", DAY) == hotline
    assert names.id_of("area", "", DAY) is None
    assert not names.is_unknown("area", "")
    assert names.is_unknown("area", "Cự Khối")


def test_new_names_come_once_as_they_were_first_written(office: Office) -> None:
    names = Names.load(office.committee.id)
    with transaction():
        names.create("area", ["P. Cự Khối", "", "Cự khối", "phường CỰ KHỐI"], office.committee.id)
        names.create("area", ["Cự Khối"], office.committee.id)
    assert list(db.session.scalars(select(Area.name).where(Area.folded_name == "cu khoi"))) == [
        "Cự Khối"
    ]
    assert not names.is_unknown("area", "cu khoi")


def test_new_units_stand_below_the_one_that_keeps_the_register(office: Office) -> None:
    make_unit("dv001")
    db.session.scalars(select(Unit).where(Unit.code == "dv001")).one().code = "DV001"
    names = Names.load(office.committee.id)
    with transaction():
        names.create("unit", ["Phòng Nội vụ", "Phòng Tư pháp"], office.committee.id)
    made = db.session.scalars(
        select(Unit).where(Unit.name.in_(["Phòng Nội vụ", "Phòng Tư pháp"])).order_by(Unit.code)
    ).all()
    assert [unit.code for unit in made] == ["DV002", "DV003"]
    assert {unit.parent_id for unit in made} == {office.committee.id}


def test_of_two_units_with_one_name_that_of_the_day_is_meant(office: Office) -> None:
    before = make_unit("UBND phường Long Biên", office.committee)
    before.valid_to = date(2025, 6, 30)
    db.session.flush()
    before.code = "P-CU"
    db.session.commit()
    after = make_unit("UBND phường Long Biên", office.committee)
    after.valid_from = date(2025, 7, 1)
    db.session.commit()
    names = Names.load(office.committee.id)
    written = "UBND P. Long Biên"
    assert names.id_of("unit", written, date(2025, 6, 30)) == before.id
    assert names.id_of("unit", written, date(2025, 7, 1)) == after.id


def test_a_unit_that_ended_is_still_known_by_its_name(office: Office) -> None:
    ended = make_unit("Đội Thanh niên xung kích", office.committee)
    ended.valid_to = DAY - timedelta(days=30)
    db.session.commit()
    assert Names.load(office.committee.id).id_of("unit", "Đội thanh niên xung kích", DAY) == (
        ended.id
    )


def test_another_office_s_unit_of_the_same_name_isn_t_meant(office: Office) -> None:
    ours = make_unit("Phòng Y tế", office.committee)
    ours.code = "YT-1"
    db.session.commit()
    elsewhere = make_unit("Quận ủy Hoàn Kiếm")
    theirs = make_unit("Phòng Y tế", elsewhere)
    assert Names.load(office.committee.id).id_of("unit", "Phòng Y tế", DAY) == ours.id
    assert Names.load(elsewhere.id).id_of("unit", "Phòng Y tế", DAY) == theirs.id


def test_two_units_that_nothing_tells_apart_are_ambiguous(office: Office) -> None:
    make_unit("Phòng Tư pháp", office.committee).code = "TP-1"
    db.session.commit()
    make_unit("Phòng Tư pháp", office.committee)
    names = Names.load(office.committee.id)
    assert names.is_ambiguous("unit", "phòng tư pháp", DAY)
    assert not names.is_ambiguous("unit", office.agency.name, DAY)
