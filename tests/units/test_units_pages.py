"""Units as pages: the tree, one unit, its details and their history."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.application import Client
from tests.factories import Office, make_office, make_unit, make_user
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.workflow import Role
from tracker.units.models import AdministrationEntry, Unit
from tracker.units.unit_service import add_unit, change_unit


@pytest.fixture
def office(session) -> Office:
    return make_office()


@pytest.fixture
def page(client: Client, office: Office, clock) -> Callable[..., BeautifulSoup]:
    """`page(role, address, status)`: a page as the office's person with that role sees it."""

    def page(role: Role, address: str, status: int = 200, **given: Any) -> BeautifulSoup:
        client.sign_in(office.user(role))
        answer = (
            client.post(address, data=given, follow_redirects=True)
            if given
            else client.get(address)
        )
        assert answer.status_code == status, answer.text
        return BeautifulSoup(answer.text, "html.parser")

    return page


DETAILS = {
    "name": "Phòng Quản lý đô thị",
    "paper": "government",
    "letterhead": "UBND QUẬN LONG BIÊN\r\nPHÒNG QUẢN LÝ ĐÔ THỊ",
    "place": "Long Biên",
}


def test_everybody_reads_the_tree(page, office: Office) -> None:
    for role in Role:
        rows = page(role, "/units").select("tbody tr td:first-child")
        told = [row.get_text(strip=True) for row in rows]
        start = told.index("Quận ủy Long Biên")
        assert told[start + 1 : start + 3] == [
            "–Quận ủy Long Biên, Phòng Quản lý đô thị",
            "–Quận ủy Long Biên, Phòng Y tế",
        ]


def test_a_unit_tells_its_people_and_its_validity(page, office: Office) -> None:
    text = page(Role.LEADER, f"/units/{office.agency.id}").main.get_text(" ", strip=True)
    assert office.user(Role.AGENCY_HEAD).name in text
    assert "Thủ trưởng đơn vị" in text
    assert "01/01/2016" in text


def test_who_does_not_administer_is_shown_no_way_to_change(page, office: Office) -> None:
    found = page(Role.LEADER, f"/units/{office.agency.id}")
    assert not found.select('a[href$="/edit"]')
    assert not page(Role.LEADER, "/units").select('a[href="/units/new"]')
    page(Role.LEADER, f"/units/{office.agency.id}/edit", 403)


