"""Changes of units: open cases go to the successors, due dates stay, and back again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.cases.circumstances import extension_asked
from tests.factories import Office, as_viewer, give_role, make_unit, make_user
from tracker.cases import queries, service, succession
from tracker.cases.models import Assignment, Case, CaseVersion, Entry
from tracker.cases.service import calendar
from tracker.cases.service.handing_back import undo_change, why_not_undone
from tracker.cases.service.handover import change_units
from tracker.cases.succession import NewUnit, Wanted
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.reports.queries import paper_unit
from tracker.rules.workflow import Outcome, Role, State
from tracker.units.models import AdministrationEntry, Membership, Unit, UnitChange, UnitSuccession
from tracker.units.queries import Viewer

DOCUMENT = "Nghị quyết 1656/NQ-UBTVQH15 ngày 16/6/2025"


@pytest.fixture
def today(now: datetime) -> date:
    return local_date(now)


@pytest.fixture
def administrator(office: Office) -> Viewer:
    return office.viewer(Role.ADMINISTRATOR)


@pytest.fixture
def do(office: Office, now: datetime) -> Callable[[Wanted], UnitChange]:
    """`do(wanted)`: looks at the preview, confirms it a minute after now."""

    def do(wanted: Wanted) -> UnitChange:
        administrator = office.viewer(Role.ADMINISTRATOR)
        plan = succession.plan(wanted, actor=administrator, today=local_date(now))
        at = now + timedelta(minutes=1)
        return change_units(wanted, seen=plan.token, actor=administrator, now=at)

    return do


@pytest.fixture
def rename(office: Office, today: date) -> Wanted:
    """The agency under another name."""
    return Wanted(
        kind="rename",
        unit_ids=(office.agency.id,),
        happened_on=today,
        document=DOCUMENT,
        new_units=(NewUnit("PKT", "Phòng Kinh tế, Hạ tầng và Đô thị"),),
    )


def unit_called(code: str) -> Unit:
    return db.session.scalars(select(Unit).where(Unit.code == code)).one()


def fresh(case: Case) -> Case:
    return db.session.get_one(Case, case.id, populate_existing=True)


def actions(case: Case) -> list[str]:
    rows = select(Entry.action).where(Entry.case_id == case.id).order_by(Entry.sequence)
    return list(db.session.scalars(rows))


def test_the_lead_goes_over_with_its_dates(office: Office, now: datetime, do, rename) -> None:
    case = office.case_in(State.ASSIGNED, now)
    due, original, assigned = case.due_on, case.original_due_on, case.assigned_on
    change = do(rename)
    case = fresh(case)
    new = unit_called("PKT")
    assert case.lead_unit_id == new.id
    assert (case.due_on, case.original_due_on, case.assigned_on) == (due, original, assigned)
    old, given = db.session.scalars(select(Assignment).order_by(Assignment.id)).all()
    assert (old.unit_id, old.ended_on) == (office.agency.id, change.happened_on)
    assert (given.unit_id, given.part, given.ended_on) == (new.id, "lead", None)
    assert (given.assigned_on, given.due_on, given.asked) == (
        old.assigned_on,
        old.due_on,
        old.asked,
    )
    entry = db.session.scalars(select(Entry).where(Entry.action == "hand_over")).one()
    assert entry.user_id == office.user(Role.ADMINISTRATOR).id
    assert entry.text == DOCUMENT
    assert entry.changes == {"lead_unit_id": [str(office.agency.id), str(new.id)]}
    versions = select(CaseVersion.lead_unit_id).where(CaseVersion.case_id == case.id)
    assert list(db.session.scalars(versions.order_by(CaseVersion.recorded_from)))[-2:] == [
        office.agency.id,
        new.id,
    ]


def test_the_old_unit_ends_and_keeps_its_name(office: Office, today: date, do, rename) -> None:
    name = office.agency.name
    do(rename)
    old, new = db.session.get_one(Unit, office.agency.id), unit_called("PKT")
    assert (old.name, old.valid_to) == (name, today - timedelta(days=1))
    assert (new.valid_from, new.valid_to, new.parent_id) == (today, None, office.committee.id)
    row = db.session.scalars(select(UnitSuccession)).one()
    assert (row.unit_id, row.successor_id, row.reason) == (old.id, new.id, "rename")
    noted = db.session.scalars(
        select(AdministrationEntry.action).where(
            AdministrationEntry.subject_id.in_([old.id, new.id])
        )
    )
    assert sorted(noted) == ["end", "succeed"]


def test_people_go_with_their_unit_and_do_its_work(
    office: Office, now: datetime, today: date, do, rename
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    do(rename)
    worker = as_viewer(office.user(Role.AGENCY_WORKER), today)
    assert worker.unit_id == unit_called("PKT").id
    assert queries.find(worker, case.id) is not None
    service.answer(
        case.id,
        actor=worker,
        text="Đã xử lý",
        answered_on=today,
        outcome=Outcome.RESOLVED,
        now=now + timedelta(hours=1),
    )
    assert fresh(case).state == State.ANSWERED


def test_what_ended_before_stays_with_the_old_unit_and_is_seen_by_the_new(
    office: Office, now: datetime, today: date, do, rename
) -> None:
    closed = office.case_in(State.CLOSED, now)
    head = office.user(Role.AGENCY_HEAD)
    assert queries.find(as_viewer(head, today), closed.id) is not None
    do(rename)
    assert fresh(closed).lead_unit_id == office.agency.id
    assert "hand_over" not in actions(closed)
    assert queries.find(as_viewer(head, today), closed.id) is not None


def test_a_promise_still_to_be_kept_goes_over(office: Office, now: datetime, do, rename) -> None:
    case = office.case_in(State.ASSIGNED, now)
    service.answer(
        case.id,
        actor=office.viewer(Role.AGENCY_WORKER),
        text="Sẽ sửa",
        answered_on=local_date(now),
        outcome=Outcome.PROMISED,
        promised_on=local_date(now) + timedelta(days=30),
        now=now,
    )
    service.close(case.id, actor=office.viewer(Role.COORDINATOR), outcome=Outcome.PROMISED, now=now)
    do(rename)
    assert fresh(case).lead_unit_id == unit_called("PKT").id


def test_a_merger_leaves_one_lead_and_no_second_support(
    office: Office, now: datetime, today: date, do
) -> None:
    case = office.case_in(State.VERIFYING, now)
    service.assign(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        lead_id=office.agency.id,
        supporting_ids=[office.other_agency.id],
        now=now,
    )
    change = do(
        Wanted(
            kind="merge",
            unit_ids=(office.agency.id, office.other_agency.id),
            happened_on=today,
            document=DOCUMENT,
            new_units=(NewUnit("P1", "Phòng Một"),),
        )
    )
    open_ones = select(Assignment.part).where(Assignment.ended_on.is_(None))
    assert list(db.session.scalars(open_ones)) == ["lead"]
    assert actions(case).count("hand_over") == 1
    undo_change(change.id, actor=office.viewer(Role.ADMINISTRATOR), now=now + timedelta(hours=1))
    again = select(Assignment.part, Assignment.unit_id).where(Assignment.ended_on.is_(None))
    assert {(part, unit_id) for part, unit_id in db.session.execute(again)} == {
        ("lead", office.agency.id),
        ("supporting", office.other_agency.id),
    }


def test_undone_all_is_as_before_and_the_story_says_so(
    office: Office, now: datetime, today: date, do, rename, administrator: Viewer
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    part = make_unit("Tổ trật tự đô thị", office.agency)
    change = do(rename)
    assert db.session.get_one(Unit, part.id).parent_id == unit_called("PKT").id
    undo_change(change.id, actor=administrator, now=now + timedelta(hours=1))
    case = fresh(case)
    assert case.lead_unit_id == office.agency.id
    assert actions(case)[-2:] == ["hand_over", "hand_back"]
    assert db.session.get_one(Unit, office.agency.id).valid_to is None
    assert db.session.get_one(Unit, part.id).parent_id == office.agency.id
    assert not db.session.scalars(select(UnitSuccession)).all()
    worker = as_viewer(office.user(Role.AGENCY_WORKER), today)
    assert worker.unit_id == office.agency.id
    roles = select(Membership).where(Membership.user_id == office.user(Role.AGENCY_WORKER).id)
    assert [role.valid_to for role in db.session.scalars(roles)] == [None]
    # The unit that was made was never asked for anything: the story alone tells of it.
    asked = db.session.execute(select(Assignment.unit_id, Assignment.ended_on)).all()
    assert [tuple(each) for each in asked] == [(office.agency.id, None)]
    # It can be done over, under the same code.
    assert do(rename).id != change.id


def test_an_extension_that_was_asked_for_is_asked_for_again(
    office: Office, now: datetime, do, rename, administrator: Viewer
) -> None:
    case = extension_asked(office, now)
    request = case.extension_request
    assert request is not None
    change = do(rename)
    assert fresh(case).extension_request is None
    undo_change(change.id, actor=administrator, now=now + timedelta(hours=1))
    again = fresh(case).extension_request
    assert again is not None
    assert again.id == request.id
    entry = db.session.scalars(select(Entry).where(Entry.action == "hand_back")).one()
    assert entry.changes["wanted_on"] == [None, str(request.wanted_on)]
    service.decide_extension(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        is_granted=True,
        now=now + timedelta(hours=2),
    )


def test_what_was_worked_on_is_not_undone(
    office: Office, now: datetime, do, rename, administrator: Viewer
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    change = do(rename)
    later = now + timedelta(hours=1)
    coordinator = office.viewer(Role.COORDINATOR)
    service.comment(case.id, actor=coordinator, text="Đã gọi", now=later)
    assert why_not_undone(change) is None
    service.suspend(case.id, actor=coordinator, reason="Chờ giám định", now=later)
    with pytest.raises(Refused, match="đơn vị kế tục đã có việc, người hoặc"):
        undo_change(change.id, actor=administrator, now=later)
    assert fresh(case).lead_unit_id == unit_called("PKT").id


def test_what_the_calendar_and_the_law_do_to_a_case_is_no_work_on_it(
    office: Office, now: datetime, do, rename, administrator: Viewer
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    change = do(rename)
    later, coordinator = now + timedelta(hours=1), office.viewer(Role.COORDINATOR)
    assert case.due_on is not None
    calendar.correct(case.due_on, "rest", "12/VPCP", actor=coordinator, now=later)
    assert actions(case)[-1] == "recalculate"
    undo_change(change.id, actor=administrator, now=later)
    assert fresh(case).lead_unit_id == office.agency.id


def test_a_new_unit_with_work_of_its_own_stays(
    office: Office, now: datetime, do, rename, administrator: Viewer
) -> None:
    change = do(rename)
    case = office.case_in(State.VERIFYING, now)
    actor = office.viewer(Role.COORDINATOR)
    service.assign(case.id, actor=actor, lead_id=unit_called("PKT").id, now=now)
    with pytest.raises(Refused, match="đơn vị kế tục đã có việc, người hoặc"):
        undo_change(change.id, actor=administrator, now=now + timedelta(hours=1))


def test_twice_undone_is_refused(
    office: Office, now: datetime, do, rename, administrator: Viewer
) -> None:
    change = do(rename)
    undo_change(change.id, actor=administrator, now=now + timedelta(hours=1))
    with pytest.raises(OutOfDate, match="đã được hoàn tác"):
        undo_change(change.id, actor=administrator, now=now + timedelta(hours=2))


def test_only_what_was_previewed_is_done(
    office: Office, now: datetime, today: date, rename
) -> None:
    user = office.user(Role.ADMINISTRATOR)
    give_role(user, Role.COORDINATOR, office.committee)
    administrator = as_viewer(user, today)
    plan = succession.plan(rename, actor=administrator, today=today)
    office.case_in(State.ASSIGNED, now)
    with pytest.raises(OutOfDate, match="đã thay đổi từ khi xem trước"):
        change_units(rename, seen=plan.token, actor=administrator, now=now)
    assert db.session.get_one(Unit, office.agency.id).valid_to is None
    assert not db.session.scalars(select(UnitChange)).all()


def test_a_form_sent_twice_is_done_once(
    office: Office, now: datetime, today: date, rename, administrator: Viewer
) -> None:
    seen = succession.plan(rename, actor=administrator, today=today).token
    change_units(rename, seen=seen, actor=administrator, now=now)
    with pytest.raises(Refused, match="đã kết thúc"):
        change_units(rename, seen=seen, actor=administrator, now=now)
    assert len(db.session.scalars(select(UnitChange)).all()) == 1


def test_a_unit_with_nothing_left_just_ends(office: Office, today: date, do) -> None:
    do(Wanted("dissolve", (office.other_agency.id,), today, DOCUMENT, (office.committee.id,)))
    assert db.session.get_one(Unit, office.other_agency.id).valid_to == today - timedelta(days=1)


def test_a_unit_does_not_end_without_a_successor_whether_it_has_work_or_not(
    office: Office, now: datetime, today: date, do
) -> None:
    office.case_in(State.ASSIGNED, now)
    for unit in (office.agency, office.other_agency):
        with pytest.raises(Refused, match="Hãy chọn đơn vị kế tục") as refused:
            do(Wanted("dissolve", (unit.id,), today, DOCUMENT))
        assert refused.value.field == "successor_ids"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"unit_ids": ()}, "unit_ids"),
        ({"document": "  "}, "document"),
        ({"new_units": ()}, "new_units"),
        ({"kind": "merge", "new_units": ()}, "successor_ids"),
        ({"kind": "split"}, "successor_ids"),
        ({"happened_on": date(2030, 1, 1)}, "happened_on"),
        ({"happened_on": date(2016, 1, 1)}, "happened_on"),
        ({"new_units": (NewUnit("quan-uy-long-bien", "Trùng mã"),)}, "new_units"),
        ({"new_units": (NewUnit("P 1", "Sai mã"),)}, "new_units"),
    ],
)
def test_what_is_wrong_is_refused_beside_its_field(office: Office, do, rename, wrong, field):
    with pytest.raises(Refused) as refused:
        do(replace(rename, **wrong))
    assert refused.value.field == field
    assert db.session.get_one(Unit, office.agency.id).valid_to is None


def test_units_of_others_are_out_of_reach(office: Office, now: datetime, today, rename) -> None:
    below = as_viewer(make_user(Role.ADMINISTRATOR, office.other_agency), today)
    with pytest.raises(NotAllowed):
        succession.plan(rename, actor=below, today=today)


def test_lines_of_a_register_kept_by_two_units_stay_two(
    office: Office, now: datetime, today: date, do, administrator: Viewer
) -> None:
    cases = []
    for unit in (office.agency, office.other_agency):
        actor = as_viewer(make_user(Role.COORDINATOR, unit), today)
        case = office.log(now, actor=actor)
        case.register_key = "line-1"
        cases.append(case)
    db.session.commit()
    change = do(
        Wanted(
            kind="merge",
            unit_ids=(office.agency.id, office.other_agency.id),
            happened_on=today,
            document=DOCUMENT,
            new_units=(NewUnit("P1", "Phòng Một"),),
        )
    )
    merged = [fresh(case) for case in cases]
    assert {case.unit_id for case in merged} == {unit_called("P1").id}
    assert len({case.register_key for case in merged}) == 2
    undo_change(change.id, actor=administrator, now=now + timedelta(hours=1))
    assert [fresh(case).register_key for case in cases] == ["line-1", "line-1"]


def test_old_papers_keep_the_old_name(office: Office, today: date, do, rename) -> None:
    old_code, name = office.agency.code, office.agency.name
    do(rename)
    worker = as_viewer(office.user(Role.AGENCY_WORKER), today)
    asked, own = paper_unit(worker, old_code), paper_unit(worker, None)
    assert asked is not None
    assert own is not None
    assert (asked.name, own.name) == (name, "Phòng Kinh tế, Hạ tầng và Đô thị")
