"""Wrong values put right, with old and new in the story; and what a case is, said anew."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from bs4 import BeautifulSoup
from sqlalchemy import select

from tests.application import Client
from tests.cases import circumstances
from tests.cases.conftest import Visitor
from tests.cases.stories import assert_chain, assert_versions, entries
from tests.factories import Office, make_named, make_unit, make_user
from tracker.cases import queries, service
from tracker.cases.models import Area, Case, Channel, Field, Submission
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules import access
from tracker.rules.access import Confidentiality
from tracker.rules.conditions import Condition
from tracker.rules.workflow import Kind, Role, State

TODAY = date(2026, 3, 2)
# 20 working days after it.
DUE = date(2026, 3, 30)


def correct(office: Office, case: Case, now: datetime, **given: Any) -> Case:
    present = {
        "content": case.content,
        "received_on": case.received_on,
        "field_id": case.field_id,
        "area_id": case.area_id,
        "channel_id": case.channel_id,
        "persons": 1,
        "note": case.note,
        "reason": "Ghi nhầm",
    }
    present["actor"] = office.viewer(Role.RECEPTION_OFFICER)
    return service.correct(case.id, now=now, **(present | given))


def test_every_value_is_put_right_once_and_both_are_kept(office: Office, now: datetime) -> None:
    case = office.log(now)
    wanted: dict[str, UUID] = {
        "field_id": make_named(Field, "Chiếu sáng"),
        "area_id": make_named(Area, "Bồ Đề"),
        "channel_id": make_named(Channel, "Giao ban cụm dân cư"),
    }
    correct(
        office, case, now + timedelta(minutes=1),
        content="Đèn đường hỏng ở ngõ 22", persons=8, note="Gọi lại", **wanted,
    )  # fmt: skip
    for name, value in wanted.items():
        assert getattr(case, name) == value
    turn = db.session.scalars(select(Submission)).one()
    assert (turn.persons, turn.channel_id) == (8, wanted["channel_id"])
    entry = entries(case)[-1]
    assert (entry.action, entry.text, entry.user_id) == (
        "correct", "Ghi nhầm", office.user(Role.RECEPTION_OFFICER).id,
    )  # fmt: skip
    assert entry.changes == {
        "content": ["Đèn đường hỏng ở ngõ 20 phố Ngọc Lâm", "Đèn đường hỏng ở ngõ 22"],
        "note": ["", "Gọi lại"],
        "persons": ["1", "8"],
        **{name: [None, str(value)] for name, value in wanted.items()},
    }
    assert_chain(case)
    assert_versions(case)


def test_the_corrected_words_are_what_is_found(
    office: Office, now: datetime, visit: Callable[[Role], Visitor]
) -> None:
    case = office.log(now)
    correct(office, case, now, content="Cống tắc ở tổ 7")
    visitor = visit(Role.COORDINATOR)
    assert visitor.get("/cases?q=cong+tac").find(string=case.code)
    assert not visitor.get("/cases?q=den+duong").find(string=case.code)


def test_another_day_of_receipt_counts_the_due_date_anew(office: Office, now: datetime) -> None:
    case = office.case_in(State.ASSIGNED, now)
    correct(office, case, now + timedelta(minutes=1), received_on=date(2026, 2, 27))
    # 20 working days after Friday 27 February.
    assert case.due_on == case.original_due_on == date(2026, 3, 27)
    assert case.assignments[0].due_on == date(2026, 3, 27)
    assert db.session.scalars(select(Submission.received_on)).one() == date(2026, 2, 27)
    assert entries(case)[-1].changes.keys() == {"received_on", "due_on", "original_due_on"}
    assert_versions(case)


def test_a_date_that_was_decided_stays_and_the_first_one_is_counted_anew(
    office: Office, now: datetime
) -> None:
    case = office.case_in(State.VERIFYING, now)
    actor = office.viewer(Role.COORDINATOR)
    service.extend(case.id, actor=actor, due_on=date(2026, 4, 20), reason="Khó", now=now)
    correct(office, case, now, received_on=date(2026, 2, 27))
    assert (case.due_on, case.original_due_on) == (date(2026, 4, 20), date(2026, 3, 27))


def test_a_pause_before_the_corrected_receipt_does_not_count(office: Office, now: datetime) -> None:
    case = office.log(now)
    actor = office.viewer(Role.COORDINATOR)
    service.suspend(case.id, actor=actor, reason="Chờ", now=now + timedelta(days=2))
    service.resume(case.id, actor=actor, reason="Tiếp", now=now + timedelta(days=9))
    correct(office, case, now + timedelta(days=11), received_on=date(2026, 3, 12))
    # 20 working days after Thursday 12 March.
    assert case.due_on == case.original_due_on == date(2026, 4, 9)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"content": "\u200b \n"}, "content"),
        ({"content": "x" * 1_000_000}, "content"),
        ({"note": "x" * 20_001}, "note"),
        ({"received_on": date(2026, 3, 3)}, "received_on"),
        ({"persons": 0}, "persons"),
        ({"persons": 100_001}, "persons"),
        ({"content": "Khác", "reason": "\x00\x07"}, "reason"),
        ({}, None),
    ],
)
def test_what_is_no_correction_changes_nothing(
    office: Office, now: datetime, given: dict[str, Any], field: str | None
) -> None:
    case = office.log(now)
    with pytest.raises(Refused) as refusal:
        correct(office, case, now, **given)
    assert refusal.value.field == field
    db.session.expire_all()
    assert case.content == "Đèn đường hỏng ở ngõ 20 phố Ngọc Lâm"
    assert len(entries(case)) == 1


def closed_late(office: Office, now: datetime) -> Case:
    """A case of 2 March, due on the 30th and answered on 8 April."""
    return office.case_in(State.CLOSED, now + timedelta(days=37), received_on=TODAY)


def test_only_a_coordinator_moves_the_receipt_of_what_has_ended(
    office: Office, now: datetime
) -> None:
    case = closed_late(office, now)
    later = now + timedelta(days=40)
    with pytest.raises(Refused, match="điều phối viên") as refusal:
        correct(office, case, later, received_on=date(2026, 3, 16))
    assert refusal.value.field == "received_on"
    db.session.expire_all()
    correct(office, case, later, content="Đèn đường hỏng ở ngõ 22")
    assert (case.received_on, case.due_on) == (TODAY, DUE)


@pytest.mark.parametrize(
    ("received_on", "said"),
    [("16/03/2026", "từ trễ hạn 7 ngày làm việc sang đúng hạn"), ("02/03/2026", "")],
)
def test_the_coordinator_is_told_that_figures_move(
    office: Office, now: datetime, client: Client, received_on: str, said: str
) -> None:
    case = closed_late(office, now)
    typed = {
        "content": "Đèn đường hỏng ở ngõ 22",
        "received_on": received_on,
        "persons": "1",
        "reason": "Ghi nhầm",
        "version": str(case.version),
    }
    with time_machine.travel(now + timedelta(days=40)):
        client.sign_in(office.user(Role.COORDINATOR))
        page = client.post(f"/cases/{case.id}/corrections", data=typed, follow_redirects=True)
    assert ("Vụ việc đã kết thúc, nay đổi" in page.text) == bool(said)
    assert said in page.text


@pytest.mark.parametrize("state", [State.ASSIGNED, State.ANSWERED, State.CLOSED])
def test_nothing_was_done_about_a_case_before_it_came(
    office: Office, now: datetime, state: State
) -> None:
    case = office.case_in(state, now)
    later = now + timedelta(days=3)
    actor = office.viewer(Role.COORDINATOR)
    with pytest.raises(Refused, match="không được sau") as refusal:
        correct(office, case, later, received_on=TODAY + timedelta(days=1), actor=actor)
    assert refusal.value.field == "received_on"


def test_a_returned_case_was_assigned_all_the_same(office: Office, now: datetime) -> None:
    case = circumstances.returned_often(office, now)
    later = now + timedelta(days=3)
    with pytest.raises(Refused):
        correct(office, case, later, received_on=TODAY + timedelta(days=1))


def test_nobody_counts_as_waiting_for_less_long_by_a_correction(
    office: Office, now: datetime
) -> None:
    target, case = office.log(now), office.log(now + timedelta(days=2))
    actor = office.viewer(Role.COORDINATOR)
    later = now + timedelta(days=9)
    service.merge(case.id, actor=actor, into_id=target.id, now=later)
    for corrected, day, reason in (
        # The turn of the merged case would stand before the receipt of what it is a turn of.
        (target, date(2026, 3, 5), "lượt phản ánh ngày 04/03/2026"),
        (case, date(2026, 2, 27), target.code),
    ):
        with pytest.raises(Refused, match=reason) as refusal:
            correct(office, corrected, later, received_on=day, actor=actor)
        assert refusal.value.field == "received_on"
    db.session.expire_all()
    assert (target.received_on, case.received_on) == (TODAY, date(2026, 3, 4))
    correct(office, target, later, received_on=date(2026, 3, 4))
    assert target.received_on == date(2026, 3, 4)


def test_classifying_counts_by_the_new_kind(office: Office, now: datetime) -> None:
    case = office.log(now)
    field_id, area_id = make_named(Field, "Đất đai"), make_named(Area, "Việt Hưng")
    service.classify(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        kind=Kind.COMPLAINT,
        field_id=field_id,
        area_id=area_id,
        now=now + timedelta(minutes=1),
    )
    assert (case.kind, case.field_id, case.area_id) == (Kind.COMPLAINT, field_id, area_id)
    assert (case.code, case.state) == ("DLXH-2026-00001", State.RECEIVED)
    assert case.due_on == case.original_due_on == date(2026, 4, 1)
    assert entries(case)[-1].changes["kind"] == ["opinion", "complaint"]
    assert_versions(case)


@pytest.mark.parametrize(
    ("condition", "due_on", "latest"),
    [
        # 45 days after 2 March are up on 16 April, 60 on Friday 1 May, a holiday; 70 on 11 May.
        ("remote", date(2026, 4, 16), date(2026, 5, 4)),
        ("second", date(2026, 4, 16), date(2026, 5, 4)),
        ("second_remote", date(2026, 5, 4), date(2026, 5, 11)),
    ],
)
def test_the_law_gives_some_complaints_more_time(
    office: Office, now: datetime, condition: Condition, due_on: date, latest: date
) -> None:
    case = office.log(now, kind=Kind.COMPLAINT)
    actor = office.viewer(Role.COORDINATOR)
    given: dict[str, Any] = {"kind": Kind.COMPLAINT, "field_id": None, "area_id": None}
    service.classify(case.id, actor=actor, condition=condition, now=now, **given)
    assert case.due_on == case.original_due_on == due_on
    assert entries(case)[-1].changes["condition"] == ["ordinary", condition]
    for day in (latest + timedelta(days=1), latest):
        if day == latest:
            service.extend(case.id, actor=actor, due_on=day, reason="Phức tạp", now=now)
        else:
            with pytest.raises(Refused, match="Luật chỉ cho gia hạn"):
                service.extend(case.id, actor=actor, due_on=day, reason="Phức tạp", now=now)
            db.session.expire_all()
    assert (case.due_on, case.original_due_on) == (latest, due_on)
    with pytest.raises(Refused) as refusal:
        service.classify(case.id, actor=actor, condition=condition, now=now,
                         **(given | {"kind": Kind.OPINION}))  # fmt: skip
    assert refusal.value.field == "condition"
    assert_versions(case)


def test_the_page_tells_the_condition_and_its_stages(
    office: Office, now: datetime, client: Client
) -> None:
    case = office.log(now)
    typed = {"kind": "opinion", "condition": "hotline_urgent", "version": str(case.version)}
    with time_machine.travel(now + timedelta(minutes=5)):
        client.sign_in(office.user(Role.COORDINATOR))
        page = client.post(f"/cases/{case.id}/classifications", data=typed, follow_redirects=True)
    main = BeautifulSoup(page.text, "html.parser").main
    assert main is not None
    text = " ".join(main.get_text(" ").split())
    assert "Trường hợp Qua đường dây nóng, khẩn cấp" in text
    # Four working hours after nine o'clock end at two in the afternoon.
    assert "của UBND thành phố Hà Nội 02/03/2026 02/03/2026 đúng hạn" in text


def reclassify(
    office: Office, case: Case, now: datetime, kind: Kind, level: Confidentiality
) -> Case:
    return service.reclassify(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        kind=kind,
        confidentiality=level,
        field_id=None,
        reason="Có tên người bị tố cáo",
        now=now,
    )


def test_what_turns_out_to_be_a_denunciation_is_protected_at_once(
    office: Office, now: datetime
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    worker = office.viewer(Role.AGENCY_WORKER)
    assert queries.find(worker, case.id) is not None
    reclassify(office, case, now, Kind.DENUNCIATION, Confidentiality.DENUNCIATION)
    assert queries.find(worker, case.id) is None
    assert queries.find(office.viewer(Role.AGENCY_HEAD), case.id) is not None
    assert case.code == "DLXH-2026-00001"
    assert entries(case)[-1].changes["confidentiality"] == ["normal", "denunciation"]


@pytest.mark.parametrize("kind", [Kind.DENUNCIATION, Kind.RECOMMENDATION])
@pytest.mark.parametrize("level", [Confidentiality.NORMAL, Confidentiality.CONFIDENTIAL])
def test_a_denunciation_never_loses_its_protection(
    office: Office, now: datetime, kind: Kind, level: Confidentiality
) -> None:
    case = office.log(now, kind=Kind.DENUNCIATION)
    with pytest.raises(Refused) as refusal:
        reclassify(office, case, now, kind, level)
    assert refusal.value.field == "confidentiality"
    db.session.expire_all()
    assert (case.kind, case.confidentiality) == (Kind.DENUNCIATION, Confidentiality.DENUNCIATION)


def test_classifying_takes_no_protection_away(office: Office, now: datetime) -> None:
    case = office.log(now, kind=Kind.DENUNCIATION)
    service.classify(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        kind=Kind.RECOMMENDATION,
        field_id=None,
        area_id=None,
        now=now,
    )
    assert (case.kind, case.confidentiality) == (
        Kind.RECOMMENDATION, Confidentiality.DENUNCIATION,
    )  # fmt: skip


@pytest.mark.parametrize("present", Confidentiality)
@pytest.mark.parametrize("kind", Kind)
def test_levels_that_a_case_may_have(present: Confidentiality, kind: Kind) -> None:
    is_protected = Kind.DENUNCIATION is kind or present is Confidentiality.DENUNCIATION
    assert (Confidentiality.DENUNCIATION in access.levels(present, kind)) == is_protected
    assert (Confidentiality.NORMAL in access.levels(present, kind)) != is_protected
    assert access.kept_as(present, kind) in access.levels(present, kind)


@pytest.mark.parametrize("is_part", [False, True])
def test_a_case_leaves_an_agency_where_nobody_may_see_it_any_more(
    office: Office, now: datetime, is_part: bool
) -> None:
    """Left there nobody could answer it, nor take it back."""
    coordinator = office.viewer(Role.COORDINATOR)
    agency = make_unit("Phòng Tư pháp", office.committee)
    make_user(Role.AGENCY_WORKER, agency)
    case = office.case_in(State.VERIFYING, now)
    raised = case
    if is_part:
        words = (service.Part("Đèn hỏng"), service.Part("Tố cáo ông X"))
        [raised] = service.split(case.id, actor=coordinator, parts=words, now=now)
    service.assign(case.id, actor=coordinator, lead_id=agency.id, now=now)
    service.reclassify(
        raised.id,
        actor=coordinator,
        kind=Kind.DENUNCIATION,
        confidentiality=Confidentiality.DENUNCIATION,
        field_id=None,
        reason="Có nội dung tố cáo",
        now=now + timedelta(hours=1),
    )
    db.session.expire_all()
    assert (case.state, case.lead_unit_id) == (State.VERIFYING, None)
    assert [each.ended_on for each in case.assignments] == [date(2026, 3, 2)]
    assert_chain(case)
    assert_versions(case)
    service.assign(case.id, actor=coordinator, lead_id=office.agency.id, now=now)
    assert case.state == State.ASSIGNED
