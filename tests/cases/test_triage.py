"""A list worked through: after each decision the next of its cases opens by itself."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from tests.cases.conftest import Visitor
from tests.cases.test_action_pages import CORRECTION
from tests.cases.test_desks import codes
from tests.factories import Office, make_office
from tracker.cases.models import Case
from tracker.core.db import db
from tracker.rules.workflow import Kind, Role, State

Visit = Callable[[Role], Visitor]
BUDGET = 8


def heading(page: BeautifulSoup) -> str:
    """The code of the case that is open, or the name of the list."""
    found = page.select_one("h1")
    assert found is not None
    return found.text.split(" ")[0] if found.select("small") else found.text


def notice(page: BeautifulSoup) -> str:
    found = page.select_one("#notices .alert-success")
    assert found is not None
    return " ".join(found.text.split())


def sent(visitor: Visitor, page: BeautifulSoup, resource: str, **given: str) -> BeautifulSoup:
    """What comes of the page's form, filled in with `given`, as a browser sends it."""
    form = page.select_one(f"form[action*='/{resource}']")
    assert form is not None
    known = {
        str(each["name"]): str(each.get("value", ""))
        for each in form.select("input[type=hidden]")
        if each["name"] != "csrf_token"
    }
    return visitor.post(str(form["action"]), **(known | given))


@pytest.fixture
def waiting(office: Office, now: datetime) -> list[Case]:
    """Three new cases, received on three days, in the order of their list."""
    return [
        office.log(now - timedelta(minutes=5), received_on=date(2026, 2, day))
        for day in (24, 25, 26)
    ]


def test_from_the_first_to_the_last_and_to_the_empty_list(
    visit: Visit, waiting: list[Case]
) -> None:
    visitor = visit(Role.COORDINATOR)
    first = visitor.get("/cases?list=new").select_one("table.cases tbody th a")
    assert first is not None
    page = visitor.get(str(first["href"]))
    for case, after, left in zip(waiting, (*waiting[1:], None), (2, 1, 0), strict=True):
        assert heading(page) == case.code
        back = page.select_one("main header a[href='/cases?list=new']")
        assert back is not None
        page = sent(visitor, page, "verifications")
        said = f"Đã ghi: bắt đầu xác minh. Xem lại {case.code}."
        assert notice(page) == f"{said} Danh sách “Mới tiếp nhận” còn {left} vụ việc."
        link = page.select_one("#notices a")
        assert link is not None
        assert str(link["href"]).split("?")[0] == f"/cases/{case.id}"
        assert heading(page) == (after.code if after else "Mới tiếp nhận")
    assert codes(page) == []
    empty = page.select_one(".empty")
    assert empty is not None
    assert "Hết việc trong danh sách này." in empty.text


def test_the_next_is_the_one_after_and_then_from_the_top(visit: Visit, waiting: list[Case]) -> None:
    first, second, third = waiting
    visitor = visit(Role.COORDINATOR)
    at = "/verifications?list=new"
    assert heading(visitor.post(f"/cases/{second.id}{at}")) == third.code
    assert heading(visitor.post(f"/cases/{third.id}{at}")) == first.code


def test_a_case_that_stays_in_its_list_isn_t_the_next(visit: Visit, waiting: list[Case]) -> None:
    visitor = visit(Role.COORDINATOR)
    first, second, third = waiting
    page = visitor.get(f"/cases/{first.id}?list=new")
    page = sent(visitor, page, "extensions", due_on="20/04/2026", reason="Khó")
    assert heading(page) == second.code
    assert "còn 3 vụ việc" in notice(page)
    for case in (second, third):
        page = visitor.post(f"/cases/{case.id}/verifications?list=new")
    assert heading(page) == first.code
    page = visitor.get(f"/cases/{first.id}?list=new")
    page = sent(visitor, page, "extensions", due_on="21/04/2026", reason="Khó")
    assert (heading(page), codes(page)) == ("Mới tiếp nhận", [first.code])


def test_by_due_date_the_place_is_that_from_before_the_decision(
    office: Office, now: datetime, visit: Visit
) -> None:
    late = [
        office.log(now, received_on=date(2025, 6, day), kind=kind)
        for day, kind in ((2, Kind.OPINION), (3, Kind.VOTER), (4, Kind.OPINION))
    ]
    in_order = sorted(late, key=lambda case: case.due_on or date.max)
    visitor = visit(Role.COORDINATOR)
    page = visitor.get(f"/cases/{in_order[1].id}?list=overdue")
    page = sent(visitor, page, "extensions", due_on="20/04/2026", reason="Khó")
    assert heading(page) == in_order[2].code


