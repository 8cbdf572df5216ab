"""Units that said nothing in time: they have taken on what they were asked, and it is written."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Row, select, update

from tracker.cases import clocks, story
from tracker.cases.models import Assignment, Case
from tracker.core.clock import local_date
from tracker.core.db import db, transaction
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Kind, State

ACTION = "accept_silently"
CHUNK = 1_000


def take_on_silently(now: datetime) -> int:
    """Writes that units took on what they neither accepted nor returned by the last day for it.

    The day of it is that last day, the entry says that nobody spoke. How many assignments.
    """
    since = clocks.may_still_reply_since(local_date(now))
    written = 0
    while rows := db.session.execute(_silent(since).limit(CHUNK)).all():
        written += _write([row.id for row in rows], since, now)
    return written


def _silent(since: date) -> Any:
    found: Any = (
        select(
            Assignment.id,
            Assignment.case_id,
            Assignment.unit_id,
            Assignment.assigned_on,
            Case.state,
            Case.kind,
        )
        .join(Case, Case.id == Assignment.case_id)
        .where(
            Assignment.ended_on.is_(None),
            Assignment.accepted_on.is_(None),
            Assignment.assigned_on < since,
            Case.state == State.ASSIGNED,
        )
        .order_by(Assignment.case_id)
    )
    return found


def _write(assignment_ids: Sequence[UUID], since: date, now: datetime) -> int:
    with transaction():
        case_ids = select(Assignment.case_id).where(Assignment.id.in_(assignment_ids))
        db.session.execute(
            select(Case.id).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update()
        )
        # Once more, now that nobody else changes the cases.
        asked = _silent(since).where(Assignment.id.in_(assignment_ids))
        by_day: dict[date, list[Row[Any]]] = defaultdict(list)
        for row in db.session.execute(asked):
            reply_on = clocks.reply_due_on(Kind(row.kind), row.assigned_on)
            by_day[reply_on or row.assigned_on].append(row)
        notes = []
        for reply_on, rows in by_day.items():
            db.session.execute(
                update(Assignment)
                .where(Assignment.id.in_([row.id for row in rows]))
                .values(accepted_on=reply_on)
                .execution_options(synchronize_session=False)
            )
            notes += [
                story.Note(row.case_id, row.state, ACTION, _told(reply_on), row.unit_id)
                for row in rows
            ]
        story.note(notes, local_date(now), now)
    return len(notes)


def _told(reply_on: date) -> str:
    """What the story says: offices write Vietnamese."""
    with force_locale("vi"):
        return _(
            "Đơn vị không nhận cũng không trả lại trong hạn (%(day)s): coi như đã nhận việc.",
            day=format_date(reply_on),
        )
