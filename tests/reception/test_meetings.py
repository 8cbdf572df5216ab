"""A meeting is planned, begun, ended and put right: each once, each told, each by who may."""

from datetime import date, datetime, time, timedelta

import pytest

from tests.factories import Office, make_office
from tracker.core.db import db, new_id
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.reception import service
from tracker.reception.models import Event, EventEntry
from tracker.reception.service import Entered, Particulars
from tracker.rules.meetings import Sort
from tracker.rules.workflow import Kind, Role

PERIODIC = Sort("reception", "periodic")
DIALOGUE = Sort("dialogue")
HALL = Particulars(
    place="Trụ sở tiếp công dân",
    chair="Bí thư Quận ủy",
    present="Trưởng ban Nội chính\nChánh Thanh tra",
    starts_at=time(8),
)


def plan(office: Office, now: datetime, **given: object) -> Event:
    wanted = {
        "actor": office.viewer(Role.RECEPTION_OFFICER),
        "unit_id": office.committee.id,
        "sort": PERIODIC,
        "held_on": office.on,
        "particulars": HALL,
        "now": now,
    } | given
    return service.plan(wanted.pop("event_id", new_id()), **wanted)


def actions(event: Event) -> list[str]:
    entries = db.session.query(EventEntry).filter_by(event_id=event.id)
    return [entry.action for entry in entries.order_by(EventEntry.recorded_at, EventEntry.id)]


def test_a_day_of_reception_from_plan_to_end(office: Office, now: datetime) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    event = plan(office, now)
    assert (event.state, event.kind, event.form) == ("planned", "reception", "periodic")
    service.begin(event.id, actor=officer, now=now)
    later = now + timedelta(hours=3)
    service.close(event.id, actor=officer, attendance=42, now=later)
    db.session.expire_all()
    assert (event.state, event.attendance) == ("closed", 42)
    assert (event.opened_at, event.closed_at) == (now, later)
    service.reopen(event.id, actor=officer, reason="Ghi thiếu hai lượt", now=later)
    db.session.expire_all()
    assert (event.state, event.closed_at) == ("open", None)
    assert actions(event) == ["plan", "begin", "close", "reopen"]


def test_a_second_click_changes_nothing(office: Office, now: datetime) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    made = new_id()
    event = plan(office, now, event_id=made)
    assert plan(office, now, event_id=made).id == event.id
    shown = event.version
    for _click in range(2):
        service.begin(event.id, actor=officer, version=shown, now=now)
    shown = event.version
    for _click in range(2):
        service.close(event.id, actor=officer, version=shown, attendance=3, now=now)
    for _click in range(2):
        service.reopen(event.id, actor=officer, reason="Còn người chờ", now=now)
    for _click in range(2):
        service.cancel(event.id, actor=officer, reason="Mở nhầm", now=now)
    assert actions(event) == ["plan", "begin", "close", "reopen", "cancel"]
    again = new_id()
    for _click in range(2):
        service.start(again, actor=officer, unit_id=office.committee.id, sort=PERIODIC, now=now)
    assert db.session.query(Event).count() == 2


def test_what_begins_unsaid_is_as_last_time(office: Office, event: Event, now: datetime) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    event.held_on, event.present = office.on - timedelta(days=14), "Chánh Thanh tra"
    db.session.commit()
    begun = service.start(
        new_id(), actor=officer, unit_id=office.committee.id, sort=PERIODIC, now=now
    )
    assert (begun.place, begun.chair, begun.present) == (
        "Trụ sở tiếp công dân",
        "Chủ tịch",
        "Chánh Thanh tra",
    )
    planned = plan(office, now, particulars=Particulars(chair="Phó Bí thư", is_delegated=True))
    service.begin(planned.id, actor=officer, now=now)
    assert (planned.chair, planned.is_delegated) == ("Phó Bí thư", True)
    assert planned.place == "Trụ sở tiếp công dân"


