"""Merging: the turns go over, the case counts no more, and all of it can be undone."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cases.test_service import assert_chain, assert_versions, entries
from tests.factories import Office, make_office
from tracker.cases import service, story
from tracker.cases.models import Case, CaseMerge, CaseVersion, Submission
from tracker.core.db import db, transaction
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.rules.access import Confidentiality
from tracker.rules.counting import MEASURES, Question, holds
from tracker.rules.workflow import Kind, Outcome, Role, State

YEAR = Question(date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31))
MINUTE = timedelta(minutes=1)


def turns(case: Case) -> list[tuple[int, bool]]:
    """The persons of each turn of the case, and whether it came by a merge."""
    found = db.session.scalars(
        select(Submission).where(Submission.case_id == case.id).order_by(Submission.persons)
    )
    return [(turn.persons, turn.merge_id is not None) for turn in found]


def merge(office: Office, case: Case, target: Case, now: datetime, **given: Any) -> Case:
    return service.merge(
        case.id, actor=office.viewer(Role.COORDINATOR), into_id=target.id, now=now, **given
    )


def undo(office: Office, case: Case, now: datetime, **given: Any) -> Case:
    return service.undo_merge(case.id, actor=office.viewer(Role.COORDINATOR), now=now, **given)


@pytest.mark.parametrize("state", [State.RECEIVED, State.VERIFYING])
@pytest.mark.parametrize("target_state", [State.RECEIVED, State.ASSIGNED, State.ANSWERED])
def test_the_turns_go_over_and_both_stories_say_so(
    office: Office, now: datetime, state: State, target_state: State
) -> None:
    target = office.case_in(target_state, now, persons=2)
    case = office.case_in(state, now, persons=7)
    stood, due_on = target.state, target.due_on
    merge(office, case, target, now + MINUTE)
    db.session.expire_all()
    assert (case.state, case.outcome, case.merged_into_id) == ("closed", "duplicate", target.id)
    assert case.closed_on == case.ended_on == date(2026, 3, 2)
    assert turns(case) == []
    assert turns(target) == [(2, False), (7, True)]
    assert (target.state, target.due_on) == (stood, due_on)
    last, told = entries(case)[-1], entries(target)[-1]
    assert (last.action, last.text) == ("merge", target.code)
    assert (told.action, told.text) == ("merge_in", case.code)
    assert last.user_id == told.user_id == office.user(Role.COORDINATOR).id
    for each in (case, target):
        assert_chain(each)
        assert_versions(each)


def test_what_is_put_right_meanwhile_doesn_t_forbid_undoing(office: Office, now: datetime) -> None:
    target, case = office.log(now), office.log(now)
    merge(office, case, target, now + MINUTE)
    service.correct(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        content="Đèn hỏng ở ngõ 22",
        received_on=case.received_on,
        persons=1,
        note="",
        field_id=None,
        area_id=None,
        channel_id=None,
        reason="Gõ nhầm",
        now=now + 2 * MINUTE,
    )
    undo(office, case, now + 3 * MINUTE)
    assert case.state == State.RECEIVED


def test_what_was_merged_by_mistake_leaves_a_case_that_was_protected_since(
    office: Office, now: datetime
) -> None:
    target, case = office.log(now), office.log(now)
    merge(office, case, target, now + MINUTE)
    service.reclassify(
        target.id,
        actor=office.viewer(Role.COORDINATOR),
        kind=Kind.DENUNCIATION,
        confidentiality=Confidentiality.DENUNCIATION,
        field_id=None,
        reason="Là tố cáo",
        now=now + 2 * MINUTE,
    )
    undo(office, case, now + 3 * MINUTE)
    # What was protected once stays so.
    assert (case.state, case.confidentiality) == (State.RECEIVED, Confidentiality.DENUNCIATION)


def test_a_duplicate_of_a_register_can_be_reopened(office: Office, now: datetime) -> None:
    case = office.log(now)
    with transaction():
        case.state, case.outcome = State.CLOSED, Outcome.DUPLICATE
        case.closed_on = case.ended_on = case.received_on
    service.reopen(case.id, actor=office.viewer(Role.COORDINATOR), reason="Không trùng", now=now)
    assert (case.state, case.outcome) == (State.VERIFYING, None)


def test_whoever_has_waited_longest_is_not_put_back(office: Office, now: datetime) -> None:
    earlier = office.log(now, received_on=date(2025, 9, 1))
    later = office.log(now, received_on=date(2026, 3, 2))
    with pytest.raises(Refused, match="01/09/2025") as refusal:
        merge(office, earlier, later, now + MINUTE)
    assert refusal.value.field == "into"
    merge(office, later, earlier, now + MINUTE)
    assert sorted(turns(earlier)) == [(1, False), (1, True)]


def test_whoever_is_overdue_stays_so(office: Office, now: datetime) -> None:
    """An overdue petitioner doesn't vanish into a case whose clock ends later, or stands still."""
    actor = office.viewer(Role.COORDINATOR)
    case = office.log(now, received_on=date(2026, 1, 6))
    due_on = case.due_on
    extended, asleep, plain = (office.log(now, received_on=date(2026, 1, 5)) for _ in range(3))
    service.extend(
        extended.id, actor=actor, due_on=date(2026, 6, 30), reason="Phức tạp", now=now + MINUTE
    )
    service.suspend(asleep.id, actor=actor, reason="Chờ giám định", now=now + MINUTE)
    for target, reason in ((extended, "02/02/2026"), (asleep, "tạm đình chỉ")):
        with pytest.raises(Refused, match=reason) as refusal:
            merge(office, case, target, now + 2 * MINUTE)
        assert refusal.value.field == "into"
    assert case.due_on == due_on == date(2026, 2, 2)
    merge(office, case, plain, now + 3 * MINUTE)
    assert (plain.due_on, case.merged_into_id) == (date(2026, 1, 30), plain.id)


