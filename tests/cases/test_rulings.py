"""What goes back and forth too often is a leader's to rule; what is asked is taken on."""

from datetime import date, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from sqlalchemy import select

from tests.cases import circumstances, samples
from tests.cases.stories import assert_chain, assert_versions, entries
from tests.factories import Office
from tracker.cases import service
from tracker.cases.models import Answer, Assignment, Attachment, Case
from tracker.core.db import db
from tracker.core.errors import NotAllowed, Refused
from tracker.rules.workflow import Outcome, Role, State

TODAY = date(2026, 3, 2)


def rule(
    office: Office, case: Case, now: datetime, lead_id: UUID, due_on: date = date(2026, 3, 9)
) -> Case:
    return service.rule(
        case.id,
        actor=office.viewer(Role.LEADER),
        lead_id=lead_id,
        text="Phòng Y tế giải quyết, vì đã cấp phép",
        due_on=due_on,
        now=now,
    )


def test_the_third_return_waits_for_a_leader(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now)
    for time in range(1, 4):
        assert case.ruling_due_on is None
        circumstances.assign(office, case, now)
        worker = office.viewer(Role.AGENCY_WORKER)
        service.send_back(case.id, actor=worker, reason="Không phải việc của phòng", now=now)
        assert case.return_count == time
    # Three working days after Monday.
    assert (case.state, case.ruling_due_on) == (State.VERIFYING, date(2026, 3, 5))
    assert entries(case)[-1].changes["return_count"] == ["2", "3"]
    assert entries(case)[-1].changes["ruling_due_on"] == [None, "2026-03-05"]
    with pytest.raises(Refused, match="05/03/2026"):
        circumstances.assign(office, case, now)


def test_a_reopened_case_still_waits_for_its_ruling(office: Office, now: datetime) -> None:
    coordinator = office.viewer(Role.COORDINATOR)
    for make in (circumstances.returned_often, circumstances.redone_often):
        case = make(office, now)
        later = now + timedelta(days=7)
        service.close_directly(
            "withdraw", case.id, actor=coordinator, reason="Công dân rút", now=later
        )
        service.reopen(case.id, actor=coordinator, reason="Bị ép", is_coerced=True, now=later)
        assert case.ruling_due_on == date(2026, 3, 12)
        assert entries(case)[-1].changes["ruling_due_on"] == [None, "2026-03-12"]
        with pytest.raises(Refused, match="lãnh đạo"):
            circumstances.assign(office, case, later)
        rule(office, case, later, office.agency.id, date(2026, 3, 16))
        service.close_directly(
            "withdraw", case.id, actor=coordinator, reason="Công dân rút", now=later
        )
        service.reopen(case.id, actor=coordinator, reason="Bị ép", is_coerced=True, now=later)
        assert case.ruling_due_on is None


@pytest.mark.parametrize(
    ("days", "is_accepted", "reason"),
    [(2, True, "đã nhận việc"), (3, False, "04/03/2026"), (2, False, None)],
)
def test_a_case_is_returned_before_it_is_taken_on(
    office: Office, now: datetime, days: int, is_accepted: bool, reason: str | None
) -> None:
    worker = office.viewer(Role.AGENCY_WORKER)
    case = office.case_in(State.ASSIGNED, now)
    if is_accepted:
        service.accept(case.id, actor=worker, now=now)
    later = now + timedelta(days=days)
    if reason is None:
        service.send_back(case.id, actor=worker, reason="Không thuộc", now=later)
        assert case.state == State.VERIFYING
    else:
        with pytest.raises(Refused, match=reason):
            service.send_back(case.id, actor=worker, reason="Không thuộc", now=later)


def test_no_extension_is_asked_for_while_a_leader_has_to_rule(
    office: Office, now: datetime
) -> None:
    case = circumstances.redone_often(office, now)
    with pytest.raises(Refused, match="lãnh đạo"):
        service.request_extension(
            case.id,
            actor=office.viewer(Role.AGENCY_WORKER),
            wanted_on=date(2026, 4, 20),
            reason="Phải đo lại",
            now=now,
        )


def test_nothing_is_done_again_while_the_case_is_suspended(office: Office, now: datetime) -> None:
    case = office.case_in(State.ANSWERED, now)
    coordinator = office.viewer(Role.COORDINATOR)
    service.suspend(case.id, actor=coordinator, reason="Chờ giám định", now=now)
    with pytest.raises(Refused, match="tạm đình chỉ"):
        service.redo(case.id, actor=coordinator, reason="Chưa đủ", now=now)


def test_the_third_redo_waits_for_a_leader(office: Office, now: datetime) -> None:
    case = circumstances.redone_often(office, now)
    assert (case.state, case.redo_count) == (State.ASSIGNED, 3)
    assert case.ruling_due_on == date(2026, 3, 5)
    with pytest.raises(Refused, match="lãnh đạo"):
        circumstances.answer(office, case, now)


@pytest.mark.parametrize("make", [circumstances.returned_often, circumstances.redone_often])
@pytest.mark.parametrize("is_same", [True, False])
def test_a_leader_rules_who_answers_and_by_when(
    office: Office, now: datetime, make: circumstances.Make, is_same: bool
) -> None:
    case = make(office, now)
    source, due_on = case.state, case.due_on
    lead = office.agency if is_same else office.other_agency
    rule(office, case, now + timedelta(minutes=1), lead.id)
    assert (case.state, case.lead_unit_id, case.ruling_due_on) == (State.ASSIGNED, lead.id, None)
    # The citizen's date is not the leader's to move.
    assert case.due_on == due_on
    [asked] = db.session.scalars(
        select(Assignment).where(Assignment.case_id == case.id, Assignment.ended_on.is_(None))
    )
    assert (asked.unit_id, asked.part, asked.due_on) == (lead.id, "lead", date(2026, 3, 9))
    entry = entries(case)[-1]
    assert (entry.action, entry.from_state, entry.user_id) == (
        "rule", source, office.user(Role.LEADER).id,
    )  # fmt: skip
    assert entry.text == "Phòng Y tế giải quyết, vì đã cấp phép"
    assert entry.changes["agency_due_on"] == [None, "2026-03-09"]
    assert_chain(case)
    assert_versions(case)


