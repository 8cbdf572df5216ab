"""The reception register: form 03, who came only on record, totals as on the sheet."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.application import Client
from tests.cases.conftest import Visitor
from tests.factories import Office
from tracker.cases import service as cases
from tracker.cases.models import Case, Reading
from tracker.core.db import db, new_id
from tracker.people.models import PersonReading
from tracker.people.sealing import Particulars
from tracker.reception import brought, service
from tracker.reception.models import Event
from tracker.reception.service import Entered
from tracker.rules.access import Confidentiality
from tracker.rules.directions import tallied
from tracker.rules.headings import plain
from tracker.rules.workflow import Kind, Role

Visit = Callable[[Role], Visitor]
CITIZEN = Particulars("Nguyễn Thị Hồng Nhung", "0912345678", "001190001234", "20 Ngọc Lâm")
DENOUNCER = Particulars("Trần Văn Kín", "0987654321", "001090004321", "7 Ái Mộ")
ADDRESS = "/events/register.xlsx?from=01/03/2026&to=31/03/2026"


@pytest.fixture
def held(office: Office, event: Event, now: datetime) -> list[Case]:
    """Four turns on three matters: a group's, joined by another; one guided; a denunciation."""
    officer = office.viewer(Role.RECEPTION_OFFICER)

    def enter(**given: Any) -> Case:
        wanted = {"id": new_id(), "kind": Kind.RECOMMENDATION, "content": "=1+1 cống tắc"} | given
        return service.enter(event.id, Entered(**wanted), actor=officer, now=now)

    group = enter(persons=8, particulars=CITIZEN)
    enter(joins=group.id, content="")
    complaint = enter(kind=Kind.COMPLAINT, content="Khiếu nại bồi thường")
    secret = enter(kind=Kind.DENUNCIATION, content="Tố cáo nhận tiền", particulars=DENOUNCER)
    cases.close_directly(
        "guide",
        complaint.id,
        actor=office.viewer(Role.COORDINATOR),
        reason="Không thuộc thẩm quyền",
        sent_to="Thanh tra huyện",
        now=now,
    )
    return [group, complaint, secret]


def rows(content: bytes) -> list[tuple[Any, ...]]:
    [sheet] = load_workbook(BytesIO(content)).worksheets
    return list(sheet.iter_rows(values_only=True))


def test_it_is_laid_out_as_form_03(held: list[Case], visit: Visit, client: Client) -> None:
    visit(Role.COORDINATOR)
    content = client.get(ADDRESS).data
    title, period, above, below, numbers, *lines, total = rows(content)
    assert title[0] == "SỔ TIẾP CÔNG DÂN"
    assert period[0] == "Từ ngày 01/03/2026 đến ngày 31/03/2026"
    assert numbers == tuple(f"({n})" for n in range(1, 13))
    assert plain(above[0]) == plain("Số TT")
    assert above[7] == "Hướng xử lý"
    assert below[7:10] == (
        "Thụ lý để giải quyết",
        "Trả lại đơn và hướng dẫn",
        "Chuyển đơn đến cơ quan có thẩm quyền",
    )
    assert [line[0] for line in lines] == [1, 2, 3, 4]
    assert lines[0][1].date().isoformat() == "2026-03-02"
    assert lines[0][4:6] == ("=1+1 cống tắc", "Kiến nghị, phản ánh/8 người")
    assert [line[11] for line in lines] == [held[0].code, *(case.code for case in held)]
    assert lines[2][7:11] == (
        None,
        "x",
        None,
        "Hướng dẫn đến cơ quan có thẩm quyền: Thanh tra huyện, ngày 02/03/2026",
    )
    assert total[2] == "Tổng cộng"
    cells = [cell for sheet in load_workbook(BytesIO(content)) for row in sheet for cell in row]
    assert not any(cell.data_type == "f" for cell in cells)


