"""When whom is reminded of what: what runs, its steps, and who hears of each.

A step has a place in working days against the day something is due: before it is negative. Each
later step reaches one level higher, and those below hear it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.conditions import Condition
from tracker.rules.deadlines import Stage, due_at, limit_for
from tracker.rules.deadlines import due_on as limit_due_on
from tracker.rules.labels import mark as _m
from tracker.rules.workflow import Kind, Role


class Level(StrEnum):
    """How high a reminder reaches; a higher level comes later."""

    WORKER = "worker"
    HEAD = "head"
    COORDINATOR = "coordinator"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"
    ONESELF = "oneself"


LEVEL_LABELS = {
    Level.WORKER: _m("Chuyên viên đơn vị"),
    Level.HEAD: _m("Thủ trưởng đơn vị"),
    Level.COORDINATOR: _m("Điều phối viên"),
    Level.LEADER: _m("Lãnh đạo"),
    Level.ADMINISTRATOR: _m("Quản trị"),
    Level.ONESELF: _m("Người đã gửi"),
}

# The role that hears a level, and the levels above it: where nobody has it, they are asked.
ROLE_OF = {
    Level.WORKER: Role.AGENCY_WORKER,
    Level.HEAD: Role.AGENCY_HEAD,
    Level.COORDINATOR: Role.COORDINATOR,
    Level.LEADER: Role.LEADER,
    Level.ADMINISTRATOR: Role.ADMINISTRATOR,
}
# The local hours at which the day's one message may leave.
HOURS = range(7, 17)
LADDER = (Level.WORKER, Level.HEAD, Level.COORDINATOR, Level.LEADER)
AT_THE_AGENCY = frozenset({Level.WORKER, Level.HEAD})


@dataclass(frozen=True, slots=True)
class Step:
    """One reminder of something that is due.

    offset: working days after the due date, before it negative, 0 on the day. An administrator
    may move it from `lowest` to `highest`. every: for what comes again, after how many working
    days each time.
    """

    name: str
    label: str
    offset: int
    lowest: int
    highest: int
    level: Level
    every: int | None = None


def _steps(levels: tuple[Level, Level, Level, Level]) -> tuple[Step, ...]:
    doing, first, second, last = levels
    return (
        Step("early", _m("Nhắc lần đầu"), -5, -15, -3, doing),
        Step("soon", _m("Nhắc lần hai"), -2, -5, -1, doing),
        Step("on_the_day", _m("Đúng ngày đến hạn"), 0, 0, 0, doing),
        Step("late", _m("Mới quá hạn"), 1, 1, 2, first),
        Step("later", _m("Quá hạn nhiều ngày"), 3, 2, 5, second),
        Step("long_late", _m("Quá hạn lâu"), 7, 4, 10, last),
        Step("again", _m("Nhắc lại hằng tuần"), 12, 7, 20, last, every=5),
    )


class Place(NamedTuple):
    """Where on a clock somebody stands: the step that was last reached, and the how manieth."""

    step: Step
    time: int

    @property
    def key(self) -> str:
        """The step's name; of one that comes again with its number."""
        return f"{self.step.name}:{self.time}" if self.step.every else self.step.name


@dataclass(frozen=True, slots=True)
class Clock:
    """Something that is due, for whose sake people are reminded.

    todo: what the reminded person has to do next, in words. action: the case's action which
    does it, whose form the reminder opens; page: where it is no case, the page instead. stage:
    the limit of `deadlines` that sets the day, None where the day stands in the database. after:
    without a stage, so many working days after the day that stands there. at_once: whether it
    never waits for the day's one message. ends_when_due: whether nobody is reminded after the due
    day, because by then something else has taken its place.
    """

    name: str
    label: str
    todo: str
    steps: tuple[Step, ...]
    action: str = ""
    page: str = ""
    stage: Stage | None = None
    after: int = 0
    at_once: bool = False
    ends_when_due: bool = False


