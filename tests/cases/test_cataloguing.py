"""The catalogues: added, renamed, retired; no case loses what it has."""

from datetime import datetime

import pytest
from sqlalchemy import select

from tests.factories import Office, as_viewer, make_named, make_user
from tracker.cases import reference
from tracker.cases.models import Area, Case, Channel, Field
from tracker.cases.service import cataloguing
from tracker.core.db import db
from tracker.core.errors import NotAllowed, Refused
from tracker.registers.catalogue import Names
from tracker.rules.workflow import Role
from tracker.units.models import AdministrationEntry
from tracker.units.queries import Viewer

FIELDS = "/administration/catalogues/fields"


@pytest.fixture
def administrator(office: Office) -> Viewer:
    return office.viewer(Role.ADMINISTRATOR)


def options(page, name: str) -> list[str]:
    return [option.text for option in page.select(f"select[name={name}] option")]


def test_what_is_added_is_offered(visit) -> None:
    page = visit(Role.ADMINISTRATOR).post(FIELDS, name="  Cây  xanh ")
    assert "Đã thêm Cây xanh." in page.text
    assert "Cây xanh" in options(visit(Role.COORDINATOR).get("/cases/new"), "field_id")


@pytest.mark.parametrize("kind", ["fields", "areas", "channels"])
def test_every_catalogue_goes_the_whole_way(visit, kind: str) -> None:
    visitor = visit(Role.ADMINISTRATOR)
    page = visitor.post(f"/administration/catalogues/{kind}", name="Tên thứ nhất")
    address = page.find("a", string="Tên thứ nhất")["href"]
    visitor.post(address, name="Tên thứ hai")
    visitor.post(f"{address}/retire")
    again = visitor.post(f"{address}/offer")
    told = [item.get_text(" ", strip=True) for item in again.select("h2 ~ ul > li")]
    assert len(told) == 4
    assert "Cho dùng lại" in told[0]
    assert "Tên thứ nhất → Tên thứ hai" in told[2]


def test_what_is_retired_is_offered_no_more_and_cases_keep_it(
    visit, office: Office, now: datetime
) -> None:
    field_id = make_named(Field, "Điện chiếu sáng")
    case = office.log(now, field_id=field_id)
    visit(Role.ADMINISTRATOR).post(f"{FIELDS}/{field_id}/retire")
    visitor = visit(Role.COORDINATOR)
    assert "Điện chiếu sáng" not in options(visitor.get("/cases/new"), "field_id")
    assert "Điện chiếu sáng" in visitor.get(f"/cases/{case.id}").text
    assert "Điện chiếu sáng" in options(visitor.get("/cases?filters=1"), "field")
    assert db.session.get_one(Case, case.id, populate_existing=True).field_id == field_id


def test_a_register_still_means_what_is_retired(
    office: Office, now: datetime, administrator: Viewer
) -> None:
    field_id = make_named(Field, "Điện chiếu sáng")
    cataloguing.retire("fields", field_id, actor=administrator, now=now)
    names = Names.load(office.committee.id)
    assert names.id_of("field", "điện chiếu sáng", now.date()) == field_id
    assert not names.is_unknown("field", "Điện chiếu sáng")


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("", "Hãy điền ô này."),
        ("   ", "Hãy ghi tên."),
        ("x" * 101, "Không quá 100 ký tự."),
        ("DAT DAI", "“Đất đai” đã có."),
        ("Chợ cóc", "đang ngừng dùng; hãy cho dùng lại"),
    ],
)
def test_a_name_that_cannot_be_is_said_beside_its_field(
    visit, administrator: Viewer, now: datetime, name: str, complaint: str
) -> None:
    make_named(Field, "Đất đai")
    cataloguing.retire("fields", make_named(Field, "Chợ cóc"), actor=administrator, now=now)
    visitor = visit(Role.ADMINISTRATOR)
    assert complaint in visitor.post(FIELDS, 422, name=name).find(id="name-error").text
    other = make_named(Field, "Cây xanh")
    page = visitor.post(f"{FIELDS}/{other}", 422, name=name)
    assert complaint in page.find(id="name-error").text
    assert db.session.get_one(Field, other, populate_existing=True).name == "Cây xanh"


def test_a_name_may_get_its_marks(administrator: Viewer, office: Office, now: datetime) -> None:
    row_id = make_named(Field, "Dat dai")
    cataloguing.rename("fields", row_id, actor=administrator, name="Đất đai", now=now)
    assert db.session.get_one(Field, row_id).name == "Đất đai"


def test_areas_are_one_with_their_word_or_without(administrator: Viewer, now: datetime) -> None:
    cataloguing.add("areas", actor=administrator, name="Bồ Đề", now=now)
    with pytest.raises(Refused, match="“Bồ Đề” đã có"):
        cataloguing.add("areas", actor=administrator, name="Phường Bồ Đề", now=now)
    assert len(db.session.scalars(select(Area)).all()) == 1


def test_a_renamed_channel_does_not_come_back(administrator: Viewer, now: datetime) -> None:
    channels = db.session.scalars(select(Channel)).all()
    chosen = next(row for row in channels if row.name == "Đơn thư")
    cataloguing.rename("channels", chosen.id, actor=administrator, name="Thư, công văn", now=now)
    reference.load()
    assert len(db.session.scalars(select(Channel)).all()) == len(channels)


def test_who_administers_a_part_reads_only(office: Office, client, now: datetime) -> None:
    below = make_user(Role.ADMINISTRATOR, office.agency)
    field_id = make_named(Field, "Đất đai")
    client.sign_in(below)
    assert 'name="name"' not in client.get(f"{FIELDS}/{field_id}").text
    assert client.post(FIELDS, data={"name": "Cây xanh"}).status_code == 422
    assert client.post(f"{FIELDS}/{field_id}/retire").status_code == 403
    with pytest.raises(NotAllowed):
        cataloguing.rename("fields", field_id, actor=as_viewer(below), name="Nhà", now=now)
    assert not db.session.scalars(select(AdministrationEntry)).all()
