"""Corrections of the calendar: who moves and who doesn't, what each story says, and undo."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from tests.cases.stories import assert_chain, assert_versions, entries
from tests.factories import Office, as_viewer, make_office, make_user
from tracker.cases import clocks
from tracker.cases import service as verbs
from tracker.cases.models import Assignment, CalendarDay, Case
from tracker.cases.service import calendar as service
from tracker.core.db import db, new_id
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.rules.calendar import Correction
from tracker.rules.workflow import Kind, Role, State
from tracker.units.queries import Viewer

# Monday 2 March 2026; an opinion received on it is due on 30 March, a complaint on 1 April.
TODAY = date(2026, 3, 2)
DAY = date(2026, 3, 18)
SATURDAY = date(2026, 3, 21)
DOCUMENT = "1234/VPCP-KGVX"


def correct(office: Office, now: datetime, day: date = DAY, kind: str = "rest") -> int:
    actor = office.viewer(Role.COORDINATOR)
    return service.correct(day, kind, DOCUMENT, actor=actor, now=now)


def take_back(office: Office, now: datetime, day: date = DAY) -> int:
    actor = office.viewer(Role.COORDINATOR)
    return service.remove_correction(in_force(day), actor=actor, now=now)


def in_force(day: date = DAY) -> UUID:
    found = db.session.scalar(
        select(CalendarDay.id).where(CalendarDay.day == day, CalendarDay.removed_at.is_(None))
    )
    assert found is not None
    return found


def as_if(case: Case, **columns: object) -> Case:
    """The case as another verb might have left it."""
    for name, value in columns.items():
        setattr(case, name, value)
    db.session.commit()
    return case


def test_a_day_of_rest_more_moves_what_counts_working_days(office: Office, now: datetime) -> None:
    case = office.log(now)
    assert case.due_on == date(2026, 3, 30)
    assert correct(office, now + timedelta(hours=1)) == 1
    assert case.due_on == case.original_due_on == date(2026, 3, 31)
    last = entries(case)[-1]
    assert (last.action, last.from_state, last.to_state) == ("recalculate", "received", "received")
    assert last.changes == {
        "due_on": ["2026-03-30", "2026-03-31"],
        "original_due_on": ["2026-03-30", "2026-03-31"],
    }
    assert last.text == f"Điều chỉnh lịch: 18/03/2026 là ngày nghỉ theo {DOCUMENT}"
    assert last.user_id == office.user(Role.COORDINATOR).id
    assert_chain(case)
    assert_versions(case)


def test_a_worked_saturday_brings_the_date_forward(office: Office, now: datetime) -> None:
    case = office.log(now)
    correct(office, now, SATURDAY, "work")
    assert case.due_on == date(2026, 3, 27)
    assert_chain(case)
    assert_versions(case)


def test_calendar_days_move_only_where_their_last_day_is_concerned(
    office: Office, now: datetime
) -> None:
    case = office.log(now, kind=Kind.COMPLAINT)
    assert case.due_on == date(2026, 4, 1)
    assert correct(office, now) == 0
    assert correct(office, now, date(2026, 4, 1)) == 1
    assert case.due_on == date(2026, 4, 2)


def test_undo_gives_the_dates_back_and_keeps_all_on_record(office: Office, now: datetime) -> None:
    case = office.log(now)
    correct(office, now + timedelta(hours=1))
    assert take_back(office, now + timedelta(hours=2)) == 1
    assert case.due_on == case.original_due_on == date(2026, 3, 30)
    assert [entry.action for entry in entries(case)] == ["receive", "recalculate", "recalculate"]
    assert entries(case)[-1].text.startswith("Bỏ điều chỉnh lịch: 18/03/2026")
    row = db.session.scalars(select(CalendarDay)).one()
    assert row.removed_by_id == office.user(Role.COORDINATOR).id
    assert_chain(case)
    assert_versions(case)
    correct(office, now + timedelta(hours=3))
    assert case.due_on == date(2026, 3, 31)


def test_new_cases_count_with_the_corrections_in_force(office: Office, now: datetime) -> None:
    correct(office, now)
    assert office.log(now).due_on == date(2026, 3, 31)
    take_back(office, now)
    assert office.log(now).due_on == date(2026, 3, 30)


def test_another_process_notices_at_once(office: Office, now: datetime) -> None:
    assert clocks.calendar().is_working(DAY)
    with db.engine.begin() as elsewhere:
        elsewhere.execute(
            CalendarDay.__table__.insert().values(
                id=new_id(), day=DAY, kind="rest", source=DOCUMENT, recorded_at=now
            )
        )
    db.session.commit()
    assert not clocks.calendar().is_working(DAY)


def test_a_shipped_correction_can_be_corrected(office: Office, now: datetime) -> None:
    assert not clocks.calendar().is_working(date(2026, 1, 2))
    correct(office, now, date(2026, 1, 2), "work")
    assert clocks.calendar().is_working(date(2026, 1, 2))


def test_what_the_rule_did_not_compute_stays(office: Office, now: datetime) -> None:
    extended = as_if(office.log(now), due_on=date(2026, 4, 20), due_basis="decision")
    of_register = as_if(office.log(now), due_basis="register")
    unexplained = as_if(office.log(now), due_on=date(2026, 4, 7))
    closed = office.case_in(State.CLOSED, now)
    received_after = office.log(now, received_on=TODAY)
    as_if(received_after, received_on=DAY)
    before = [case.due_on for case in (extended, of_register, unexplained, closed)]
    assert correct(office, now) == 0
    assert [case.due_on for case in (extended, of_register, unexplained, closed)] == before


def test_a_decided_date_only_moves_on_from_a_day_of_rest(office: Office, now: datetime) -> None:
    case = office.log(now)
    correct(office, now)
    verbs.extend(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        due_on=date(2026, 4, 10),
        reason="Phải đo lại đất",
        now=now,
    )
    take_back(office, now)
    assert (case.due_on, case.original_due_on) == (date(2026, 4, 10), date(2026, 3, 30))
    correct(office, now, date(2026, 4, 10))
    # The tenth is a Friday.
    assert (case.due_on, case.original_due_on) == (date(2026, 4, 13), date(2026, 3, 30))
    take_back(office, now, date(2026, 4, 10))
    assert case.due_on == date(2026, 4, 10)
    assert_chain(case)
    assert_versions(case)


def test_what_was_suspended_counts_without_the_days_of_its_pause(
    office: Office, now: datetime
) -> None:
    actor = office.viewer(Role.COORDINATOR)
    case = office.log(now)
    verbs.suspend(case.id, actor=actor, reason="Chờ", now=now + timedelta(days=8))
    verbs.resume(case.id, actor=actor, reason="Tiếp", now=now + timedelta(days=18))
    # Suspended from 10 to 20 March: eight working days.
    assert case.due_on == date(2026, 4, 9)
    later = now + timedelta(days=19)
    assert correct(office, later) == 0
    assert (case.due_on, case.original_due_on) == (date(2026, 4, 9), date(2026, 3, 31))
    assert correct(office, later, date(2026, 3, 9)) == 1
    assert (case.due_on, case.original_due_on) == (date(2026, 4, 10), date(2026, 4, 1))
    assert take_back(office, later) == 0
    assert take_back(office, later, date(2026, 3, 9)) == 1
    assert (case.due_on, case.original_due_on) == (date(2026, 4, 9), date(2026, 3, 30))
    assert_chain(case)


def test_what_is_suspended_now_moves_with_the_others(office: Office, now: datetime) -> None:
    case = as_if(office.log(now), suspended_on=date(2026, 3, 10))
    assert correct(office, now) == 1
    assert case.due_on == date(2026, 3, 31)


def test_the_agency_is_given_the_case_s_new_date(office: Office, now: datetime) -> None:
    case = office.case_in(State.ASSIGNED, now)
    asked = db.session.scalars(select(Assignment).where(Assignment.case_id == case.id)).one()
    own = Assignment(
        case_id=case.id,
        unit_id=office.other_agency.id,
        part="supporting",
        assigned_on=TODAY,
        due_on=date(2026, 3, 20),
    )
    db.session.add(own)
    db.session.commit()
    correct(office, now)
    db.session.refresh(asked)
    db.session.refresh(own)
    assert (asked.due_on, own.due_on) == (case.due_on, date(2026, 3, 20))
    assert case.due_on == date(2026, 3, 31)


def test_the_preview_names_and_counts_what_one_may_see(office: Office, now: datetime) -> None:
    case = office.log(now)
    make_office("Huyện ủy Gia Lâm").log(now)
    for role, codes in ((Role.COORDINATOR, [case.code]), (Role.ADMINISTRATOR, [])):
        found = service.preview_correction(DAY, "rest", DOCUMENT, actor=office.viewer(role))
        assert [each.code for each in found.named] == codes
        # An administrator sees none of them, and is told how many normal ones move.
        assert found.count == 1
        assert not found.changes_nothing
    found = service.preview_correction(DAY, "rest", DOCUMENT, actor=office.viewer(Role.COORDINATOR))
    assert (found.named[0].old, found.named[0].new) == (date(2026, 3, 30), date(2026, 3, 31))
    assert db.session.scalar(select(func.count()).select_from(CalendarDay)) == 0
    assert case.due_on == date(2026, 3, 30)


def test_a_document_may_confirm_what_the_calendar_says(office: Office, now: datetime) -> None:
    actor = office.viewer(Role.ADMINISTRATOR)
    assert service.preview_correction(SATURDAY, "rest", DOCUMENT, actor=actor).changes_nothing
    assert correct(office, now, SATURDAY) == 0
    assert clocks.corrections() == (Correction(SATURDAY, "rest", DOCUMENT),)


@pytest.mark.parametrize(
    ("day", "kind", "source", "field"),
    [
        (date(2009, 12, 31), "rest", DOCUMENT, "day"),
        (date(2040, 1, 1), "rest", DOCUMENT, "day"),
        (date(2026, 1, 5), "rest", DOCUMENT, "day"),
        (DAY, "holiday", DOCUMENT, "kind"),
        (DAY, "rest", "  ", "source"),
        (DAY, "rest", "x" * 301, "source"),
    ],
)
def test_what_is_wrong_is_refused_beside_its_field(
    office: Office, now: datetime, day: date, kind: str, source: str, field: str
) -> None:
    correct(office, now, date(2026, 1, 5))
    actor = office.viewer(Role.ADMINISTRATOR)
    for attempt in (
        lambda: service.correct(day, kind, source, actor=actor, now=now),
        lambda: service.preview_correction(day, kind, source, actor=actor),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.field == field
    assert len(clocks.corrections()) == 1


def test_a_correction_is_taken_back_once(office: Office, now: datetime) -> None:
    correct(office, now)
    correction_id, actor = in_force(), office.viewer(Role.ADMINISTRATOR)
    take_back(office, now)
    with pytest.raises(OutOfDate):
        service.remove_correction(correction_id, actor=actor, now=now)
    with pytest.raises(NotAllowed):
        service.remove_correction(new_id(), actor=actor, now=now)


@pytest.mark.parametrize(
    "role", [role for role in Role if role not in (Role.ADMINISTRATOR, Role.COORDINATOR)]
)
def test_others_may_not(office: Office, now: datetime, role: Role) -> None:
    correct(office, now, SATURDAY)
    refuses_all(office.viewer(role), now)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.COORDINATOR])
def test_nobody_below_the_topmost_unit_may(office: Office, now: datetime, role: Role) -> None:
    correct(office, now, SATURDAY)
    refuses_all(as_viewer(make_user(role, office.agency)), now)


def refuses_all(actor: Viewer, now: datetime) -> None:
    known = in_force(SATURDAY)
    for attempt in (
        lambda: service.correct(DAY, "rest", DOCUMENT, actor=actor, now=now),
        lambda: service.preview_correction(DAY, "rest", DOCUMENT, actor=actor),
        lambda: service.remove_correction(known, actor=actor, now=now),
        lambda: service.preview_removal(known, actor=actor),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_day_that_the_calendar_does_not_reach_is_refused_beside_its_field(
    office: Office,
) -> None:
    with pytest.raises(Refused) as refused:
        office.log(datetime(2046, 1, 2, 3, tzinfo=UTC), received_on=date(2045, 12, 30))
    assert refused.value.field == "received_on"


def test_many_cases_take_no_more_statements_than_one(
    office: Office, now: datetime, statements: list[str]
) -> None:
    counts = []
    for at in (now, now + timedelta(hours=3)):
        for number in range(1 if at == now else 30):
            office.log(at + timedelta(minutes=number))
        statements.clear()
        correct(office, at + timedelta(hours=1))
        counts.append([" ".join(each.split()[:3]) for each in statements if "case" in each])
        take_back(office, at + timedelta(hours=2))
    assert counts[0] == counts[1]
