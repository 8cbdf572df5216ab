"""Lists kept under a name, the columns of a list, the list as a file."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from tests.application import Client
from tests.cases.conftest import Visitor
from tests.factories import Office
from tracker.cases import export
from tracker.cases.models import SavedView
from tracker.core.db import db
from tracker.rules.workflow import Kind, Role, State

Visit = Callable[[Role], Visitor]


def kept(visitor: Visitor) -> list[tuple[str, str]]:
    """(name, address) of the lists that the page offers."""
    links = visitor.get("/cases").select(".kept li > a")
    return [(link.text, str(link["href"])) for link in links]


def keep(visitor: Visitor, name: str, query: str, status: int = 200, **given: Any) -> Any:
    return visitor.post("/cases/views", status, name=name, query=query, **given)


def test_a_kept_list_is_a_link_to_its_question(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(now, kind=Kind.COMPLAINT)
    office.log(now)
    visitor = visit(Role.COORDINATOR)
    page = keep(visitor, " Khiếu nại  mới ", "kind=complaint&order=oldest&after=x&evil=1")
    assert [cell.text for cell in page.select("table.cases tbody th")] == [case.code]
    assert kept(visitor) == [("Khiếu nại mới", "/cases?kind=complaint&order=oldest")]
    assert "Khiếu nại mới" in visitor.get("/").text
    keep(visitor, "Khiếu nại mới", "kind=complaint&state=received")
    assert kept(visitor) == [("Khiếu nại mới", "/cases?kind=complaint&state=received")]


def test_it_is_renamed_and_removed(office: Office, now: datetime, visit: Visit) -> None:
    office.log(now)
    visitor = visit(Role.AUDITOR)
    keep(visitor, "Một", "state=received")
    view = db.session.query(SavedView).one()
    visitor.post(f"/cases/views/{view.id}/names", name="Hai")
    assert kept(visitor) == [("Hai", "/cases?state=received")]
    visitor.post(f"/cases/views/{view.id}/names", 422, name=" ")
    visitor.post(f"/cases/views/{view.id}/removals")
    assert kept(visitor) == []


def test_others_neither_see_nor_change_ones_own(
    office: Office, now: datetime, visit: Visit
) -> None:
    office.log(now)
    keep(visit(Role.COORDINATOR), "Của tôi", "state=received")
    view = db.session.query(SavedView).one()
    visitor = visit(Role.LEADER)
    assert kept(visitor) == []
    visitor.post(f"/cases/views/{view.id}/names", 404, name="Của tôi nay")
    visitor.post(f"/cases/views/{view.id}/removals", 404)
    assert db.session.query(SavedView).one().name == "Của tôi"


def test_a_units_list_is_the_whole_units(office: Office, now: datetime, visit: Visit) -> None:
    office.log(now)
    keep(visit(Role.LEADER), "Cả cơ quan", "state=received", is_shared="y")
    view = db.session.query(SavedView).one()
    assert kept(visit(Role.AUDITOR)) == [("Cả cơ quan", "/cases?state=received")]
    visit(Role.AUDITOR).post(f"/cases/views/{view.id}/removals", 403)
    assert kept(visit(Role.AGENCY_HEAD)) == []
    visit(Role.COORDINATOR).post(f"/cases/views/{view.id}/removals")
    assert kept(visit(Role.AUDITOR)) == []


@pytest.mark.parametrize(
    ("role", "given"),
    [
        (Role.COORDINATOR, {"name": "", "query": "state=received"}),
        (Role.COORDINATOR, {"name": "x" * 81, "query": "state=received"}),
        (Role.AUDITOR, {"name": "Chung", "query": "state=received", "is_shared": "y"}),
    ],
)
def test_what_cant_be_kept_is_told(
    office: Office, now: datetime, visit: Visit, role: Role, given: dict[str, str]
) -> None:
    office.log(now)
    page = visit(role).post("/cases/views", 422, **given)
    assert page.select_one(".kept[open] .complaint") is not None
    assert db.session.query(SavedView).count() == 0


def headings(visitor: Visitor) -> list[str]:
    return [cell.text for cell in visitor.get("/cases").select("table.cases thead th:not(.pick)")]


def test_one_chooses_the_columns_of_ones_own_lists(
    office: Office, now: datetime, visit: Visit
) -> None:
    office.log(now)
    usual = headings(visit(Role.LEADER))
    visitor = visit(Role.COORDINATOR)
    choice = visitor.get("/cases/columns?query=kind%3Dopinion")
    assert [box["value"] for box in choice.select("input[checked]")] == [
        "area", "unit", "received_on", "due_on", "state",
    ]  # fmt: skip
    page = visitor.post("/cases/columns", column=["state", "kind", "evil"], query="kind=opinion")
    assert page.select("table.cases tbody th")
    assert headings(visitor) == ["Mã", "Nội dung", "Loại", "Trạng thái"]
    assert headings(visit(Role.LEADER)) == usual
    visit(Role.COORDINATOR).post("/cases/columns")
    assert headings(visit(Role.COORDINATOR)) == usual


def workbook(client: Client, url: str, **given: Any) -> list[list[Any]]:
    answer = client.post(url, data=given) if given else client.get(url)
    assert answer.status_code == 200, answer.text
    assert "attachment" in answer.headers["Content-Disposition"]
    [sheet] = openpyxl.load_workbook(BytesIO(answer.data)).worksheets
    return [
        [str(cell.date()) if isinstance(cell, datetime) else cell for cell in row]
        for row in sheet.iter_rows(values_only=True)
    ]


def test_the_list_as_a_file_has_its_cases_and_columns(
    office: Office, now: datetime, client: Client
) -> None:
    case = office.log(now, content="=1+1 " + "Đường hỏng " * 30)
    office.case_in(State.CLOSED, now)
    client.sign_in(office.user(Role.COORDINATOR))
    client.post("/cases/columns", data={"column": ["received_on", "state"]})
    rows = workbook(client, "/cases.xlsx?state=received")
    assert rows == [
        ["Mã", "Nội dung", "Tiếp nhận", "Trạng thái"],
        [case.code, case.content, "2026-03-02", "Tiếp nhận"],
    ]


def test_a_chosen_few_as_a_file(office: Office, now: datetime, client: Client) -> None:
    wanted, _other = office.log(now), office.log(now)
    client.sign_in(office.user(Role.COORDINATOR))
    rows = workbook(client, "/cases/bulk/files", case=[f"{wanted.id}.{wanted.version}"])
    assert [row[0] for row in rows[1:]] == [wanted.code]


def test_a_long_list_says_where_the_file_ends(
    office: Office, now: datetime, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "MOST_ROWS", 2)
    for _ in range(3):
        office.log(now)
    client.sign_in(office.user(Role.COORDINATOR))
    rows = workbook(client, "/cases.xlsx")
    assert len(rows) == 4
    assert "chỉ có" in str(rows[-1][0])
