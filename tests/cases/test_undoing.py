"""A mistaken ending is undone on its day: the case stands as if it hadn't been."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from tests.cases import circumstances
from tests.cases.conftest import Visitor
from tests.cases.stories import assert_chain, assert_versions, entries
from tests.factories import Office, as_viewer, make_user
from tracker.cases import service, story
from tracker.cases.account import account
from tracker.cases.models import Assignment, Case, ExtensionRequest
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import OutOfDate, Refused
from tracker.rules.workflow import Kind, Outcome, Role, State

Visit = Callable[[Role], Visitor]


def standing(case: Case) -> dict[str, Any]:
    """All that an ending takes from a case."""
    db.session.expire_all()
    work = select(Assignment).where(Assignment.case_id == case.id).order_by(Assignment.id)
    asked = db.session.scalars(
        select(ExtensionRequest).where(ExtensionRequest.case_id == case.id)
    ).one_or_none()
    return story.reportable(case) | {
        "ruling_due_on": case.ruling_due_on,
        "sent_to": case.sent_to,
        "work": [(each.id, each.ended_on, each.due_on) for each in db.session.scalars(work)],
        "asked": asked and (asked.decided_at, asked.is_granted),
    }


def end(case: Case, action: str, office: Office, now: datetime) -> Case:
    """The case ended by the coordinator."""
    actor = office.viewer(Role.COORDINATOR)
    if action == "close":
        return service.close(case.id, actor=actor, outcome=Outcome.EXPLAINED, now=now)
    return service.close_directly(
        action, case.id, actor=actor, reason="Nhầm", sent_to="Công an quận", now=now
    )


def undo(case: Case, office: Office, now: datetime) -> Case:
    return service.undo_ending(case.id, actor=office.viewer(Role.COORDINATOR), now=now)


def in_state(state: State) -> circumstances.Make:
    return lambda office, now: office.case_in(state, now)


def suspended_last_week(office: Office, now: datetime) -> Case:
    """Since five working days, with a date of the agency's own."""
    case = circumstances.suspended(office, now - timedelta(days=7))
    assignment = db.session.scalars(select(Assignment).where(Assignment.case_id == case.id)).one()
    assignment.due_on = case.received_on + timedelta(days=14)
    db.session.commit()
    return case


@pytest.mark.parametrize(
    ("action", "make"),
    [
        ("close", in_state(State.ANSWERED)),
        ("guide", in_state(State.RECEIVED)),
        ("forward", in_state(State.VERIFYING)),
        ("refuse", in_state(State.VERIFYING)),
        ("file", in_state(State.RECEIVED)),
        ("withdraw", in_state(State.ANSWERED)),
        ("withdraw", circumstances.suspended),
        ("withdraw", suspended_last_week),
        ("withdraw", circumstances.returned_often),
        ("withdraw", circumstances.extension_asked),
        ("withdraw", circumstances.supporting),
    ],
    ids=[
        "close", "guide", "forward", "refuse", "file", "withdraw answered", "withdraw suspended",
        "withdraw suspended last week",
        "withdraw before a ruling", "withdraw with a request", "withdraw from two units",
    ],
)  # fmt: skip
def test_everything_is_as_it_was(
    office: Office, now: datetime, action: str, make: circumstances.Make
) -> None:
    case = make(office, now)
    before = standing(case)
    end(case, action, office, now + timedelta(minutes=1))
    assert standing(case) != before
    service.comment(
        case.id, actor=office.viewer(Role.COORDINATOR), text="Nhầm!", now=now + timedelta(minutes=2)
    )
    undo(case, office, now + timedelta(minutes=3))
    assert standing(case) == before
    entry = entries(case)[-1]
    assert (entry.action, entry.from_state, entry.to_state) == (
        "undo_ending", State.CLOSED, before["state"],
    )  # fmt: skip
    assert_chain(case)
    assert_versions(case)
    # Once is enough, and what was undone can be done again.
    with pytest.raises(OutOfDate):
        undo(case, office, now + timedelta(minutes=4))
    end(case, action, office, now + timedelta(minutes=5))
    undo(case, office, now + timedelta(minutes=6))
    assert standing(case) == before


