"""One action for many cases: what went, what didn't, and why."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from bs4 import BeautifulSoup

from tests.cases.conftest import Visitor
from tests.factories import Office, make_office
from tracker.cases import queries, service
from tracker.cases.models import Answer, Case
from tracker.core.db import db, transaction
from tracker.rules.workflow import Outcome, Role, State

Visit = Callable[[Role], Visitor]


def box(case: Case) -> str:
    """The value of the box before a case in the list."""
    return f"{case.id}.{case.version}"


def told(page: BeautifulSoup, part: str) -> dict[str, str]:
    """Code -> reason of the cases under the heading `part`."""
    section = page.find("section", attrs={"aria-labelledby": part})
    if section is None:
        return {}
    return {
        str(item.a.text): item.strong.text if item.strong else "" for item in section.select("li")
    }


def state(office: Office, case: Case) -> str:
    found = queries.find(office.viewer(Role.COORDINATOR), case.id)
    assert found is not None
    return found.state


def test_each_case_is_judged_by_its_own_rules(office: Office, now: datetime, visit: Visit) -> None:
    fit, also_fit = office.log(now), office.case_in(State.VERIFYING, now)
    closed = office.case_in(State.CLOSED, now)
    stale = office.log(now)
    before = box(stale)
    service.comment(stale.id, actor=office.viewer(Role.COORDINATOR), text="Chờ", now=now)
    service.verify(stale.id, actor=office.viewer(Role.COORDINATOR), now=now)
    visitor = visit(Role.COORDINATOR)
    chosen = [box(fit), box(also_fit), box(closed), before]
    form = visitor.post("/cases/bulk/assignments", case=chosen)
    assert [each["value"] for each in form.select("input[name=case]")]
    assert state(office, fit) == State.RECEIVED  # nothing is done before it is sent
    page = visitor.post(
        "/cases/bulk/assignments",
        case=chosen,
        send="1",
        lead_id=str(office.agency.id),
        asked="Trả lời trong tháng",
    )
    assert set(told(page, "done")) == {fit.code, also_fit.code}
    refused = told(page, "refused")
    assert set(refused) == {closed.code, stale.code}
    assert all(refused.values())
    assert [state(office, each) for each in (fit, also_fit, closed, stale)] == [
        State.ASSIGNED, State.ASSIGNED, State.CLOSED, State.VERIFYING,
    ]  # fmt: skip


def test_each_case_has_its_own_entry(office: Office, now: datetime, visit: Visit) -> None:
    cases = [office.case_in(State.ANSWERED, now) for _ in range(2)]
    page = visit(Role.COORDINATOR).post(
        "/cases/bulk/closures",
        case=[box(case) for case in cases],
        send="1",
        text="Đã kiểm tra",
    )
    assert set(told(page, "done")) == {case.code for case in cases}
    for case in cases:
        whole = queries.whole(office.viewer(Role.COORDINATOR), case.id, now)
        assert whole is not None
        assert (whole.story[0].action, whole.story[0].text) == ("close", "Đã kiểm tra")


def test_each_case_ends_as_its_own_answer_proposes(
    office: Office, now: datetime, visit: Visit
) -> None:
    resolved = office.case_in(State.ANSWERED, now)
    promised, silent = (office.case_in(State.ASSIGNED, now) for _ in range(2))
    for case in (promised, silent):
        service.answer(
            case.id,
            actor=office.viewer(Role.AGENCY_WORKER),
            text="Sẽ sửa trong tháng 6",
            answered_on=date(2026, 3, 2),
            outcome=Outcome.PROMISED,
            promised_on=date(2026, 6, 30),
            now=now,
        )
    with transaction():
        # A register's answer proposes nothing.
        db.session.query(Answer).filter_by(case_id=silent.id).one().outcome = None
    page = visit(Role.COORDINATOR).post(
        "/cases/bulk/closures",
        case=[box(case) for case in (resolved, promised, silent)],
        send="1",
        outcome=Outcome.RESOLVED,
    )
    assert set(told(page, "done")) == {resolved.code, promised.code}
    assert set(told(page, "refused")) == {silent.code}
    db.session.expire_all()
    assert [(case.outcome, case.promised_on, case.ended_on) for case in (resolved, promised)] == [
        (Outcome.RESOLVED, None, date(2026, 3, 2)),
        (Outcome.PROMISED, date(2026, 6, 30), None),
    ]


def test_sent_twice_changes_nothing_more(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(now)
    visitor = visit(Role.COORDINATOR)
    given: dict[str, Any] = {"case": [box(case)], "send": "1", "lead_id": str(office.agency.id)}
    visitor.post("/cases/bulk/assignments", **given)
    page = visitor.post("/cases/bulk/assignments", **given)
    assert set(told(page, "refused")) == {case.code}


def test_a_form_that_lacks_something_keeps_the_selection(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.log(now)
    page = visit(Role.COORDINATOR).post(
        "/cases/bulk/assignments", 422, case=[box(case)], send="1", asked="Gấp"
    )
    assert page.select_one("main textarea").text.strip() == "Gấp"
    assert [each["value"] for each in page.select("main input[name=case]")] == [box(case)]
    assert page.select_one(".complaint") is not None


def test_cases_that_one_may_not_see_are_not_in_the_selection(
    office: Office, now: datetime, visit: Visit
) -> None:
    hidden = make_office("Huyện ủy Gia Lâm").log(now)
    mine = office.log(now)
    page = visit(Role.COORDINATOR).post("/cases/bulk/assignments", case=[box(hidden), box(mine)])
    assert hidden.code not in page.text
    assert mine.code in page.text
    assert "1 vụ việc không còn mở được với bạn." in page.text
    done = visit(Role.COORDINATOR).post(
        "/cases/bulk/assignments",
        case=[box(hidden), box(mine)],
        send="1",
        lead_id=str(office.agency.id),
    )
    assert set(told(done, "done")) == {mine.code}
    assert "1 vụ việc không còn mở được với bạn." in done.text


@pytest.mark.parametrize(
    "address", ["/cases/bulk/assignments", "/cases/bulk/closures", "/cases/bulk/files"]
)
def test_a_selection_that_is_gone_is_told(
    office: Office, now: datetime, visit: Visit, address: str
) -> None:
    hidden = make_office("Huyện ủy Gia Lâm").log(now)
    page = visit(Role.COORDINATOR).post(address, case=[box(hidden)])
    assert "1 vụ việc không còn mở được với bạn." in page.text


@pytest.mark.parametrize("case", [[], ["x"]])
def test_nothing_chosen_is_told(
    office: Office, now: datetime, visit: Visit, case: list[str]
) -> None:
    office.log(now)
    for address in ("/cases/bulk/assignments", "/cases/bulk/files"):
        page = visit(Role.COORDINATOR).post(address, case=case)
        assert "Hãy đánh dấu" in page.text


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (
            Role.COORDINATOR,
            {"/cases/bulk/assignments", "/cases/bulk/extensions", "/cases/bulk/closures"},
        ),
        (Role.LEADER, set()),
    ],
)
def test_the_list_offers_what_the_role_may(
    office: Office, now: datetime, visit: Visit, role: Role, expected: set[str]
) -> None:
    office.log(now)
    page = visit(role).get("/cases")
    offered = {str(each["formaction"]) for each in page.select("#bulk [formaction]")}
    assert expected <= offered
    assert bool(offered) == bool(expected)
