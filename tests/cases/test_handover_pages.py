"""The pages of a change of units: form, preview, confirmation, what was done, undoing it."""

from datetime import date, datetime

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.factories import Office, give_role, make_named, make_user
from tracker.cases.models import Area, Case
from tracker.core.db import db
from tracker.rules.workflow import Role, State
from tracker.units.models import Unit, UnitChange


@pytest.fixture
def given(office: Office) -> dict[str, object]:
    """A split of the agency as the form sends it."""
    return {
        "kind": "split",
        "unit_ids": [str(office.agency.id)],
        "happened_on": "1/3/2026",
        "document": "Quyết định 12/QĐ-UBND ngày 20/2/2026",
        "successor_ids": [str(office.other_agency.id)],
        "new_units": "P-XD: Phòng Xây dựng",
    }


OTHERS = "Vụ việc ngoài phạm vi ấy, nếu có, cũng được bàn giao."


@pytest.fixture
def coordinating(office: Office) -> None:
    """The administrator coordinates as well, and sees cases."""
    give_role(office.user(Role.ADMINISTRATOR), Role.COORDINATOR, office.committee)


def shown_counts(page: BeautifulSoup) -> dict[str, list[str]]:
    rows = page.select("table tbody tr")
    cells = [[cell.get_text(" ", strip=True) for cell in row.select("td")] for row in rows]
    return {row[0].partition(" Các vụ việc bạn được xem")[0]: row[1:] for row in cells}


def confirm(visitor, page: BeautifulSoup, given, status: int = 200) -> BeautifulSoup:
    seen = page.find("button", attrs={"name": "seen"})["value"]
    return visitor.post("/units/changes", status, **given, seen=seen)


@pytest.mark.usefixtures("coordinating")
def test_a_split_by_area_from_preview_to_undo(visit, office: Office, now: datetime, given) -> None:
    area_id = make_named(Area, "Tổ dân phố 7")
    plain = office.case_in(State.ASSIGNED, now)
    there = office.case_in(State.ASSIGNED, now, area_id=area_id)
    visitor = visit(Role.ADMINISTRATOR)
    page = visitor.post("/units/changes/preview", **given)
    assert shown_counts(page) == {
        office.other_agency.name: ["2", "0", "2", "0"],
        "Phòng Xây dựng": ["0", "0", "0", "0"],
    }
    assert "nhận 2 vai trò và 0 đơn vị trực thuộc" in page.text
    by_area = given | {"default": "new:P-XD", f"area-{area_id}": str(office.other_agency.id)}
    page = visitor.post("/units/changes/preview", **by_area)
    assert shown_counts(page) == {
        office.other_agency.name: ["1", "0", "1", "0"],
        "Phòng Xây dựng": ["1", "0", "1", "0"],
    }
    chosen = page.select(f"select[name='area-{area_id}'] option[selected]")
    assert [option.text for option in chosen] == [office.other_agency.name]
    # Nothing was done so far.
    assert not db.session.scalars(select(UnitChange)).all()

    done = confirm(visitor, page, by_area)
    assert "Đã ghi thay đổi đơn vị" in done.text
    new = db.session.scalars(select(Unit).where(Unit.code == "P-XD")).one()
    leads = dict(db.session.execute(select(Case.id, Case.lead_unit_id)).all())
    assert leads == {plain.id: new.id, there.id: office.other_agency.id}
    assert new.valid_from == date(2026, 3, 1)

    undo = done.find("form", action=lambda address: address and address.endswith("/undo"))
    back = visitor.post(undo["action"])
    assert "Đã hoàn tác" in back.text
    db.session.expire_all()
    assert set(db.session.scalars(select(Case.lead_unit_id))) == {office.agency.id}
    assert "(đã hoàn tác)" in visitor.get("/units").text