def test_what_is_only_recorded_leaves_one_at_the_case(visit: Visit, waiting: list[Case]) -> None:
    visitor = visit(Role.COORDINATOR)
    page = visitor.get(f"/cases/{waiting[0].id}?list=new&form=correct")
    page = sent(visitor, page, "comments", text="Đã gọi điện")
    assert heading(page) == waiting[0].code
    page = sent(visitor, visitor.get(f"/cases/{waiting[0].id}?list=new&form=correct"),
                "corrections", **CORRECTION)  # fmt: skip
    assert heading(page) == waiting[0].code
    assert heading(sent(visitor, page, "verifications")) == waiting[1].code


def test_a_refused_form_keeps_the_list(visit: Visit, waiting: list[Case]) -> None:
    visitor = visit(Role.COORDINATOR)
    at = f"/cases/{waiting[0].id}/filings"
    page = visitor.post(f"{at}?list=new", status=422, reason=" ")
    form = page.select_one("form[action*='/filings']")
    assert form is not None
    assert form["action"] == f"{at}?list=new"
    assert heading(sent(visitor, page, "filings", reason="Nặc danh")) == waiting[1].code


def test_merging_and_splitting_go_on_as_well(visit: Visit, waiting: list[Case]) -> None:
    first, second, third = waiting
    visitor = visit(Role.COORDINATOR)
    page = visitor.get(f"/cases/{third.id}?list=new")
    link = page.select_one(f"a[href='/cases/{third.id}/merge?list=new']")
    assert link is not None
    page = visitor.get(f"{link['href']}&into={second.code}")
    page = sent(visitor, page, "merges")
    assert heading(page) == first.code
    assert notice(page).startswith(f"Đã gộp {third.code} vào {second.code}. Xem lại")
    page = visitor.get(f"/cases/{second.id}/split?list=new")
    given = {"parts-0-content": "Đèn", "parts-1-content": "Cống", "is_sure": "y"}
    page = sent(visitor, page, "parts", **given)
    # The new part was received on the same day, and comes before what came later.
    assert notice(page).startswith(f"Đã tách thêm: {heading(page)}. Xem lại {second.code}.")


def test_an_agency_goes_on_though_the_case_has_left_it(
    office: Office, now: datetime, visit: Visit
) -> None:
    returned, other = (office.case_in(State.ASSIGNED, now) for _ in range(2))
    visitor = visit(Role.AGENCY_WORKER)
    page = visitor.get(f"/cases/{returned.id}?list=assigned_to_us")
    page = sent(visitor, page, "returns", reason="Không thuộc")
    assert heading(page) == other.code
    link = page.select_one("#notices a")
    assert link is not None
    assert "không còn ở đơn vị của bạn" in visitor.get(str(link["href"])).text


def test_nothing_opens_that_one_may_not_see(
    office: Office, now: datetime, visit: Visit, waiting: list[Case]
) -> None:
    elsewhere = make_office("Quận ủy Ba Đình")
    hidden = elsewhere.log(now, received_on=date(2026, 2, 25))
    visitor = visit(Role.COORDINATOR)
    page = visitor.post(f"/cases/{waiting[0].id}/verifications?list=new")
    assert (heading(page), hidden.code in page.text) == (waiting[1].code, False)
    assert "còn 2 vụ việc" in notice(page)


@pytest.mark.parametrize("name", ["in_hand", "khong-co", ""])
def test_a_list_of_others_is_none(visit: Visit, waiting: list[Case], name: str) -> None:
    visitor = visit(Role.COORDINATOR)
    page = visitor.get(f"/cases/{waiting[0].id}?list={name}")
    assert page.select("main header a[href^='/cases?list']") == []
    page = visitor.post(f"/cases/{waiting[0].id}/verifications?list={name}")
    assert heading(page) == waiting[0].code
    assert notice(page) == "Đã ghi: bắt đầu xác minh."


def test_filters_leave_the_list(visit: Visit, waiting: list[Case]) -> None:
    visitor = visit(Role.COORDINATOR)
    page = visitor.get("/cases?list=new&kind=opinion")
    assert [str(link["href"]) for link in page.select("table.cases tbody th a")] == [
        f"/cases/{case.id}" for case in waiting
    ]


def test_the_case_s_page_asks_no_more_of_the_database(
    visit: Visit, waiting: list[Case], statements: list[str]
) -> None:
    visitor = visit(Role.COORDINATOR)
    sent_for, address = [], f"/cases/{waiting[0].id}"
    for question in ("", "?list=new"):
        db.session.expire_all()
        statements.clear()
        visitor.get(address + question)
        sent_for.append(len(statements))
    assert sent_for[0] == sent_for[1] <= BUDGET