@pytest.mark.parametrize("due_on", [date(2026, 3, 1), date(2026, 3, 8)])
def test_a_ruling_s_date_can_be_kept(office: Office, now: datetime, due_on: date) -> None:
    case = circumstances.returned_often(office, now)
    with pytest.raises(Refused) as refusal:
        rule(office, case, now, office.agency.id, due_on)
    assert refusal.value.field == "due_on"
    assert case.ruling_due_on is not None


def test_a_coordinator_does_not_rule(office: Office, now: datetime) -> None:
    case = circumstances.returned_often(office, now)
    with pytest.raises(NotAllowed):
        service.rule(
            case.id,
            actor=office.viewer(Role.COORDINATOR),
            lead_id=office.agency.id,
            text="Giao",
            due_on=date(2026, 3, 9),
            now=now,
        )


def test_who_takes_it_on_has_done_so_once(office: Office, now: datetime) -> None:
    case = circumstances.accepted(office, now)
    [asked] = db.session.scalars(select(Assignment))
    assert asked.accepted_on == TODAY
    assert entries(case)[-1].action == "accept"
    with pytest.raises(Refused, match="đã nhận việc"):
        service.accept(case.id, actor=office.viewer(Role.AGENCY_HEAD), now=now)


def test_who_answers_has_taken_it_on(office: Office, now: datetime) -> None:
    office.case_in(State.ANSWERED, now)
    assert db.session.scalars(select(Assignment.accepted_on)).one() == TODAY


def test_a_supporting_unit_says_its_part_and_is_done(office: Office, now: datetime) -> None:
    case = circumstances.supporting(office, now)
    worker = office.viewer(Role.AGENCY_WORKER)
    service.contribute(case.id, actor=worker, text="Số liệu kèm theo", now=now)
    ended = db.session.execute(select(Assignment.part, Assignment.ended_on)).all()
    assert sorted(ended) == [("lead", None), ("supporting", TODAY)]
    assert (case.state, case.lead_unit_id) == (State.ASSIGNED, office.other_agency.id)
    assert entries(case)[-1].text == "Số liệu kèm theo"


def test_files_become_the_answer_s(office: Office, now: datetime) -> None:
    case = office.case_in(State.ASSIGNED, now)
    service.answer(
        case.id,
        actor=office.viewer(Role.AGENCY_WORKER),
        text="Đã sửa",
        answered_on=TODAY,
        outcome=Outcome.RESOLVED,
        files=[(BytesIO(samples.pdf()), "Báo cáo.pdf"), (BytesIO(samples.word()), "Số liệu.docx")],
        now=now,
    )
    [answer] = db.session.scalars(select(Answer))
    kept = db.session.scalars(select(Attachment).order_by(Attachment.name)).all()
    assert [(file.name, file.case_id, file.answer_id) for file in kept] == [
        ("Báo cáo.pdf", case.id, answer.id), ("Số liệu.docx", case.id, answer.id),
    ]  # fmt: skip
    assert entries(case)[-1].changes["files"] == [None, "Báo cáo.pdf, Số liệu.docx"]


def test_a_kept_promise_is_resolved_on_its_day(office: Office, now: datetime) -> None:
    case = circumstances.promised(office, now)
    actor = office.viewer(Role.COORDINATOR)
    kept = now + timedelta(days=60)
    for day in (TODAY - timedelta(days=1), kept.date() + timedelta(days=1)):
        with pytest.raises(Refused) as refusal:
            service.keep_promise(case.id, actor=actor, kept_on=day, now=kept)
        assert refusal.value.field == "kept_on"
    service.keep_promise(case.id, actor=actor, kept_on=date(2026, 4, 28), text="Đã lát", now=kept)
    assert (case.state, case.outcome, case.ended_on, case.closed_on) == (
        State.CLOSED, Outcome.RESOLVED, date(2026, 4, 28), TODAY,
    )  # fmt: skip
    entry = entries(case)[-1]
    assert (entry.happened_on, entry.text) == (date(2026, 4, 28), "Đã lát")
    assert entry.changes["outcome"] == ["promised", "resolved"]
    assert_versions(case)


def test_a_part_withdrawn_leaves_the_rest(office: Office, now: datetime) -> None:
    case = office.case_in(State.ASSIGNED, now)
    actor = office.viewer(Role.COORDINATOR)
    service.withdraw_part(case.id, actor=actor, reason="Thôi khiếu nại mức đền bù", now=now)
    assert (case.state, case.outcome) == (State.ASSIGNED, None)
    assert entries(case)[-1].text == "Thôi khiếu nại mức đền bù"


def test_what_ends_waits_for_nobody(office: Office, now: datetime) -> None:
    case = circumstances.returned_often(office, now)
    actor = office.viewer(Role.COORDINATOR)
    service.suspend(case.id, actor=actor, reason="Chờ", now=now)
    service.close_directly("withdraw", case.id, actor=actor, reason="Rút đơn", now=now)
    assert (case.suspended_on, case.ruling_due_on) == (None, None)
