"""Splitting: one submission, n matters, each with its own code and its deadline."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from tests.cases.conftest import Visitor
from tests.cases.test_service import assert_chain, assert_versions, entries
from tests.factories import Office, make_named
from tracker.cases import belonging, service
from tracker.cases.models import Area, Case, Field, Submission
from tracker.cases.service import Part
from tracker.core.db import db, new_id
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.rules.workflow import Kind, Role, State

MINUTE = timedelta(minutes=1)
PARTS = (Part("Đèn đường hỏng"), Part("Rác không thu gom"), Part("Tiếng ồn ban đêm"))


def split(office: Office, case: Case, now: datetime, **given: Any) -> list[Case]:
    wanted = {"actor": office.viewer(Role.COORDINATOR), "parts": PARTS, "now": now}
    return service.split(case.id, **(wanted | given))


@pytest.mark.parametrize("state", [State.RECEIVED, State.VERIFYING])
def test_each_part_is_a_case_of_its_own(office: Office, now: datetime, state: State) -> None:
    field, area = make_named(Field, "Môi trường"), make_named(Area, "Bồ Đề")
    case = office.case_in(
        state, now, content="Đèn hỏng, rác bẩn, ồn ào", received_on=date(2026, 2, 2), persons=4
    )
    parts = (PARTS[0], Part(PARTS[1].content, field, area), PARTS[2])
    new = split(office, case, now + MINUTE, parts=parts)
    db.session.expire_all()
    assert case.content == "Đèn đường hỏng"
    assert [part.content for part in new] == ["Rác không thu gom", "Tiếng ồn ban đêm"]
    assert [part.code for part in new] == ["DLXH-2026-00002", "DLXH-2026-00003"]
    assert (new[0].field_id, new[0].area_id) == (field, area)
    for part in new:
        assert (part.state, part.received_on) == (state, date(2026, 2, 2))
        assert part.due_on == part.original_due_on == case.due_on
        assert part.unit_id == office.committee.id
        [entry] = entries(part)
        assert (entry.action, entry.text, entry.recorded_at) == ("part", case.code, now + MINUTE)
        assert_chain(part)
        assert_versions(part)
    last = entries(case)[-1]
    assert last.action == "split"
    assert last.text.split("\n") == ["DLXH-2026-00002, DLXH-2026-00003", "Đèn hỏng, rác bẩn, ồn ào"]
    assert_chain(case)
    assert_versions(case)


def test_the_turn_is_not_doubled(office: Office, now: datetime) -> None:
    case = office.log(now)
    split(office, case, now + MINUTE)
    assert db.session.scalars(select(Submission.case_id)).all() == [case.id]
    assert db.session.scalar(select(func.count()).select_from(Case)) == 3


def test_the_parts_know_each_other(office: Office, now: datetime) -> None:
    case = office.log(now)
    first, second = split(office, case, now + MINUTE)
    coordinator = office.viewer(Role.COORDINATOR)
    whole = belonging.belonging(coordinator, case.id).ties
    assert [(tie.words, tie.code) for tie in whole] == [
        ("Phần đã tách", first.code),
        ("Phần đã tách", second.code),
    ]
    part = belonging.belonging(coordinator, second.id).part_of
    assert part is not None
    assert (part.words, part.code) == ("Tách từ", case.code)


def test_a_date_given_before_holds_for_every_part(office: Office, now: datetime) -> None:
    case = office.log(now)
    service.extend(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        due_on=date(2026, 6, 1),
        reason="Phải đo lại đất",
        now=now,
    )
    for part in split(office, case, now + MINUTE):
        assert (part.due_on, part.original_due_on) == (date(2026, 6, 1), date(2026, 3, 30))


def test_a_part_has_been_returned_and_reopened_as_often_as_the_whole(
    office: Office, now: datetime
) -> None:
    """Neither the citizen's clock nor the way to a leader's ruling begins anew with a part."""
    coordinator, worker = office.viewer(Role.COORDINATOR), office.viewer(Role.AGENCY_WORKER)
    case = office.case_in(State.CLOSED, now)
    service.reopen(case.id, actor=coordinator, reason="Chưa xong", now=now)
    for _time in range(2):
        service.assign(case.id, actor=coordinator, lead_id=office.agency.id, now=now)
        service.send_back(case.id, actor=worker, reason="Không thuộc", now=now)
    for part in split(office, case, now):
        assert (part.round, part.return_count, part.redo_count) == (2, 2, 0)


def test_the_new_words_are_found_and_the_old_ones_no_more(
    office: Office, now: datetime, visit: Callable[[Role], Visitor]
) -> None:
    case = office.log(now, content="Cây đổ")
    split(office, case, now + MINUTE)
    visitor = visit(Role.COORDINATOR)
    for words, there in (("cây đổ", 0), ("đèn đường", 1), ("rác", 1), ("rac khong", 1)):
        page = visitor.get(f"/cases?q={words}")
        assert len(page.select("main table tbody tr")) == there, words


def test_a_part_is_kept_as_closely_as_the_whole(office: Office, now: datetime) -> None:
    case = office.log(now, kind=Kind.DENUNCIATION)
    for part in split(office, case, now + MINUTE):
        assert (part.kind, part.confidentiality) == ("denunciation", "denunciation")


def test_a_form_sent_twice_splits_once(office: Office, now: datetime) -> None:
    case, form_id = office.log(now), new_id()
    seen = case.version
    first = split(office, case, now + MINUTE, form_id=form_id, version=seen)
    second = split(office, case, now + MINUTE, form_id=form_id, version=seen)
    assert [part.code for part in first] == [part.code for part in second]
    with pytest.raises(OutOfDate):
        split(office, case, now + 2 * MINUTE, form_id=new_id(), version=seen)
    other = office.log(now)
    with pytest.raises(Refused):
        split(office, other, now + 2 * MINUTE, form_id=form_id)
    assert db.session.scalar(select(func.count()).select_from(Case)) == 4


def test_the_same_words_again_are_a_split_all_the_same(office: Office, now: datetime) -> None:
    case = office.log(now, content=PARTS[0].content)
    seen = case.version
    split(office, case, now + MINUTE)
    assert case.version > seen
    assert entries(case)[-1].text == "DLXH-2026-00002, DLXH-2026-00003"


@pytest.mark.parametrize("parts", [PARTS[:1], (), PARTS * 7])
def test_one_matter_is_no_split_nor_are_dozens(
    office: Office, now: datetime, parts: tuple[Part, ...]
) -> None:
    with pytest.raises(Refused) as refusal:
        split(office, office.log(now), now + MINUTE, parts=parts)
    assert refusal.value.field == "parts"


def test_a_part_without_words_is_refused_beside_its_field(office: Office, now: datetime) -> None:
    case = office.log(now)
    with pytest.raises(Refused) as refusal:
        split(office, case, now + MINUTE, parts=(PARTS[0], Part(" \n ")))
    assert refusal.value.field == "parts-1-content"
    assert db.session.scalar(select(func.count()).select_from(Case)) == 1


def test_a_suspended_case_is_not_split(office: Office, now: datetime) -> None:
    case = office.log(now)
    case.suspended_on = date(2026, 3, 2)
    db.session.commit()
    with pytest.raises(Refused):
        split(office, case, now + MINUTE)
    # The numbers taken meanwhile were given back.
    assert office.log(now).code == "DLXH-2026-00002"


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("role", Role)
def test_a_coordinator_splits_what_is_not_yet_assigned(
    office: Office, now: datetime, role: Role, state: State
) -> None:
    case = office.case_in(state, now)
    may = role is Role.COORDINATOR and state in {State.RECEIVED, State.VERIFYING}
    try:
        split(office, case, now + MINUTE, actor=office.viewer(role))
    except (NotAllowed, OutOfDate):
        assert not may
    else:
        assert may
