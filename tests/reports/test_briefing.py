"""The briefing: figures that open their cases, items with results, nobody named, on paper too."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from docx import Document
from sqlalchemy.orm import scoped_session

from tests.application import Client
from tests.factories import Office, make_named, make_office
from tracker.cases.models import Area, Reading
from tracker.core.clock import local_date
from tracker.core.db import db, new_id
from tracker.people.sealing import Particulars
from tracker.reception.models import Event
from tracker.reception.service import Entered, enter
from tracker.rules.access import Confidentiality
from tracker.rules.workflow import Kind, Role, State

NAME = "Nguyễn Thị Hồng Nhung"
SIGHT = "Quán karaoke mở quá giờ"
KEPT = "Nội dung chỉ lãnh đạo biết"


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=True):
        yield


@pytest.fixture
def office(session: scoped_session[Any], now: datetime) -> Office:
    """An office that held a briefing twenty days ago; items of before it, and new ones."""
    office = make_office()
    office.agency.level = "commune"
    held_on = local_date(now) - timedelta(days=20)
    db.session.add(
        Event(
            unit_id=office.committee.id,
            kind="briefing",
            state="closed",
            held_on=held_on,
            opened_at=now - timedelta(days=20),
        )
    )
    db.session.commit()
    told = now - timedelta(days=25)
    office.case_in(State.CLOSED, told, content="Cống ngõ 20 tắc", area_id=make_named(Area, "Ái Mộ"))
    office.case_in(State.ASSIGNED, told, content="Đèn ngõ 5 hỏng")
    kept = office.log(told, content=KEPT)
    kept.confidentiality = Confidentiality.CONFIDENTIAL
    office.case_in(State.ASSIGNED, now - timedelta(days=150), content="Đường ngõ 9 lún")
    office.log(now, content=SIGHT)
    office.log(now, content="Khiếu nại chẳng thuộc giao ban", kind=Kind.COMPLAINT)
    db.session.commit()
    return office


def figures(found: BeautifulSoup) -> dict[str, int]:
    """The address of each figure with the figure."""
    links = found.select("a[href^='/reports/opinion/cases']")
    return {str(link["href"]): int(link.text.replace(".", "")) for link in links}


@pytest.mark.parametrize("address", ["/reports/briefing", "/reports/briefing/slides"])
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.RECEPTION_OFFICER, Role.AGENCY_WORKER])
def test_each_figure_opens_as_many_cases_as_it_says(
    page: Callable[..., BeautifulSoup], role: Role, address: str
) -> None:
    found = figures(page(role, address))
    assert sum(found.values()) > 0
    for each, figure in found.items():
        assert page(role, each).select_one("#total").text == f"{figure} vụ việc"


def test_last_times_items_come_with_results_by_level_and_new_ones_after(
    page: Callable[..., BeautifulSoup],
) -> None:
    slides = page(Role.COORDINATOR, "/reports/briefing/slides").select("section.slide")
    said = [" ".join(slide.text.split()) for slide in slides]
    assert [each.split("·")[0].strip() for each in said[2:5]] == [
        "Cấp xã",
        "Cấp xã",
        "Chưa giao đơn vị nào",
    ]
    assert "3 Tiếp nhận" in said[1]
    assert "1 Đã giải quyết" in said[1]
    closed = next(each for each in said if "Cống ngõ 20 tắc" in each)
    assert "Phòng Quản lý đô thị" in closed
    assert "Đã giải quyết · đúng hạn Đã thay bóng đèn" in closed
    assert any("Đường ngõ 9 lún" in each and "quá hạn" in each for each in said)
    assert SIGHT in said[-2]
    assert "Đơn vị còn nợ trả lời" in said[-1]
    assert not any("Khiếu nại" in each for each in said)


def test_one_slide_leads_to_the_next_and_back_without_scripts(
    page: Callable[..., BeautifulSoup],
) -> None:
    found = page(Role.LEADER, "/reports/briefing/slides")
    slides = [str(slide["id"]) for slide in found.select("section.slide")]
    assert [str(link["href"]) for link in found.select("a[rel=next]")] == [
        f"#{each}" for each in slides[1:]
    ]
    assert [str(link["href"]) for link in found.select("a[rel=prev]")] == [
        f"#{each}" for each in slides[:-1]
    ]


def test_what_is_kept_closely_is_not_read_to_a_hall_and_nobody_else_learns_of_it(
    page: Callable[..., BeautifulSoup], client: Client
) -> None:
    told = page(Role.COORDINATOR, "/reports/briefing/slides").text
    assert KEPT not in told
    assert "(nội dung được bảo vệ)" in told
    assert KEPT not in words(client.get("/reports/briefing.docx").data)
    officer = page(Role.RECEPTION_OFFICER, "/reports/briefing/slides")
    assert "(nội dung được bảo vệ)" not in officer.text
    assert "2 Tiếp nhận" in " ".join(officer.text.split())


def words(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(line.text for place in (document, *cells) for line in place.paragraphs)


def test_the_paper_says_the_same_names_nobody_and_goes_on_record(
    client: Client, office: Office, now: datetime
) -> None:
    meeting = Event(
        unit_id=office.committee.id,
        kind="briefing",
        state="open",
        held_on=local_date(now),
        opened_at=now,
    )
    db.session.add(meeting)
    db.session.commit()
    entered = Entered(
        id=new_id(),
        kind=Kind.OPINION,
        content="Rác ngõ 7 không ai thu",
        particulars=Particulars(NAME, "0912345678", "", "20 Ngọc Lâm"),
    )
    enter(meeting.id, entered, actor=office.viewer(Role.RECEPTION_OFFICER), now=now)
    client.sign_in(office.user(Role.COORDINATOR))
    answer = client.get("/reports/briefing.docx")
    assert answer.headers["Cache-Control"] == "no-store"
    said = words(answer.data)
    assert "có 3 nội dung: đã giải quyết 1" in said
    assert "Đã giải quyết: Đã thay bóng đèn (đúng hạn)" in said
    assert "Rác ngõ 7 không ai thu" in said
    assert "2 nội dung" in said
    assert NAME not in said
    assert "20 Ngọc Lâm" not in said
    [reading] = db.session.query(Reading).filter_by(case_id=None)
    assert reading.cases == 6


def test_periods_out_of_order_are_refused_beside_the_field(
    page: Callable[..., BeautifulSoup],
) -> None:
    asked = "/reports/briefing?before=01/02/2026&from=20/02/2026&to=10/02/2026"
    assert page(Role.LEADER, asked, 400).select_one("[name=from][aria-invalid=true]")
    page(Role.LEADER, asked.replace("briefing?", "briefing/slides?"), 422)


def test_a_briefings_own_page_leads_to_its_slides(
    page: Callable[..., BeautifulSoup], office: Office
) -> None:
    event = db.session.query(Event).one()
    found = page(Role.LEADER, f"/events/{event.id}").select_one("a[href^='/reports/briefing']")
    shown = page(Role.LEADER, str(found["href"]))
    assert shown.select_one("[name=to]")["value"] == event.held_on.strftime("%d/%m/%Y")
    assert date.fromisoformat(str(found["href"])[-10:]) == event.held_on