def test_a_case_that_stood_still_is_due_as_if_it_went_on(office: Office, now: datetime) -> None:
    case, target = office.log(now), office.log(now)
    actor = office.viewer(Role.COORDINATOR)
    service.suspend(case.id, actor=actor, reason="Chờ giám định", now=now)
    # A week's pause leaves until 6 April.
    service.extend(target.id, actor=actor, due_on=date(2026, 4, 6), reason="Phức tạp", now=now)
    with pytest.raises(Refused, match="30/03/2026"):
        merge(office, case, target, now + MINUTE)
    merge(office, case, target, now + timedelta(days=7))
    assert case.merged_into_id == target.id


def test_only_cases_of_one_kind_are_merged(office: Office, now: datetime) -> None:
    complaint, opinion = office.log(now, kind=Kind.COMPLAINT), office.log(now)
    for case, target in ((complaint, opinion), (opinion, complaint)):
        with pytest.raises(Refused, match="cùng loại"):
            merge(office, case, target, now + MINUTE)


def test_undone_the_case_is_as_before(office: Office, now: datetime) -> None:
    target = office.case_in(State.ASSIGNED, now, persons=2)
    case = office.case_in(State.VERIFYING, now, persons=7)
    before = story.reportable(case)
    merge(office, case, target, now + MINUTE)
    undo(office, case, now + 2 * MINUTE)
    db.session.expire_all()
    assert story.reportable(case) == before
    assert case.merged_into_id is None
    assert turns(case) == [(7, False)]
    assert turns(target) == [(2, False)]
    assert (entries(case)[-1].action, entries(case)[-1].text) == ("unmerge", target.code)
    assert (entries(target)[-1].action, entries(target)[-1].text) == ("unmerge", case.code)
    for each in (case, target):
        assert_chain(each)
        assert_versions(each)


