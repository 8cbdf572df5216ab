"""What a case is found by, and which hits stand first."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from tests.cases.conftest import Visitor
from tests.factories import Office, make_office
from tracker.cases import listing, search, service
from tracker.core.clock import local_date
from tracker.core.db import db, transaction
from tracker.rules.workflow import Outcome, Role, State

Visit = Callable[[Role], Visitor]


def codes(page: BeautifulSoup) -> list[str]:
    """The codes in the list, in its order."""
    return [cell.text for cell in page.select("table.cases tbody th")]


def there_and_back(
    visitor: Visitor, address: str
) -> tuple[list[list[str]], list[list[str]], BeautifulSoup]:
    """The codes of each page of a list up to its end, then back, and its first page."""
    page = visitor.get(address)
    there, back = [codes(page)], []
    while (link := page.select_one("a[rel=next]")) is not None:
        page = visitor.get(str(link["href"]))
        there.append(codes(page))
    while (link := page.select_one("a[rel=prev]")) is not None:
        page = visitor.get(str(link["href"]))
        back.append(codes(page))
    return there, back, page


@pytest.fixture
def everything_is_common(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two hits are many, one is fetched first, and two cases are a slice of all."""
    for name, size in {"FEW": 1, "FETCHED_AT_ONCE": 1, "SLICE": 2}.items():
        monkeypatch.setattr(search, name, size)
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)


@pytest.mark.parametrize("words", ["412/UBND-QLDT", "412 ubnd qlđt", "412"])
def test_the_number_of_an_answers_document_finds_its_case(
    office: Office, now: datetime, visit: Visit, words: str
) -> None:
    office.log(now)
    case = office.case_in(State.ASSIGNED, now)
    service.answer(
        case.id,
        actor=office.viewer(Role.AGENCY_WORKER),
        text="Đã thay bóng đèn",
        answered_on=local_date(now),
        outcome=Outcome.RESOLVED,
        now=now,
        document_number="412/UBND-QLĐT",
    )
    visitor = visit(Role.COORDINATOR)
    assert codes(visitor.get(f"/cases?q={words}")) == [case.code]
    assert codes(visitor.get("/cases?q=bong den")) == []  # answers' texts aren't searched


def test_an_extra_column_finds_its_case_and_a_second_answer_loses_no_word(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.ANSWERED, now)
    with transaction():
        case = db.session.merge(case)
        case.extra = {"Nguồn tin": "Trưởng nhóm cộng tác viên"}
        search.index(case)
    coordinator = office.viewer(Role.COORDINATOR)
    service.redo(case.id, actor=coordinator, reason="Chưa đủ", now=now)
    service.answer(
        case.id,
        actor=office.viewer(Role.AGENCY_WORKER),
        text="Đã làm lại",
        answered_on=local_date(now),
        outcome=Outcome.RESOLVED,
        now=now,
        document_number="77/BC",
    )
    visitor = visit(Role.COORDINATOR)
    for words in ("cong tac vien", "77/BC", "ngo 20"):
        assert codes(visitor.get(f"/cases?q={words}")) == [case.code]


def test_typed_marks_stand_first_then_the_newest(
    office: Office, now: datetime, visit: Visit
) -> None:
    texts = ["Hòa giải ở ngõ 5", "Hoa héo ở vườn", "Hoà giải lại", "Hóa đơn điện", "Hoả hoạn"]
    found = [
        office.log(now + timedelta(minutes=number), content=text).code
        for number, text in enumerate(texts)
    ]
    hits = codes(visit(Role.COORDINATOR).get("/cases?q=hòa"))
    assert hits == [found[2], found[0], found[4], found[3], found[1]]
    assert codes(visit(Role.COORDINATOR).get("/cases?q=hoa")) == found[::-1]


def test_paging_goes_from_exact_hits_to_the_others_and_back(
    office: Office, now: datetime, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    texts = ["đèn", "đen", "đèn", "dẻn", "đèn", "den", "đến"]
    found = [office.log(now, content=f"Về {text}").code for text in texts]
    expected = [found[each] for each in (4, 2, 0, 6, 5, 3, 1)]
    there, back, first = there_and_back(visit(Role.COORDINATOR), "/cases?q=đèn")
    assert there == [expected[:2], expected[2:4], expected[4:6], expected[6:]]
    assert back == there[-2::-1]
    assert "7 vụ việc" in first.text


def test_search_keeps_to_what_one_may_see_and_to_the_filters(
    office: Office, now: datetime, visit: Visit
) -> None:
    make_office("Huyện ủy Gia Lâm").log(now)
    mine = office.log(now)
    office.case_in(State.ASSIGNED, now)
    visitor = visit(Role.COORDINATOR)
    assert codes(visitor.get("/cases?q=đèn đường&state=received")) == [mine.code]


def test_what_is_common_is_walked_through_there_and_back(
    office: Office, now: datetime, visit: Visit, everything_is_common: None
) -> None:
    texts = ["đèn", "đen", "đèn", "dẻn", "đèn", "den", "đến"]
    found = [office.log(now, content=f"Về {text}").code for text in texts]
    expected = [found[each] for each in (4, 2, 0, 6, 5, 3, 1)]
    there, back, first = there_and_back(visit(Role.COORDINATOR), "/cases?q=đèn")
    assert there == [expected[:2], expected[2:4], expected[4:6], expected[6:]]
    assert back == there[-2::-1]
    assert "hơn 2 vụ việc" in " ".join(first.text.split())
    there, back, _first = there_and_back(visit(Role.COORDINATOR), "/cases?q=den")
    assert [code for page in there for code in page] == found[::-1]
    assert back == there[-2::-1]


def test_filters_find_what_is_rare_among_what_is_common(
    office: Office, now: datetime, visit: Visit, everything_is_common: None
) -> None:
    old = office.case_in(State.ASSIGNED, now)
    for _each in range(6):
        office.log(now)
    for role in (Role.COORDINATOR, Role.AGENCY_WORKER):
        visitor = visit(role)
        assert codes(visitor.get("/cases?q=đèn đường&state=assigned")) == [old.code]
        assert codes(visitor.get("/cases?q=den duong&state=assigned&order=due")) == [old.code]


def test_of_the_last_word_the_beginning_is_enough_where_nothing_has_it_whole(
    office: Office, now: datetime, visit: Visit
) -> None:
    lamp, ward = office.log(now), office.log(now, content="Phố Ngọ")
    visitor = visit(Role.COORDINATOR)
    assert codes(visitor.get("/cases?q=den du")) == [lamp.code]
    assert codes(visitor.get("/cases?q=đèn đườ")) == [lamp.code]
    assert codes(visitor.get("/cases?q=ngo")) == [ward.code, lamp.code]
    assert codes(visitor.get("/cases?q=du den")) == []


def test_a_beginning_that_is_common_is_found_newest_first(
    office: Office, now: datetime, visit: Visit, everything_is_common: None
) -> None:
    found = [office.log(now).code for _each in range(5)]
    there, back, _first = there_and_back(visit(Role.COORDINATOR), "/cases?q=den duo")
    assert there == [found[:2:-1], found[2:0:-1], found[:1]]
    assert back == there[-2::-1]


def test_where_there_are_no_cases_nothing_is_found(office: Office, visit: Visit) -> None:
    assert codes(visit(Role.COORDINATOR).get("/cases?q=đèn đường")) == []
