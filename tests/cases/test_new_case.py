"""The form of a new case: what it takes, what it refuses, and that it counts once."""

from collections.abc import Callable
from datetime import date

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.cases.conftest import Visitor
from tests.factories import Office, make_named
from tracker.cases.models import Area, Case
from tracker.core.db import db, new_id
from tracker.rules.workflow import Role

Visit = Callable[[Role], Visitor]
FILLED_IN = {
    "kind": "opinion",
    "content": "Rác thải tồn đọng ở chợ Gia Lâm",
    "received_on": "01/03/2026",
    "persons": "3",
}


def how_many_cases() -> int:
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def complaint_beside(page: BeautifulSoup, name: str) -> str:
    """The message beside the field `name`."""
    control = page.select_one(f"main [name={name}][aria-describedby]")
    assert control is not None, page.select("main .complaint")
    message = page.find(id=control["aria-describedby"])
    assert message is not None
    return " ".join(message.text.split())


def test_the_form_offers_today_and_an_id(visit: Visit) -> None:
    page = visit(Role.RECEPTION_OFFICER).get("/cases/new")
    given = {field["name"]: field.get("value") for field in page.select("main form input")}
    assert given["received_on"] == "02/03/2026"
    assert given["persons"] == "1"
    assert given["case_id"]


def test_a_case_logged_by_hand_is_shown(office: Office, visit: Visit) -> None:
    area = make_named(Area, "Bồ Đề")
    visitor = visit(Role.RECEPTION_OFFICER)
    page = visitor.post("/cases", **FILLED_IN, area_id=str(area), case_id=str(new_id()))
    assert "Đã ghi nhận vụ việc DLXH-2026-00001" in page.text
    case = db.session.scalars(select(Case)).one()
    assert (case.content, case.area_id, case.received_on, case.unit_id) == (
        FILLED_IN["content"],
        area,
        date(2026, 3, 1),
        office.committee.id,
    )
    assert FILLED_IN["content"] in page.text
    assert "3 người" in page.text


def test_the_same_form_sent_twice_is_one_case(visit: Visit) -> None:
    visitor = visit(Role.RECEPTION_OFFICER)
    form = {**FILLED_IN, "case_id": str(new_id())}
    first, second = visitor.post("/cases", **form), visitor.post("/cases", **form)
    assert how_many_cases() == 1
    assert first.select_one("h1") == second.select_one("h1")


@pytest.mark.parametrize(
    ("given", "field", "message"),
    [
        ({"content": "  "}, "content", "Hãy ghi nội dung."),
        ({"kind": ""}, "kind", "Hãy chọn loại vụ việc."),
        ({"kind": "quarrel"}, "kind", "Hãy chọn một mục trong danh sách."),
        ({"received_on": "03/03/2026"}, "received_on", "Ngày này chưa đến."),
        ({"received_on": "03/03/2045"}, "received_on", "Ngày này chưa đến."),
        ({"received_on": "31/11/2025"}, "received_on", "“31/11/2025” không có trong lịch"),
        ({"received_on": ""}, "received_on", "Hãy ghi ngày."),
        ({"received_on": "01/01/1900"}, "received_on", "sớm hơn ngày 01/01/2010"),
        ({"persons": "0"}, "persons", "Số người từ 1 đến 100.000."),
        ({"persons": "nhiều"}, "persons", "Hãy ghi một số nguyên."),
        ({"persons": ""}, "persons", "Hãy ghi số người"),
        ({"area_id": str(new_id())}, "area_id", "Hãy chọn một mục trong danh sách."),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(
    visit: Visit, given: dict[str, str], field: str, message: str
) -> None:
    form = {**FILLED_IN, "note": "Gọi lại buổi chiều", **given}
    page = visit(Role.RECEPTION_OFFICER).post("/cases", status=422, **form)
    assert message in complaint_beside(page, field)
    note = page.select_one("textarea[name=note]")
    assert note is not None
    assert note.text.strip() == "Gọi lại buổi chiều"
    content = page.select_one("textarea[name=content]")
    assert content is not None
    assert content.text.strip() == form["content"].strip()
    assert how_many_cases() == 0


def test_who_may_not_log_has_no_form(visit: Visit) -> None:
    visitor = visit(Role.LEADER)
    visitor.get("/cases/new", status=403)
    visitor.post("/cases", status=403, **FILLED_IN)
    assert how_many_cases() == 0
