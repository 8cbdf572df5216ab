"""Meetings: their kinds, what may be done to one when, the days on which they come again."""

from calendar import monthrange
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, NamedTuple

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.labels import mark as _m
from tracker.rules.workflow import Kind

Every = Literal["month", "week"]

LARGE_GROUP = 5
"""From how many persons on a turn is that of a large group (đoàn đông người)."""

_DAY = timedelta(days=1)


class Sort(NamedTuple):
    """A kind of meeting; `form` tells receptions apart."""

    kind: str
    form: str | None = None

    @property
    def key(self) -> str:
        """What a form or an address calls it."""
        return f"{self.kind}-{self.form}" if self.form else self.kind

    @property
    def is_by_head(self) -> bool:
        """Whether the head receives in person, or somebody in the head's place."""
        return self.form in BY_HEAD


BY_HEAD = ("periodic", "unscheduled")
SORTS: dict[Sort, str] = {
    Sort("reception", "regular"): _m("Tiếp công dân thường xuyên"),
    Sort("reception", "periodic"): _m("Tiếp công dân định kỳ của người đứng đầu"),
    Sort("reception", "unscheduled"): _m("Tiếp công dân đột xuất của người đứng đầu"),
    Sort("dialogue"): _m("Hội nghị đối thoại"),
    Sort("voter_meeting"): _m("Tiếp xúc cử tri"),
    Sort("briefing"): _m("Giao ban dư luận xã hội"),
    Sort("supervision"): _m("Giám sát"),
    Sort("inspection"): _m("Kiểm tra"),
}
SORT_OF_KEY = {sort.key: sort for sort in SORTS}
# What people mostly bring to a kind of meeting.
USUAL_KIND = {
    "reception": Kind.RECOMMENDATION,
    "dialogue": Kind.RECOMMENDATION,
    "voter_meeting": Kind.VOTER,
    "briefing": Kind.OPINION,
    "supervision": Kind.SUPERVISION,
    "inspection": Kind.SUPERVISION,
}
STATE_LABELS = {
    "planned": _m("Đã lên lịch"),
    "open": _m("Đang diễn ra"),
    "closed": _m("Đã kết thúc"),
    "cancelled": _m("Đã hủy"),
}

# Action -> its word, the states from which it may be done.
ACTIONS: dict[str, tuple[str, frozenset[str]]] = {
    "begin": (_m("Bắt đầu"), frozenset({"planned"})),
    "close": (_m("Kết thúc buổi"), frozenset({"open"})),
    "reopen": (_m("Mở lại"), frozenset({"closed", "cancelled"})),
    "cancel": (_m("Hủy"), frozenset({"planned", "open"})),
    "correct": (_m("Sửa"), frozenset({"planned", "open", "closed"})),
    "move": (_m("Dời ngày"), frozenset({"planned"})),
}
STORY_LABELS = {
    **{action: label for action, (label, _states) in ACTIONS.items()},
    "plan": _m("Lên lịch"),
}


class Occurrence(NamedTuple):
    """A day of a series: `planned_on` where it was moved from there, `reason` why."""

    day: date
    planned_on: date | None = None
    reason: str = ""

    @property
    def nominal(self) -> date:
        """The day that the rule of the series gives."""
        return self.planned_on or self.day


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Days of each month, or of each week (Monday is 1). A month's day past its end is its last."""

    every: Every
    days: Collection[int]

    def nominal_days(self, first: date, last: date) -> Iterator[date]:
        """The days that the rule gives from `first` to `last`, both included, in order."""
        day = first
        while day <= last:
            if self._holds(day):
                yield day
            day += _DAY

    def occurrences(self, first: date, last: date, calendar: WorkingCalendar) -> list[Occurrence]:
        """The meetings whose day by the rule is from `first` to `last`, in that order.

        One that falls on a day of rest moves to the next working day, past the days that the
        series has already: the number of days that the law asks for stays. Raises OutsideCalendar.
        """
        taken: set[date] = set()
        found = []
        for nominal in self.nominal_days(first, last):
            day = nominal
            while not calendar.is_working(day) or self._is_taken(day, nominal, taken):
                day += _DAY
            taken.add(day)
            moved = day != nominal
            reason = calendar.reason(nominal) if moved else ""
            found.append(Occurrence(day, nominal if moved else None, reason))
        return found

    def _is_taken(self, day: date, nominal: date, taken: Collection[date]) -> bool:
        return day in taken or (day != nominal and self._holds(day))

    def _holds(self, day: date) -> bool:
        if self.every == "week":
            return day.isoweekday() in self.days
        last = monthrange(day.year, day.month)[1]
        return day.day in self.days or (day.day == last and any(each > last for each in self.days))