def test_only_the_heads_receptions_are_delegated(office: Office, now: datetime) -> None:
    delegated = Particulars(chair="Phó Chủ tịch", is_delegated=True)
    assert plan(office, now, particulars=delegated).is_delegated
    assert not plan(office, now, sort=DIALOGUE, particulars=delegated).is_delegated


def test_a_meeting_begins_on_its_day_and_not_before(office: Office, now: datetime) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    tomorrow = office.on + timedelta(days=1)
    event = plan(office, now, held_on=tomorrow)
    with pytest.raises(Refused, match="chưa đến"):
        service.begin(event.id, actor=officer, now=now)
    with pytest.raises(Refused, match="đã qua"):
        plan(office, now, held_on=office.on - timedelta(days=1))
    service.move(event.id, actor=officer, held_on=office.on, reason="Lãnh đạo bận", now=now)
    service.begin(event.id, actor=officer, now=now)
    assert (event.held_on, event.planned_on) == (office.on, tomorrow)
    assert event.moved_reason == "Lãnh đạo bận"


def test_with_turns_a_meeting_is_not_cancelled(office: Office, event: Event, now: datetime) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    item = Entered(id=new_id(), kind=Kind.RECOMMENDATION, content="Cống tắc")
    case = service.enter(event.id, item, actor=officer, now=now)
    with pytest.raises(Refused, match="không hủy được"):
        service.cancel(event.id, actor=officer, reason="Mở nhầm", now=now)
    from tracker.cases import service as cases

    cases.void_turn(case.id, item.id, actor=officer, now=now)
    service.cancel(event.id, actor=officer, reason="Mở nhầm", now=now)
    assert event.state == "cancelled"
    service.reopen(event.id, actor=officer, reason="Hủy nhầm", now=now)
    assert event.state == "planned"


def test_what_was_put_right_is_told_old_and_new(
    office: Office, event: Event, now: datetime
) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    wanted = {
        "particulars": Particulars(place=event.place, chair="Phó Chủ tịch", is_delegated=True),
        "attendance": 12,
        "note_text": "",
        "now": now,
    }
    for _click in range(2):
        service.correct(event.id, actor=officer, version=event.version, **wanted)
    [entry] = db.session.query(EventEntry).filter_by(event_id=event.id)
    assert entry.changes == {
        "chair": ["Chủ tịch", "Phó Chủ tịch"],
        "is_delegated": [False, True],
        "attendance": [None, 12],
    }
    with pytest.raises(Refused, match="Số người dự"):
        service.correct(event.id, actor=officer, **wanted | {"attendance": -1})


def test_who_saw_another_version_is_told(office: Office, event: Event, now: datetime) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    shown = event.version
    service.correct(
        event.id, actor=officer, particulars=HALL, attendance=None, note_text="", now=now
    )
    with pytest.raises(OutOfDate):
        service.close(event.id, actor=officer, version=shown, now=now)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.RECEPTION_OFFICER, Role.COORDINATOR}))
def test_others_hold_no_meetings(office: Office, event: Event, now: datetime, role: Role) -> None:
    actor = office.viewer(role)
    with pytest.raises(NotAllowed):
        plan(office, now, actor=actor)
    with pytest.raises(NotAllowed):
        service.close(event.id, actor=actor, now=now)
    assert actions(event) == []


def test_meetings_of_another_office_are_out_of_reach(
    office: Office, event: Event, now: datetime
) -> None:
    stranger = make_office("Huyện ủy Gia Lâm").viewer(Role.COORDINATOR)
    for verb in (service.close, service.begin):
        with pytest.raises(NotAllowed, match="Không tìm thấy"):
            verb(event.id, actor=stranger, now=now)
    with pytest.raises(NotAllowed, match="không tổ chức"):
        plan(office, now, actor=stranger)
    assert plan(office, now, unit_id=office.agency.id).unit_id == office.agency.id
    office.agency.valid_to = date(2025, 6, 30)
    db.session.commit()
    with pytest.raises(Refused, match="không còn"):
        plan(office, now, unit_id=office.agency.id)