_AGENCY = _steps(LADDER)
_OFFICE = _steps((Level.COORDINATOR, Level.COORDINATOR, Level.COORDINATOR, Level.LEADER))
_BY_LEADER = _steps((Level.LEADER,) * 4)
_REPLY = (
    Step("soon", _m("Nhắc lần đầu"), -1, -1, -1, Level.WORKER),
    Step("on_the_day", _m("Đúng ngày đến hạn"), 0, 0, 0, Level.HEAD),
)
_WEEKLY_TO_COORDINATOR = (
    Step("late", _m("Đến lúc xem lại"), 0, 0, 0, Level.COORDINATOR),
    Step("again", _m("Nhắc lại hằng tuần"), 5, 3, 20, Level.LEADER, every=5),
)
_BEFORE_BRIEFING = (
    Step("early", _m("Nhắc lần đầu"), -5, -15, -3, Level.HEAD),
    Step("soon", _m("Nhắc lần hai"), -2, -3, -1, Level.COORDINATOR),
)
_WEEKLY_TO_ADMINISTRATOR = (
    Step("late", _m("Nhắc lần đầu"), 0, 0, 0, Level.ADMINISTRATOR),
    Step("again", _m("Nhắc lại hằng tuần"), 5, 3, 10, Level.ADMINISTRATOR, every=5),
)
_ONESELF = (
    Step("late", _m("Nhắc lần đầu"), 0, 0, 0, Level.ONESELF),
    Step("again", _m("Nhắc lại"), 2, 1, 5, Level.ONESELF, every=2),
)

CLOCKS: dict[str, Clock] = {
    row.name: row
    for row in (
        Clock("reply", _m("Nhận việc hoặc trả lại"), _m("Nhận việc, hoặc trả lại nêu lý do"),
              _REPLY, "accept", stage="accept_or_return", ends_when_due=True),
        Clock("answer", _m("Đơn vị trả lời"), _m("Trả lời"), _AGENCY, "answer"),
        Clock("contribution", _m("Đơn vị phối hợp cho ý kiến"), _m("Gửi ý kiến phối hợp"),
              _AGENCY, "contribute"),
        Clock("intake", _m("Tiếp nhận, xử lý tin đường dây nóng"), _m("Xử lý tin"), _OFFICE,
              "verify", stage="intake"),
        Clock("classification", _m("Phân loại, xử lý"), _m("Phân loại và giao giải quyết"),
              _OFFICE, "classify", stage="classification"),
        Clock("notice", _m("Thông báo thụ lý hoặc chuyển đơn"), _m("Thông báo kết quả xử lý"),
              _OFFICE, "classify", stage="notice"),
        Clock("acceptance", _m("Thụ lý hoặc không thụ lý"), _m("Thụ lý, hoặc nêu lý do không"),
              _OFFICE, "admit", stage="acceptance"),
        Clock("assignment", _m("Giao giải quyết"), _m("Giao đơn vị giải quyết"), _OFFICE,
              "assign", stage="assignment"),
        Clock("unassigned", _m("Đến hạn mà chưa giao"), _m("Giao đơn vị giải quyết"), _OFFICE,
              "assign"),
        Clock("check", _m("Kiểm tra kết quả trả lời"), _m("Kiểm tra kết quả, kết thúc"),
              _OFFICE[2:], "close", after=2),
        Clock("ruling", _m("Lãnh đạo quyết định"), _m("Quyết định đơn vị giải quyết"),
              _BY_LEADER, "rule", at_once=True),
        Clock("promise", _m("Lời hẹn với công dân"), _m("Ghi nhận việc đã thực hiện lời hẹn"),
              _OFFICE, "keep_promise"),
        Clock("suspension", _m("Tạm đình chỉ đã lâu"), _m("Xem có tiếp tục được không"),
              _WEEKLY_TO_COORDINATOR, "resume", after=20),
        Clock("briefing", _m("Nội dung giao ban chưa trả lời"), _m("Trả lời trước kỳ giao ban"),
              _BEFORE_BRIEFING, "answer", ends_when_due=True),
        Clock("calendar", _m("Lịch làm việc năm sau chưa có"), _m("Nhập lịch nghỉ, làm bù"),
              _WEEKLY_TO_ADMINISTRATOR, page="calendar.show"),
        Clock("import", _m("Tệp nhập đang chờ"), _m("Xem và xác nhận tệp nhập"), _ONESELF,
              page="registers.imports", after=1),
    )
}  # fmt: skip

# What those above have to do, who can't do it themselves.
URGE = _m("Đôn đốc đơn vị, người phụ trách")

