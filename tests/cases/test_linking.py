"""Links: typed, shown both ways, and never to those who don't see the other case."""

from datetime import datetime, timedelta

import pytest

from tests.cases.test_service import assert_chain, assert_versions, entries
from tests.factories import Office, make_office
from tracker.cases import belonging, naming, service
from tracker.cases.models import Case
from tracker.core.db import new_id
from tracker.core.errors import NotAllowed, Refused
from tracker.rules.workflow import Kind, Role, State

MINUTE = timedelta(minutes=1)


def link(office: Office, case: Case, other: Case, kind: str, now: datetime) -> Case:
    return service.link(
        case.id, actor=office.viewer(Role.COORDINATOR), other_id=other.id, kind=kind, now=now
    )


def ties(office: Office, case: Case, role: Role = Role.COORDINATOR) -> list[tuple[str, str, str]]:
    """What the role reads on the page of the case: words, code, state."""
    found = belonging.belonging(office.viewer(role), case.id).ties
    return [(tie.words, tie.code, tie.state) for tie in found]


@pytest.mark.parametrize(
    ("kind", "there", "back"),
    [
        ("related", "Liên quan", "Liên quan"),
        ("earlier", "Vụ việc trước", "Vụ việc sau"),
        ("same_document", "Cùng văn bản trả lời", "Cùng văn bản trả lời"),
    ],
)
def test_a_link_is_shown_both_ways_and_told_in_both_stories(
    office: Office, now: datetime, kind: str, there: str, back: str
) -> None:
    case, other = office.log(now), office.case_in(State.CLOSED, now)
    link(office, case, other, kind, now + MINUTE)
    assert ties(office, case) == [(there, other.code, "closed")]
    assert ties(office, other) == [(back, case.code, "received")]
    assert (entries(case)[-1].action, entries(case)[-1].text) == ("link", f"{there}: {other.code}")
    assert (entries(other)[-1].action, entries(other)[-1].text) == ("link", f"{back}: {case.code}")
    for each in (case, other):
        assert_chain(each)
        assert_versions(each)


@pytest.mark.parametrize("from_other", [False, True])
def test_a_link_is_taken_back_from_either_end(
    office: Office, now: datetime, from_other: bool
) -> None:
    case, other = office.log(now), office.log(now)
    link(office, case, other, "earlier", now + MINUTE)
    coordinator = office.viewer(Role.COORDINATOR)
    [tie] = belonging.belonging(coordinator, case.id).ties
    at = other if from_other else case
    service.unlink(at.id, actor=coordinator, link_id=tie.id, now=now + 2 * MINUTE)
    assert ties(office, case) == ties(office, other) == []
    assert entries(case)[-1].text == f"Vụ việc trước: {other.code}"
    assert entries(other)[-1].text == f"Vụ việc sau: {case.code}"
    assert entries(case)[-1].action == entries(other)[-1].action == "unlink"
    link(office, case, other, "earlier", now + 3 * MINUTE)
    assert len(ties(office, case)) == 1


def test_the_same_link_is_made_once_from_either_end(office: Office, now: datetime) -> None:
    case, other = office.log(now), office.log(now)
    link(office, case, other, "related", now)
    for one, two in ((case, other), (other, case)):
        with pytest.raises(Refused) as refusal:
            link(office, one, two, "related", now + MINUTE)
        assert refusal.value.field == "code"
    link(office, case, other, "same_document", now + MINUTE)
    assert len(ties(office, case)) == 2


def test_what_cannot_be_linked(office: Office, now: datetime) -> None:
    case, elsewhere = office.log(now), make_office("Quận ủy Hoàn Kiếm").log(now)
    for other in (case, elsewhere):
        with pytest.raises(Refused):
            link(office, case, other, "related", now)
    for kind in ("part", "merge", ""):
        with pytest.raises(Refused):
            link(office, case, office.log(now), kind, now)
    assert [entry.action for entry in entries(case)] == ["receive"]


def test_the_other_case_is_hidden_from_whoever_does_not_see_it(
    office: Office, now: datetime
) -> None:
    case, secret = office.log(now), office.log(now, kind=Kind.DENUNCIATION)
    link(office, case, secret, "related", now + MINUTE)
    assert ties(office, case) == [("Liên quan", secret.code, "received")]
    assert ties(office, case, Role.AUDITOR) == []
    [told] = naming.discreet(office.viewer(Role.AUDITOR), entries(case)).values()
    assert told == "Liên quan: vụ việc khác"
    [tie] = belonging.belonging(office.viewer(Role.COORDINATOR), case.id).ties
    for role in (Role.AUDITOR, Role.RECEPTION_OFFICER):
        with pytest.raises(Refused):
            service.unlink(case.id, actor=office.viewer(role), link_id=tie.id, now=now)


def test_a_link_belongs_to_its_cases(office: Office, now: datetime) -> None:
    case, other, third = (office.log(now) for _ in range(3))
    coordinator = office.viewer(Role.COORDINATOR)
    link(office, case, other, "related", now)
    [tie] = belonging.belonging(coordinator, case.id).ties
    for case_id, link_id in ((third.id, tie.id), (case.id, new_id())):
        with pytest.raises(NotAllowed):
            service.unlink(case_id, actor=coordinator, link_id=link_id, now=now)


def test_parts_stay_parts(office: Office, now: datetime) -> None:
    case, coordinator = office.log(now), office.viewer(Role.COORDINATOR)
    parts = [service.Part("Đèn hỏng"), service.Part("Rác bẩn")]
    service.split(case.id, actor=coordinator, parts=parts, now=now + MINUTE)
    [tie] = belonging.belonging(coordinator, case.id).ties
    with pytest.raises(Refused):
        service.unlink(case.id, actor=coordinator, link_id=tie.id, now=now + 2 * MINUTE)


@pytest.mark.parametrize("role", Role)
def test_officers_and_agencies_link_what_they_see(
    office: Office, now: datetime, role: Role
) -> None:
    case, other = office.case_in(State.ASSIGNED, now), office.case_in(State.ASSIGNED, now)
    may = role in {
        Role.RECEPTION_OFFICER, Role.COORDINATOR, Role.AGENCY_WORKER, Role.AGENCY_HEAD,
    }  # fmt: skip
    actor = office.viewer(role)
    try:
        service.link(case.id, actor=actor, other_id=other.id, kind="related", now=now)
    except NotAllowed:
        assert not may
    else:
        assert may
