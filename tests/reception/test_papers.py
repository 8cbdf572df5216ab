"""The end of a meeting: sheet, handing over, and papers that name nobody unless asked on record."""

from collections.abc import Callable
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from docx import Document

from tests.application import Client
from tests.cases.conftest import Visitor
from tests.factories import Office
from tracker.cases import service as cases
from tracker.cases.models import Case
from tracker.core.db import db, new_id
from tracker.people.models import PersonReading
from tracker.people.sealing import Particulars
from tracker.reception import brought, event_queries, service
from tracker.reception.models import Event
from tracker.reception.service import Entered
from tracker.rules.directions import tallied
from tracker.rules.workflow import Kind, Role, State

Visit = Callable[[Role], Visitor]
CITIZEN = Particulars("Nguyễn Thị Hồng Nhung", "0912345678", "", "20 Ngọc Lâm")
REASON = "Thuộc thẩm quyền của Ủy ban nhân dân phường"
MOST_QUERIES = 8
ELSEWHERE = "Ủy ban nhân dân phường Bồ Đề"


@pytest.fixture
def enter(office: Office, event: Event, now: datetime) -> Callable[..., Case]:
    """Writes an item down at the meeting."""

    def enter(**given: Any) -> Case:
        wanted = {"id": new_id(), "kind": Kind.RECOMMENDATION, "content": "Cống ngõ 20 tắc"} | given
        actor = office.viewer(Role.RECEPTION_OFFICER)
        return service.enter(event.id, Entered(**wanted), actor=actor, now=now)

    return enter


def words(content: bytes) -> str:
    document = Document(BytesIO(content))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(line.text for place in (document, *cells) for line in place.paragraphs)


def guided(case: Case, office: Office, now: datetime) -> Case:
    return cases.close_directly(
        "guide",
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        sent_to=ELSEWHERE,
        reason=REASON,
        now=now,
    )


def test_the_sheet_counts_what_the_meetings_page_counts(
    office: Office, event: Event, enter: Callable[..., Case], visit: Visit
) -> None:
    first = enter(persons=8)
    enter(joins=first.id, content="", persons=2)
    enter(kind=Kind.COMPLAINT)
    enter(kind=Kind.DENUNCIATION, content="Tố cáo cán bộ nhận tiền")
    for role in (Role.COORDINATOR, Role.AUDITOR):
        viewer = office.viewer(role)
        total = tallied(brought.turns(viewer, brought.at(event))).total
        page = event_queries.total(event_queries.counts(viewer, event.id))
        assert page[2:] == (total.turns, total.persons, total.groups, total.begun)
    assert total.turns == 3
    page = visit(Role.COORDINATOR).get(f"/events/{event.id}/sheet")
    assert [cell.text for cell in page.select("tfoot")[0].select("td")] == [
        "4",
        "12",
        "1",
        "3",
        "3",
    ]
    assert (
        "Tố cáo cán bộ nhận tiền" not in visit(Role.AUDITOR).get(f"/events/{event.id}/sheet").text
    )


def test_the_sheet_and_the_register_ask_little(
    event: Event, enter: Callable[..., Case], visit: Visit, statements: list[str]
) -> None:
    for _each in range(5):
        enter()
    coordinator = visit(Role.COORDINATOR)
    for address in (f"/events/{event.id}/sheet", "/events/register?from=01/03/2026"):
        statements.clear()
        coordinator.get(address)
        assert len(statements) <= MOST_QUERIES


def test_the_sheet_tells_what_earlier_meetings_still_owe(
    office: Office, event: Event, enter: Callable[..., Case], visit: Visit, now: datetime
) -> None:
    owed, guided_away = enter(content="Chưa ai trả lời"), enter(content="Đã hướng dẫn")
    guided(guided_away, office, now)
    later = Event(
        unit_id=event.unit_id,
        kind=event.kind,
        form=event.form,
        held_on=event.held_on + timedelta(days=14),
    )
    of_another_kind = Event(unit_id=event.unit_id, kind="dialogue", held_on=later.held_on)
    db.session.add_all([later, of_another_kind])
    db.session.commit()
    coordinator = office.viewer(Role.COORDINATOR)
    assert [case.id for case in brought.unanswered_before(coordinator, later)] == [owed.id]
    assert brought.unanswered_before(coordinator, event) == []
    assert brought.unanswered_before(coordinator, of_another_kind) == []
    page = visit(Role.COORDINATOR).get(f"/events/{later.id}/sheet")
    assert "Chưa ai trả lời" in page.text
    assert "Đã hướng dẫn" not in page.text