# The limits of cases that can't wait leave no week for a first reminder.
URGENT = "urgent"
ORDINARY = "ordinary"
PRIORITY_LABELS = {ORDINARY: _m("Thông thường"), URGENT: _m("Khẩn")}
_URGENT_OFFSETS = {"early": -3, "soon": -1, "late": 1, "later": 2, "long_late": 4, "again": 7}
_URGENT_EVERY = 2

Setting = tuple[str, str, str, str]
"""Whose step an administrator moved: clock, kind, priority, step."""


def priority(condition: str) -> str:
    """Return how pressing a case under one of the law's conditions is."""
    return URGENT if condition == "hotline_urgent" else ORDINARY


def leaves_at_once(clock: Clock, place: Place, kind: str | None, condition: str) -> bool:
    """Tell whether a reminder can't wait for the day's one message.

    So can't what is urgent, a leader's ruling, and the last day and the first day after it of a
    denunciation.
    """
    is_at_limit = place.step.name in ("on_the_day", "late")
    return (
        clock.at_once
        or priority(condition) == URGENT
        or (kind == Kind.DENUNCIATION and is_at_limit)
    )


def steps_of(
    clock: Clock, kind: str | None, pressing: str, moved: Mapping[Setting, int]
) -> tuple[Step, ...]:
    """Return the steps of a clock for cases of a kind and a priority, in order.

    moved: the offsets that an administrator set. Those out of the step's bounds are brought back
    into them.
    """
    found = []
    for step in clock.steps:
        offset, every = step.offset, step.every
        if pressing == URGENT and len(clock.steps) > 2:
            offset = _URGENT_OFFSETS.get(step.name, offset)
            every = every and _URGENT_EVERY
        setting = moved.get((clock.name, kind or "", pressing, step.name))
        if setting is None:
            setting = moved.get((clock.name, "", pressing, step.name))
        if setting is not None:
            offset = min(max(setting, step.lowest), step.highest)
        found.append(
            Step(step.name, step.label, offset, step.lowest, step.highest, step.level, every)
        )
    return tuple(sorted(found, key=lambda each: each.offset))


def due_on(
    clock: Clock, began_on: date, kind: str, condition: Condition, calendar: WorkingCalendar
) -> date | None:
    """Return the local date by which something is due on `clock`, which goes by `began_on`.

    None where the law sets no limit for such a case. Raises OutsideCalendar.
    """
    if clock.stage is None:
        return calendar.add_working_days(began_on, clock.after) if clock.after else began_on
    limit = limit_for(kind, clock.stage, began_on, condition)
    if limit is None:
        return None
    if limit.unit in ("hours", "working_hours"):
        opening = datetime.combine(began_on, calendar.hours[0][0])
        return due_at(limit, opening, calendar).date()
    return limit_due_on(limit, began_on, calendar)


def position(due_on: date, today: date, calendar: WorkingCalendar) -> int:
    """Return how many working days `today` is after the day something is due; before: negative.

    What is due on a day of rest is due on the next working day (Civil Code 2015, art. 148).
    Raises OutsideCalendar.
    """
    return calendar.working_days_between(calendar.working_day_from(due_on), today)


def place(clock: Clock, steps: tuple[Step, ...], days: int) -> Place | None:
    """Return the step of `clock` that is reached `days` working days after the due date.

    None before all of them, and after the due day where the clock ends with it.

    What was missed, because nobody looked for a while, isn't made up for: only the last counts.
    """
    if clock.ends_when_due and days > 0:
        return None
    reached = [step for step in steps if step.offset <= days]
    if not reached:
        return None
    last = reached[-1]
    return Place(last, (days - last.offset) // last.every if last.every else 0)


def reached_on(found: Place, due_on: date, calendar: WorkingCalendar) -> date:
    """Return the working day on which `found` was reached. Raises OutsideCalendar."""
    days = found.step.offset + found.time * (found.step.every or 0)
    base = calendar.working_day_from(due_on)
    if days > 0:
        return calendar.add_working_days(base, days)
    return calendar.working_days_before(base, -days) if days else base


def audience(clock: Clock, level: Level) -> tuple[Level, ...]:
    """Return the levels that hear a step of `level`: it, and those below it on the clock."""
    if level not in LADDER:
        return (level,)
    reached = LADDER[: LADDER.index(level) + 1]
    on_clock = {step.level for step in clock.steps}
    return tuple(each for each in reached if each in on_clock)
