"""How a case stands against its due date, in words: how long is left, how late it was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Protocol

from flask_babel import gettext as _
from flask_babel import ngettext

from tracker.cases import clocks
from tracker.core.web import number
from tracker.rules.calendar import OutsideCalendar
from tracker.rules.counting import WAITING, Question, holds
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Outcome

SOON_WORKING_DAYS = 3

Level = Literal["overdue", "soon", "on_time", "late", "open", "none"]


class Standing(Protocol):
    """What of a case its due date is judged by."""

    @property
    def received_on(self) -> date: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def answered_on(self) -> date | None: ...
    @property
    def promised_on(self) -> date | None: ...
    @property
    def ended_on(self) -> date | None: ...
    @property
    def suspended_on(self) -> date | None: ...


@dataclass(frozen=True, slots=True)
class Due:
    """The words of a due date and what they mean: `level` picks the icon and the colour."""

    level: Level
    words: str


def soon_until(today: date) -> date:
    """The last local date that, seen from `today`, is due soon."""
    return clocks.calendar().add_working_days(today, SOON_WORKING_DAYS)


def due(case: Standing, today: date) -> Due:
    """How `case` stands on the local date `today`."""
    if case.outcome == Outcome.PROMISED and case.promised_on:
        level: Level = "overdue" if case.promised_on < today else "open"
        return Due(level, _("hẹn %(day)s", day=format_date(case.promised_on)))
    if case.due_on is None:
        return Due("none", _("không có hạn"))
    if holds(WAITING, case, Question(today, today, today)):
        return waiting(case.due_on, today)
    if case.outcome is None and case.suspended_on:
        return Due("none", _("tạm đình chỉ"))
    return ended(case.due_on, case.ended_on or case.answered_on)


def by_day(today: date) -> Callable[[Standing], Due]:
    """`due` on the local date `today`, for many cases: the same words are made only once."""
    known: dict[tuple[object, ...], Due] = {}

    def remembered(case: Standing) -> Due:
        key = (
            case.outcome, case.due_on, case.answered_on,
            case.promised_on, case.ended_on, case.suspended_on,
        )  # fmt: skip
        if key not in known:
            known[key] = due(case, today)
        return known[key]

    return remembered


def ended(due_on: date, ended_on: date | None) -> Due:
    """How what was due on `due_on` and done on `ended_on` stands."""
    if ended_on is None or ended_on <= due_on:
        return Due("on_time", _("đúng hạn"))
    days = _working_days(due_on, ended_on)
    return Due("late", _late_by(days) if days else _("trễ hạn"))


def waiting(due_on: date, today: date) -> Due:
    """How what is due on `due_on` and not done stands on the local date `today`."""
    if due_on < today:
        days = _working_days(due_on, today)
        return Due("overdue", _overdue_by(days) if days else _("vừa quá hạn"))
    if due_on == today:
        return Due("soon", _("đến hạn hôm nay"))
    days = _working_days(today, due_on)
    level: Level = "soon" if days <= SOON_WORKING_DAYS else "open"
    if days == 0:
        return Due("soon", _("đến hạn vào ngày nghỉ tới"))
    return Due(level, _left(days))


def _left(days: int) -> str:
    return ngettext(
        "còn %(days)s ngày làm việc", "còn %(days)s ngày làm việc", days, days=number(days)
    )


def _overdue_by(days: int) -> str:
    return ngettext(
        "quá hạn %(days)s ngày làm việc", "quá hạn %(days)s ngày làm việc", days, days=number(days)
    )


def _late_by(days: int) -> str:
    return ngettext(
        "trễ hạn %(days)s ngày làm việc", "trễ hạn %(days)s ngày làm việc", days, days=number(days)
    )


def _working_days(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`; weekdays where the calendar ends."""
    try:
        return clocks.calendar().working_days_between(start, end)
    except OutsideCalendar:
        days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
        return sum(day.weekday() < 5 for day in days)