def test_only_on_the_day_of_the_ending(office: Office, now: datetime) -> None:
    case = end(office.log(now), "file", office, now)
    with pytest.raises(Refused, match="trong ngày kết thúc"):
        undo(case, office, now + timedelta(days=1))
    assert case.state == State.CLOSED


def test_not_after_somebody_went_on(office: Office, now: datetime) -> None:
    case = circumstances.promised(office, now)
    actor = office.viewer(Role.COORDINATOR)
    service.keep_promise(case.id, actor=actor, kept_on=local_date(now), now=now)
    with pytest.raises(Refused, match="đã được xử lý tiếp"):
        undo(case, office, now)


def test_by_whoever_ended_it_and_by_no_other_officer(office: Office, now: datetime) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    colleague = as_viewer(make_user(Role.RECEPTION_OFFICER, office.committee))
    case = service.close_directly(
        "guide", office.log(now).id, actor=officer, reason="Nhầm", sent_to="Quận", now=now
    )
    with pytest.raises(Refused, match="Chỉ người đã kết thúc"):
        service.undo_ending(case.id, actor=colleague, now=now)
    assert service.undo_ending(case.id, actor=officer, now=now).state == State.RECEIVED


def test_what_was_undone_passed_no_stage(office: Office, now: datetime) -> None:
    case = office.log(now, kind=Kind.COMPLAINT)

    def passed() -> dict[str, Any]:
        told = list(reversed(entries(case)))
        found = account(case, told, local_date(now)).milestones
        return {each.stage: each.done_on for each in found}

    before = passed()
    end(case, "refuse", office, now)
    assert passed()["classification"] == local_date(now)
    undo(case, office, now)
    assert passed() == before


def test_the_notice_of_the_ending_offers_it_at_once(
    office: Office, now: datetime, visit: Visit
) -> None:
    first, second = office.log(now - timedelta(minutes=2)), office.log(now - timedelta(minutes=1))
    visitor = visit(Role.COORDINATOR)
    page = visitor.post(f"/cases/{first.id}/filings?list=new", reason="Nhầm vụ việc")
    # The next case of the list is open; the way back leads to the one that was ended.
    assert second.code in str(page.select_one("h1"))
    form = page.select_one("#notices form")
    assert form is not None
    assert form["action"] == f"/cases/{first.id}/ending-undos"
    page = visitor.post(str(form["action"]))
    assert first.code in str(page.select_one("h1"))
    assert page.select_one("[aria-current=step]").text == "Tiếp nhận"


def test_the_page_says_the_rule_and_offers_it_for_the_day(
    office: Office, now: datetime, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = end(office.log(now), "file", office, now)
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    form = page.select_one("form[action$=ending-undos]")
    assert form is not None
    assert "Chỉ trong ngày kết thúc" in form.text
    officers = visit(Role.RECEPTION_OFFICER).get(f"/cases/{case.id}")
    assert officers.select_one("form[action$=ending-undos]") is None
    assert "Chỉ người đã kết thúc vụ việc hoặc điều phối viên" in officers.text
    monkeypatch.setattr("tracker.core.clock.now", lambda: now + timedelta(days=1))
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    assert "Hoàn tác kết thúc" not in page.text
    assert page.select_one("form[action$=reopenings]") is not None


def test_another_case_s_merge_undone_leaves_the_ending_to_be_undone(
    office: Office, now: datetime
) -> None:
    coordinator = office.viewer(Role.COORDINATOR)
    target, merged = office.log(now), office.log(now)
    service.merge(merged.id, actor=coordinator, into_id=target.id, now=now)
    end(target, "file", office, now)
    service.undo_merge(merged.id, actor=coordinator, now=now)
    assert [entry.action for entry in entries(target)][-2:] == ["file", "unmerge"]
    undo(target, office, now)
    assert db.session.get_one(Case, target.id, populate_existing=True).state == State.RECEIVED
    # The one that was merged has no ending of its own to be undone.
    with pytest.raises(OutOfDate):
        undo(merged, office, now)
