"""Reminders in the sample office, so that somebody's inbox isn't empty."""

from sqlalchemy import select

from tests.browser.serving import person
from tracker.cases.models import Assignment
from tracker.chasing.models import Notice, Reminder
from tracker.core.clock import now
from tracker.core.db import db, new_id
from tracker.rules.workflow import Role


def remind_coordinator() -> None:
    """Reminds the coordinator of two answers that are awaited, and of one that came since."""
    coordinator = person(Role.COORDINATOR)
    waits = Assignment.ended_on.is_(None)
    for condition, count in ((waits, 2), (~waits, 1)):
        asked = select(Assignment).where(condition, Assignment.part == "lead")
        for each in db.session.scalars(asked.order_by(Assignment.id).limit(count)).all():
            began_on = each.due_on or each.assigned_on
            reminder = Reminder(
                id=new_id(),
                clock="answer",
                subject_id=each.id,
                began_on=began_on,
                step="late",
                due_on=began_on,
                case_id=each.case_id,
                unit_id=each.unit_id,
                reminded_on=began_on,
                recorded_at=now(),
            )
            db.session.add(reminder)
            db.session.flush()
            notice = Notice(id=new_id(), user_id=coordinator.id, reminder_id=reminder.id)
            db.session.add(notice)
    db.session.commit()
