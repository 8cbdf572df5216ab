"""What is written down at a meeting is there, once, with its turn and its person."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.cases.conftest import Visitor
from tests.factories import Office, make_office
from tracker.cases import service as cases
from tracker.cases.models import Case, Entry, Submission
from tracker.core.db import db, new_id
from tracker.core.errors import Refused
from tracker.people.models import Person
from tracker.people.sealing import Particulars, unseal
from tracker.reception import service
from tracker.reception.models import Event
from tracker.reception.service import Entered
from tracker.rules.workflow import Kind, Outcome, Role, State

Visit = Callable[[Role], Visitor]
CONTENT = "Cống ngõ 20 phố Ngọc Lâm tắc, nước tràn vào nhà"
CITIZEN = Particulars("Nguyễn Thị Hồng Nhung", "+84 912 345 678", "", "20 Ngọc Lâm")


def enter(office: Office, event: Event, now: datetime, **given: object) -> Case:
    wanted = {"id": new_id(), "kind": Kind.RECOMMENDATION, "content": CONTENT} | given
    actor = office.viewer(Role.RECEPTION_OFFICER)
    return service.enter(event.id, Entered(**wanted), actor=actor, now=now)


def actions(case: Case) -> list[str]:
    entries = db.session.query(Entry).filter_by(case_id=case.id).order_by(Entry.sequence)
    return [entry.action for entry in entries]


def test_an_item_is_a_case_with_its_turn_at_the_meeting(
    office: Office, event: Event, now: datetime
) -> None:
    case = enter(office, event, now, persons=8, particulars=CITIZEN)
    assert (case.state, case.received_on, case.event_id) == ("received", event.held_on, event.id)
    [turn] = db.session.query(Submission).filter_by(case_id=case.id)
    assert (turn.event_id, turn.persons) == (event.id, 8)
    person = db.session.get_one(Person, turn.person_id)
    assert unseal(person) == Particulars("Nguyễn Thị Hồng Nhung", "0912345678", "", "20 Ngọc Lâm")
    assert actions(case) == ["receive"]


def test_the_same_item_sent_twice_is_one(office: Office, event: Event, now: datetime) -> None:
    item = new_id()
    first = enter(office, event, now, id=item, particulars=CITIZEN)
    second = enter(office, event, now, id=item, particulars=CITIZEN)
    assert first.id == second.id
    assert db.session.query(Submission).count() == 1
    assert db.session.query(Person).count() == 1


def test_another_citizen_with_the_same_matter_is_another_turn(
    office: Office, event: Event, now: datetime
) -> None:
    case = enter(office, event, now)
    turn = new_id()
    for _sent in range(2):
        assert enter(office, event, now, id=turn, joins=case.id, content="").id == case.id
    assert db.session.query(Case).count() == 1
    assert db.session.query(Submission).filter_by(case_id=case.id).count() == 2
    assert actions(case) == ["receive", "add_turn"]


def test_what_was_written_by_mistake_is_taken_back_and_brought_back(
    office: Office, event: Event, now: datetime
) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    case = enter(office, event, now)
    another = new_id()
    enter(office, event, now, id=another, joins=case.id)
    first = db.session.query(Submission).filter(Submission.id != another).one()
    with pytest.raises(Refused, match="người khác phản ánh"):
        cases.void_turn(case.id, first.id, actor=officer, now=now)
    cases.void_turn(case.id, another, actor=officer, now=now)
    cases.void_turn(case.id, first.id, actor=officer, now=now)
    db.session.expire_all()
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.VOIDED)
    cases.unvoid(case.id, actor=officer, now=now)
    db.session.expire_all()
    assert (case.state, case.outcome) == (State.RECEIVED, None)
    assert actions(case) == ["receive", "add_turn", "void_turn", "void", "unvoid"]


def test_only_who_wrote_it_down_takes_it_back(office: Office, event: Event, now: datetime) -> None:
    case = enter(office, event, now)
    [turn] = db.session.query(Submission).filter_by(case_id=case.id)
    with pytest.raises(Refused, match="người ghi"):
        cases.void_turn(case.id, turn.id, actor=office.viewer(Role.COORDINATOR), now=now)


def test_a_meeting_that_has_not_begun_and_that_of_others_take_nothing(
    office: Office, event: Event, now: datetime
) -> None:
    stranger = make_office("Huyện ủy Gia Lâm")
    with pytest.raises(Refused, match="Không tìm thấy"):
        enter(stranger, event, now)
    event.state, event.opened_at = "planned", None
    db.session.commit()
    with pytest.raises(Refused, match="chưa bắt đầu"):
        enter(office, event, now)
    assert db.session.query(Case).count() == 0
    assert db.session.query(Person).count() == 0


def test_an_officer_writes_down_on_the_page(office: Office, event: Event, visit: Visit) -> None:
    officer = visit(Role.RECEPTION_OFFICER)
    address = f"/events/{event.id}/entries"
    page = officer.post(address, status=422, content=CONTENT, telephone="0912 345 678")
    assert page.select_one("[name=kind][aria-invalid=true]")
    assert page.select_one("textarea[name=content]").text.strip() == CONTENT
    assert page.select_one("[name=telephone]")["value"] == "0912 345 678"
    page = officer.post(address, content=CONTENT, kind="recommendation", entry_id=str(new_id()))
    assert "PA-2026-00001" in page.text
    assert visit(Role.AGENCY_WORKER).status(f"/events/{event.id}/entry") == 403


def test_a_turn_written_by_mistake_is_taken_back_on_the_page_of_its_case(
    office: Office, event: Event, now: datetime, visit: Visit
) -> None:
    case, another = enter(office, event, now), new_id()
    enter(office, event, now + timedelta(minutes=1), id=another, joins=case.id, persons=3)
    void = f"/cases/{case.id}/turns/{another}/voidings"
    assert not visit(Role.COORDINATOR).get(f"/cases/{case.id}").select(f"form[action='{void}']")
    officer = visit(Role.RECEPTION_OFFICER)
    buttons = officer.get(f"/cases/{case.id}").select("form[action$=voidings]")
    # The case's own first turn stays while another citizen's stands.
    assert void in [button["action"] for button in buttons]
    assert f"/cases/{case.id}/turns/{case.id}/voidings" not in [each["action"] for each in buttons]
    page = officer.post(void)
    [voided] = [each for each in page.select("li") if "3 người" in each.text]
    assert "Đã bỏ, ghi nhầm" in voided.text
    assert not page.select(f"form[action='{void}']")
    officer.post(f"/cases/{case.id}/turns/{case.id}/voidings")
    db.session.expire_all()
    assert (case.state, case.outcome) == (State.CLOSED, Outcome.VOIDED)
