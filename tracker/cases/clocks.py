"""The due dates of cases, by the deadlines' table and the calendar in force."""

from datetime import date

from tracker.rules import deadlines
from tracker.rules.calendar import WorkingCalendar, base_calendar
from tracker.rules.workflow import Kind

FIRST_YEAR, LAST_YEAR = 2010, 2040


def calendar() -> WorkingCalendar:
    """The working days of Viet Nam with the corrections that ship with the system."""
    return base_calendar(FIRST_YEAR, LAST_YEAR)


def answer_due_on(kind: Kind, received_on: date) -> date | None:
    """The local date by which a case of `kind`, received on `received_on`, is to be answered.

    None where no limit was in force on that day.
    """
    limit = deadlines.answer_limit(kind, received_on)
    return deadlines.due_on(limit, received_on, calendar()) if limit else None