def test_its_totals_are_those_of_the_sheet(
    held: list[Case], office: Office, event: Event, visit: Visit, client: Client
) -> None:
    for role in (Role.COORDINATOR, Role.AUDITOR):
        sheet = tallied(brought.turns(office.viewer(role), brought.at(event))).total
        visit(role)
        *lines, total = rows(client.get(ADDRESS).data)[5:]
        assert len(lines) == sheet.turns
        assert total[4] == (
            f"{sheet.turns} lượt, {sheet.persons} người, {sheet.groups} đoàn từ 5 người,"
            f" {sheet.matters} vụ việc"
        )
    assert sheet.turns == 3
    page = visit(Role.COORDINATOR).get("/events/register?from=01/03/2026&to=31/03/2026")
    assert [cell.text for cell in page.select("tfoot")[0].select("td")] == [
        "4",
        "11",
        "1",
        "3",
        "3",
    ]


def test_who_came_stands_in_it_only_on_record(
    held: list[Case], office: Office, visit: Visit, client: Client
) -> None:
    visit(Role.COORDINATOR)
    lines = rows(client.get(ADDRESS).data)[5:-1]
    assert [line[2:4] for line in lines] == [(None, None)] * 3 + [("Bảo vệ người tố cáo", None)]
    assert db.session.query(PersonReading).count() == 0
    named = rows(client.post(ADDRESS).data)[5:-1]
    assert named[0][2:4] == (f"{CITIZEN.name}\n{CITIZEN.address}", CITIZEN.identity)
    assert named[3][2:4] == ("Bảo vệ người tố cáo", None)
    [reading] = db.session.query(PersonReading)
    assert (reading.user_id, reading.case_id) == (office.user(Role.COORDINATOR).id, held[0].id)
    taken = db.session.query(Reading).filter(Reading.case_id.is_(None)).all()
    assert [each.cases for each in taken] == [3, 3]
    # The denunciation in it is told of for itself, each time.
    parts = db.session.query(Reading).filter(Reading.way == "taken", Reading.export_id.is_not(None))
    assert {(each.case_id, each.export_id) for each in parts} == {
        (held[2].id, each.id) for each in taken
    }
    visit(Role.AUDITOR)
    assert client.post(ADDRESS).status_code == 403


@pytest.mark.parametrize(
    ("page", "way"),
    [
        ("/events/{id}/sheet", "listed"),
        ("/events/{id}/entries", "listed"),
        ("/events/{id}/minutes.docx", "taken"),
    ],
)
def test_who_reads_a_denunciation_at_its_meeting_is_on_record(
    held: list[Case], event: Event, visit: Visit, client: Client, page: str, way: str
) -> None:
    visit(Role.RECEPTION_OFFICER)
    client.get(page.format(id=event.id)).close()
    readings = db.session.query(Reading).filter(Reading.case_id.is_not(None)).all()
    assert [(each.case_id, each.way) for each in readings] == [(held[2].id, way)]


def test_who_later_turns_out_to_have_denounced_is_no_more_named(
    held: list[Case], office: Office, now: datetime, visit: Visit, client: Client
) -> None:
    [group, *_others] = held
    cases.reclassify(
        group.id,
        actor=office.viewer(Role.COORDINATOR),
        kind=Kind.DENUNCIATION,
        confidentiality=Confidentiality.DENUNCIATION,
        field_id=None,
        reason="Là tố cáo",
        now=now,
    )
    visit(Role.COORDINATOR)
    content = client.post(ADDRESS).data
    text = str(rows(content))
    assert CITIZEN.name not in text
    assert CITIZEN.identity not in text
    assert db.session.query(PersonReading).count() == 0


def test_another_unit_or_period_has_another_register(
    held: list[Case], office: Office, event: Event, visit: Visit, client: Client
) -> None:
    visit(Role.COORDINATOR)
    own = rows(client.get(f"{ADDRESS}&unit={event.unit_id}").data)
    assert own[0][0] == f"SỔ TIẾP CÔNG DÂN {office.committee.name.upper()}"
    assert len(own) == 5 + 4 + 1
    assert len(rows(client.get("/events/register.xlsx?from=01/02/2026&to=28/02/2026").data)) == 6
    page = visit(Role.COORDINATOR)
    assert "Ngày đầu kỳ sau" in page.get("/events/register?from=02/03/2026&to=01/03/2026", 400).text
    assert page.status(f"/events/register?unit={office.agency.id}") == 400
