"""The report on receptions: it agrees with the register, and each figure opens what it counts."""

import json
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from click.testing import CliRunner
from docx import Document
from openpyxl import load_workbook
from sqlalchemy.orm import scoped_session

from tests.application import Client
from tests.factories import Office, make_office
from tracker.cases import service as cases
from tracker.cases.models import Case, Submission
from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.people.sealing import Particulars
from tracker.reception import brought
from tracker.reception.models import Event
from tracker.reception.service import Entered, enter
from tracker.reports import commands
from tracker.reports.reception import reception_report
from tracker.rules.directions import tallied
from tracker.rules.workflow import Kind, Role, State
from tracker.units.queries import command_line

NAME = "Nguyễn Thị Hồng Nhung"
FIRST, LAST = date(2026, 2, 1), date(2026, 3, 2)
PERIOD = "from=2026-02-01&to=2026-03-02"
ROLES = [Role.RECEPTION_OFFICER, Role.COORDINATOR, Role.AUDITOR]


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=True):
        yield


@pytest.fixture
def office(session: scoped_session[Any], now: datetime) -> Office:
    """An office with three receptions, one of them without anybody, and a dialogue."""
    office = make_office()
    office.committee.level = "province"
    meeting(office, "reception", "regular", now - timedelta(days=20))
    meeting(office, "dialogue", None, now)
    regular = meeting(office, "reception", "regular", now)
    head = meeting(office, "reception", "periodic", now)

    def bring(event: Event, **given: Any) -> Case:
        wanted = {"id": new_id(), "kind": Kind.RECOMMENDATION, "content": "Cống ngõ 20 tắc"}
        entered = Entered(**(wanted | given))
        return enter(event.id, entered, actor=office.viewer(Role.RECEPTION_OFFICER), now=now)

    citizen = Particulars(NAME, "0912345678", "", "20 Ngọc Lâm")
    first = bring(regular, persons=8, particulars=citizen)
    bring(head, joins=first.id, content="", persons=2)
    bring(head, kind=Kind.COMPLAINT)
    bring(head, kind=Kind.DENUNCIATION, content="Tố cáo cán bộ", persons=6)
    taken_back = bring(regular, content="Ghi nhầm")
    [turn] = db.session.query(Submission).filter_by(case_id=taken_back.id)
    officer, coordinator = office.viewer(Role.RECEPTION_OFFICER), office.viewer(Role.COORDINATOR)
    cases.void(turn.id, actor=officer, now=now)
    guided = bring(regular, content="Ngoài thẩm quyền")
    cases.close_directly(
        "guide", guided.id, actor=coordinator, sent_to="Phường bên", reason="Khác", now=now
    )
    ended = office.case_in(State.CLOSED, now)
    with transaction():
        [turn] = db.session.query(Submission).filter_by(case_id=ended.id)
        cases.say_within(turn, is_satisfied=False, reason="Chưa thông", now=now)
    return office


def meeting(office: Office, kind: str, form: str | None, at: datetime) -> Event:
    event = Event(
        unit_id=office.committee.id,
        kind=kind,
        form=form,
        state="open",
        held_on=local_date(at),
        opened_at=at,
    )
    db.session.add(event)
    db.session.commit()
    return event


@pytest.mark.parametrize("role", ROLES)
def test_it_agrees_with_the_register(office: Office, now: datetime, role: Role) -> None:
    viewer = office.viewer(role)
    report = reception_report(viewer, first=FIRST, last=LAST, by="kind", now=now)
    units = [unit_id for unit_id, _name in brought.receiving_units(viewer)]
    register = tallied(brought.turns(viewer, brought.in_period(units, FIRST, LAST)))
    total = register.total
    told = [report.total[name] for name in ("turns", "persons", "groups", "matters", "begun")]
    assert told == [total.turns, total.persons, total.groups, total.matters, total.begun]
    by_kind = {row.key_id: row.values for row in report.rows if row.key_id != "none"}
    assert {kind: values["turns"] for kind, values in by_kind.items()} == {
        kind: tally.turns for kind, tally in register.by_kind.items()
    }


def test_the_figures_of_the_whole(office: Office, now: datetime) -> None:
    report = reception_report(command_line(), first=FIRST, last=LAST, by="form", now=now)
    assert report.total == {
        "sessions": 3,
        "turns": 5,
        "persons": 18,
        "groups": 2,
        "group_persons": 14,
        "matters": 4,
        "begun": 4,
        "resolved": 0,
        "outside": 1,
        "pending": 3,
    }
    rows = {row.key_id: row.values for row in report.rows}
    assert (rows["regular"]["sessions"], rows["regular"]["matters"]) == (2, 2)
    assert (rows["periodic"]["sessions"], rows["periodic"]["matters"]) == (1, 3)
    assert any(note.startswith("1 lần vụ việc được nêu ở nhiều dòng") for note in report.notes)
    assert report.satisfaction.unsatisfied == report.satisfaction.waiting == 1


def test_a_protected_turn_leaves_no_trace_where_it_is_not_seen(
    office: Office, now: datetime
) -> None:
    auditor = office.viewer(Role.AUDITOR)
    report = reception_report(auditor, first=FIRST, last=LAST, by="kind", now=now)
    assert (report.total["turns"], report.total["persons"]) == (4, 12)
    rows = {row.key_id: row.values["sessions"] for row in report.rows}
    # The meeting at which only others' turns were seen isn't among those without any.
    assert rows == {"recommendation": 2, "complaint": 1, "none": 1}


