"""The citizen's page: whoever has a receipt sees where the matter stands, and nothing else."""

import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
import time_machine

from tests.application import Client
from tests.cases import circumstances
from tests.cases.conftest import Visitor
from tests.factories import Office, make_office
from tests.reception.citizens import HOME, Citizen, words
from tracker.cases import service
from tracker.cases.models import CitizenFeedback, Entry, Submission
from tracker.core.clock import local_date
from tracker.core.db import db, new_id
from tracker.reception.models import LookupGuess
from tracker.reception.receipts import secret_of
from tracker.rules.workflow import Kind, Outcome, Role, State

Visit = Callable[[Role], Visitor]
ELSEWHERE = "198.51.100.9"


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (State.RECEIVED, "Đã tiếp nhận, đang xem xét"),
        (State.VERIFYING, "Đang kiểm tra, xác minh"),
        (State.ASSIGNED, "Đang được giải quyết"),
        (State.ANSWERED, "Đã có trả lời"),
        (State.CLOSED, "Đã giải quyết xong"),
    ],
)
def test_it_says_where_the_matter_stands(
    client: Client, office: Office, now: datetime, state: State, said: str
) -> None:
    case = office.case_in(state, now, content="Xnoidung")
    service.comment(case.id, actor=office.viewer(Role.COORDINATOR), text="Xghichu", now=now)
    told = Citizen(client, case).look()
    assert told.startswith(said)
    assert ("Phòng Quản lý đô thị" in told) == (state not in (State.RECEIVED, State.VERIFYING))
    assert "Hạn trả lời 30/03/2026" in told
    assert ("Đã thay bóng đèn" in told) == (state is State.CLOSED)
    for word in ("Xnoidung", "Xghichu", "Dư luận", *(user.name for user in office.users.values())):
        assert word not in told, word


def test_a_promise_and_its_date_are_told_and_that_it_was_kept(
    client: Client, office: Office, now: datetime
) -> None:
    case = circumstances.promised(office, now)
    told = Citizen(client, case).look()
    assert told.startswith("Đã trả lời và hẹn ngày thực hiện")
    assert "Ngày hẹn thực hiện 01/06/2026" in told
    assert "Góp ý" not in told
    kept = date(2026, 3, 2)
    coordinator = office.viewer(Role.COORDINATOR)
    service.keep_promise(case.id, actor=coordinator, kept_on=kept, now=now)
    assert "đã thực hiện ngày 02/03/2026" in Citizen(client, case).look()


def test_it_says_where_the_matter_was_sent(client: Client, office: Office, now: datetime) -> None:
    case = office.log(now)
    service.close_directly(
        "guide",
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        sent_to="Công an quận",
        reason="Xlydo",
        now=now,
    )
    told = Citizen(client, case).look()
    assert told.startswith("Đã hướng dẫn đến cơ quan có thẩm quyền")
    assert "Công an quận" in told
    assert "Xlydo" not in told


def test_a_matter_that_is_reopened_shows_no_answer_of_before(
    client: Client, office: Office, now: datetime
) -> None:
    case = office.case_in(State.CLOSED, now)
    service.reopen(case.id, actor=office.viewer(Role.COORDINATOR), reason="Xem lại", now=now)
    told = Citizen(client, case).look()
    assert told.startswith("Đang kiểm tra, xác minh")
    assert "Đã thay bóng đèn" not in told


def test_after_a_merge_the_old_code_goes_on_working(
    client: Client, office: Office, now: datetime
) -> None:
    coordinator = office.viewer(Role.COORDINATOR)
    first, second, third = (office.log(now) for _each in range(3))
    citizen = Citizen(client, third)
    receipt = citizen.receipt
    for case, into in ((third, second), (second, first)):
        service.merge(case.id, actor=coordinator, into_id=into.id, now=now)
    service.verify(first.id, actor=coordinator, now=now)
    for code in (first.code, second.code, third.code):
        answer = citizen.send(**receipt | {"code": code})
        assert words(answer).startswith("Đang kiểm tra, xác minh"), code


