"""The citizen's clock: decided, stopped, started again; when agencies have to answer."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cases import circumstances
from tests.cases.stories import assert_chain, assert_versions, entries
from tests.factories import Office
from tracker.cases import service
from tracker.cases.models import Assignment, Case
from tracker.core.db import db, transaction
from tracker.core.errors import Refused
from tracker.rules.workflow import Kind, Role, State

TODAY = date(2026, 3, 2)
# 20 working days after Monday 2 March 2026.
DUE = date(2026, 3, 30)


def extend(office: Office, case: Case, now: datetime, **given: Any) -> Case:
    wanted = {"due_on": date(2026, 4, 20), "reason": "Phải đo lại đất"} | given
    return service.extend(case.id, actor=office.viewer(Role.COORDINATOR), now=now, **wanted)


def open_due_dates(case: Case) -> list[date | None]:
    return list(
        db.session.scalars(
            select(Assignment.due_on).where(
                Assignment.case_id == case.id, Assignment.ended_on.is_(None)
            )
        )
    )


def test_more_time_keeps_the_first_date_beside_it(office: Office, now: datetime) -> None:
    case = office.case_in(State.ASSIGNED, now)
    extend(office, case, now + timedelta(minutes=1))
    assert (case.due_on, case.original_due_on) == (date(2026, 4, 20), DUE)
    assert open_due_dates(case) == [date(2026, 4, 20)]
    entry = entries(case)[-1]
    assert (entry.action, entry.text) == ("extend", "Phải đo lại đất")
    assert entry.user_id == office.user(Role.COORDINATOR).id
    assert entry.changes == {"due_on": ["2026-03-30", "2026-04-20"]}
    assert_chain(case)
    assert_versions(case)


@pytest.mark.parametrize(
    ("kind", "due_on", "reason"),
    [
        (Kind.OPINION, DUE, "sau hạn hiện nay"),
        (Kind.OPINION, date(2026, 4, 18), "ngày nghỉ"),
        # Giỗ Tổ, the tenth day of the third lunar month, on a Sunday: made up for on Monday.
        (Kind.OPINION, date(2026, 4, 27), "ngày nghỉ"),
        (Kind.OPINION, date(2050, 1, 3), "xa quá"),
        # A complaint may take 45 days in all: to 16 April.
        (Kind.COMPLAINT, date(2026, 4, 17), "16/04/2026"),
    ],
)
def test_a_date_that_cannot_be_is_refused(
    office: Office, now: datetime, kind: Kind, due_on: date, reason: str
) -> None:
    case = office.case_in(State.VERIFYING, now, kind=kind)
    before = case.due_on
    with pytest.raises(Refused, match=reason) as refusal:
        extend(office, case, now, due_on=due_on)
    assert refusal.value.field == "due_on"
    db.session.expire_all()
    assert case.due_on == before


def test_the_past_is_no_due_date(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now)
    later = now + timedelta(days=60)
    with pytest.raises(Refused, match="trước hôm nay"):
        extend(office, case, later)


def test_the_law_s_whole_time_may_be_used(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now, kind=Kind.COMPLAINT)
    extend(office, case, now, due_on=date(2026, 4, 16))
    assert (case.due_on, case.original_due_on) == (date(2026, 4, 16), date(2026, 4, 1))


def test_assigning_with_another_date_says_why(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now)
    actor = office.viewer(Role.COORDINATOR)

    def assign(**given: Any) -> Case:
        return service.assign(case.id, actor=actor, lead_id=office.agency.id, now=now, **given)

    for given, field in [
        ({"due_on": date(2026, 3, 16)}, "reason"),
        ({"due_on": date(2026, 3, 15), "reason": "Gấp"}, "due_on"),
        ({"due_on": date(2026, 2, 27), "reason": "Gấp"}, "due_on"),
    ]:
        with pytest.raises(Refused) as refusal:
            assign(**given)
        assert refusal.value.field == field
    db.session.expire_all()
    assign(due_on=date(2026, 3, 16), reason="Gấp", asked="Kiểm tra")
    # The unit's clock is its own: the citizen's stays what it is.
    assert (case.due_on, case.original_due_on, case.due_basis) == (DUE, DUE, "rule")
    assert open_due_dates(case) == [date(2026, 3, 16)]
    assert entries(case)[-1].text == "Kiểm tra\nGấp"
    assert entries(case)[-1].changes["agency_due_on"] == ["2026-03-30", "2026-03-16"]


@pytest.mark.parametrize(
    ("assigned", "due_on"),
    [
        # Before the citizen's date is over it ends with it, then it has its own 20 working days.
        (TODAY, DUE),
        (date(2026, 3, 30), DUE),
        (date(2026, 4, 20), date(2026, 5, 21)),
    ],
)
def test_an_agency_s_clock_begins_with_its_assignment(
    office: Office, now: datetime, assigned: date, due_on: date
) -> None:
    case = office.case_in(State.VERIFYING, now)
    circumstances.assign(office, case, now + (assigned - TODAY))
    assert open_due_dates(case) == [due_on]
    assert case.due_on == DUE


def test_an_agency_s_clock_ends_on_no_rest_day(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now)
    with transaction():
        # A register may give a Sunday.
        case.due_on, case.due_basis = date(2026, 3, 8), "register"
    circumstances.assign(office, case, now)
    assert open_due_dates(case) == [date(2026, 3, 9)]


def test_a_pause_and_an_extension_move_an_agency_s_own_date(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now)
    actor = office.viewer(Role.COORDINATOR)
    service.assign(
        case.id,
        actor=actor,
        lead_id=office.agency.id,
        due_on=date(2026, 3, 13),
        reason="Gấp",
        now=now,
    )
    service.suspend(case.id, actor=actor, reason="Chờ", now=now + timedelta(days=3))
    service.resume(case.id, actor=actor, reason="Có rồi", now=now + timedelta(days=24))
    assert case.due_on == date(2026, 4, 20)
    assert open_due_dates(case) == [date(2026, 4, 3)]
    service.extend(
        case.id, actor=actor, due_on=date(2026, 4, 29), reason="Khó", now=now + timedelta(days=25)
    )
    assert open_due_dates(case) == [date(2026, 4, 29)]


def test_supporting_units_may_be_asked_something_else(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now)
    service.assign(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        lead_id=office.agency.id,
        supporting_ids=[office.other_agency.id],
        asked="Trả lời",
        supporting_asked="Cho số liệu",
        now=now,
    )
    asked = db.session.execute(select(Assignment.part, Assignment.asked)).all()
    assert sorted(asked) == [("lead", "Trả lời"), ("supporting", "Cho số liệu")]


def test_a_unit_that_has_ended_is_asked_nothing(office: Office, now: datetime) -> None:
    case = office.case_in(State.VERIFYING, now)
    office.agency.valid_to = TODAY - timedelta(days=1)
    db.session.commit()
    with pytest.raises(Refused, match="không còn hoạt động") as refusal:
        circumstances.assign(office, case, now)
    assert refusal.value.field == "lead_id"
    db.session.expire_all()
    assert case.state == State.VERIFYING


@pytest.mark.parametrize(
    ("kind", "days", "due_on"),
    [
        # From Monday to Monday five working days, to the Sunday before it four.
        (Kind.OPINION, 7, date(2026, 4, 6)),
        (Kind.OPINION, 6, date(2026, 4, 3)),
        # 30 calendar days end on 1 April; nine more on 10 April.
        (Kind.COMPLAINT, 9, date(2026, 4, 10)),
        # Ten more end on a Saturday, and so on Monday.
        (Kind.COMPLAINT, 10, date(2026, 4, 13)),
        (Kind.OPINION, 0, DUE),
    ],
)
def test_the_clock_stands_still_while_a_case_is_suspended(
    office: Office, now: datetime, kind: Kind, days: int, due_on: date
) -> None:
    case = office.case_in(State.ASSIGNED, now, kind=kind)
    first = case.due_on
    actor = office.viewer(Role.COORDINATOR)
    service.suspend(case.id, actor=actor, reason="Chờ giám định", now=now)
    assert (case.suspended_on, case.state) == (TODAY, State.ASSIGNED)
    assert entries(case)[-1].changes == {"suspended_on": [None, "2026-03-02"]}
    service.resume(case.id, actor=actor, reason="Đã có kết quả", now=now + timedelta(days=days))
    assert (case.suspended_on, case.due_on, case.original_due_on) == (None, due_on, first)
    assert open_due_dates(case) == [due_on]
    changes = entries(case)[-1].changes
    assert changes["suspended_on"] == ["2026-03-02", None]
    if days:
        assert changes["due_on"] == [str(first), str(due_on)]
    assert_chain(case)
    assert_versions(case)


def test_suspension_moves_a_decided_date_as_well(office: Office, now: datetime) -> None:
    case = office.case_in(State.ASSIGNED, now)
    extend(office, case, now, due_on=date(2026, 4, 6))
    actor = office.viewer(Role.COORDINATOR)
    for number in range(2):
        at = now + timedelta(days=7 * number)
        service.suspend(case.id, actor=actor, reason="Chờ", now=at)
        service.resume(case.id, actor=actor, reason="Tiếp", now=at + timedelta(days=7))
    assert case.due_on == date(2026, 4, 20)


def test_nobody_extends_what_stands_still(office: Office, now: datetime) -> None:
    """A decided date would move on by the whole pause, most of which lay before the decision."""
    case = circumstances.extension_asked(office, now)
    actor, worker = office.viewer(Role.COORDINATOR), office.viewer(Role.AGENCY_WORKER)
    service.suspend(case.id, actor=actor, reason="Chờ", now=now + timedelta(days=2))
    # After the day on which the clock stopped, and that on which it would have ended.
    later = now + timedelta(days=40)
    asleep = circumstances.suspended(office, now)
    for attempt in (
        lambda: extend(office, case, later, due_on=date(2026, 4, 29)),
        lambda: service.decide_extension(case.id, actor=actor, is_granted=True, now=later),
        lambda: service.request_extension(
            asleep.id, actor=worker, wanted_on=date(2026, 4, 29), reason="Khó", now=later
        ),
    ):
        with pytest.raises(Refused, match="Thời hạn đứng yên"):
            attempt()
    service.resume(case.id, actor=actor, reason="Tiếp", now=now + timedelta(days=9))
    extend(office, case, now + timedelta(days=9), due_on=date(2026, 4, 29))
    assert case.due_on == date(2026, 4, 29)


def test_what_ends_a_case_ends_its_suspension(office: Office, now: datetime) -> None:
    case = office.log(now)
    actor = office.viewer(Role.COORDINATOR)
    service.suspend(case.id, actor=actor, reason="Chờ", now=now + timedelta(days=2))
    service.close_directly(
        "refuse", case.id, actor=actor, reason="Không thuộc thẩm quyền", now=now + timedelta(days=9)
    )
    service.reopen(case.id, actor=actor, reason="Thuộc", now=now + timedelta(days=16))
    # Suspended from Wednesday to Wednesday; the week in which it was closed counts.
    assert (case.suspended_on, case.due_on) == (None, date(2026, 4, 6))


def test_what_was_overdue_before_stays_so(office: Office, now: datetime) -> None:
    case = office.case_in(State.ASSIGNED, now)
    actor = office.viewer(Role.COORDINATOR)
    service.suspend(case.id, actor=actor, reason="Chờ", now=now + timedelta(days=40))
    service.resume(case.id, actor=actor, reason="Tiếp", now=now + timedelta(days=50))
    assert case.due_on == DUE


def test_suspension_comes_on_top_of_what_the_law_allows(office: Office, now: datetime) -> None:
    case = office.case_in(State.ASSIGNED, now, kind=Kind.COMPLAINT)
    actor = office.viewer(Role.COORDINATOR)
    service.suspend(case.id, actor=actor, reason="Chờ", now=now)
    service.resume(case.id, actor=actor, reason="Tiếp", now=now + timedelta(days=4))
    extend(office, case, now + timedelta(days=4), due_on=date(2026, 4, 20))
    assert case.due_on == date(2026, 4, 20)
