"""The calendar's pages: a year at a glance, a correction from its preview to its undo."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from bs4 import BeautifulSoup

from tests.cases.conftest import Visitor
from tests.factories import Office, make_office
from tracker.cases.service import calendar as service
from tracker.core.db import db
from tracker.rules.workflow import Role

Visit = Callable[[Role], Visitor]

GIVEN = {"day": "18/03/2026", "kind": "rest", "source": "1234/VPCP-KGVX"}
OTHERS = "Vụ việc ngoài phạm vi bạn được xem, nếu có, cũng được tính lại."
ASKED = "/calendar/preview?day=18/03/2026&kind=rest&source=1234/VPCP-KGVX"


def words(page: BeautifulSoup) -> str:
    return " ".join(page.select_one("main").text.split())


def rows(page: BeautifulSoup, caption: str) -> list[list[str]]:
    table = next(each for each in page.select("table") if each.caption.text.strip() == caption)
    return [[cell.text.strip() for cell in row.select("th, td")] for row in table.select("tr")][1:]


def test_the_year_shows_its_rest_days_and_exchanges(office: Office, visit: Visit) -> None:
    page = visit(Role.AGENCY_WORKER).get("/calendar?year=2026")
    special = rows(page, "Ngày nghỉ và ngày làm bù")
    assert ["02/01/2026", "Thứ Sáu", "Ngày nghỉ", "12729/VPCP-KGVX"] in special
    assert ["10/01/2026", "Thứ Bảy", "Ngày làm việc", "12729/VPCP-KGVX"] in special
    assert ["22/08/2026", "Thứ Bảy", "Ngày làm việc", "Ngày làm bù"] in special
    assert any("Giỗ Tổ" in row[3] for row in special)
    january = rows(page, "Tháng 1")
    assert january[0] == ["", "", "", "1", "2", "3", "4"]
    assert len(page.select(".months table")) == 12
    assert "1" in [cell.text for cell in page.select(".months td.day-rest")]
    assert page.select("main form") == []


def test_the_reach_of_the_calendar_ends_the_way(office: Office, visit: Visit) -> None:
    visitor = visit(Role.LEADER)
    for asked, shown in (("1066", 2010), ("9999", 2039), ("x", 2026), ("2027", 2027)):
        page = visitor.get(f"/calendar?year={asked}")
        assert page.h1.text == f"Lịch làm việc năm {shown}"
    assert visitor.get("/calendar?year=2010").select("[rel=prev]") == []
    assert visitor.get("/calendar?year=2039").select("[rel=next]") == []


def test_a_correction_is_looked_at_confirmed_and_taken_back(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.log(now)
    elsewhere = make_office("Huyện ủy Gia Lâm").log(now)
    visitor = visit(Role.COORDINATOR)
    page = visitor.get(ASKED)
    assert "1 vụ việc bạn được xem đổi hạn" in words(page)
    assert rows(page, "Vụ việc đổi hạn mà bạn được xem") == [
        [case.code, "30/03/2026", "31/03/2026"]
    ]
    assert OTHERS in words(page)
    form = page.select_one("main form")
    assert form is not None
    given = {str(each["name"]): str(each["value"]) for each in form.select("input")}
    given.pop("csrf_token")
    assert given == GIVEN

    page = visitor.post(str(form["action"]), **given)
    assert f"Đã điều chỉnh lịch. 1 vụ việc bạn được xem đổi hạn. {OTHERS}" in words(page)
    db.session.expire_all()
    assert elsewhere.due_on == date(2026, 3, 31)
    name = office.user(Role.COORDINATOR).name
    assert f"18/03/2026: Ngày nghỉ – 1234/VPCP-KGVX ghi lúc 02/03/2026 09:00 · {name}" in words(
        page
    )
    story = visitor.get(f"/cases/{case.id}").select(".story > li")
    assert story[0].strong.text == "Tính lại hạn"

    removal = str(page.select_one("#corrections ~ ul a")["href"])
    page = visitor.get(removal)
    assert rows(page, "Vụ việc đổi hạn mà bạn được xem") == [
        [case.code, "31/03/2026", "30/03/2026"]
    ]
    page = visitor.post(removal)
    assert f"Đã bỏ điều chỉnh lịch. 1 vụ việc bạn được xem đổi hạn. {OTHERS}" in words(page)
    assert f"bỏ lúc 02/03/2026 09:00 · {name}" in words(page)
    visitor.post(removal, status=409)
    db.session.expire_all()
    assert case.due_on == elsewhere.due_on == date(2026, 3, 30)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"day": ""}, "day"),
        ({"day": "30/02/2026"}, "day"),
        ({"day": "01/01/2050"}, "day"),
        ({"kind": ""}, "kind"),
        ({"kind": "maybe"}, "kind"),
        ({"source": " "}, "source"),
        ({"source": "x" * 400}, "source"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    office: Office, visit: Visit, wrong: dict[str, str], field: str
) -> None:
    visitor = visit(Role.ADMINISTRATOR)
    given = GIVEN | wrong
    for page in (
        visitor.post("/calendar/corrections", status=422, **given),
        visitor.get(_asked(given), status=422),
    ):
        assert len(page.select(".complaint")) == 1
        if field != "kind":
            assert page.select_one(f"#{field}-error")
        kept = page.select_one("#source")
        assert kept is not None
        assert str(kept["value"]).strip() == given["source"].strip()


def _asked(given: dict[str, str]) -> str:
    return "/calendar/preview?" + "&".join(f"{name}={value}" for name, value in given.items())


def test_a_day_is_corrected_once(office: Office, now: datetime, visit: Visit) -> None:
    actor = office.viewer(Role.COORDINATOR)
    service.correct(date(2026, 3, 18), "rest", "1234/VPCP-KGVX", actor=actor, now=now)
    page = visit(Role.COORDINATOR).get(ASKED, status=422)
    assert "hãy bỏ điều chỉnh ấy trước" in page.select_one("#day-error").text


def test_what_was_written_is_text(office: Office, now: datetime, visit: Visit) -> None:
    attack = "<script>alert(1)</script>{{ 7*7 }}"
    actor = office.viewer(Role.COORDINATOR)
    service.correct(date(2026, 3, 18), "rest", attack, actor=actor, now=now)
    page = visit(Role.COORDINATOR).get("/calendar")
    assert attack in words(page)


@pytest.mark.parametrize(
    ("at", "is_said"),
    [(datetime(2026, 9, 30, 9, tzinfo=UTC), False), (datetime(2026, 10, 1, 9, tzinfo=UTC), True)],
)
def test_missing_exchanges_are_said_from_october(
    office: Office, visit: Visit, at: datetime, is_said: bool
) -> None:
    said = "Lịch nghỉ, làm bù năm 2027 chưa được nhập"
    with time_machine.travel(at):
        for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
            visitor = visit(role)
            for url in ("/", "/calendar"):
                assert (said in words(visitor.get(url))) == is_said
        assert said not in words(visit(Role.AGENCY_WORKER).get("/"))
        actor = office.viewer(Role.ADMINISTRATOR)
        service.correct(date(2027, 9, 1), "rest", "1/VPCP", actor=actor, now=at)
        assert said not in words(visit(Role.COORDINATOR).get("/"))


def test_the_calendar_asks_little_of_the_database(
    office: Office, now: datetime, visit: Visit, statements: list[str]
) -> None:
    office.log(now)
    visitor = visit(Role.COORDINATOR)
    for url in ("/calendar", ASKED, "/", "/cases"):
        statements.clear()
        visitor.get(url)
        assert 0 < len(statements) <= 8
        assert sum("FROM calendar_day" in each for each in statements) <= 2


def test_a_page_without_due_dates_does_not_ask_for_the_calendar(
    office: Office, visit: Visit, statements: list[str]
) -> None:
    visitor = visit(Role.COORDINATOR)
    statements.clear()
    visitor.get("/account")
    assert not any("calendar_day" in each for each in statements)