def test_merged_again_after_it_was_undone(office: Office, now: datetime) -> None:
    first, second = office.log(now, persons=2), office.log(now, persons=3)
    case = office.log(now, persons=7)
    merge(office, case, first, now + MINUTE)
    undo(office, case, now + 2 * MINUTE)
    merge(office, case, second, now + 3 * MINUTE)
    assert turns(first) == [(2, False)]
    assert turns(second) == [(3, False), (7, True)]
    undo(office, case, now + 4 * MINUTE)
    merge(office, case, first, now + 5 * MINUTE)
    assert turns(first) == [(2, False), (7, True)]
    standing = db.session.scalars(select(CaseMerge).where(CaseMerge.undone_at.is_(None))).all()
    assert [(each.case_id, each.into_id) for each in standing] == [(case.id, first.id)]


def test_sent_twice_it_is_done_once(office: Office, now: datetime) -> None:
    target, case = office.log(now), office.log(now)
    seen = case.version
    merge(office, case, target, now + MINUTE, version=seen)
    merge(office, case, target, now + MINUTE, version=seen)
    assert [entry.action for entry in entries(case)] == ["receive", "merge"]
    assert [entry.action for entry in entries(target)] == ["receive", "merge_in"]


def test_a_row_of_merges_comes_apart_from_its_end(office: Office, now: datetime) -> None:
    one, two, three = (office.log(now, persons=number) for number in (1, 2, 3))
    merge(office, one, two, now + MINUTE)
    merge(office, two, three, now + 2 * MINUTE)
    assert turns(three) == [(1, True), (2, True), (3, False)]
    with pytest.raises(Refused, match=two.code):
        undo(office, one, now + 3 * MINUTE)
    undo(office, two, now + 3 * MINUTE)
    assert turns(two) == [(1, True), (2, False)]
    assert turns(three) == [(3, False)]
    undo(office, one, now + 4 * MINUTE)
    assert [turns(each) for each in (one, two, three)] == [
        [(1, False)],
        [(2, False)],
        [(3, False)],
    ]


def test_what_it_cannot_be_merged_into(office: Office, now: datetime) -> None:
    case = office.log(now)
    closed, elsewhere = office.case_in(State.CLOSED, now), make_office("Quận ủy Hoàn Kiếm")
    duplicate = office.log(now)
    merge(office, duplicate, office.log(now), now)
    for target in (
        case,
        closed,
        duplicate,
        elsewhere.log(now),
        office.log(now, kind=Kind.DENUNCIATION),
    ):
        with pytest.raises(Refused) as refusal:
            merge(office, case, target, now + MINUTE)
        assert refusal.value.field == "into"
    assert [entry.action for entry in entries(case)] == ["receive"]
    reopened = service.reopen(
        closed.id, actor=office.viewer(Role.COORDINATOR), reason="Lại hỏng", now=now + MINUTE
    )
    merge(office, case, reopened, now + 2 * MINUTE)
    assert len(turns(reopened)) == 2


def test_a_denunciation_goes_into_a_denunciation_only(office: Office, now: datetime) -> None:
    one, two = (office.log(now, kind=Kind.DENUNCIATION) for _ in range(2))
    with pytest.raises(Refused):
        merge(office, one, office.log(now), now + MINUTE)
    merge(office, one, two, now + MINUTE)
    assert one.merged_into_id == two.id


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", Role)
def test_a_coordinator_merges_what_is_not_yet_assigned(
    office: Office, now: datetime, role: Role, state: State
) -> None:
    case, target = office.case_in(state, now), office.case_in(State.ASSIGNED, now)
    may = role is Role.COORDINATOR and state in {State.RECEIVED, State.VERIFYING}
    try:
        service.merge(case.id, actor=office.viewer(role), into_id=target.id, now=now + MINUTE)
    except (NotAllowed, OutOfDate, Refused):
        assert not may
    else:
        assert may


