"""Logging a case by hand, the case's page, and its actions as forms."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from tests.cases import circumstances
from tests.cases.conftest import Visitor
from tests.factories import Office, make_office
from tracker.cases import service
from tracker.cases.actions import PAGES
from tracker.cases.models import Entry
from tracker.core.db import db, new_id
from tracker.rules.workflow import Kind, Outcome, Role, State

Visit = Callable[[Role], Visitor]
RESOURCES = {page.resource for page in PAGES.values()}


def actions_on(page: BeautifulSoup) -> set[str]:
    """The resources that the page's forms create."""
    return {
        str(form["action"]).rsplit("/", 1)[1]
        for form in page.select("main form")
        if str(form["action"]).startswith("/cases/")
    }


def test_the_page_tells_the_whole_course(office: Office, now: datetime, visit: Visit) -> None:
    case = office.case_in(State.CLOSED, now)
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    steps = page.select(".stepper li")
    assert [step.text.strip() for step in steps] == [
        "Tiếp nhận", "Xác minh", "Đã giao", "Đã trả lời", "Đã kết thúc",
    ]  # fmt: skip
    assert [step.text.strip() for step in steps if step.get("aria-current") == "step"] == [
        "Đã kết thúc"
    ]
    story = page.select(".story > li")
    assert [entry.strong.text for entry in story if entry.strong] == [
        "Kết thúc vụ việc", "Trả lời", "Giao giải quyết", "Bắt đầu xác minh", "Tiếp nhận",
    ]  # fmt: skip
    newest = " ".join(story[0].text.split())
    for word in (
        "02/03/2026",
        "ghi lúc 02/03/2026 09:00",
        office.user(Role.COORDINATOR).name,
        office.committee.name,
        "Trạng thái: Đã trả lời → Đã kết thúc",
        "Kết quả: Đã giải quyết",
    ):
        assert word in newest, word
    assert f"Đơn vị chủ trì: {office.agency.name}" in " ".join(story[2].text.split())
    assert "Đã thay bóng đèn" in page.text


