"""On how many days the law has each head receive citizens in person, and how that stands."""

from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.labels import mark as _m
from tracker.rules.meetings import Every

Body = Literal["government", "party"]
Level = Literal["province", "district", "commune"]
Mark = Literal["V", "S", "M"]

_THURSDAY = 3


@dataclass(frozen=True, slots=True)
class Duty:
    """Days of reception by the head of a body of that level, effective between two dates.

    mark: how well the source is known, as of `rules.deadlines.Limit`: M waits to be confirmed.
    """

    body: Body
    level: Level
    amount: int
    every: Every
    source: str
    mark: Mark
    effective_from: date
    effective_to: date | None = None


_LAW = date(2014, 7, 1)
_LAW_AMENDED = date(2026, 7, 1)
_REGULATION = date(2019, 2, 18)
_DAY = timedelta(days=1)
_LAST_OF_DISTRICTS = date(2025, 6, 30)
_PROVINCE = _m("Luật Tiếp công dân 2013, Điều 12")
_DISTRICT = _m("Luật Tiếp công dân 2013, Điều 13")
_COMMUNE = _m("Luật Tiếp công dân 2013, Điều 15")
_AMENDED = _m("Luật Tiếp công dân 2013, đã sửa đổi theo Luật 136/2025/QH15 (chờ xác nhận)")
_PARTY = _m("Quy định 11-QĐi/TW ngày 18/2/2019")
_BEFORE = _LAW_AMENDED - _DAY

DUTIES: tuple[Duty, ...] = (
    Duty("government", "province", 1, "month", _PROVINCE, "M", _LAW, _BEFORE),
    Duty("government", "district", 2, "month", _DISTRICT, "M", _LAW, _LAST_OF_DISTRICTS),
    Duty("government", "commune", 1, "week", _COMMUNE, "M", _LAW, _BEFORE),
    # What the amended law says hasn't been read: rows of their own, to be changed alone.
    Duty("government", "province", 1, "month", _AMENDED, "M", _LAW_AMENDED),
    Duty("government", "commune", 1, "week", _AMENDED, "M", _LAW_AMENDED),
    Duty("party", "province", 1, "month", _PARTY, "S", _REGULATION),
    Duty("party", "district", 1, "month", _PARTY, "S", _REGULATION, _LAST_OF_DISTRICTS),
    Duty("party", "commune", 2, "month", _PARTY, "S", _REGULATION),
)


class Span(NamedTuple):
    """Local dates, both included."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether `day` is one of them."""
        return self.first <= day <= self.last


class Standing(NamedTuple):
    """The days that the law asks for, and how many of them are missing.

    A day too many in one month or week doesn't make up for one that is missing in another.
    """

    required: int
    missing: int


def duty_on(body: str, level: str | None, day: date) -> Duty | None:
    """What holds for the head of that body on the local date; None where nothing is known."""
    for duty in DUTIES:
        is_in_force = duty.effective_from <= day and (
            duty.effective_to is None or day <= duty.effective_to
        )
        if (duty.body, duty.level) == (body, level) and is_in_force:
            return duty
    return None


def month_of(day: date) -> Span:
    """The month of the local date."""
    last = monthrange(day.year, day.month)[1]
    return Span(day.replace(day=1), day.replace(day=last))


def standing(
    body: str,
    level: str | None,
    held: Collection[date],
    span: Span,
    today: date,
    calendar: WorkingCalendar,
) -> Standing | None:
    """How the head stands with the months of `span`; None where the law asks for nothing.

    held: the local dates on which the head received in person. A month or a week counts from its
    first day on, and not where no day of it is worked; a week belongs to the month of its
    Thursday. Raises OutsideCalendar.
    """
    required = missing = 0
    is_known = False
    for month in _months(span):
        if (duty := duty_on(body, level, month.first)) is None:
            continue
        is_known = True
        for period in _weeks(month) if duty.every == "week" else (month,):
            if period.first > today or not _is_worked(period, calendar):
                continue
            days = len({day for day in held if period.holds(day)})
            required += duty.amount
            missing += max(0, duty.amount - days)
    return Standing(required, missing) if is_known else None


def _months(span: Span) -> Iterator[Span]:
    month = month_of(span.first)
    while month.first <= span.last:
        yield month
        month = month_of(month.last + _DAY)


def _weeks(month: Span) -> Iterator[Span]:
    """The weeks, Monday to Sunday, whose Thursday is in the month."""
    day = month.first
    while day <= month.last:
        if day.weekday() == _THURSDAY:
            monday = day - timedelta(days=_THURSDAY)
            yield Span(monday, monday + timedelta(days=6))
        day += _DAY


def _is_worked(period: Span, calendar: WorkingCalendar) -> bool:
    days = (period.last - period.first).days + 1
    return any(calendar.is_working(period.first + timedelta(days=each)) for each in range(days))