@pytest.mark.usefixtures("coordinating")
def test_a_preview_that_is_out_of_date_is_shown_anew(
    visit, office: Office, now: datetime, given
) -> None:
    visitor = visit(Role.ADMINISTRATOR)
    page = visitor.post("/units/changes/preview", **given)
    office.case_in(State.ASSIGNED, now)
    again = confirm(visitor, page, given, status=409)
    assert "Số liệu đã thay đổi từ khi xem trước." in again.text
    assert shown_counts(again)[office.other_agency.name][0] == "1"
    confirm(visitor, again, given)


def test_codes_are_shown_to_whoever_may_see_the_cases(
    visit, client, office: Office, now: datetime, given
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    visitor = visit(Role.ADMINISTRATOR)
    page = visitor.post("/units/changes/preview", **given)
    assert case.code not in page.text
    # Of normal confidentiality only: a number never tells of a denunciation.
    assert shown_counts(page)[office.other_agency.name] == ["1", "0", "1", "0"]
    assert "vụ việc thường của các đơn vị bạn quản trị" in page.text
    done = confirm(visitor, page, given)
    change = db.session.scalars(select(UnitChange)).one()
    assert case.code not in done.text
    assert done.select("main table") == []
    assert OTHERS in done.text
    seen = visit(Role.COORDINATOR).get(f"/units/changes/{change.id}")
    assert case.code in seen.text
    assert shown_counts(seen) == {office.agency.name: [office.other_agency.name, "0", "1", "0"]}
    client.sign_in(make_user(Role.COORDINATOR, office.agency))
    assert case.code not in client.get(f"/units/changes/{change.id}").text


def test_why_it_can_no_longer_be_undone_is_said(visit, office: Office, now, given) -> None:
    case = office.case_in(State.ASSIGNED, now)
    visitor = visit(Role.ADMINISTRATOR)
    confirm(visitor, visitor.post("/units/changes/preview", **given), given)
    version = db.session.get_one(Case, case.id, populate_existing=True).version
    visit(Role.COORDINATOR).post(
        f"/cases/{case.id}/suspensions", reason="Chờ giám định", version=version
    )
    change = db.session.scalars(select(UnitChange)).one()
    page = visit(Role.ADMINISTRATOR).get(f"/units/changes/{change.id}")
    button = page.select_one("main form button")
    assert button.has_attr("disabled")
    assert "đơn vị kế tục đã có việc, người hoặc đơn vị trực thuộc" in page.text
    visit(Role.ADMINISTRATOR).post(f"/units/changes/{change.id}/undo", 422)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"kind": ""}, "Hãy chọn loại thay đổi."),
        ({"unit_ids": []}, "Hãy chọn đơn vị."),
        ({"happened_on": "30/2/2026"}, "30/2"),
        ({"document": " "}, "Hãy ghi văn bản"),
        ({"new_units": "Phòng Xây dựng"}, "hãy ghi mã, dấu hai chấm, rồi tên"),
        ({"new_units": "X: A\nX: B"}, "được ghi hai lần"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(visit, given, wrong, complaint) -> None:
    page = visit(Role.ADMINISTRATOR).post("/units/changes/preview", 422, **(given | wrong))
    field = page.find(attrs={"name": next(iter(wrong))})
    assert complaint in page.find(id=f"{field['id']}-error").text
    assert "Quyết định 12" in str(page.find(attrs={"name": "document"})) or "document" in wrong


def test_the_story_of_a_case_says_who_took_it_over(visit, office: Office, now, given) -> None:
    case = office.case_in(State.ASSIGNED, now)
    visitor = visit(Role.ADMINISTRATOR)
    confirm(visitor, visitor.post("/units/changes/preview", **given), given)
    story = visit(Role.COORDINATOR).get(f"/cases/{case.id}").select_one(".story li")
    assert "Bàn giao cho đơn vị kế tục" in story.text
    assert "Quyết định 12/QĐ-UBND" in story.text
    assert f"{office.agency.name} → {office.other_agency.name}" in story.get_text(" ", strip=True)