def test_a_stale_form_is_refused(office: Office, now: datetime) -> None:
    target, case = office.log(now), office.log(now)
    seen = case.version
    service.verify(case.id, actor=office.viewer(Role.COORDINATOR), now=now + MINUTE)
    with pytest.raises(OutOfDate):
        merge(office, case, target, now + 2 * MINUTE, version=seen)
    merge(office, case, target, now + 2 * MINUTE, version=case.version)
    with pytest.raises(OutOfDate):
        undo(office, case, now + 3 * MINUTE, version=seen)
    assert case.merged_into_id == target.id


def test_undoing_is_refused_where_there_is_nothing_to_undo(office: Office, now: datetime) -> None:
    closed = office.case_in(State.CLOSED, now)
    with pytest.raises(Refused):
        undo(office, closed, now)
    target, case = office.log(now), office.log(now)
    merge(office, case, target, now + MINUTE)
    undo(office, case, now + 2 * MINUTE)
    with pytest.raises(Refused):
        undo(office, case, now + 3 * MINUTE)


def test_a_note_leaves_the_merge_to_be_undone_and_work_does_not(
    office: Office, now: datetime
) -> None:
    coordinator = office.viewer(Role.COORDINATOR)
    target, case = office.log(now), office.log(now)
    merge(office, case, target, now + MINUTE)
    service.comment(case.id, actor=coordinator, text="Đã báo người dân", now=now + 2 * MINUTE)
    undo(office, case, now + 3 * MINUTE)
    merge(office, case, target, now + 4 * MINUTE)
    story.record(
        case,
        action="reclassify",
        before=story.reportable(case),
        happened_on=date(2026, 3, 2),
        now=now + 5 * MINUTE,
        user_id=coordinator.user_id,
        unit_id=coordinator.unit_id,
    )
    db.session.commit()
    with pytest.raises(Refused, match="xử lý tiếp"):
        undo(office, case, now + 6 * MINUTE)
    assert len(turns(target)) == 2


def test_a_merged_case_is_not_reopened_but_its_merge_undone(office: Office, now: datetime) -> None:
    target, case = office.log(now), office.log(now)
    merge(office, case, target, now + MINUTE)
    with pytest.raises(Refused):
        service.reopen(
            case.id, actor=office.viewer(Role.COORDINATOR), reason="Nhầm", now=now + 2 * MINUTE
        )
    undo(office, case, now + 3 * MINUTE)
    assert case.state == State.RECEIVED


def test_the_target_may_be_answered_meanwhile(office: Office, now: datetime) -> None:
    target, case = office.case_in(State.ANSWERED, now), office.log(now)
    merge(office, case, target, now + MINUTE)
    service.close(
        target.id,
        actor=office.viewer(Role.COORDINATOR),
        outcome=Outcome.RESOLVED,
        now=now + 2 * MINUTE,
    )
    undo(office, case, now + 3 * MINUTE)
    assert (target.state, target.outcome) == ("closed", "resolved")
    assert case.state == State.RECEIVED
    assert_chain(target)


def received_at(instant: datetime) -> int:
    """How many matters the records of an instant say were received in the year."""
    versions = db.session.scalars(
        select(CaseVersion).where(
            CaseVersion.recorded_from <= instant, CaseVersion.recorded_to > instant
        )
    )
    condition = MEASURES["received"].condition
    return sum(holds(condition, version, YEAR) for version in versions)


def test_a_duplicate_is_no_matter_until_it_is_undone(office: Office, now: datetime) -> None:
    target, case, _other = (office.log(now) for _ in range(3))
    merge(office, case, target, now + MINUTE)
    undo(office, case, now + 2 * MINUTE)
    merge(office, case, target, now + 3 * MINUTE)
    seconds = timedelta(seconds=30)
    counted = [received_at(now + number * MINUTE + seconds) for number in range(4)]
    assert counted == [3, 2, 3, 2]
    # A turn is a turn, whichever case it is on.
    assert db.session.query(Submission).count() == 3
