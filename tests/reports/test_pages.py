"""The report's page: every figure leads to as many cases as it says."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag

from tests.application import Client
from tests.reports.office import Office, Standing
from tracker.core.db import db
from tracker.rules.workflow import Outcome, Role

PERIOD = "from=2025-01-01&to=2025-12-31"
RECEIVED = date(2025, 5, 6)
RECORDED, ANSWERED = datetime(2025, 5, 6, tzinfo=UTC), datetime(2025, 8, 6, tzinfo=UTC)
OUTCOMES = [None, None, *Outcome]


@pytest.fixture
def coordinator(office: Office, client: Client) -> Client:
    """A signed-in coordinator of an office with a case of every kind."""
    units, areas = [None, *office.units.values()], [None, *office.areas.values()]
    for number in range(40):
        received_on = date(2024, 11, 1) + timedelta(days=10 * number)
        opened = Standing(
            received_on,
            recorded_at=RECORDED,
            due_on=received_on + timedelta(days=10),
            area_id=getattr(areas[number % len(areas)], "id", None),
            lead_unit_id=getattr(units[number % len(units)], "id", None),
        )
        outcome = OUTCOMES[number % len(OUTCOMES)]
        answered_on = received_on + timedelta(days=number % 20)
        columns = {**vars(opened), "recorded_at": ANSWERED, "outcome": outcome}
        if outcome:
            columns |= {"answered_on": answered_on, "closed_on": answered_on}
        office.put([opened, Standing(**columns)])
    db.session.commit()
    client.sign_in(office.person(Role.COORDINATOR))
    return client


def page_of(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address)
    assert answer.status_code == status
    return BeautifulSoup(answer.text, "html.parser")


def figures(page: BeautifulSoup) -> dict[str, int]:
    """The address of each figure with the figure."""
    table = page.select_one("table")
    assert isinstance(table, Tag)
    links = table.select("td a")
    return {str(link["href"]): int(link.text.replace(".", "")) for link in links}


def listed(client: Client, address: str) -> int:
    """How many cases the list and all its further pages show; its own count has to agree."""
    page = page_of(client, address)
    total = page.select_one("#total")
    assert total is not None
    count = len(page.select("tbody tr"))
    following = page.select_one("a[rel=next]")
    while following:
        further = page_of(client, str(following["href"]))
        count += len(further.select("tbody tr"))
        following = further.select_one("a[rel=next]")
    assert total.text == f"{count} vụ việc"
    return count


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "&by=unit&unit=BTG",
        "&by=area&as_of=2025-09-01T12:00%2B07:00",
    ],
)
def test_each_figure_opens_exactly_its_cases(coordinator: Client, asked: str) -> None:
    found = figures(page_of(coordinator, f"/reports/opinion?{PERIOD}{asked}"))
    assert sum(found.values()) > 0
    assert {address: listed(coordinator, address) for address in found} == found


def test_the_past_page_differs_from_todays(coordinator: Client) -> None:
    today = figures(page_of(coordinator, f"/reports/opinion?{PERIOD}"))
    past = figures(page_of(coordinator, f"/reports/opinion?{PERIOD}&as_of=2025-07-01"))

    def of(found: dict[str, int], measure: str) -> int:
        return next(
            figure
            for address, figure in found.items()
            if parse_qs(urlsplit(address).query)["measure"] == [measure]
        )

    assert of(past, "received") > 0
    assert of(past, "resolved") == 0
    assert of(today, "resolved") > 0


def test_bars_are_links_with_words_and_figures(coordinator: Client) -> None:
    page = page_of(coordinator, f"/reports/opinion?{PERIOD}&by=area")
    table = figures(page)
    bars = page.select("svg a")
    assert len(bars) == 8  # received and resolved of three areas, and of none
    for bar in bars:
        text = bar.select_one("text")
        assert text is not None
        number, words = text.text.split(" ", 1)
        assert int(number) == table[str(bar["href"])]
        assert words in ("tiếp nhận", "đã giải quyết")
    widths = [float(str(rect["width"]).rstrip("%")) for rect in page.select("svg rect[rx]")]
    assert max(widths) == 56


def test_the_page_says_what_each_measure_counts(coordinator: Client) -> None:
    page = page_of(coordinator, f"/reports/opinion?{PERIOD}")
    headings = [heading.text for heading in page.select("thead th")]
    assert headings == [term.text for term in page.select("main dl dt")]
    assert len(page.select("main dl dd")) == 10


def test_without_a_question_it_is_this_year(coordinator: Client) -> None:
    page = page_of(coordinator, "/reports/opinion")
    first = page.select_one("input[name=from]")
    assert first is not None
    assert str(first["value"]).startswith("01/01/")


def test_an_empty_report_says_so_and_what_to_do(coordinator: Client) -> None:
    page = page_of(coordinator, "/reports/opinion?from=2016-01-01&to=2016-12-31")
    assert "Chưa có số liệu" in page.text
    assert "không tiếp nhận nội dung dư luận xã hội nào" in page.text
    assert page.select("table") == []


@pytest.mark.parametrize(
    "asked, said",
    [
        ("from=2025-12-31&to=2025-01-01", "Ngày đầu kỳ sau ngày cuối kỳ."),
        ("from=31/11/2025&to=2025-12-31", "không có trong lịch"),
        ("from=&to=2025-12-31", "Hãy ghi ngày đầu kỳ."),
        (f"{PERIOD}&as_of=2039-01-01", "không được sau hiện tại"),
        (f"{PERIOD}&as_of=25:00", "không phải là thời điểm"),
        (f"{PERIOD}&by=colour", "Hãy chọn"),
        (f"{PERIOD}&unit=XYZ", "Hãy chọn"),
    ],
)
def test_a_wrong_question_is_told_beside_its_field(
    coordinator: Client, asked: str, said: str
) -> None:
    page = page_of(coordinator, f"/reports/opinion?{asked}", 400)
    complaint = page.select_one(".complaint")
    assert complaint is not None
    assert said in complaint.text
    assert page.select("table") == []
    assert coordinator.get(f"/reports/opinion.docx?{asked}").status_code == 422


@pytest.mark.parametrize("asked", ["measure=colour", "measure=received&by=area&key=x", ""])
def test_a_list_of_no_figure_is_refused(coordinator: Client, asked: str) -> None:
    assert coordinator.get(f"/reports/opinion/cases?{PERIOD}&{asked}").status_code == 422


def test_only_those_who_may_read_reports_do(office: Office, client: Client) -> None:
    client.sign_in(office.person(Role.ADMINISTRATOR))
    for address in ("/reports/opinion", "/reports/opinion/cases", "/reports/opinion.xlsx"):
        assert client.get(address).status_code == 403


def test_the_page_takes_at_most_five_queries(coordinator: Client, statements: list[str]) -> None:
    coordinator.get(f"/reports/opinion?{PERIOD}&by=unit&unit=BTG")
    assert len(statements) <= 5


def test_papers_come_as_files_named_by_their_period(coordinator: Client) -> None:
    for kind in ("docx", "xlsx"):
        answer = coordinator.get(f"/reports/opinion.{kind}?{PERIOD}&by=area")
        assert answer.status_code == 200
        assert f"bao-cao-dlxh-2025-01-01-2025-12-31.{kind}" in answer.headers["Content-Disposition"]
        assert answer.data.startswith(b"PK")
    assert coordinator.get(f"/reports/opinion.pdf?{PERIOD}").status_code == 404
