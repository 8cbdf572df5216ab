"""A unit that says nothing in time has taken the work on, and the story says so."""

from datetime import date

from sqlalchemy import select

from tests.chasing.conftest import at
from tests.factories import Office
from tracker.cases.models import Assignment, Case, Entry
from tracker.cases.service import take_on_silently
from tracker.core.db import db
from tracker.rules.workflow import State

ASSIGNED = date(2026, 3, 2)
# Two working days to accept or return (the house's rule).
LAST_DAY, DAY_AFTER = date(2026, 3, 4), date(2026, 3, 5)


def assignment_of(case: Case) -> Assignment:
    return db.session.scalars(select(Assignment).where(Assignment.case_id == case.id)).one()


def test_on_the_last_day_it_may_still_speak(office: Office) -> None:
    case = office.case_in(State.ASSIGNED, at(ASSIGNED))
    assert take_on_silently(at(LAST_DAY, 16)) == 0
    assert assignment_of(case).accepted_on is None


def test_the_day_after_it_is_written_as_what_it_is(office: Office) -> None:
    case = office.case_in(State.ASSIGNED, at(ASSIGNED))
    assert take_on_silently(at(DAY_AFTER)) == 1
    assert take_on_silently(at(DAY_AFTER, 9)) == 0
    assert assignment_of(case).accepted_on == LAST_DAY
    last = db.session.scalars(
        select(Entry).where(Entry.case_id == case.id).order_by(Entry.sequence.desc())
    ).first()
    assert last is not None
    assert (last.action, last.user_id, last.unit_id) == (
        "accept_silently",
        None,
        office.agency.id,
    )
    assert last.text == (
        "Đơn vị không nhận cũng không trả lại trong hạn (04/03/2026): coi như đã nhận việc."
    )