def test_parts_are_told_by_state_and_unit_alone(
    client: Client, office: Office, now: datetime
) -> None:
    case = office.log(now)
    parts = [service.Part("Xphan1"), service.Part("Xphan2")]
    coordinator = office.viewer(Role.COORDINATOR)
    [part] = service.split(case.id, actor=coordinator, parts=parts, now=now)
    circumstances.assign(office, service.verify(part.id, actor=coordinator, now=now), now)
    told = Citizen(client, case).look()
    assert f"Đang được giải quyết – {office.agency.name}" in told
    assert "Xphan" not in told
    assert part.code not in told


def test_a_denunciations_receipt_opens_it_without_telling_what_it_is(
    client: Client, office: Office, now: datetime
) -> None:
    case = office.log(now, kind=Kind.DENUNCIATION)
    citizen = Citizen(client, case)
    assert citizen.receipt["code"].startswith("BN-")
    told = citizen.look()
    assert "Đã tiếp nhận, đang xem xét" in told
    assert "ố cáo" not in told


def test_a_receipt_is_typed_as_people_type(client: Client, office: Office, now: datetime) -> None:
    case = office.log(now)
    citizen = Citizen(client, case)
    code, secret = citizen.receipt.values()
    answer = citizen.send(
        code=f" {code.lower().replace('-', ' ')} ", secret=secret.lower().replace(" ", "-")
    )
    assert answer.status_code == 200


def test_a_wrong_code_and_a_wrong_secret_are_answered_alike(
    client: Client, office: Office, now: datetime, statements: list[str]
) -> None:
    case = office.log(now)
    voided = office.log(now)
    lost = Citizen(client, voided).receipt
    service.void(voided.id, actor=office.viewer(Role.COORDINATOR), now=now)
    citizen = Citizen(client, case)
    wrong = {
        "secret": citizen.receipt | {"secret": "AAAA AAAA"},
        "code": citizen.receipt | {"code": "PA-2026-99999"},
        "voided": lost,
        "another's": {"code": case.code, "secret": secret_of(new_id())},
        "nonsense": {"code": "?" * 50, "secret": "Ø" * 50},
    }
    answers = []
    for given in wrong.values():
        statements.clear()
        answer = citizen.send(**given)
        page = answer.text.replace(given["code"], "")
        answers.append((answer.status_code, page, [each.split("WHERE")[0] for each in statements]))
        db.session.query(LookupGuess).delete()
    assert all(each == answers[0] for each in answers)
    assert answers[0][0] == 422
    assert "Mã hoặc mã bí mật không đúng" in answers[0][1]