def test_a_new_unit_and_its_first_entry(page, office: Office) -> None:
    added = page(
        Role.ADMINISTRATOR,
        "/units/new",
        **DETAILS,
        code="PTNMT",
        valid_from="1/3/2026",
        parent_id=str(office.committee.id),
    )
    assert "Đã thêm Phòng Quản lý đô thị." in added.text
    unit = db.session.query(Unit).filter_by(code="PTNMT").one()
    assert (unit.valid_from, unit.parent_id) == (date(2026, 3, 1), office.committee.id)
    assert unit.letterhead == "UBND QUẬN LONG BIÊN\nPHÒNG QUẢN LÝ ĐÔ THỊ"
    entry = db.session.query(AdministrationEntry).filter_by(subject_id=unit.id).one()
    assert (entry.action, entry.user_id) == ("add", office.user(Role.ADMINISTRATOR).id)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"code": "quản lý"}, "Mã gồm 1 đến 32"),
        ({"code": "quan-uy-long-bien"}, "đã có đơn vị dùng"),
        ({"name": "  "}, "Hãy ghi tên đơn vị."),
        ({"valid_from": "30/2/2026"}, "30/2"),
        ({"name": "quan uy Long Bien, phong Y te"}, "Ở đây đã có đơn vị tên này."),
        ({"parent_id": "00000000-0000-7000-8000-000000000000"}, "Hãy chọn một mục"),
        ({"parent_id": ""}, "Hãy điền ô này."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(page, office: Office, wrong, complaint) -> None:
    given = {**DETAILS, "code": "X1", "valid_from": "1/3/2026"}
    given |= {"parent_id": str(office.committee.id)} | wrong
    again = page(Role.ADMINISTRATOR, "/units/new", 422, **given)
    field = again.find(attrs={"name": next(iter(wrong))})
    assert complaint in again.find(id=f"{field['id']}-error").text
    assert again.find(attrs={"name": "place"})["value"] == "Long Biên"
    assert not db.session.query(Unit).filter_by(code="X1").all()
    assert not db.session.query(AdministrationEntry).all()


def test_details_change_and_the_history_says_so(page, office: Office) -> None:
    address = f"/units/{office.agency.id}"
    given = {**DETAILS, "parent_id": str(office.committee.id), "paper": "party"}
    changed = page(Role.ADMINISTRATOR, f"{address}/edit", **given)
    assert "Cơ quan của Đảng" in changed.text
    told = [item.get_text(" ", strip=True) for item in changed.select("h2 ~ ul li li")]
    assert any("Quận ủy Long Biên, Phòng Quản lý đô thị → Phòng Quản" in line for line in told)
    entries = db.session.query(AdministrationEntry).filter_by(subject_id=office.agency.id).all()
    assert [set(entry.changes) for entry in entries] == [{"name", "paper", "letterhead", "place"}]


def test_saving_what_is_there_already_is_no_change(page, office: Office) -> None:
    given = {"name": office.agency.name, "parent_id": str(office.committee.id)}
    given |= {"paper": "government", "letterhead": "", "place": ""}
    page(Role.ADMINISTRATOR, f"/units/{office.agency.id}/edit", **given)
    assert db.session.query(AdministrationEntry).count() == 0


def test_a_unit_never_stands_below_itself(page, office: Office) -> None:
    part = make_unit("Tổ trật tự đô thị", office.agency)
    given = {**DETAILS, "parent_id": str(part.id)}
    again = page(Role.ADMINISTRATOR, f"/units/{office.agency.id}/edit", 422, **given)
    assert "Đơn vị không thể thuộc chính nó." in again.text


def test_a_unit_takes_no_other_s_name_and_keeps_its_own(page, office: Office) -> None:
    address = f"/units/{office.agency.id}/edit"
    given = {**DETAILS, "parent_id": str(office.committee.id)}
    again = page(Role.ADMINISTRATOR, address, 422, **given | {"name": office.other_agency.name})
    assert "Ở đây đã có đơn vị tên này." in again.find(id="name-error").text
    page(Role.ADMINISTRATOR, address, **given | {"name": office.agency.name.upper()})
    assert db.session.get_one(Unit, office.agency.id).name == office.agency.name.upper()


def test_no_unit_is_put_below_one_that_has_ended(office: Office, now: datetime) -> None:
    office.other_agency.valid_to = local_date(now) - timedelta(days=1)
    db.session.commit()
    actor = office.viewer(Role.ADMINISTRATOR)
    given = {"name": "Tổ một", "parent_id": office.other_agency.id, "now": now}
    with pytest.raises(Refused) as added:
        add_unit(actor=actor, code="T1", valid_from=local_date(now), **given)
    with pytest.raises(Refused) as changed:
        change_unit(office.agency.id, actor=actor, paper="party", letterhead="", place="", **given)
    assert added.value.field == changed.value.field == "parent_id"


def test_an_administrator_reaches_the_own_unit_and_below(
    client: Client, office: Office, now: datetime, clock
) -> None:
    stranger = make_unit("Huyện ủy Gia Lâm")
    client.sign_in(make_user(Role.ADMINISTRATOR, office.agency))
    assert client.get(f"/units/{office.agency.id}/edit").status_code == 200
    for unit in (office.committee, office.other_agency, stranger):
        assert client.get(f"/units/{unit.id}/edit").status_code == 403
        answer = client.post(f"/units/{unit.id}/edit", data={**DETAILS, "parent_id": ""})
        assert answer.status_code == 403
    offered = BeautifulSoup(client.get("/units/new").text, "html.parser").select("option")
    assert office.committee.name not in [option.text for option in offered]


def test_administration_begins_with_its_pages(page) -> None:
    links = page(Role.ADMINISTRATOR, "/administration").main.select("a")
    assert "/units" in [link["href"] for link in links]
