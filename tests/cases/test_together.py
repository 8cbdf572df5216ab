"""Several people on one case: who writes, both versions, and forms that are sent twice."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask

from tests.application import Client
from tests.cases.conftest import Visitor
from tests.cases.stories import assert_chain, assert_versions, entries
from tests.factories import Office, make_user
from tracker.cases import service
from tracker.cases.models import Case
from tracker.core.db import db, new_id
from tracker.core.errors import NotAllowed
from tracker.rules.workflow import Kind, Outcome, Role, State
from tracker.units.models import User

Visit = Callable[[Role], Visitor]
PEOPLE = 8


@pytest.fixture
def colleague(app: Flask, office: Office) -> Visitor:
    """A second coordinator, at a browser of their own."""
    return browser_of(app, make_user(Role.COORDINATOR, office.committee, name="Lê Thị Hoa"))


def browser_of(app: Flask, user: User) -> Visitor:
    client = Client(app, app.response_class)
    client.sign_in(user)
    return Visitor(client)


def address(case: Case, resource: str = "") -> str:
    return f"/cases/{case.id}/{resource}".rstrip("/")


def form_of(page: BeautifulSoup, resource: str) -> dict[str, str]:
    """The hidden fields of the page's form for `resource`."""
    [form] = page.select(f'form[action$="/{resource}"]')
    return {
        str(field["name"]): str(field.get("value", ""))
        for field in form.select("input[type=hidden]")
        if field["name"] != "csrf_token"
    }


def writing(page: BeautifulSoup) -> str:
    return " ".join(page.select_one("#writing").text.split())


def test_others_see_who_writes_until_two_minutes_have_passed(
    office: Office, now: datetime, visit: Visit, colleague: Visitor
) -> None:
    case = office.case_in(State.ANSWERED, now)
    assert writing(visit(Role.COORDINATOR).get(address(case))) == ""
    assert colleague.post(address(case, "writing")).text.strip() == ""
    assert writing(visit(Role.COORDINATOR).get(address(case))).startswith("Lê Thị Hoa đang viết")
    assert writing(colleague.get(address(case))) == ""
    with time_machine.travel(now + timedelta(seconds=100)):
        colleague.post(address(case, "writing"))
    with time_machine.travel(now + timedelta(seconds=200)):
        assert "Lê Thị Hoa" in writing(visit(Role.COORDINATOR).get(address(case)))
    with time_machine.travel(now + timedelta(seconds=221)):
        assert writing(visit(Role.COORDINATOR).get(address(case))) == ""


def test_each_who_writes_is_told_of_the_others(
    office: Office, now: datetime, visit: Visit, colleague: Visitor
) -> None:
    case = office.log(now)
    colleague.post(address(case, "writing"))
    told = visit(Role.LEADER).post(address(case, "writing"))
    assert "Lê Thị Hoa đang viết" in told.text
    assert office.user(Role.LEADER).name in colleague.post(address(case, "writing")).text


def test_what_is_saved_is_no_longer_written_and_nobody_was_locked_out(
    office: Office, now: datetime, visit: Visit, colleague: Visitor
) -> None:
    case = office.case_in(State.ANSWERED, now)
    colleague.post(address(case, "writing"))
    coordinator = visit(Role.COORDINATOR)
    coordinator.post(address(case, "comments"), text="Đã gọi dân")
    assert "Lê Thị Hoa" in writing(coordinator.get(address(case)))
    colleague.post(address(case, "comments"), text="Đã xem")
    assert writing(coordinator.get(address(case))) == ""


def test_who_writes_is_secret_to_those_who_do_not_see_the_case(
    office: Office, now: datetime, visit: Visit, colleague: Visitor
) -> None:
    case = office.log(now, kind=Kind.DENUNCIATION)
    colleague.post(address(case, "writing"))
    outsider = visit(Role.RECEPTION_OFFICER)
    outsider.post(address(case, "writing"), status=404)
    assert "Lê Thị Hoa" not in outsider.get(address(case), status=404).text
    with pytest.raises(NotAllowed):
        service.write(case.id, actor=office.viewer(Role.RECEPTION_OFFICER), now=now)
    visit(Role.AUDITOR).post(address(office.log(now), "writing"), status=403)


def test_the_second_sees_both_versions_and_can_send_again(
    office: Office, now: datetime, visit: Visit, colleague: Visitor
) -> None:
    case = office.case_in(State.ANSWERED, now)
    coordinator = visit(Role.COORDINATOR)
    opened = form_of(coordinator.get(address(case)), "redos")
    colleague.post(address(case, "extensions"), due_on="01/06/2026", reason="Việc phức tạp")
    colleague.post(address(case, "comments"), text="Đã gọi cho phường")
    typed = "Ảnh chụp <b>chưa</b> rõ"
    page = coordinator.post(address(case, "redos"), status=409, reason=typed, **opened)
    both = page.select_one("section[aria-labelledby=both]")
    assert both.select_one("[role=alert]")
    assert [entry.strong.text for entry in both.select(".story > li")] == [
        "Ghi chú nội bộ", "Gia hạn",
    ]  # fmt: skip
    assert "Việc phức tạp" in both.text
    assert "Lê Thị Hoa" in both.text
    assert both.textarea.text.strip() == typed
    assert both.select_one(f'a[href="{address(case)}"]')
    assert len(page.select('form[action$="/redos"]')) == 1
    again = coordinator.post(address(case, "redos"), reason=typed, **form_of(page, "redos"))
    assert typed in again.select_one(".story").text
    assert entries(case)[-1].text == typed