@pytest.mark.parametrize(
    "role, asked",
    [
        (Role.COORDINATOR, "&by=form"),
        (Role.AUDITOR, "&by=kind"),
        (Role.COORDINATOR, "&by=field"),
        (Role.LEADER, "&by=unit"),
        (Role.RECEPTION_OFFICER, "&by=month"),
    ],
)
def test_each_figure_opens_what_it_counts(
    page: Callable[..., BeautifulSoup], role: Role, asked: str
) -> None:
    found = page(role, f"/reports/reception?{PERIOD}{asked}")
    names = [link["href"] for link in found.select("td a[href^='/reports/reception/']")]
    counts = [int(link.text) for link in found.select("td a[href^='/reports/reception/']")]
    assert sum(counts) > 0
    turns = ("measure=turns", "measure=persons", "measure=groups", "measure=group_persons")
    for address, count in zip(names, counts, strict=True):
        behind = page(role, address)
        listed = int(behind.select_one("#total").text.split()[0])
        assert len(behind.select("tbody tr")) == listed
        if any(each in address for each in turns):
            assert (listed > 0) == (count > 0)
            assert listed <= count
        else:
            assert listed == count, address


def test_what_citizens_said_opens_their_cases(page: Callable[..., BeautifulSoup]) -> None:
    found = page(Role.LEADER, f"/reports/reception?{PERIOD}")
    links = found.select(".counts a")
    assert [link.text.split()[0] for link in links] == ["0", "1", "1"]
    for link in links:
        behind = page(Role.LEADER, str(link["href"]))
        assert behind.select_one("#total").text == f"{link.text.split()[0]} vụ việc"


def test_heads_stand_beside_the_law(page: Callable[..., BeautifulSoup]) -> None:
    found = page(Role.LEADER, f"/reports/reception?{PERIOD}")
    [row] = found.select("[aria-labelledby=heads] tbody tr")
    assert [cell.text.strip() for cell in row.select("td")] == ["1", "1", "0", "0", "0"]
    assert len(page(Role.LEADER, row.select("td a")[0]["href"]).select("tbody tr")) == 1


@pytest.mark.parametrize(
    "asked",
    ["by=nothing", "unit=XYZ", "meetings=party", "from=31/11/2025", "from=2026-04-01"],
)
def test_what_can_not_be_asked_is_refused(page: Callable[..., BeautifulSoup], asked: str) -> None:
    page(Role.LEADER, f"/reports/reception?to=2026-03-02&{asked}", 400)


@pytest.mark.parametrize(
    "asked", ["measure=nothing", "measure=turns&key=x", "measure=turns&by=kind&key=x"]
)
def test_behind_no_figure_there_is_nothing(page: Callable[..., BeautifulSoup], asked: str) -> None:
    page(Role.LEADER, f"/reports/reception/cases?{PERIOD}&{asked}", 422)
    page(Role.LEADER, f"/reports/reception/meetings?{PERIOD}&by=unit&key=x", 422)


def test_papers_say_the_same_and_name_nobody(office: Office, client: Client) -> None:
    client.sign_in(office.user(Role.LEADER))
    answer = client.get(f"/reports/reception.docx?{PERIOD}&by=form")
    assert answer.headers["Cache-Control"] == "no-store"
    document = Document(BytesIO(answer.data))
    said = "\n".join(line.text for line in document.paragraphs)
    assert "tổ chức 3 buổi tiếp công dân, tiếp 5 lượt với 18 người, trong đó có 2 đoàn" in said
    assert "1 lượt chưa hài lòng, trong đó 1 lượt chưa được xem xét" in said
    tables = [[cell.text for cell in row.cells] for each in document.tables for row in each.rows]
    assert ["Tiếp công dân thường xuyên", "2", "2", "9", "1", "2", "0", "1", "1"] in tables
    assert NAME not in said + str(tables)
    book = load_workbook(BytesIO(client.get(f"/reports/reception.xlsx?{PERIOD}&by=form").data))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert ["Tổng cộng", 3, 5, 18, 2, 14, 4, 4, 0, 1, 3] in rows
    assert book.sheetnames == ["Số liệu", "Người đứng đầu", "Ý kiến công dân", "Cách tính"]
    assert NAME not in str(rows)


def test_the_command_gives_text_json_and_files(office: Office, tmp_path: Any) -> None:
    def run(*words: str) -> Any:
        asked = ["reception", "--from", "1/2/2026", "--to", "2026-03-02", *words]
        return CliRunner().invoke(commands.report, asked)

    said = json.loads(run("--by", "form", "--format", "json").stdout)
    assert (said["total"]["turns"], said["satisfaction"]["unsatisfied"]) == (5, 1)
    assert [row["key"] for row in said["rows"]] == [
        "Tiếp công dân thường xuyên",
        "Tiếp công dân định kỳ của người đứng đầu",
    ]
    assert said["heads"][0]["days"] == 1
    assert "tiếp 5 lượt với 18 người" in run().stdout
    assert "tổ chức 1 buổi hội nghị đối thoại" in run("--meetings", "dialogue").stdout
    for written in ("docx", "xlsx"):
        out = tmp_path / f"report.{written}"
        assert run("--format", written, "--out", str(out)).exit_code == 0
        assert out.read_bytes().startswith(b"PK")