def test_the_due_date_shows_how_it_is_counted(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(now, received_on=date(2026, 2, 12))
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    rows = [
        [cell.text for cell in row.select("th, td")] for row in page.select(".due-account tbody tr")
    ]
    assert rows[0][:2] == ["13/02/2026", "1"]
    assert rows[1] == ["14/02/2026", "–", "Thứ Bảy"]
    tet = next(row for row in rows if row[0] == "17/02/2026")
    assert tet[1] == "–"
    assert "Tết" in tet[2]
    assert rows[-1][:2] == [f"{case.due_on:%d/%m/%Y}", "20"]


def test_a_due_date_of_the_register_is_said_to_be_one(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.log(now)
    case.original_due_on, case.due_basis = date(2026, 4, 30), "register"
    db.session.commit()
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    assert "Hạn 30/04/2026 là hạn ghi theo sổ." in page.text


def test_what_lies_outside_ones_sight_does_not_exist(
    office: Office, now: datetime, visit: Visit
) -> None:
    other = make_office("Huyện ủy Gia Lâm")
    hidden = [
        other.log(now),
        office.log(now, kind=Kind.DENUNCIATION),
    ]
    visitor = visit(Role.RECEPTION_OFFICER)
    unknown = visitor.get(f"/cases/{new_id()}", status=404)
    for case in hidden:
        page = visitor.get(f"/cases/{case.id}", status=404)
        assert page.select_one("main") == unknown.select_one("main")
        visitor.post(f"/cases/{case.id}/comments", status=404, text="x")
        assert visitor.get(f"/cases?q={case.code}").select("table.cases") == []
    assert visitor.get("/").select(".counts") == []
    assert db.session.scalar(select(func.count()).select_from(Entry)) == len(hidden)


def test_the_coordinator_and_the_agency_in_charge_see_a_denunciation(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.log(now, kind=Kind.DENUNCIATION)
    actor = office.viewer(Role.COORDINATOR)
    service.assign(case.id, actor=actor, lead_id=office.agency.id, now=now)
    seen = {}
    for role in Role:
        visitor = visit(role)
        status = visitor.status(f"/cases/{case.id}")
        seen[role] = status == 200
    assert {role for role, is_seen in seen.items() if is_seen} == {
        Role.COORDINATOR,
        Role.AGENCY_HEAD,
        Role.LEADER,
    }


def test_who_sees_the_case_is_said(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(now, kind=Kind.DENUNCIATION)
    text = " ".join(visit(Role.COORDINATOR).get(f"/cases/{case.id}").text.split())
    assert "Mức bảo mật: Tố cáo – bảo vệ người tố cáo." in text
    assert f"Nơi tiếp nhận, {office.committee.name} và cấp trên: điều phối viên, lãnh đạo." in text
    name = office.user(Role.COORDINATOR).name
    assert f"Người ghi nhận, {name}, chừng nào còn tiếp nhận, điều phối ở nơi tiếp nhận" in text


def test_each_person_has_the_forms_of_their_role(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    expected = {
        Role.RECEPTION_OFFICER: {"comments"},
        Role.COORDINATOR: {
            "withdrawals",
            "part-withdrawals",
            "extensions",
            "suspensions",
            "comments",
        },
        Role.AGENCY_WORKER: {
            "answers",
            "acceptances",
            "returns",
            "extension-requests",
            "comments",
        },
        Role.LEADER: {"comments"},
        Role.AUDITOR: set(),
    }
    for role, resources in expected.items():
        page = visit(role).get(f"/cases/{case.id}")
        assert actions_on(page) & RESOURCES == resources, role
        solid = page.select("main .btn-primary")
        assert len(solid) == (1 if role is Role.AGENCY_WORKER else 0)


def test_what_cannot_be_done_now_is_grey_with_its_reason(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.VERIFYING, now)
    actor = office.viewer(Role.COORDINATOR)
    service.suspend(case.id, actor=actor, reason="Chờ giám định", now=now)
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    button = page.select_one(".other-actions button[disabled]")
    assert button is not None
    assert button.text == "Giao giải quyết"
    assert button.parent is not None
    assert "Vụ việc đang tạm đình chỉ." in button.parent.text
    assert "assignments" not in actions_on(page)


def test_what_has_no_object_is_left_out(office: Office, now: datetime, visit: Visit) -> None:
    case = office.case_in(State.VERIFYING, now)
    words = visit(Role.COORDINATOR).get(f"/cases/{case.id}").text
    assert "Tạm đình chỉ" in words
    assert "Tiếp tục giải quyết" not in words


def test_a_long_form_comes_when_it_is_asked_for(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.ANSWERED, now)
    visitor = visit(Role.COORDINATOR)
    page = visitor.get(f"/cases/{case.id}")
    assert "corrections" not in actions_on(page)
    link = page.find("a", string="Sửa sai sót…")
    assert link is not None
    page = visitor.get(str(link["href"]))
    form = page.select_one("details[open] form[action$=corrections]")
    assert form is not None
    content = form.select_one("[name=content]")
    assert content is not None
    assert content.text.strip() == case.content


def test_a_case_goes_through_all_its_pages(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(now)
    at = f"/cases/{case.id}"
    steps: list[tuple[Role, str, dict[str, Any]]] = [
        (Role.COORDINATOR, "verifications", {}),
        (Role.COORDINATOR, "assignments", {"lead_id": office.agency.id}),
        (Role.AGENCY_WORKER, "returns", {"reason": "Không thuộc phạm vi quản lý"}),
        (
            Role.COORDINATOR,
            "assignments",
            {"lead_id": office.agency.id, "supporting_ids": [office.other_agency.id]},
        ),
        (
            Role.AGENCY_WORKER,
            "answers",
            {"text": "Sẽ sửa", "outcome": "promised", "answered_on": "02/03/2026",
             "promised_on": "01/06/2026", "document_number": "12/BC"},
        ),
        (Role.COORDINATOR, "redos", {"reason": "Chưa rõ ai sửa"}),
        (
            Role.AGENCY_WORKER,
            "answers",
            {"text": "Đã sửa", "outcome": "resolved", "answered_on": "02/03/2026"},
        ),
        (Role.COORDINATOR, "closures", {"outcome": "resolved"}),
        (Role.COORDINATOR, "reopenings", {"reason": "Lại hỏng"}),
        (Role.COORDINATOR, "guidances", {"sent_to": "Quận bên", "reason": "Đất của họ"}),
        (Role.LEADER, "comments", {"text": "Theo dõi tiếp"}),
    ]  # fmt: skip
    for role, resource, given in steps:
        page = visit(role).post(f"{at}/{resource}", **given)
        assert page.select_one(".alert-success") is not None, resource
    db.session.expire_all()
    assert (case.state, case.outcome, case.round) == (State.CLOSED, Outcome.GUIDED, 2)


@pytest.mark.parametrize(
    ("state", "role", "resource", "given", "field"),
    [
        (State.RECEIVED, Role.COORDINATOR, "assignments", {"asked": "Kiểm tra"}, "lead_id"),
        (State.RECEIVED, Role.COORDINATOR, "refusals", {"reason": " "}, "reason"),
        (
            State.ASSIGNED,
            Role.AGENCY_WORKER,
            "answers",
            {"text": "Đã sửa", "outcome": "resolved", "answered_on": "03/03/2026"},
            "answered_on",
        ),
        (
            State.ASSIGNED,
            Role.AGENCY_WORKER,
            "answers",
            {"text": "Đã sửa", "outcome": "promised", "answered_on": "02/03/2026"},
            "promised_on",
        ),
        (
            State.ASSIGNED,
            Role.AGENCY_WORKER,
            "answers",
            {"text": "Đã sửa", "outcome": "guided", "answered_on": "02/03/2026"},
            "outcome",
        ),
        (State.ANSWERED, Role.COORDINATOR, "closures", {"text": "Tốt"}, "outcome"),
    ],
)
def test_a_refused_form_comes_back_open_with_what_was_typed(
    office: Office,
    now: datetime,
    visit: Visit,
    state: State,
    role: Role,
    resource: str,
    given: dict[str, str],
    field: str,
) -> None:
    case = office.case_in(state, now)
    page = visit(role).post(f"/cases/{case.id}/{resource}", status=422, **given)
    form = page.select_one(f"form[action$={resource}]")
    assert form is not None
    assert form.select_one(f"[name={field}][aria-invalid=true]") is not None
    assert form.select_one(".complaint") is not None
    typed = {area["name"]: area.text.strip() for area in form.select("textarea")}
    assert all(typed[name] == text.strip() for name, text in given.items() if name in typed)
    fold = form.find_parent("details")
    assert fold is None or fold.has_attr("open")
    db.session.expire_all()
    assert case.state == state


def test_a_stale_form_shows_the_present_state_and_keeps_the_text(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.VERIFYING, now)
    visitor = visit(Role.COORDINATOR)
    seen = visitor.get(f"/cases/{case.id}").select_one("form[action$=refusals] [name=version]")
    assert seen is not None
    old = str(seen["value"])
    service.reopen(
        service.close_directly(
            "file", case.id, actor=office.viewer(Role.COORDINATOR), reason="Lưu", now=now
        ).id,
        actor=office.viewer(Role.COORDINATOR),
        reason="Nhầm",
        now=now,
    )
    page = visitor.post(
        f"/cases/{case.id}/refusals", status=409, reason="Không đủ điều kiện", version=old
    )
    form = page.select_one("form[action$=refusals]")
    assert form is not None
    assert "vừa được người khác cập nhật" in form.text
    assert "Không đủ điều kiện" in form.text
    assert [entry.strong.text for entry in page.select(".story > li")[:1] if entry.strong] == [
        "Mở lại"
    ]
    # Having seen it, the same person may send it again.
    version = form.select_one("[name=version]")
    assert version is not None
    visitor.post(
        f"/cases/{case.id}/refusals", reason="Không đủ điều kiện", version=version["value"]
    )


def test_a_text_that_has_no_place_any_more_is_shown_all_the_same(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    visitor = visit(Role.AGENCY_WORKER)
    given = {"text": "Đã sửa xong", "outcome": "resolved", "answered_on": "02/03/2026"}
    visitor.post(f"/cases/{case.id}/answers", **given)
    page = visitor.post(
        f"/cases/{case.id}/answers", status=409, **{**given, "text": "Bản trả lời thứ hai"}
    )
    alert = page.select_one("main .alert-warning")
    assert alert is not None
    assert "Bản trả lời thứ hai" in alert.text
    assert "answers" not in actions_on(page)


def test_a_role_without_the_action_is_refused(office: Office, now: datetime, visit: Visit) -> None:
    case = office.case_in(State.RECEIVED, now)
    visit(Role.LEADER).post(f"/cases/{case.id}/verifications", status=403)
    db.session.expire_all()
    assert case.state == State.RECEIVED


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AGENCY_WORKER])
@pytest.mark.parametrize("state", [State.ASSIGNED, State.CLOSED])
def test_the_page_asks_the_database_a_few_times_however_long_the_story(
    office: Office,
    now: datetime,
    visit: Visit,
    statements: list[str],
    role: Role,
    state: State,
) -> None:
    case = office.case_in(state, now)
    for number in range(30):
        at = now + timedelta(minutes=number)
        service.comment(case.id, actor=office.viewer(Role.LEADER), text="Nhắc", now=at)
    visitor = visit(role)
    statements.clear()
    page = visitor.get(f"/cases/{case.id}")
    assert len(page.select(".story > li")) > 30
    assert 0 < len(statements) <= 8


def test_text_of_citizens_is_text(office: Office, now: datetime, visit: Visit) -> None:
    attack = "<script>alert(1)</script> {{ 7*7 }}"
    case = office.log(now, content=attack, note=attack)
    visitor = visit(Role.COORDINATOR)
    for url in ("/cases", f"/cases/{case.id}", "/cases?q=script"):
        page = visitor.get(url)
        assert attack in page.text
        assert "alert(1)" not in "".join(script.text for script in page.select("script"))


def test_new_work_is_accepted_or_returned_on_top(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    agency = visit(Role.AGENCY_WORKER)
    first = [form["action"] for form in agency.get(f"/cases/{case.id}").select(".next-step form")]
    assert first == [f"/cases/{case.id}/acceptances", f"/cases/{case.id}/returns"]
    agency.post(f"/cases/{case.id}/acceptances", version=case.version)
    first = [form["action"] for form in agency.get(f"/cases/{case.id}").select(".next-step form")]
    assert first == [f"/cases/{case.id}/answers"]


def test_the_answer_stands_above_its_check_and_its_proposal_is_chosen(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    circumstances.answer(office, case, now, Outcome.PROMISED)
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    assert len(page.select("#answered")) == 1
    form = page.select_one("section[aria-labelledby=answered] ~ .next-step form[action$=closures]")
    assert form is not None
    assert [each["value"] for each in form.select("input[checked]")] == ["promised"]
    assert form.select_one("input[name=promised_on]")["value"] == "01/06/2026"
    assert len(page.select(".next-step form[action$=redos]")) == 1
