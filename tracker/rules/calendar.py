"""Working days and hours of Viet Nam, and the account of how a due date was counted."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal

import holidays

from tracker.rules.labels import mark as _m

DayUnit = Literal["calendar_days", "working_days"]
Hours = tuple[tuple[time, time], ...]

OFFICE_HOURS: Hours = ((time(8), time(12)), (time(13), time(17)))
SATURDAY = 5
WEEKEND = {SATURDAY: _m("Thứ Bảy"), SATURDAY + 1: _m("Chủ nhật")}
WORKED_IN_EXCHANGE = _m("Ngày làm bù")
PAUSED = _m("Tạm đình chỉ")
EXTENDED = _m("Thời gian được gia hạn")
MOVED = _m("Hết hạn vào ngày nghỉ, chuyển sang ngày làm việc tiếp theo")

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Correction:
    """A day that a document makes a day of rest or of work, whatever the base calendar says."""

    day: date
    kind: Literal["rest", "work"]
    source: str


SHIPPED_CORRECTIONS = (
    Correction(date(2026, 1, 2), "rest", "12729/VPCP-KGVX"),
    Correction(date(2026, 1, 10), "work", "12729/VPCP-KGVX"),
)

# The government announces the exchanges of a year late in the year before.
_EXCHANGES_ANNOUNCED_TO = 2026


def exchanges_known(year: int, corrections: Iterable[Correction] = ()) -> bool:
    """Tell whether the year's exchanged days are announced or entered as corrections.

    Where they aren't, a due date in that year may still move, and pages should say so.
    """
    return year <= _EXCHANGES_ANNOUNCED_TO or any(
        correction.day.year == year for correction in corrections
    )


class OutsideCalendar(ValueError):
    """A day that the calendar wasn't built for."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One day in the account of a due date.

    `number` is the day's number in the limit, None where it isn't counted; `reason` names the
    holiday, the weekend or the correction's document, and is empty on an ordinary day.
    """

    day: date
    counted: bool
    number: int | None
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class WorkingCalendar:
    """The working days of the years between two dates; made by `build` or `base_calendar`.

    `working` holds the ordinals of all working days in order, so every sum is one search
    and never a walk over days.
    """

    first: date
    last: date
    working: tuple[int, ...]
    working_set: frozenset[int]
    reasons: Mapping[date, str]
    hours: Hours = OFFICE_HOURS

    @classmethod
    def build(
        cls,
        first: date,
        last: date,
        rest: Mapping[date, str],
        worked: Mapping[date, str],
        corrections: Iterable[Correction] = (),
        hours: Hours = OFFICE_HOURS,
    ) -> "WorkingCalendar":
        """Return the calendar from `first` to `last`, both included.

        `rest` names days off beside weekends, `worked` names days of weekends that are worked;
        a correction overrules both, a later one an earlier one.
        """
        reasons = _weekends(first, last) | dict(rest) | dict(worked)
        off = (reasons.keys() - worked.keys()) | rest.keys()
        for correction in corrections:
            reasons[correction.day] = correction.source
            off = off - {correction.day} if correction.kind == "work" else off | {correction.day}
        days = range(first.toordinal(), last.toordinal() + 1)
        off_ordinals = {day.toordinal() for day in off}
        working = tuple(day for day in days if day not in off_ordinals)
        return cls(first, last, working, frozenset(working), reasons, hours)

    def special_days(self, year: int) -> list[tuple[date, bool, str]]:
        """Return what the year has against plain weeks: day, whether it is worked, and why.

        These are the days of rest that aren't weekends, the weekend's days that are worked, and
        every corrected day, in order. Raises OutsideCalendar.
        """
        self._check(date(year, 1, 1))
        return [
            (day, day.toordinal() in self.working_set, reason)
            for day, reason in sorted(self.reasons.items())
            if day.year == year and reason != WEEKEND.get(day.weekday())
        ]

    def is_working(self, day: date) -> bool:
        """Tell whether offices work on `day`; raises OutsideCalendar."""
        self._check(day)
        return day.toordinal() in self.working_set

    def reason(self, day: date) -> str:
        """Return why `day` is off, or worked against the rule; empty on an ordinary day."""
        self._check(day)
        return self.reasons.get(day, "")

    def add_working_days(self, start: date, days: int) -> date:
        """Return the last day of a limit of `days` (at least 1) working days from `start`.

        The day of the event isn't counted (Civil Code 2015, art. 147).
        Raises OutsideCalendar.
        """
        self._check(start)
        if days < 1:
            raise ValueError(f"a limit has at least one day, not {days}")
        return self._working_day(bisect_right(self.working, start.toordinal()) + days - 1)

    def working_days_before(self, end: date, days: int) -> date:
        """Return the working day from which `days` (at least 1) working days are left to `end`.

        Raises OutsideCalendar.
        """
        self._check(end)
        index = bisect_right(self.working, end.toordinal()) - 1 - days
        if days < 1 or index < 0:
            raise OutsideCalendar(f"no {days} working days before {end}")
        return self._working_day(index)

    def add_calendar_days(self, start: date, days: int) -> date:
        """Return the last day of a limit of `days` (at least 1) calendar days from `start`.

        The day of the event isn't counted; a limit that ends on a day of rest ends on the next
        working day (Civil Code 2015, art. 147 and 148). Raises OutsideCalendar.
        """
        self._check(start)
        if days < 1:
            raise ValueError(f"a limit has at least one day, not {days}")
        return self.working_day_from(start + days * _DAY)

    def working_day_from(self, day: date) -> date:
        """Return `day`, or the next working day after a day of rest (Civil Code 2015, art. 148).

        Raises OutsideCalendar.
        """
        return self._working_day(bisect_left(self.working, day.toordinal()))

    def working_days_between(self, start: date, end: date) -> int:
        """Count the working days after `start` up to and with `end`; negative if end is earlier.

        From a due date to the day of the answer this is the lateness in working days.
        """
        self._check(start)
        self._check(end)
        after_end = bisect_right(self.working, end.toordinal())
        return after_end - bisect_right(self.working, start.toordinal())

    def add_working_hours(self, instant: datetime, hours: int) -> datetime:
        """Return the local time at which `hours` (at least 1) working hours after `instant` end.

        `instant` is local time of Viet Nam, which has no summer time. What comes in out of
        hours starts with the next working hour; a limit that ends with the day ends at its
        close, not at the next morning's opening. Raises OutsideCalendar.
        """
        self._check(instant.date())
        if hours < 1:
            raise ValueError(f"a limit has at least one hour, not {hours}")
        ordinal = instant.date().toordinal()
        index = bisect_left(self.working, ordinal)
        passed = timedelta()
        if ordinal in self.working_set:
            passed = sum((_passed(span, instant) for span in self.hours), timedelta())
        length = sum((_length(span) for span in self.hours), timedelta())
        days, rest = divmod(passed + timedelta(hours=hours), length)
        if not rest:
            days, rest = days - 1, length
        due_day = self._working_day(index + days)
        return datetime.combine(due_day, self._clock(rest), tzinfo=instant.tzinfo)

    def ledger(
        self, start: date, amount: int, unit: DayUnit, pauses: Sequence[tuple[date, date]] = ()
    ) -> list[LedgerLine]:
        """Return one line for each day after `start` to the due date: the sum, shown.

        The last line is the day that `add_working_days` or `add_calendar_days` gives. pauses:
        as `deadlines.due_on` takes them; the days in them aren't counted.
        """
        self._check(start)
        lines: list[LedgerLine] = []
        number, day, is_due = 0, start, False
        while not is_due:
            day += _DAY
            is_working = self.is_working(day)
            is_paused = number < amount and any(first < day <= last for first, last in pauses)
            counted = number < amount and not is_paused and (is_working or unit == "calendar_days")
            number += counted
            is_due = number == amount and is_working
            reason = PAUSED if is_paused else self.reason(day) if counted or not is_due else MOVED
            lines.append(LedgerLine(day, counted, number if counted else None, reason))
        return lines

    def ledger_to(
        self, end: date, lines: Sequence[LedgerLine], pauses: Sequence[tuple[date, date]] = ()
    ) -> list[LedgerLine]:
        """Return the `lines` of a limit up to `end`, which was decided instead of its last day.

        The days that it was given beyond the limit aren't counted; each says why it is there.
        """
        found = [line for line in lines if line.day <= end]
        day = lines[-1].day
        while day < end:
            day += _DAY
            is_paused = any(first < day <= last for first, last in pauses)
            reason = PAUSED if is_paused else self.reason(day) or EXTENDED
            found.append(LedgerLine(day, counted=False, number=None, reason=reason))
        return found

    def _check(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise OutsideCalendar(f"{day} is not between {self.first} and {self.last}")

    def _working_day(self, index: int) -> date:
        if index >= len(self.working):
            raise OutsideCalendar(f"the limit ends after {self.last}")
        return date.fromordinal(self.working[index])

    def _clock(self, passed: timedelta) -> time:
        """Return the time of day at which `passed` of the working hours are over."""
        for start, end in self.hours:
            length = _length((start, end))
            if passed <= length:
                return (datetime.combine(date.min, start) + passed).time()
            passed -= length
        raise ValueError(f"a working day has no {passed} more")


def _weekends(first: date, last: date) -> dict[date, str]:
    """Return every Saturday and Sunday from `first` to `last` with its name."""
    days = (first + offset * _DAY for offset in range((last - first).days + 1))
    return {day: WEEKEND[day.weekday()] for day in days if day.weekday() >= SATURDAY}


def _length(span: tuple[time, time]) -> timedelta:
    start, end = (datetime.combine(date.min, moment) for moment in span)
    return end - start


def _passed(span: tuple[time, time], instant: datetime) -> timedelta:
    """Return how much of the span of hours is over at `instant`."""
    opened = datetime.combine(instant.date(), span[0], tzinfo=instant.tzinfo)
    return min(max(instant - opened, timedelta()), _length(span))


@lru_cache(maxsize=32)
def base_calendar(
    first_year: int, last_year: int, corrections: tuple[Correction, ...] = ()
) -> WorkingCalendar:
    """Return the calendar of whole years, both included, with the shipped corrections.

    `corrections` are the administrator's and overrule the shipped ones. Holidays, days in
    lieu and exchanged Saturdays come from the package `holidays` (Labour Code 2019, art. 112).
    """
    public = _public_holidays(first_year, last_year)
    return WorkingCalendar.build(
        date(first_year, 1, 1),
        date(last_year, 12, 31),
        rest=dict(public.items()),
        worked=dict.fromkeys(public.weekend_workdays, WORKED_IN_EXCHANGE),
        corrections=(*SHIPPED_CORRECTIONS, *corrections),
    )


@lru_cache(maxsize=4)
def _public_holidays(first_year: int, last_year: int) -> holidays.HolidayBase:
    years = range(first_year, last_year + 1)
    return holidays.country_holidays("VN", years=years, language="vi")
