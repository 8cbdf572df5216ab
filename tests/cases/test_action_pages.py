"""The actions' forms in the hands of people: what is wrong is said beside it, nothing is lost."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cases import circumstances
from tests.cases.conftest import Visitor
from tests.cases.stories import entries
from tests.factories import Office, make_named, make_unit
from tracker.cases import service, story
from tracker.cases.models import Area, Assignment, Case
from tracker.core.db import db
from tracker.rules.workflow import Kind, Outcome, Role, State

Visit = Callable[[Role], Visitor]


def in_state(state: State) -> circumstances.Make:
    def make(office: Office, now: datetime) -> Case:
        return office.case_in(state, now)

    return make


CORRECTION = {
    "content": "Đèn hỏng ở ngõ 22",
    "received_on": "02/03/2026",
    "persons": "1",
    "reason": "Ghi nhầm",
}
ANSWER = {"text": "Đã sửa", "outcome": "resolved", "answered_on": "02/03/2026"}
RULING = {"text": "Phòng giải quyết", "due_on": "09/03/2026"}

WRONG: list[tuple[circumstances.Make, Role, str, dict[str, str], str]] = [
    (in_state(State.RECEIVED), Role.COORDINATOR, "classifications", {"kind": "gossip"}, "kind"),
    (circumstances.complaint, Role.COORDINATOR, "admissions", {"accepted_on": "01/03/2026"},
     "accepted_on"),
    (circumstances.complaint, Role.COORDINATOR, "admissions", {"accepted_on": "03/03/2026"},
     "accepted_on"),
    (circumstances.admitted, Role.COORDINATOR, "corrections",
     CORRECTION | {"accepted_on": "01/03/2026"}, "accepted_on"),
    (circumstances.admitted, Role.RECEPTION_OFFICER, "corrections",
     CORRECTION | {"accepted_on": "01/03/2026"}, "accepted_on"),
    (in_state(State.VERIFYING), Role.COORDINATOR, "extensions",
     {"due_on": "30/02/2026", "reason": "Khó"}, "due_on"),
    (in_state(State.VERIFYING), Role.COORDINATOR, "extensions",
     {"due_on": "18/04/2026", "reason": "Khó"}, "due_on"),
    (in_state(State.VERIFYING), Role.COORDINATOR, "extensions",
     {"due_on": "20/04/2026", "reason": "x" * 1_000_000}, "reason"),
    (in_state(State.VERIFYING), Role.COORDINATOR, "suspensions", {"reason": "\x00\x1b"}, "reason"),
    (in_state(State.RECEIVED), Role.COORDINATOR, "part-withdrawals", {"reason": ""}, "reason"),
    (in_state(State.RECEIVED), Role.COORDINATOR, "corrections",
     CORRECTION | {"received_on": "03/03/2026"}, "received_on"),
    (in_state(State.RECEIVED), Role.COORDINATOR, "corrections",
     CORRECTION | {"persons": "rất đông"}, "persons"),
    (in_state(State.RECEIVED), Role.COORDINATOR, "corrections",
     CORRECTION | {"area_id": "00000000-0000-7000-8000-000000000000"}, "area_id"),
    (in_state(State.ASSIGNED), Role.AGENCY_WORKER, "answers",
     ANSWER | {"answered_on": "01/03/2026"}, "answered_on"),
    (in_state(State.ASSIGNED), Role.AGENCY_WORKER, "answers",
     ANSWER | {"document_date": "03/03/2026"}, "document_date"),
    (in_state(State.ASSIGNED), Role.AGENCY_WORKER, "answers",
     ANSWER | {"document_number": "1" * 201}, "document_number"),
    (in_state(State.ASSIGNED), Role.AGENCY_WORKER, "extension-requests",
     {"wanted_on": "19/04/2026", "reason": "Khó"}, "wanted_on"),
    (circumstances.extension_asked, Role.COORDINATOR, "extension-decisions",
     {"decision": "refused", "reason": " "}, "reason"),
    (circumstances.extension_asked, Role.COORDINATOR, "extension-decisions",
     {"decision": "granted", "due_on": "30/03/2026"}, "due_on"),
    (circumstances.supporting, Role.AGENCY_WORKER, "contributions", {"text": " "}, "text"),
    (circumstances.returned_often, Role.LEADER, "rulings", RULING, "lead_id"),
    (circumstances.promised, Role.COORDINATOR, "kept-promises", {"kept_on": "03/03/2026"},
     "kept_on"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "role", "resource", "given", "field"),
    WRONG,
    ids=[f"{row[2]}-{row[4]}-{number}" for number, row in enumerate(WRONG)],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_saved(
    office: Office,
    now: datetime,
    visit: Visit,
    make: circumstances.Make,
    role: Role,
    resource: str,
    given: dict[str, str],
    field: str,
) -> None:
    case = make(office, now)
    before, told = story.reportable(case), len(entries(case))
    page = visit(role).post(f"/cases/{case.id}/{resource}", status=422, **given)
    form = page.select_one(f"form[action$={resource}]")
    assert form is not None
    assert form.select_one(f"[name={field}][aria-invalid=true]") is not None
    assert form.select_one(".complaint") is not None
    typed = {area["name"]: area.text for area in form.select("textarea")}
    for name, text in given.items():
        if name in typed and text.isprintable():
            assert text.strip() in typed[name]
    db.session.expire_all()
    assert story.reportable(case) == before
    assert len(entries(case)) == told


RIGHT: list[tuple[circumstances.Make, Role, str, dict[str, str], dict[str, Any]]] = [
    (in_state(State.RECEIVED), Role.COORDINATOR, "classifications", {"kind": "voter"},
     {"kind": Kind.VOTER}),
    (in_state(State.VERIFYING), Role.COORDINATOR, "extensions",
     {"due_on": "20/04/2026", "reason": "Khó"}, {"due_on": date(2026, 4, 20)}),
    (circumstances.complaint, Role.COORDINATOR, "admissions", {"accepted_on": "02/03/2026"},
     {"accepted_on": date(2026, 3, 2), "due_on": date(2026, 4, 1)}),
    (in_state(State.VERIFYING), Role.COORDINATOR, "suspensions", {"reason": "Chờ"},
     {"suspended_on": date(2026, 3, 2)}),
    (circumstances.suspended, Role.COORDINATOR, "resumptions", {"reason": "Tiếp"},
     {"suspended_on": None}),
    (in_state(State.VERIFYING), Role.COORDINATOR, "part-withdrawals", {"reason": "Phần đầu"},
     {"state": State.VERIFYING}),
    (in_state(State.CLOSED), Role.RECEPTION_OFFICER, "corrections", CORRECTION,
     {"content": "Đèn hỏng ở ngõ 22"}),
    (in_state(State.CLOSED), Role.COORDINATOR, "reclassifications",
     {"kind": "opinion", "confidentiality": "confidential", "reason": "Có tên người"},
     {"confidentiality": "confidential"}),
    (in_state(State.ASSIGNED), Role.AGENCY_WORKER, "acceptances", {}, {"state": State.ASSIGNED}),
    (in_state(State.ASSIGNED), Role.AGENCY_WORKER, "extension-requests",
     {"wanted_on": "20/04/2026", "reason": "Khó"}, {"due_on": date(2026, 3, 30)}),
    (circumstances.extension_asked, Role.COORDINATOR, "extension-decisions",
     {"decision": "granted", "due_on": "20/04/2026"}, {"due_on": date(2026, 4, 20)}),
    (circumstances.extension_asked, Role.COORDINATOR, "extension-decisions",
     {"decision": "refused", "reason": "Đủ rồi"}, {"due_on": date(2026, 3, 30)}),
    (circumstances.supporting, Role.AGENCY_WORKER, "contributions", {"text": "Số liệu"},
     {"state": State.ASSIGNED}),
    (circumstances.promised, Role.COORDINATOR, "kept-promises", {"kept_on": "02/03/2026"},
     {"outcome": Outcome.RESOLVED}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("make", "role", "resource", "given", "columns"),
    RIGHT,
    ids=[f"{row[2]}-{number}" for number, row in enumerate(RIGHT)],
)
def test_a_form_filled_in_well_does_it(
    office: Office,
    now: datetime,
    visit: Visit,
    make: circumstances.Make,
    role: Role,
    resource: str,
    given: dict[str, str],
    columns: dict[str, Any],
) -> None:
    case = make(office, now)
    told = len(entries(case))
    page = visit(role).post(f"/cases/{case.id}/{resource}", **given)
    assert page.select_one(".alert-success") is not None
    db.session.expire_all()
    for name, value in columns.items():
        assert getattr(case, name) == value, name
    assert len(entries(case)) == told + 1


def test_a_leader_finds_the_ruling_as_the_next_step(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = circumstances.returned_often(office, now)
    visitor = visit(Role.LEADER)
    page = visitor.get(f"/cases/{case.id}")
    assert "chờ lãnh đạo quyết định, hạn 05/03/2026" in page.text
    form = page.select_one(".next-step form[action$=rulings]")
    assert form is not None
    visitor.post(f"/cases/{case.id}/rulings", lead_id=office.other_agency.id, **RULING)
    db.session.expire_all()
    assert case.lead_unit_id == office.other_agency.id


def test_a_withdrawn_case_is_reopened_only_by_saying_that_it_was_coerced(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.RECEIVED, now)
    actor = office.viewer(Role.COORDINATOR)
    service.close_directly("withdraw", case.id, actor=actor, reason="Rút đơn", now=now)
    visitor = visit(Role.COORDINATOR)
    page = visitor.post(f"/cases/{case.id}/reopenings", status=422, reason="Xin lại")
    form = page.select_one("form[action$=reopenings]")
    assert form is not None
    assert "bị ép buộc" in form.select(".complaint")[-1].text
    visitor.post(f"/cases/{case.id}/reopenings", reason="Xin lại", is_coerced="y")
    db.session.expire_all()
    assert (case.state, case.round) == (State.VERIFYING, 2)


def test_others_are_not_asked_about_coercion(office: Office, now: datetime, visit: Visit) -> None:
    case = office.case_in(State.CLOSED, now)
    form = visit(Role.COORDINATOR).get(f"/cases/{case.id}").select_one("form[action$=reopenings]")
    assert form is not None
    assert form.select_one("[name=is_coerced]") is None


def test_a_value_that_is_offered_no_more_may_stay(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.log(now, area_id=make_named(Area, "Tổ 7"))
    visitor = visit(Role.COORDINATOR)
    page = visitor.get(f"/cases/{case.id}?form=correct")
    form = page.select_one("form[action$=corrections]")
    assert form is not None
    chosen = form.select_one("[name=area_id] option[selected]")
    assert chosen is not None
    assert chosen.text == "Tổ 7"
    visitor.post(f"/cases/{case.id}/corrections", area_id=chosen["value"], **CORRECTION)
    db.session.expire_all()
    assert case.area_id is not None


def test_the_assignment_s_form_shows_the_date_as_counted(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.VERIFYING, now)
    visitor = visit(Role.COORDINATOR)
    form = visitor.get(f"/cases/{case.id}").select_one("form[action$=assignments]")
    assert form is not None
    due_on = form.select_one("[name=due_on]")
    assert due_on is not None
    assert due_on["value"] == "30/03/2026"
    page = visitor.post(
        f"/cases/{case.id}/assignments",
        status=422,
        lead_id=office.agency.id,
        due_on="31/03/2026",
    )
    assert page.select_one("[name=reason][aria-invalid=true]") is not None


@pytest.mark.parametrize(
    ("make", "role", "resource", "given"),
    [row[:4] for row in RIGHT],
    ids=[f"{row[2]}-{number}" for number, row in enumerate(RIGHT)],
)
def test_a_form_sent_twice_does_it_once(
    office: Office,
    now: datetime,
    visit: Visit,
    make: circumstances.Make,
    role: Role,
    resource: str,
    given: dict[str, str],
) -> None:
    case = make(office, now)
    visitor, told, version = visit(role), len(entries(case)), case.version
    visitor.post(f"/cases/{case.id}/{resource}", version=version, **given)
    db.session.expire_all()
    visitor.send(f"/cases/{case.id}/{resource}", version=version, **given)
    db.session.expire_all()
    assert len(entries(case)) == told + 1


def test_units_that_there_are_not_support_nobody(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.VERIFYING, now)
    page = visit(Role.COORDINATOR).post(
        f"/cases/{case.id}/assignments",
        status=422, lead_id=office.agency.id, supporting_ids=["nobody"],
    )  # fmt: skip
    complaint = page.select_one("form[action$=assignments] .complaint")
    assert complaint is not None
    assert "Hãy chọn một mục trong danh sách." in complaint.text


def test_what_an_agency_is_asked_comes_first(office: Office, now: datetime, visit: Visit) -> None:
    case = office.case_in(State.VERIFYING, now)
    service.assign(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        lead_id=office.other_agency.id,
        supporting_ids=[office.agency.id],
        asked="Trả lời công dân",
        supporting_asked="Cho số liệu",
        now=now,
    )
    page = visit(Role.AGENCY_WORKER).get(f"/cases/{case.id}")
    asked = page.select_one("section[aria-labelledby=asked-of-us]")
    assert asked is not None
    assert asked.select("p") == asked.find_all("p", string="Cho số liệu")
    assert page.select_one("section[aria-labelledby=asked-of-us] ~ .next-step") is not None
    assert "asked-of-us" not in str(visit(Role.COORDINATOR).get(f"/cases/{case.id}"))


def test_what_is_seldom_needed_stays_folded_until_it_is_wrong(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.VERIFYING, now)
    visitor = visit(Role.COORDINATOR)
    fold = visitor.get(f"/cases/{case.id}").select_one("form[action$=assignments] details")
    assert fold is not None
    assert not fold.has_attr("open")
    page = visitor.post(
        f"/cases/{case.id}/assignments",
        status=422, lead_id=office.agency.id, due_on="30/02/2026", reason="Gấp",
    )  # fmt: skip
    wrong = page.select_one("form[action$=assignments] details[open] [aria-invalid=true]")
    assert wrong is not None
    assert wrong["name"] == "due_on"


def test_the_story_says_what_was_put_right(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(now)
    visitor = visit(Role.COORDINATOR)
    given = CORRECTION | {"persons": "8", "received_on": "27/02/2026"}
    page = visitor.post(f"/cases/{case.id}/corrections", **given)
    newest = " ".join(page.select(".story > li")[0].text.split())
    for words in (
        "Sửa sai sót",
        "Ghi nhầm",
        f"Nội dung: Đèn đường hỏng ở ngõ 20 phố Ngọc Lâm → {CORRECTION['content']}",
        "Số người: 1 → 8",
        "Ngày tiếp nhận: 02/03/2026 → 27/02/2026",
        "Hạn: 30/03/2026 → 27/03/2026",
    ):
        assert words in newest, words


def test_what_came_before_may_be_done_after_all_by_who_has_seen_it(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.VERIFYING, now)
    old = case.version
    actor = office.viewer(Role.COORDINATOR)
    service.classify(
        case.id,
        actor=actor,
        kind=Kind.RECOMMENDATION,
        field_id=None,
        area_id=None,
        now=now + timedelta(minutes=1),
    )
    page = visit(Role.COORDINATOR).post(
        f"/cases/{case.id}/extensions",
        status=409, due_on="20/04/2026", reason="Phải đo lại đất", version=old,
    )  # fmt: skip
    form = page.select_one("form[action$=extensions]")
    assert form is not None
    assert "Phải đo lại đất" in form.text
    db.session.expire_all()
    assert case.due_on == date(2026, 3, 30)


def test_each_supporting_unit_is_asked_its_own_thing(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.VERIFYING, now)
    third = make_unit("Phòng Tài chính", office.committee)
    db.session.commit()
    visitor = visit(Role.COORDINATOR)
    given: dict[str, Any] = {
        "supporting_ids": [str(office.other_agency.id), str(third.id)],
        "asked": "Trả lời công dân",
        "supporting_asked": "Cho số liệu",
        f"asked_of-{third.id}": "Cho dự toán",
        "asked_of-nobody": "Mất đâu?",
    }
    # Refused, what was typed for the one unit stands in its box.
    page = visitor.post(f"/cases/{case.id}/assignments", 422, lead_id="", **given)
    box = page.select_one(f"textarea[name=asked_of-{third.id}]")
    assert box is not None
    assert box.text.strip() == "Cho dự toán"
    assert "Đề nghị riêng: Phòng Tài chính" in str(box.parent)
    visitor.post(f"/cases/{case.id}/assignments", lead_id=str(office.agency.id), **given)
    asked = {
        each.unit_id: each.asked
        for each in db.session.scalars(select(Assignment).where(Assignment.case_id == case.id))
    }
    assert asked == {
        office.agency.id: "Trả lời công dân",
        office.other_agency.id: "Cho số liệu",
        third.id: "Cho dự toán",
    }


def test_without_a_body_the_citizen_is_guided_nowhere(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.log(now)
    page = visit(Role.RECEPTION_OFFICER).post(
        f"/cases/{case.id}/guidances", 422, sent_to="", reason="Sai nơi"
    )
    complaint = page.select_one("#guide-sent_to-error")
    assert complaint is not None
    assert "Hãy ghi tên cơ quan nhận." in complaint.text
    reason = page.select_one("#guide-reason")
    assert reason is not None
    assert reason.text.strip() == "Sai nơi"
