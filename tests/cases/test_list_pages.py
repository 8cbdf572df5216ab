"""Home and the list: what is found, how it is paged, and how much it costs."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from tests.cases.conftest import Visitor
from tests.factories import Office, make_named, make_office
from tracker.cases import listing, service
from tracker.cases.models import Area, CaseVersion, Channel, Field
from tracker.rules.workflow import Kind, Outcome, Role, State

Visit = Callable[[Role], Visitor]
BUDGET = 8


def codes(page: BeautifulSoup) -> list[str]:
    """The codes in the list, in its order."""
    return [cell.text for cell in page.select("table.cases tbody th")]


def test_home_counts_what_waits_and_each_count_is_its_list(
    office: Office, now: datetime, visit: Visit
) -> None:
    for state in State:
        office.case_in(state, now)
    office.log(now, received_on=date(2026, 1, 5))  # due 30/1/2026
    office.log(now, received_on=date(2026, 2, 2))  # due 2/3/2026, today, Tết in between
    visitor = visit(Role.COORDINATOR)
    counts = visitor.get("/").select(".counts a")
    assert [
        (each.text.split(maxsplit=1)[1].strip(), int(each.text.split()[0])) for each in counts
    ] == [
        ("Mới tiếp nhận", 3),
        ("Bị trả lại", 0),
        ("Chờ giao", 1),
        ("Chờ kiểm tra kết quả", 1),
        ("Chờ ý kiến lãnh đạo", 0),
        ("Công dân chưa hài lòng", 0),
        ("Sắp đến hạn", 0),
        ("Quá hạn", 1),
    ]
    for each in counts:
        assert len(codes(visitor.get(str(each["href"])))) == int(each.text.split()[0])


def test_an_empty_office_is_told_where_to_begin(visit: Visit) -> None:
    visitor = visit(Role.COORDINATOR)
    links = [link["href"] for link in visitor.get("/").select("main a")]
    assert links == ["/imports", "/cases/new"]
    assert "Chưa có vụ việc nào" in visitor.get("/cases").text


def test_an_administrator_sees_no_case(office: Office, now: datetime, visit: Visit) -> None:
    office.log(now)
    visitor = visit(Role.ADMINISTRATOR)
    assert not visitor.get("/").select(".counts")
    visitor.get("/cases", status=403)


def test_a_row_says_what_one_asks_of_a_case(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(
        now,
        received_on=date(2026, 1, 5),
        field_id=make_named(Field, "Giao thông"),
        area_id=make_named(Area, "Bồ Đề"),
    )
    actor = office.viewer(Role.COORDINATOR)
    service.assign(case.id, actor=actor, lead_id=office.agency.id, now=now)
    [row] = visit(Role.COORDINATOR).get("/cases").select("table.cases tbody tr")
    said = " ".join(row.text.split())
    for word in (
        "DLXH-2026-00001",
        "Đèn đường hỏng ở ngõ 20 phố Ngọc Lâm",
        "Bồ Đề",
        "Giao thông",
        office.agency.name,
        "05/01/2026",
        # 5/1/2026 and 20 working days: 10/1 is worked, 2/2 the last.
        "30/01/2026",
        "quá hạn 16 ngày làm việc",
        "Đã giao",
    ):
        assert word in said, word


@pytest.fixture
def mixed(office: Office, now: datetime) -> dict[str, str]:
    """Cases that differ in each thing that a filter asks for: name -> code."""
    field, area = make_named(Field, "Giao thông"), make_named(Area, "Bồ Đề")
    channel = make_named(Channel, "Thư điện tử")
    found = {
        "plain": office.log(now),
        "complaint": office.log(now, kind=Kind.COMPLAINT),
        "assigned": office.case_in(State.ASSIGNED, now),
        "closed": office.case_in(State.CLOSED, now),
        "field": office.log(now, field_id=field),
        "area": office.log(now, area_id=area),
        "channel": office.log(now, channel_id=channel),
        "old": office.log(now, received_on=date(2025, 6, 2)),
    }
    return {name: case.code for name, case in found.items()} | {"unit_code": office.agency.code}


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("kind=complaint", {"complaint"}),
        ("state=assigned", {"assigned"}),
        ("outcome=resolved", {"closed"}),
        ("field=Giao thông", {"field"}),
        ("area=Bồ Đề", {"area"}),
        ("channel=Thư điện tử", {"channel"}),
        ("unit={unit_code}", {"assigned", "closed"}),
        ("to=31/12/2025", {"old"}),
        ("from=2025-06-02&to=02/06/2025", {"old"}),
        ("due=overdue", {"old"}),
        ("unit={unit_code}&state=closed", {"closed"}),
        ("kind=complaint&state=closed", set()),
    ],
)
def test_a_filter_keeps_exactly_its_cases(
    mixed: dict[str, str], visit: Visit, asked: str, expected: set[str]
) -> None:
    page = visit(Role.COORDINATOR).get(f"/cases?{asked.format(**mixed)}")
    assert set(codes(page)) == {mixed[name] for name in expected}
    if not expected:
        assert "Không có vụ việc nào khớp" in page.text


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("kind=quarrel", "kind"),
        ("field=Chưa có", "field"),
        ("from=31/11/2025", "from"),
        ("to=06/2026", "to"),
        ("due=yesterday", "due"),
        ("q=" + "x" * 201, "q"),
    ],
)
def test_a_filter_that_means_nothing_is_told_beside_its_field(
    office: Office, now: datetime, visit: Visit, asked: str, field: str
) -> None:
    office.log(now)
    page = visit(Role.COORDINATOR).get(f"/cases?{asked}", status=400)
    control = page.select_one(f"main form [name={field}]")
    assert control is not None
    message = page.find(id=control["aria-describedby"])
    assert message is not None
    assert message.text.strip()
    assert codes(page) == []


@pytest.mark.parametrize("words", ["den duong", "Đèn đường", "ĐÈN ngõ 20", "ngoc lam den", "duo"])
def test_search_finds_without_marks(
    office: Office, now: datetime, visit: Visit, words: str
) -> None:
    found = office.log(now)
    office.log(now, content="Rác thải tồn đọng ở chợ")
    assert codes(visit(Role.COORDINATOR).get(f"/cases?q={words}")) == [found.code]


@pytest.mark.parametrize(
    "words", ["15", "bc ubnd", "15/BC-UBND", "03/2026", "2026", "duongday.vn", "<b>", "DLXH-2026"]
)
def test_search_finds_numbers_of_papers_and_dates(
    office: Office, now: datetime, visit: Visit, words: str
) -> None:
    found = office.log(now, content="Văn bản 15/BC-UBND ngày 2/03/2026, www.duongday.vn <b>")
    assert codes(visit(Role.COORDINATOR).get(f"/cases?q={words}")) == [found.code]


@pytest.mark.parametrize("words", ["'", '"', "a & | ! b", "12/2026", "*", "-", "\\"])
def test_search_takes_any_text(office: Office, now: datetime, visit: Visit, words: str) -> None:
    office.log(now)
    assert codes(visit(Role.COORDINATOR).get("/cases?" + f"q={words}".replace("&", "%26"))) == []


def test_a_pasted_code_goes_to_its_case(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(now)
    page = visit(Role.COORDINATOR).get(f"/cases?q= {case.code.lower()} ")
    heading = page.select_one("h1")
    assert heading is not None
    assert heading.text.startswith(case.code)


@pytest.mark.parametrize("asked", ["", "q=den"])
def test_paging_forth_and_back_shows_each_case_once(
    office: Office, now: datetime, visit: Visit, asked: str
) -> None:
    total = 2 * listing.PAGE_SIZE + 7
    for number in range(total):
        # Many share a day, so that the id has to decide.
        office.log(now, received_on=date(2026, 2, 1) + timedelta(days=number % 5))
    visitor = visit(Role.COORDINATOR)

    def walk(page: BeautifulSoup, way: str) -> list[list[str]]:
        pages = [codes(page)]
        while (link := page.select_one(f"a[rel={way}]")) is not None:
            page = visitor.get(str(link["href"]))
            pages.append(codes(page))
        walk.last = page
        return pages

    forth = walk(visitor.get(f"/cases?{asked}"), "next")
    last = walk.last
    assert [len(each) for each in forth] == [50, 50, 7]
    assert len({code for each in forth for code in each}) == total
    assert walk(last, "prev") == forth[::-1]
    assert "107 vụ việc" in last.text


def test_newest_received_stand_first(office: Office, now: datetime, visit: Visit) -> None:
    days = [date(2026, 2, 10), date(2026, 3, 1), date(2026, 2, 20)]
    found = {day: office.log(now, received_on=day).code for day in days}
    expected = [found[day] for day in sorted(days, reverse=True)]
    assert codes(visit(Role.COORDINATOR).get("/cases")) == expected


@pytest.mark.parametrize("cursor", ["x", "AAAA", "%00", "é"])
def test_a_place_that_no_list_gave_out_is_not_found(visit: Visit, cursor: str) -> None:
    visitor = visit(Role.COORDINATOR)
    visitor.get(f"/cases?after={cursor}", status=404)
    visitor.get(f"/cases?q=a&after={cursor}", status=404)


def test_many_are_counted_up_to_a_limit(
    office: Office, now: datetime, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 1)
    monkeypatch.setattr(listing, "COUNTED_UP_TO", 2)
    for _ in range(3):
        office.log(now)
    total = visit(Role.COORDINATOR).get("/cases").select_one("#total")
    assert total is not None
    assert total.text.strip() == "hơn 2 vụ việc"


@pytest.mark.parametrize("url", ["/", "/cases", "/cases?q=den", "/cases?due=overdue", "/cases/new"])
def test_pages_ask_the_database_a_few_times_whatever_they_show(
    office: Office, now: datetime, visit: Visit, statements: list[str], url: str
) -> None:
    for number in range(listing.PAGE_SIZE + 1):
        area = make_named(Area, f"Phường {number}")
        office.log(now, area_id=area, received_on=date(2025, 1, 6))
    visitor = visit(Role.COORDINATOR)
    statements.clear()
    visitor.get(url)
    assert 0 < len(statements) <= BUDGET


def test_a_list_of_normal_cases_costs_nothing_for_the_record_of_readings(
    office: Office, now: datetime, visit: Visit, statements: list[str]
) -> None:
    office.log(now)
    visitor = visit(Role.COORDINATOR)

    def of_readings() -> int:
        statements.clear()
        visitor.get("/cases")
        assert len(statements) <= BUDGET
        return sum("reading" in statement for statement in statements)

    assert of_readings() == 0
    office.log(now, kind=Kind.DENUNCIATION)
    assert of_readings() == 2  # looked up and written down
    assert of_readings() == 1  # there already


def test_the_list_lies_in_the_past_as_well(office: Office, now: datetime) -> None:
    """What reports ask: the rows of versions as recorded at an instant."""
    case = office.log(now)
    later = now + timedelta(hours=1)
    service.close_directly(
        "guide",
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        sent_to="Công an quận",
        reason="Sai nơi",
        now=later,
    )
    then = CaseVersion.recorded_from <= now, CaseVersion.recorded_to > now
    viewer = office.viewer(Role.COORDINATOR)
    [past] = listing.page(viewer, *then, table=CaseVersion).rows
    [present] = listing.page(viewer).rows
    assert (past.state, past.outcome) == (State.RECEIVED, None)
    assert (present.state, present.outcome) == (State.CLOSED, Outcome.GUIDED)
    assert past.id == present.id == case.id


def test_another_office_has_its_own_list(office: Office, now: datetime, visit: Visit) -> None:
    other = make_office("Huyện ủy Gia Lâm")
    other.log(now)
    mine = office.log(now)
    page = visit(Role.COORDINATOR).get("/cases")
    assert codes(page) == [mine.code]
    assert "1 vụ việc" in page.text
