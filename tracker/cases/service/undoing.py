"""Undoing an ending that was a mistake, on its own day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import endings
from tracker.cases.models import Assignment, Case, ExtensionRequest
from tracker.cases.service import due_dates
from tracker.cases.service.heirs import to_successor
from tracker.cases.service.step import step
from tracker.cases.story import Changes
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.workflow import State
from tracker.units.queries import Viewer

DATES = ("promised_on", "closed_on", "ended_on", "ruling_due_on", "due_on")


def standing(case: Case) -> Changes:
    """What an ending is about to take from `case` beside the columns that reports read.

    The ending's entry keeps it, so that it can be undone.
    """
    found: Changes = {}
    if case.ruling_due_on is not None:
        found["ruling_due_on"] = [str(case.ruling_due_on), None]
    if opened := due_dates.open_assignments(case):
        found["open_assignments"] = [
            " ".join(f"{each.id}:{each.due_on or ''}" for each in opened),
            None,
        ]
    if case.extension_request is not None:
        found["extension_request"] = [str(case.extension_request.id), None]
    return found


def undo_ending(case_id: UUID, *, actor: Viewer, now: datetime, version: int | None = None) -> Case:
    """Takes back the ending of a case, which stands again as if it hadn't been.

    By whoever ended it or a coordinator, on the same local day, while nothing but notes and files
    came after. Units have the case again, an extension asked for is asked for again.
    """
    also: Changes = {}
    with step("undo_ending", case_id, actor, now, version=version, also=also) as case:
        ending = endings.last_ending(case)
        assert ending is not None  # the workflow's guard
        _restore_case(case, ending.changes, also)
        _restore_work(case, ending.changes, local_date(now))
        to_successor(case, local_date(now))
        # Unflushed, the units that have the case again wouldn't be found.
        db.session.flush()
        # The calendar may have been corrected in between.
        due_dates.recount(case)
        due_dates.settle_own(case)
    return case


def _restore_case(case: Case, changes: dict[str, Any], also: Changes) -> None:
    case.state = State(changes["state"][0])
    case.outcome = None
    for column in DATES:
        if column in changes:
            day = changes[column][0]
            setattr(case, column, date.fromisoformat(day) if day else None)
    if "suspended_on" in changes:
        due_dates.undo_end_of_pause(case)
    if case.ruling_due_on is not None:
        also["ruling_due_on"] = [None, str(case.ruling_due_on)]
    if case.sent_to is not None:
        also["sent_to"], case.sent_to = [case.sent_to, None], None


def _restore_work(case: Case, changes: dict[str, Any], today: date) -> None:
    for kept in changes.get("open_assignments", [""])[0].split():
        assignment_id, _colon, due_on = kept.partition(":")
        assignment = db.session.get_one(Assignment, UUID(assignment_id))
        if assignment.unit.valid_to is not None and assignment.unit.valid_to < today:
            name = assignment.unit.name
            raise Refused(_("%(unit)s đã kết thúc; hãy mở lại vụ việc.", unit=name))
        assignment.ended_on = None
        # The end of a pause moved it.
        assignment.due_on = date.fromisoformat(due_on) if due_on else None
    if "extension_request" in changes:
        request = db.session.get_one(ExtensionRequest, UUID(changes["extension_request"][0]))
        request.decided_at = request.is_granted = None
        db.session.expire(case, ["extension_request"])