def test_what_was_typed_is_shown_where_the_form_is_no_more(
    office: Office, now: datetime, visit: Visit, colleague: Visitor
) -> None:
    case = office.case_in(State.ANSWERED, now)
    coordinator = visit(Role.COORDINATOR)
    opened = form_of(coordinator.get(address(case)), "closures")
    colleague.post(address(case, "redos"), reason="Chưa rõ")
    given = {"outcome": Outcome.PROMISED, "promised_on": "01/06/2026", "text": "Đợi vốn"}
    page = coordinator.post(address(case, "closures"), status=409, **given, **opened)
    both = page.select_one("section[aria-labelledby=both]")
    assert [entry.strong.text for entry in both.select(".story > li")] == ["Yêu cầu giải quyết lại"]
    words = {name.text: name.find_next("dd").text for name in both.select("dt")}
    assert words["Nhận xét"] == "Đợi vốn"
    assert words["Ngày hẹn thực hiện"] == "01/06/2026"
    assert words["Kết quả"]
    assert page.select('form[action$="/closures"]') == []


@pytest.mark.parametrize("seen", ["", "-5", "x", str(10**30), "99"])
def test_a_mangled_count_of_what_was_seen_still_shows_both(
    office: Office, now: datetime, visit: Visit, seen: str
) -> None:
    case = office.case_in(State.ANSWERED, now)
    given = {"reason": "Chưa rõ", "version": "0", "seen": seen}
    page = visit(Role.COORDINATOR).post(
        address(case, "redos"), status=422 if seen == "x" else 409, **given
    )
    assert "Chưa rõ" in page.text


def test_a_second_click_is_the_first_one(office: Office, now: datetime, visit: Visit) -> None:
    worker = visit(Role.AGENCY_WORKER)
    for resource, given in (
        ("acceptances", {}),
        ("comments", {"text": "Đã nhận"}),
        ("returns", {"reason": "Không thuộc thẩm quyền"}),
    ):
        case = office.case_in(State.ASSIGNED, now)
        before = len(entries(case))
        opened = form_of(worker.get(address(case)), resource)
        for _click in range(2):
            worker.post(address(case, resource), **given, **opened)
        assert len(entries(case)) == before + 1


def test_other_words_are_no_second_click(office: Office, now: datetime, visit: Visit) -> None:
    case = office.case_in(State.ANSWERED, now)
    coordinator = visit(Role.COORDINATOR)
    opened = form_of(coordinator.get(address(case)), "redos")
    coordinator.post(address(case, "redos"), reason="Chưa rõ", **opened)
    page = coordinator.post(
        address(case, "redos"), status=409, reason="Chưa rõ ngày thay", **opened
    )
    assert "Chưa rõ ngày thay" in page.text
    assert entries(case)[-1].text == "Chưa rõ"


def test_the_same_note_may_be_written_again_by_a_new_form(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.log(now)
    leader = visit(Role.LEADER)
    for _form in range(2):
        opened = form_of(leader.get(address(case)), "comments")
        leader.post(address(case, "comments"), text="Nhắc", **opened)
    assert [entry.text for entry in entries(case)[1:]] == ["Nhắc", "Nhắc"]
    leader.post(address(case, "comments"), status=422, text="Khác", **opened)
    other = office.log(now)
    leader.post(address(other, "comments"), status=422, text="Nhắc", **opened)
    leader.post(address(other, "comments"), text="Nhắc", entry_id="../x")
    assert len(entries(other)) == 2


def at_once(browsers: list[Client], url: str, given: dict[str, str]) -> Counter[int]:
    """How many answers of each status came of the same form sent by all at the same moment."""
    start = Barrier(len(browsers))

    def send(client: Client) -> int:
        start.wait()
        return client.post(url, data=given).status_code

    db.session.commit()
    with ThreadPoolExecutor(len(browsers)) as pool:
        return Counter(pool.map(send, browsers))


@pytest.mark.parametrize(
    ("resource", "given"),
    [
        ("redos", {"reason": "Chưa rõ"}),
        ("closures", {"outcome": "resolved", "text": ""}),
        ("comments", {"text": "Đã xem", "entry_id": str(new_id())}),
    ],
)
@pytest.mark.parametrize("is_same_person", [True, False])
def test_eight_at_once_give_one_entry(
    app: Flask,
    office: Office,
    now: datetime,
    resource: str,
    given: dict[str, str],
    is_same_person: bool,
) -> None:
    case = office.case_in(State.ANSWERED, now)
    users = [make_user(Role.COORDINATOR, office.committee) for _number in range(PEOPLE)]
    browsers = [Client(app, app.response_class) for _user in users]
    for client, user in zip(browsers, users, strict=True):
        client.sign_in(users[0] if is_same_person else user)
    story = entries(case)
    opened = {"version": str(case.version), "seen": str(len(story))}
    statuses = at_once(browsers, address(case, resource), given | opened)
    db.session.expire_all()
    refused = 422 if resource == "comments" else 409
    assert statuses == ({302: PEOPLE} if is_same_person else {302: 1, refused: PEOPLE - 1})
    assert len(entries(case)) == len(story) + 1
    assert_chain(case)
    assert_versions(case)


def test_one_who_writes_in_many_windows(app: Flask, office: Office, now: datetime) -> None:
    case = office.log(now)
    browsers = [Client(app, app.response_class) for _number in range(PEOPLE)]
    for client in browsers:
        client.sign_in(office.user(Role.COORDINATOR))
    assert at_once(browsers, address(case, "writing"), {}) == {200: PEOPLE}
