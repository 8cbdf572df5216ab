"""Thụ lý: the limit of a complaint's or a denunciation's resolution begins with its acceptance."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import time_machine

from tests.cases import circumstances
from tests.cases.conftest import Visitor
from tests.cases.stories import assert_chain, assert_versions, entries
from tests.cases.test_calendar_account import ledger, milestones, words
from tests.factories import Office
from tracker.cases import service
from tracker.cases.models import Case
from tracker.cases.service import calendar
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.access import Confidentiality
from tracker.rules.workflow import Kind, Role, State

Visit = Callable[[Role], Visitor]

# Received on Monday 2 March 2026: due on 1 April by the receipt; accepted on 10 March: 30 calendar
# days later is Thursday 9 April.
RECEIVED, ACCEPTED = date(2026, 3, 2), date(2026, 3, 10)
BY_RECEIPT, BY_ACCEPTANCE = date(2026, 4, 1), date(2026, 4, 9)


def at(now: datetime, days: int) -> datetime:
    return now + timedelta(days=days)


def admit(office: Office, case: Case, now: datetime, **given: Any) -> Case:
    wanted = {"accepted_on": ACCEPTED} | given
    return service.admit(case.id, actor=office.viewer(Role.COORDINATOR), now=at(now, 9), **wanted)


def correct(office: Office, case: Case, now: datetime, **given: Any) -> Case:
    present = {
        name: getattr(case, name)
        for name in ("content", "received_on", "field_id", "area_id", "channel_id", "note")
    }
    given = {"persons": 1, "reason": "Ghi nhầm"} | given
    actor = office.viewer(given.pop("role", Role.COORDINATOR))
    return service.correct(case.id, actor=actor, now=at(now, 10), **(present | given))


def dates(case: Case) -> tuple[date | None, date | None]:
    db.session.expire_all()
    return case.due_on, case.original_due_on


@pytest.mark.parametrize("kind", [Kind.COMPLAINT, Kind.DENUNCIATION])
def test_the_limit_counts_from_the_acceptance(office: Office, now: datetime, kind: Kind) -> None:
    case = office.case_in(State.ASSIGNED, now, kind=kind)
    assert dates(case) == (BY_RECEIPT, BY_RECEIPT)
    admit(office, case, now)
    assert dates(case) == (BY_ACCEPTANCE, BY_ACCEPTANCE)
    assert [each.due_on for each in case.assignments] == [BY_ACCEPTANCE]
    entry = entries(case)[-1]
    assert (entry.action, entry.happened_on, entry.from_state, entry.to_state) == (
        "admit", ACCEPTED, State.ASSIGNED, State.ASSIGNED,
    )  # fmt: skip
    assert entry.changes == {
        "accepted_on": [None, "2026-03-10"],
        "due_on": ["2026-04-01", "2026-04-09"],
        "original_due_on": ["2026-04-01", "2026-04-09"],
    }
    assert_chain(case)
    assert_versions(case)


def test_other_kinds_are_not_taken_on(office: Office, now: datetime, visit: Visit) -> None:
    case = office.case_in(State.VERIFYING, now)
    with pytest.raises(Refused, match="khiếu nại, tố cáo"):
        admit(office, case, now)
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    assert page.select("form[action$=admissions]") == []
    assert "chưa thụ lý" not in page.text


def test_until_then_the_page_says_by_when_and_from_what_it_counts(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.VERIFYING, now, kind=Kind.COMPLAINT)
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    assert "chưa thụ lý, hạn thụ lý 12/03/2026" in words(page, "main header")
    assert "kể từ ngày sau ngày tiếp nhận 02/03/2026" in words(page, ".due-account")
    assert "Chưa ghi nhận thụ lý." in words(page, ".due-account")
    assert page.select_one(".next-step form[action$=admissions]") is not None
    with time_machine.travel(at(now, 8)):
        visitor = visit(Role.COORDINATOR)
        page = visitor.post(f"/cases/{case.id}/admissions", accepted_on="10/03/2026")
    text = words(page, ".due-account")
    assert "30 ngày kể từ ngày sau ngày thụ lý 10/03/2026." in text
    assert "Chưa ghi nhận" not in text
    name = office.user(Role.COORDINATOR).name
    assert f"Thụ lý ngày 10/03/2026 bởi {name}: 01/04/2026 → 09/04/2026" in text
    assert "theo sổ" not in text
    assert ledger(page)[0][:2] == ["11/03/2026", "1"]
    assert ledger(page)[-1][:2] == ["09/04/2026", "30"]
    found = milestones(page)
    assert found["Thụ lý hoặc không thụ lý"][1:] == ["12/03/2026", "10/03/2026", "đúng hạn"]
    assert found["Giải quyết lần đầu"][1] == "09/04/2026"
    assert "chưa thụ lý" not in words(page, "main header")
    assert page.select_one(".next-step form[action$=assignments]") is not None


@pytest.mark.parametrize(
    ("needed", "due_on", "standing"),
    [(False, "11/03/2026", "trễ hạn 2 ngày làm việc"), (True, "16/03/2026", "đúng hạn")],
)
def test_a_denunciation_that_has_to_be_verified_has_ten_days(
    office: Office, now: datetime, visit: Visit, needed: bool, due_on: str, standing: str
) -> None:
    case = office.case_in(State.VERIFYING, now, kind=Kind.DENUNCIATION)
    given = {"needed_verification": "y"} if needed else {}
    with time_machine.travel(at(now, 11)):
        visitor = visit(Role.COORDINATOR)
        page = visitor.post(f"/cases/{case.id}/admissions", accepted_on="13/03/2026", **given)
    found = milestones(page)["Thụ lý hoặc không thụ lý"]
    assert found[1:] == [due_on, "13/03/2026", standing]
    newest = " ".join(page.select(".story > li")[0].text.split())
    assert ("Phải kiểm tra, xác minh: Có" in newest) == needed


def test_only_a_denunciation_is_asked_about_verification(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.VERIFYING, now, kind=Kind.COMPLAINT)
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    assert page.select("[name=needed_verification]") == []
    admit(office, case, now, needed_verification=True)
    assert "needed_verification" not in entries(case)[-1].changes


def test_pauses_before_the_acceptance_do_not_count(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now, kind=Kind.COMPLAINT)
    actor = office.viewer(Role.COORDINATOR)
    service.suspend(case.id, actor=actor, reason="Chờ", now=at(now, 1))
    service.resume(case.id, actor=actor, reason="Tiếp", now=at(now, 9))
    # One of the eight days for which the clock stood still lies after 10 March.
    admit(office, case, now)
    assert dates(case) == (date(2026, 4, 10), BY_ACCEPTANCE)
    service.suspend(case.id, actor=actor, reason="Chờ", now=at(now, 10))
    service.resume(case.id, actor=actor, reason="Tiếp", now=at(now, 13))
    assert dates(case)[:2] == (date(2026, 4, 13), BY_ACCEPTANCE)


def test_the_law_s_longest_time_counts_from_the_acceptance(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now, kind=Kind.COMPLAINT)
    admit(office, case, now)
    actor = office.viewer(Role.COORDINATOR)
    # 45 days after 10 March.
    wanted = {"actor": actor, "reason": "Phức tạp", "now": at(now, 10)}
    with pytest.raises(Refused, match="24/04/2026"):
        service.extend(case.id, due_on=date(2026, 4, 28), **wanted)
    service.extend(case.id, due_on=date(2026, 4, 24), **wanted)
    assert dates(case) == (date(2026, 4, 24), BY_ACCEPTANCE)


def test_a_decided_date_stays_and_the_first_one_is_counted(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now, kind=Kind.COMPLAINT)
    actor = office.viewer(Role.COORDINATOR)
    wanted = date(2026, 4, 15)
    service.extend(case.id, actor=actor, due_on=wanted, reason="Phức tạp", now=now)
    admit(office, case, now)
    assert dates(case) == (wanted, BY_ACCEPTANCE)


def test_the_calendar_s_corrections_count_from_the_acceptance(
    office: Office, now: datetime
) -> None:
    case = office.case_in(State.VERIFYING, now, kind=Kind.COMPLAINT)
    admit(office, case, now)
    actor = office.viewer(Role.COORDINATOR)
    moved = calendar.correct(BY_ACCEPTANCE, "rest", "1234/VPCP", actor=actor, now=at(now, 10))
    assert moved == 1
    assert dates(case)[:2] == (date(2026, 4, 10), date(2026, 4, 10))
    assert calendar.correct(BY_RECEIPT, "rest", "1/VP", actor=actor, now=at(now, 11)) == 0


def test_a_wrong_date_is_put_right_by_the_coordinator(office: Office, now: datetime) -> None:
    case = circumstances.admitted(office, now)
    correct(office, case, now, accepted_on=ACCEPTED)
    assert dates(case)[:2] == (BY_ACCEPTANCE, BY_ACCEPTANCE)
    assert entries(case)[-1].changes["accepted_on"] == ["2026-03-02", "2026-03-10"]
    with pytest.raises(Refused, match="Chỉ điều phối viên"):
        correct(office, case, now, accepted_on=date(2026, 3, 9), role=Role.RECEPTION_OFFICER)
    # What the page shows and nobody touched changes nothing.
    correct(office, case, now, accepted_on=ACCEPTED, note="Gọi lại", role=Role.RECEPTION_OFFICER)
    assert case.accepted_on == ACCEPTED


def test_the_receipt_stays_before_the_acceptance(office: Office, now: datetime) -> None:
    case = circumstances.complaint(office, at(now, 9))
    admit(office, case, now, accepted_on=date(2026, 3, 11))
    with pytest.raises(Refused) as refusal:
        correct(office, case, now, received_on=date(2026, 3, 12))
    assert refusal.value.field == "received_on"
    correct(office, case, now, received_on=RECEIVED)
    assert dates(case)[0] == date(2026, 4, 10)


def test_reclassifying_keeps_the_acceptance_and_the_clock_begins_once(
    office: Office, now: datetime
) -> None:
    case = office.case_in(State.VERIFYING, now, kind=Kind.COMPLAINT)
    admit(office, case, now)
    for kind, due_on in (
        (Kind.DENUNCIATION, BY_ACCEPTANCE),
        # An answer's limit begins with the receipt: 20 working days.
        (Kind.RECOMMENDATION, date(2026, 3, 30)),
        (Kind.DENUNCIATION, BY_ACCEPTANCE),
    ):
        service.reclassify(
            case.id,
            actor=office.viewer(Role.COORDINATOR),
            kind=kind,
            confidentiality=Confidentiality.DENUNCIATION,
            field_id=None,
            reason="Đọc kỹ lại",
            now=at(now, 10),
        )
        assert dates(case) == (due_on, due_on)
    with pytest.raises(Refused, match="Đã thụ lý ngày 10/03/2026"):
        admit(office, case, now)


def test_reopening_keeps_the_dates_and_takes_on_nothing_anew(
    office: Office, now: datetime, visit: Visit
) -> None:
    actor = office.viewer(Role.COORDINATOR)
    taken_on, refused = (circumstances.complaint(office, now) for _ in range(2))
    admit(office, taken_on, now)
    service.close_directly("file", taken_on.id, actor=actor, reason="Lưu", now=at(now, 9))
    service.close_directly("refuse", refused.id, actor=actor, reason="Quá thời hiệu", now=now)
    for case, due_on in ((taken_on, BY_ACCEPTANCE), (refused, BY_RECEIPT)):
        service.reopen(case.id, actor=actor, reason="Xem lại", now=at(now, 10))
        with pytest.raises(Refused):
            admit(office, case, now)
        assert dates(case) == (due_on, due_on)
    page = visit(Role.COORDINATOR).get(f"/cases/{refused.id}")
    assert "Vụ việc đã mở lại; hạn giữ như lần giải quyết đầu." in page.text
    assert "chưa thụ lý" not in words(page, "main header")


def test_the_parts_of_a_case_were_taken_on_with_it(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now, kind=Kind.COMPLAINT)
    admit(office, case, now)
    parts = [service.Part("Đất"), service.Part("Nhà")]
    [part] = service.split(
        case.id, actor=office.viewer(Role.COORDINATOR), parts=parts, now=at(now, 10)
    )
    assert (part.accepted_on, *dates(part)[:2]) == (ACCEPTED, BY_ACCEPTANCE, BY_ACCEPTANCE)


def test_nobody_asks_whether_what_has_ended_was_taken_on(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.CLOSED, now, kind=Kind.COMPLAINT)
    found = milestones(visit(Role.COORDINATOR).get(f"/cases/{case.id}"))
    assert list(found) == ["Phân loại, xử lý", "Giải quyết lần đầu"]