def test_neither_address_nor_log_nor_page_holds_what_was_typed_as_secret(
    client: Client, office: Office, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    citizen = Citizen(client, office.log(now))
    answer = citizen.send(code=citizen.receipt["code"], secret="XSAI XSAI")
    assert "XSAI" not in answer.text
    # A secret in the address is not looked at.
    answer = client.get("/tra-cuu", query_string=citizen.receipt)
    assert citizen.receipt["secret"] not in answer.text
    assert words(answer).startswith("Tra cứu kết quả")
    citizen.look()
    assert citizen.receipt["secret"][:4] not in caplog.text


def test_it_needs_no_cookie_and_leaves_nothing_behind(
    client: Client, app, office: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "WTF_CSRF_ENABLED", True)
    citizen = Citizen(client, office.log(now))
    for answer in (client.get("/tra-cuu"), citizen.send(), citizen.send(secret="SAI")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "Set-Cookie" not in answer.headers
        assert "<script" not in answer.text


def test_english_is_one_link_away(client: Client, office: Office, now: datetime) -> None:
    citizen = Citizen(client, office.log(now))
    assert "/tra-cuu?language=en" in client.get("/tra-cuu").text
    answer = citizen.send("/tra-cuu?language=en")
    assert 'lang="en"' in answer.text
    assert words(answer).startswith("Received, being looked at")


def guess(citizen: Citizen, times: int) -> int:
    """The status after so many wrong guesses, or the first that isn't of a wrong guess."""
    status = 422
    for _time in range(times):
        status = citizen.send(secret="SAI").status_code
        if status != 422:
            break
    return status


def test_who_guesses_too_often_waits_longer_each_time(
    client: Client, office: Office, now: datetime
) -> None:
    citizen = Citizen(client, office.log(now))
    assert guess(citizen, 10) == 422
    blocked = citizen.send()
    assert blocked.status_code == 429
    assert "Xin đợi 1 phút" in words(blocked)
    assert citizen.receipt["secret"] not in blocked.text
    with time_machine.travel(now + timedelta(minutes=1, seconds=5)):
        assert citizen.send().status_code == 200
        assert guess(citizen, 1) == 422
        assert "Xin đợi 2 phút" in words(citizen.send())
    with time_machine.travel(now + timedelta(days=1, minutes=5)):
        assert guess(citizen, 5) == 422
        assert citizen.send().status_code == 200


def test_addresses_of_one_network_count_as_one(
    client: Client, office: Office, now: datetime
) -> None:
    citizen = Citizen(client, office.log(now))
    for number in range(10):
        citizen.address = f"2001:db8:1:2::{number}"
        assert guess(citizen, 1) == 422
    citizen.address = "2001:db8:1:2:ffff::1"
    assert citizen.send().status_code == 429
    citizen.address = "2001:db8:1:3::1"
    assert citizen.send().status_code == 200


def test_who_guesses_at_a_code_does_not_lock_its_owner_out(
    client: Client, office: Office, now: datetime
) -> None:
    citizen = Citizen(client, office.log(now))
    for number in range(30):
        citizen.address = f"198.51.100.{number}"
        guess(citizen, 3)
    # Whoever has guessed wrong so often at a code that is under attack isn't heard ...
    assert citizen.send().status_code == 429
    # ... but the owner is, even after having mistyped.
    citizen.address = HOME
    assert guess(citizen, 2) == 422
    assert citizen.send().status_code == 200


def test_counters_hold_no_address_and_are_removed_when_they_are_old(
    client: Client, office: Office, now: datetime
) -> None:
    citizen = Citizen(client, office.log(now))
    guess(citizen, 2)
    for counter in db.session.query(LookupGuess):
        assert len(counter.key) == 32
        assert HOME.encode() not in counter.key
    assert db.session.query(LookupGuess).count() == 2
    with time_machine.travel(now + timedelta(days=2)):
        Citizen(client, office.log(now), ELSEWHERE).look()
        assert db.session.query(LookupGuess).count() == 2


def test_a_satisfied_citizen_says_so_once(client: Client, office: Office, now: datetime) -> None:
    case = office.case_in(State.CLOSED, now)
    citizen = Citizen(client, case)
    for _sent in range(2):
        assert "hài lòng. Xin cảm ơn" in words(citizen.say("yes"))
    [said] = db.session.query(CitizenFeedback)
    assert (said.is_satisfied, said.round) == (True, 1)
    entry = db.session.query(Entry).filter_by(case_id=case.id, action="feedback").one()
    assert (entry.user_id, entry.unit_id) == (None, None)
    assert entry.changes == {"satisfied": [None, "yes"]}


def test_who_is_not_satisfied_says_why(client: Client, office: Office, now: datetime) -> None:
    citizen = Citizen(client, office.case_in(State.CLOSED, now))
    answer = citizen.say("no", "  ")
    assert answer.status_code == 422
    assert "Xin cho biết vì sao" in words(answer)
    assert "không bắt buộc" not in words(answer)
    assert citizen.say("").status_code == 422
    assert db.session.query(CitizenFeedback).count() == 0
    assert "Cơ quan đang xem xét" in words(citizen.say("no", "Đèn vẫn chưa sáng"))


@pytest.mark.parametrize("secret", ["SAI", ""])
def test_without_the_secret_nobody_says_anything(
    client: Client, office: Office, now: datetime, secret: str
) -> None:
    citizen = Citizen(client, office.case_in(State.CLOSED, now))
    answer = citizen.send("/tra-cuu/y-kien", secret=secret, is_satisfied="no", reason="Sai")
    assert answer.status_code == 422
    assert words(answer).startswith("Tra cứu kết quả")
    assert db.session.query(CitizenFeedback).count() == 0


def test_before_the_end_there_is_nothing_to_say(
    client: Client, office: Office, now: datetime
) -> None:
    citizen = Citizen(client, office.case_in(State.ANSWERED, now))
    answer = citizen.say("no", "Chậm")
    assert answer.status_code == 422
    assert db.session.query(CitizenFeedback).count() == 0


def test_the_coordinator_says_why_the_outcome_stays(
    client: Client, office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.CLOSED, now)
    citizen = Citizen(client, case)
    citizen.say("no", "Đèn vẫn chưa sáng")
    coordinator = visit(Role.COORDINATOR)
    assert case.code in coordinator.get("/cases?list=unsatisfied").text
    page = coordinator.get(f"/cases/{case.id}")
    assert "Đèn vẫn chưa sáng" in page.select_one(".story > li").text
    assert "Chưa hài lòng" in page.select_one(".story > li").text
    coordinator.post(f"/cases/{case.id}/replies", text="Bóng đã thay ngày 1/3")
    assert case.code not in coordinator.get("/cases?list=unsatisfied").text
    told = citizen.look()
    assert "Cơ quan trả lời Bóng đã thay ngày 1/3" in told
    assert "đang xem xét" not in told
    assert coordinator.send(f"/cases/{case.id}/replies", text="Thêm nữa") == 422


def test_a_reopened_case_begins_a_round_of_which_one_may_speak_again(
    client: Client, office: Office, now: datetime
) -> None:
    case = office.case_in(State.CLOSED, now)
    citizen = Citizen(client, case)
    citizen.say("no", "Đèn vẫn chưa sáng")
    coordinator = office.viewer(Role.COORDINATOR)
    service.reopen(case.id, actor=coordinator, reason="Kiểm tra lại", now=now)
    circumstances.assign(office, case, now)
    circumstances.answer(office, case, now)
    service.close(case.id, actor=coordinator, outcome=Outcome.RESOLVED, now=now)
    assert "Góp ý về kết quả" in citizen.look()
    citizen.say("yes")
    assert [each.round for each in db.session.query(CitizenFeedback).order_by("round")] == [1, 2]


def test_every_turn_has_a_say_of_its_own(client: Client, office: Office, now: datetime) -> None:
    case = office.log(now)
    coordinator = office.viewer(Role.COORDINATOR)
    turn = service.Turn(received_on=local_date(now))
    service.add_turn(case.id, actor=coordinator, turn=turn, now=now)
    service.close_directly("file", case.id, actor=coordinator, reason="Lưu", now=now)
    other = {"code": case.code, "secret": secret_of(turn.id)}
    citizen = Citizen(client, case)
    citizen.send("/tra-cuu/y-kien", **other, is_satisfied="no", reason="Xlydo cua nguoi khac")
    told = citizen.look()
    assert "Xlydo" not in told
    assert "Góp ý về kết quả" in told
    assert db.session.query(Submission).count() == 2


def test_the_list_shows_a_coordinator_elsewhere_nothing(
    client: Client, office: Office, now: datetime
) -> None:
    case = office.case_in(State.CLOSED, now)
    Citizen(client, case).say("no", "Chưa được")
    client.sign_in(make_office("Huyện ủy Gia Lâm").user(Role.COORDINATOR))
    page = client.get("/cases?list=unsatisfied")
    assert case.code not in page.text
