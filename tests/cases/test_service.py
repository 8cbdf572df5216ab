"""The verbs: where the case stands after each, and one entry more that says who did what when."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.cases.stories import assert_chain, assert_versions, entries, versions
from tests.factories import Office
from tracker.cases import service, story
from tracker.cases.models import Assignment, Case, Submission
from tracker.core.db import db, new_id
from tracker.core.errors import OutOfDate, Refused
from tracker.rules.workflow import Kind, Outcome, Role, State

TODAY = date(2026, 3, 2)


def test_a_logged_case_has_code_due_date_turn_and_story(office: Office, now: datetime) -> None:
    case = office.log(now, persons=8)
    assert case.code == "DLXH-2026-00001"
    assert case.state == State.RECEIVED
    # 20 working days after Monday 2 March 2026.
    assert case.due_on == case.original_due_on == date(2026, 3, 30)
    [entry] = entries(case)
    assert (entry.action, entry.user_id, entry.unit_id) == (
        "receive",
        office.user(Role.COORDINATOR).id,
        office.committee.id,
    )
    assert entry.happened_on == TODAY
    assert entry.recorded_at == now
    persons = db.session.scalars(select(Submission.persons).where(Submission.case_id == case.id))
    assert persons.all() == [8]
    assert_chain(case)
    assert_versions(case)


def test_codes_count_for_each_kind_and_year(office: Office, now: datetime) -> None:
    office.log(now)
    codes = [
        office.log(now).code,
        office.log(now, kind=Kind.COMPLAINT).code,
        office.log(now, received_on=date(2025, 12, 31)).code,
    ]
    assert codes == ["DLXH-2026-00002", "KN-2026-00001", "DLXH-2025-00001"]


def test_the_same_form_twice_is_one_case(office: Office, now: datetime) -> None:
    case_id = new_id()
    first = office.log(now, case_id=case_id)
    second = office.log(now, case_id=case_id, content="Gửi lại")
    assert first.id == second.id == case_id
    assert second.content != "Gửi lại"
    assert db.session.scalar(select(func.count()).select_from(Case)) == 1
    assert len(entries(first)) == 1


def test_nobody_gets_at_a_case_by_its_id_in_a_form(office: Office, now: datetime) -> None:
    case = office.log(now, kind=Kind.DENUNCIATION)
    with pytest.raises(Refused):
        office.log(now, actor=office.viewer(Role.RECEPTION_OFFICER), case_id=case.id)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"content": " \u200b "}, "content"),
        ({"content": "x" * 20_001}, "content"),
        ({"received_on": date(2026, 3, 3)}, "received_on"),
        ({"persons": 0}, "persons"),
    ],
)
def test_what_cannot_be_logged_leaves_nothing(
    office: Office, now: datetime, given: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        office.log(now, **given)
    assert refusal.value.field == field
    assert db.session.scalar(select(func.count()).select_from(Case)) == 0
    assert office.log(now).code == "DLXH-2026-00001"


Do = Callable[[Office, UUID, datetime], Case]


def _assign(office: Office, case_id: UUID, now: datetime) -> Case:
    return service.assign(
        case_id,
        actor=office.viewer(Role.COORDINATOR),
        lead_id=office.agency.id,
        supporting_ids=[office.other_agency.id, office.agency.id],
        asked="Kiểm tra, trả lời",
        now=now,
    )


def _answer(office: Office, case_id: UUID, now: datetime) -> Case:
    return service.answer(
        case_id,
        actor=office.viewer(Role.AGENCY_WORKER),
        text="Đã sửa",
        answered_on=TODAY,
        outcome=Outcome.RESOLVED,
        document_number="12/BC-QLĐT",
        document_date=TODAY,
        now=now,
    )


def _close(office: Office, case_id: UUID, now: datetime) -> Case:
    actor = office.viewer(Role.COORDINATOR)
    return service.close(case_id, actor=actor, outcome=Outcome.EXPLAINED, now=now)


def _with_reason(verb: Callable[..., Case], role: Role) -> Do:
    def do(office: Office, case_id: UUID, now: datetime) -> Case:
        return verb(case_id, actor=office.viewer(role), reason="Có lý do", now=now)

    return do


def _directly(action: str) -> Do:
    def do(office: Office, case_id: UUID, now: datetime) -> Case:
        actor = office.viewer(Role.COORDINATOR)
        sent_to = "Công an quận" if action in ("guide", "forward") else ""
        return service.close_directly(
            action, case_id, actor=actor, reason="Có lý do", sent_to=sent_to, now=now
        )

    return do


def _verify(office: Office, case_id: UUID, now: datetime) -> Case:
    return service.verify(case_id, actor=office.viewer(Role.COORDINATOR), now=now)


STEPS: list[tuple[str, State, Do, Role, State, dict[str, Any]]] = [
    ("verify", State.RECEIVED, _verify, Role.COORDINATOR, State.VERIFYING, {}),
    ("assign", State.VERIFYING, _assign, Role.COORDINATOR, State.ASSIGNED, {"assigned_on": TODAY}),
    ("return", State.ASSIGNED, _with_reason(service.send_back, Role.AGENCY_HEAD),
     Role.AGENCY_HEAD, State.VERIFYING, {"lead_unit_id": None, "assigned_on": None}),
    ("answer", State.ASSIGNED, _answer, Role.AGENCY_WORKER, State.ANSWERED,
     {"answered_on": TODAY, "outcome": None}),
    ("redo", State.ANSWERED, _with_reason(service.redo, Role.COORDINATOR), Role.COORDINATOR,
     State.ASSIGNED, {"answered_on": None}),
    ("close", State.ANSWERED, _close, Role.COORDINATOR, State.CLOSED,
     {"outcome": Outcome.EXPLAINED, "closed_on": TODAY, "ended_on": TODAY}),
    ("reopen", State.CLOSED, _with_reason(service.reopen, Role.COORDINATOR), Role.COORDINATOR,
     State.VERIFYING, {"outcome": None, "ended_on": None, "round": 2, "received_on": TODAY}),
    ("guide", State.RECEIVED, _directly("guide"), Role.COORDINATOR, State.CLOSED,
     {"outcome": Outcome.GUIDED}),
    ("forward", State.VERIFYING, _directly("forward"), Role.COORDINATOR, State.CLOSED,
     {"outcome": Outcome.FORWARDED}),
    ("refuse", State.RECEIVED, _directly("refuse"), Role.COORDINATOR, State.CLOSED,
     {"outcome": Outcome.REFUSED}),
    ("file", State.RECEIVED, _directly("file"), Role.COORDINATOR, State.CLOSED,
     {"outcome": Outcome.FILED}),
    ("withdraw", State.ASSIGNED, _directly("withdraw"), Role.COORDINATOR, State.CLOSED,
     {"outcome": Outcome.WITHDRAWN, "ended_on": TODAY}),
]  # fmt: skip


@pytest.mark.parametrize(
    ("action", "source", "do", "role", "target", "columns"), STEPS, ids=[row[0] for row in STEPS]
)
def test_a_verb_moves_the_case_and_says_so_once(
    office: Office,
    now: datetime,
    action: str,
    source: State,
    do: Do,
    role: Role,
    target: State,
    columns: dict[str, Any],
) -> None:
    case = office.case_in(source, now)
    before = len(entries(case))
    do(office, case.id, now + timedelta(minutes=1))
    assert case.state == target
    for name, value in columns.items():
        assert getattr(case, name) == value, name
    *_earlier, entry = told = entries(case)
    assert len(told) == before + 1
    assert (entry.action, entry.from_state, entry.to_state) == (action, source, target)
    assert entry.user_id == office.user(role).id
    assert entry.changes["state"] == [source, target]
    assert_chain(case)
    assert_versions(case)


def test_a_note_changes_nothing_but_the_story(office: Office, now: datetime) -> None:
    case = office.case_in(State.CLOSED, now)
    before, version = story.reportable(case), case.version
    service.comment(case.id, actor=office.viewer(Role.LEADER), text="Đã xem", now=now)
    assert story.reportable(case) == before
    assert entries(case)[-1].text == "Đã xem"
    assert entries(case)[-1].changes == {}
    assert case.version == version
    assert_chain(case)


def test_assigning_asks_the_lead_and_each_supporting_unit_once(
    office: Office, now: datetime
) -> None:
    case = office.case_in(State.VERIFYING, now)
    _assign(office, case.id, now)
    asked = db.session.execute(
        select(Assignment.unit_id, Assignment.part, Assignment.asked, Assignment.due_on)
    ).all()
    assert sorted(asked, key=lambda row: row.part) == [
        (office.agency.id, "lead", "Kiểm tra, trả lời", case.due_on),
        (office.other_agency.id, "supporting", "Kiểm tra, trả lời", case.due_on),
    ]


def test_a_return_ends_what_was_asked(office: Office, now: datetime) -> None:
    case = office.case_in(State.ASSIGNED, now)
    _with_reason(service.send_back, Role.AGENCY_WORKER)(office, case.id, now)
    [assignment] = db.session.scalars(select(Assignment))
    assert (assignment.returned_on, assignment.ended_on) == (TODAY, TODAY)


def test_a_promise_needs_its_day_and_leaves_the_case_unended(office: Office, now: datetime) -> None:
    case = office.case_in(State.ANSWERED, now)
    actor = office.viewer(Role.COORDINATOR)

    def close(promised_on: date | None) -> Case:
        return service.close(
            case.id, actor=actor, outcome=Outcome.PROMISED, promised_on=promised_on, now=now
        )

    for wrong in (None, TODAY):
        with pytest.raises(Refused) as refusal:
            close(wrong)
        assert refusal.value.field == "promised_on"
    db.session.expire_all()
    close(date(2026, 6, 1))
    assert (case.state, case.ended_on) == (State.CLOSED, None)
    assert case.promised_on == date(2026, 6, 1)


def test_an_answer_is_not_dated_before_it_was_asked_for(office: Office, now: datetime) -> None:
    coordinator = office.viewer(Role.COORDINATOR)
    case = office.case_in(State.ASSIGNED, now, received_on=date(2026, 2, 23))
    asked_again = now + timedelta(days=7)

    def answer(answered_on: date, document_date: date | None, at: datetime) -> Case:
        return service.answer(
            case.id,
            actor=office.viewer(Role.AGENCY_WORKER),
            text="Đã thay bóng đèn",
            answered_on=answered_on,
            document_date=document_date,
            outcome=Outcome.RESOLVED,
            now=at,
        )

    with pytest.raises(Refused, match="02/03/2026"):
        answer(date(2026, 2, 27), None, now)
    with pytest.raises(Refused) as refusal:
        answer(TODAY, TODAY + timedelta(days=1), asked_again)
    assert refusal.value.field == "document_date"
    answer(TODAY, TODAY, now)
    service.redo(case.id, actor=coordinator, reason="Chưa đủ", now=asked_again)
    with pytest.raises(Refused, match="09/03/2026"):
        answer(TODAY, None, asked_again)
    assert answer(date(2026, 3, 9), TODAY, asked_again).answered_on == date(2026, 3, 9)


@pytest.mark.parametrize("answered_on", [date(2026, 3, 1), date(2026, 3, 3)])
def test_an_answer_lies_between_receipt_and_today(
    office: Office, now: datetime, answered_on: date
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    with pytest.raises(Refused) as refusal:
        service.answer(
            case.id,
            actor=office.viewer(Role.AGENCY_WORKER),
            text="Đã sửa",
            answered_on=answered_on,
            outcome=Outcome.RESOLVED,
            now=now,
        )
    assert refusal.value.field == "answered_on"
    db.session.expire_all()
    assert case.state == State.ASSIGNED


def test_who_looked_at_an_old_version_changes_nothing(office: Office, now: datetime) -> None:
    case = office.case_in(State.RECEIVED, now)
    seen = case.version
    actor = office.viewer(Role.COORDINATOR)
    service.verify(case.id, actor=actor, now=now, version=seen)
    with pytest.raises(OutOfDate):
        service.assign(case.id, actor=actor, lead_id=office.agency.id, now=now, version=seen)
    assert case.state == State.VERIFYING


def test_a_withdrawn_case_stays_closed(office: Office, now: datetime) -> None:
    case = office.case_in(State.RECEIVED, now)
    _directly("withdraw")(office, case.id, now)
    with pytest.raises(Refused, match="tự nguyện rút") as refusal:
        _with_reason(service.reopen, Role.COORDINATOR)(office, case.id, now)
    assert refusal.value.field == "is_coerced"
    db.session.expire_all()
    assert case.state == State.CLOSED


def test_a_case_that_somebody_was_made_to_withdraw_begins_anew(
    office: Office, now: datetime
) -> None:
    case = office.case_in(State.RECEIVED, now)
    _directly("withdraw")(office, case.id, now)
    actor = office.viewer(Role.COORDINATOR)
    service.reopen(case.id, actor=actor, reason="Có đơn tố giác", is_coerced=True, now=now)
    assert (case.state, case.round) == (State.VERIFYING, 2)
    assert entries(case)[-1].text == "Công dân bị ép buộc rút đơn. Có đơn tố giác"


def test_past_versions_keep_what_was_recorded_then(office: Office, now: datetime) -> None:
    case = office.case_in(State.CLOSED, now)
    states = [version.state for version in versions(case)]
    assert states == list(State)


@pytest.mark.parametrize("action", ["guide", "forward"])
def test_to_which_body_is_kept_with_the_case_and_its_entry(
    office: Office, now: datetime, action: str
) -> None:
    case = office.log(now)
    coordinator = office.viewer(Role.COORDINATOR)
    given = {"actor": coordinator, "reason": "Không thuộc thẩm quyền", "now": now}
    with pytest.raises(Refused) as refusal:
        service.close_directly(action, case.id, sent_to=" ", **given)
    assert refusal.value.field == "sent_to"
    case = service.close_directly(action, case.id, sent_to="  Công an  quận ", **given)
    assert case.sent_to == "Công an quận"
    assert entries(case)[-1].changes["sent_to"] == [None, "Công an quận"]
    case = service.reopen(case.id, actor=coordinator, reason="Họ chuyển lại", now=now)
    assert case.sent_to is None
    assert entries(case)[-1].changes["sent_to"] == ["Công an quận", None]
    assert_chain(case)


def test_a_file_or_refusal_goes_to_nobody(office: Office, now: datetime) -> None:
    case = service.close_directly(
        "file",
        office.log(now).id,
        actor=office.viewer(Role.COORDINATOR),
        reason="Không rõ nội dung",
        sent_to="Công an quận",
        now=now,
    )
    assert case.sent_to is None
    assert "sent_to" not in entries(case)[-1].changes