@pytest.mark.parametrize("role", [Role.RECEPTION_OFFICER, Role.COORDINATOR])
def test_what_was_received_is_handed_over_once(
    office: Office,
    event: Event,
    enter: Callable[..., Case],
    visit: Visit,
    now: datetime,
    role: Role,
) -> None:
    received, gone = enter(), enter(content="Không thuộc thẩm quyền")
    guided(gone, office, now)
    person = visit(role)
    address = f"/events/{event.id}"
    assert "Chuyển xác minh 1 vụ việc" in person.get(f"{address}/sheet").text
    assert received.code in person.post(f"{address}/verifications").text
    db.session.expire_all()
    assert (received.state, gone.state) == (State.VERIFYING, State.CLOSED)
    page = person.post(f"{address}/verifications")
    assert received.code not in page.text
    assert "Chuyển xác minh" not in person.get(f"{address}/sheet").text


def test_minutes_name_nobody_and_keep_a_denunciation_back(
    event: Event, enter: Callable[..., Case], visit: Visit, client: Client
) -> None:
    enter(particulars=CITIZEN, persons=8)
    secret = enter(kind=Kind.DENUNCIATION, content="Tố cáo cán bộ nhận tiền", particulars=CITIZEN)
    visit(Role.COORDINATOR)
    said = words(client.get(f"/events/{event.id}/minutes.docx").data)
    assert "tiếp 2 lượt với 9 người, trong đó có 1 đoàn từ 5 người trở lên, về 2 vụ việc" in said
    assert "Cống ngõ 20 tắc" in said
    assert secret.code in said
    assert secret.content not in said
    assert CITIZEN.name not in said
    assert CITIZEN.address not in said


def test_a_letter_says_what_the_story_says_and_leaves_the_citizen_open(
    office: Office, enter: Callable[..., Case], visit: Visit, client: Client, now: datetime
) -> None:
    case = guided(enter(particulars=CITIZEN), office, now)
    address = f"/cases/{case.id}/papers"
    page = visit(Role.COORDINATOR).get(address)
    assert [link.text.strip() for link in page.select("main ul a")] == ["Phiếu hướng dẫn"]
    answer = client.get(f"{address}/guidance.docx")
    assert answer.headers["Cache-Control"] == "no-store"
    said = words(answer.data)
    assert REASON in said
    assert f"gửi đến {ELSEWHERE}" in said
    assert "Số:" in said
    assert CITIZEN.name not in said
    assert "Ông (bà) …" in said
    assert db.session.query(PersonReading).count() == 0
    assert client.get(f"{address}/transfer.docx").status_code == 404


def test_naming_the_citizen_is_asked_for_and_goes_on_record(
    office: Office, enter: Callable[..., Case], visit: Visit, client: Client, now: datetime
) -> None:
    case = guided(enter(particulars=CITIZEN), office, now)
    visit(Role.COORDINATOR)
    said = words(client.post(f"/cases/{case.id}/papers/guidance.docx").data)
    assert "Ông (bà) Nguyễn Thị Hồng Nhung" in said
    assert "địa chỉ: 20 Ngọc Lâm" in said
    [reading] = db.session.query(PersonReading)
    assert (reading.user_id, reading.case_id) == (office.user(Role.COORDINATOR).id, case.id)
    for role in (Role.AUDITOR, Role.AGENCY_HEAD):
        assert visit(role).status(f"/cases/{case.id}/papers/guidance.docx") == 403


def test_a_denouncer_is_named_only_for_a_reason(
    office: Office, enter: Callable[..., Case], visit: Visit, client: Client, now: datetime
) -> None:
    secret = enter(kind=Kind.DENUNCIATION, content="Tố cáo cán bộ", particulars=CITIZEN)
    guided(secret, office, now)
    coordinator = visit(Role.COORDINATOR)
    address = f"/cases/{secret.id}/papers/guidance.docx"
    page = coordinator.post(address, status=422)
    assert page.select_one("[name=reason][aria-invalid=true]")
    assert CITIZEN.name not in page.text
    assert db.session.query(PersonReading).count() == 0
    said = words(client.post(address, data={"reason": "Gửi thông báo"}).data)
    assert CITIZEN.name in said
    assert db.session.query(PersonReading).one().reason == "Gửi thông báo"


@pytest.mark.parametrize("form, number", [("party", "Số "), ("government", "Số:")])
def test_a_paper_has_the_form_of_its_unit(
    office: Office,
    enter: Callable[..., Case],
    visit: Visit,
    client: Client,
    now: datetime,
    form: str,
    number: str,
) -> None:
    office.committee.paper = form
    office.committee.letterhead = "THÀNH ỦY HÀ NỘI\n{{ 7*7 }} <b>&</b>"
    case = guided(enter(), office, now)
    visit(Role.COORDINATOR)
    said = words(client.get(f"/cases/{case.id}/papers/guidance.docx").data).splitlines()
    assert ("ĐẢNG CỘNG SẢN VIỆT NAM" in said) == (form == "party")
    assert ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said) == (form == "government")
    assert "{{ 7*7 }} <b>&</b>" in said
    assert any(line.startswith(number) for line in said)
