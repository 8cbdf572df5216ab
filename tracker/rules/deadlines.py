"""Limits of time: kind of case and stage to amount, unit, extension, source, effective dates."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from tracker.rules.calendar import WorkingCalendar
from tracker.rules.conditions import Condition
from tracker.rules.labels import mark as _m
from tracker.rules.workflow import Kind

Stage = Literal[
    "intake",
    "classification",
    "notice",
    "acceptance",
    "forwarding",
    "assignment",
    "accept_or_return",
    "first_resolution",
    "second_resolution",
    "conclusion",
    "answer",
    "breach_notice",
]
Unit = Literal["calendar_days", "working_days", "working_hours", "hours"]
Beginning = Literal["received", "accepted", "assigned"]
Mark = Literal["V", "S", "M", "R"]
Pause = tuple[date, date]

UNITS: dict[Unit, str] = {
    "calendar_days": _m("ngày"),
    "working_days": _m("ngày làm việc"),
    "working_hours": _m("giờ làm việc"),
    "hours": _m("giờ"),
}


@dataclass(frozen=True, slots=True)
class Extension:
    """A ground on which a limit may be longer; `total` counts from the start, in its unit.

    `total` is None where whoever extends sets the length, with a reason.
    """

    ground: str
    total: int | None


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of time, effective from and to the given dates, both included.

    `mark` says how well the source is known: V read in a published text, S seen in secondary
    material, M general knowledge to be confirmed, R a rule of the house. A date of None is
    open on that side, a kind of None is every kind. `begins` names the event it counts from.
    """

    kind: Kind | None
    stage: Stage
    amount: int
    unit: Unit
    source: str
    mark: Mark
    condition: Condition = "ordinary"
    begins: Beginning = "received"
    extensions: tuple[Extension, ...] = ()
    effective_from: date | None = None
    effective_to: date | None = None

    def effective_on(self, day: date) -> bool:
        """Tell whether the limit holds for what begins on `day`."""
        return (self.effective_from is None or self.effective_from <= day) and (
            self.effective_to is None or day <= self.effective_to
        )


# The dates from which the laws hold.
_COMPLAINTS_2011 = date(2012, 7, 1)
_DENUNCIATIONS_2011 = date(2012, 7, 1)
_DENUNCIATIONS_2018 = date(2019, 1, 1)
_RECEPTION_2013 = date(2014, 7, 1)
_RECEPTION_AMENDED = date(2026, 7, 1)
_PARTY_HEADS = date(2019, 2, 18)
_HOTLINE_HA_NOI = date(2025, 2, 28)
_PERSONAL_DATA_2025 = date(2026, 1, 1)

_HOUSE_RULE = _m("Quy tắc nội bộ")
_COORDINATOR = Extension(_m("Điều phối viên gia hạn, nêu rõ lý do"), None)
_BATCH = Extension(_m("Theo thời hạn của đợt kiến nghị"), None)
_COMPLEX = _m("Vụ việc phức tạp")
_VERY_COMPLEX = _m("Vụ việc đặc biệt phức tạp")
_VERIFYING = _m("Phải kiểm tra, xác minh")


def _day_before(day: date) -> date:
    return day - timedelta(days=1)


def _complaint(
    stage: Stage, amount: int, extended: int, source: str, condition: Condition = "ordinary"
) -> Limit:
    return Limit(
        Kind.COMPLAINT,
        stage,
        amount,
        "calendar_days",
        source,
        "V",
        condition,
        begins="accepted",
        extensions=(Extension(_COMPLEX, extended),),
        effective_from=_COMPLAINTS_2011,
    )


LIMITS: tuple[Limit, ...] = (
    Limit(
        None,
        "classification",
        10,
        "working_days",
        _m("Luật Tiếp công dân 2013, Điều 28"),
        "M",
        effective_from=_RECEPTION_2013,
        effective_to=_day_before(_RECEPTION_AMENDED),
    ),
    # The decree under Law 136/2025/QH15 is awaited: a row of its own, to be changed alone.
    Limit(
        None,
        "classification",
        10,
        "working_days",
        _m("Luật Tiếp công dân 2013, Điều 28 (chờ nghị định theo Luật 136/2025/QH15)"),
        "M",
        effective_from=_RECEPTION_AMENDED,
    ),
    Limit(
        None,
        "notice",
        10,
        "working_days",
        _m("Quy định 11-QĐi/TW"),
        "V",
        "party_head",
        effective_from=_PARTY_HEADS,
    ),
    Limit(
        Kind.COMPLAINT,
        "acceptance",
        10,
        "calendar_days",
        _m("Luật Khiếu nại 2011, Điều 27"),
        "M",
        effective_from=_COMPLAINTS_2011,
    ),
    _complaint("first_resolution", 30, 45, _m("Luật Khiếu nại 2011, Điều 28")),
    _complaint("first_resolution", 45, 60, _m("Luật Khiếu nại 2011, Điều 28"), "remote"),
    _complaint("second_resolution", 45, 60, _m("Luật Khiếu nại 2011, Điều 37"), "second"),
    _complaint("second_resolution", 60, 70, _m("Luật Khiếu nại 2011, Điều 37"), "second_remote"),
    Limit(
        Kind.DENUNCIATION,
        "acceptance",
        10,
        "calendar_days",
        _m("Luật Tố cáo 2011, Điều 20"),
        "M",
        extensions=(Extension(_VERIFYING, 15),),
        effective_from=_DENUNCIATIONS_2011,
        effective_to=_day_before(_DENUNCIATIONS_2018),
    ),
    Limit(
        Kind.DENUNCIATION,
        "forwarding",
        10,
        "calendar_days",
        _m("Luật Tố cáo 2011, Điều 20"),
        "M",
        effective_from=_DENUNCIATIONS_2011,
        effective_to=_day_before(_DENUNCIATIONS_2018),
    ),
    Limit(
        Kind.DENUNCIATION,
        "conclusion",
        60,
        "calendar_days",
        _m("Luật Tố cáo 2011, Điều 21"),
        "M",
        begins="accepted",
        extensions=(Extension(_m("Gia hạn một lần"), 90), Extension(_COMPLEX, 150)),
        effective_from=_DENUNCIATIONS_2011,
        effective_to=_day_before(_DENUNCIATIONS_2018),
    ),
    Limit(
        Kind.DENUNCIATION,
        "acceptance",
        7,
        "working_days",
        _m("Luật Tố cáo 2018, Điều 24"),
        "M",
        extensions=(Extension(_VERIFYING, 10),),
        effective_from=_DENUNCIATIONS_2018,
    ),
    Limit(
        Kind.DENUNCIATION,
        "forwarding",
        5,
        "working_days",
        _m("Luật Tố cáo 2018, Điều 24"),
        "M",
        effective_from=_DENUNCIATIONS_2018,
    ),
    Limit(
        Kind.DENUNCIATION,
        "conclusion",
        30,
        "calendar_days",
        _m("Luật Tố cáo 2018, Điều 30"),
        "V",
        begins="accepted",
        extensions=(Extension(_COMPLEX, 60), Extension(_VERY_COMPLEX, 90)),
        effective_from=_DENUNCIATIONS_2018,
    ),
    Limit(
        None,
        "intake",
        8,
        "working_hours",
        _m("Quyết định 1207/QĐ-UBND ngày 28/02/2025 của UBND thành phố Hà Nội"),
        "V",
        "hotline",
        effective_from=_HOTLINE_HA_NOI,
    ),
    Limit(
        None,
        "intake",
        4,
        "working_hours",
        _m("Quyết định 1207/QĐ-UBND ngày 28/02/2025 của UBND thành phố Hà Nội"),
        "V",
        "hotline_urgent",
        effective_from=_HOTLINE_HA_NOI,
    ),
    Limit(Kind.OPINION, "answer", 20, "working_days", _HOUSE_RULE, "R", extensions=(_COORDINATOR,)),
    Limit(
        Kind.RECOMMENDATION,
        "assignment",
        3,
        "working_days",
        _HOUSE_RULE,
        "R",
        "at_dialogue",
        extensions=(_COORDINATOR,),
    ),
    Limit(
        Kind.RECOMMENDATION,
        "answer",
        20,
        "working_days",
        _HOUSE_RULE,
        "R",
        extensions=(_COORDINATOR,),
    ),
    Limit(Kind.VOTER, "answer", 30, "working_days", _HOUSE_RULE, "R", extensions=(_BATCH,)),
    Limit(
        Kind.SUPERVISION, "answer", 20, "working_days", _HOUSE_RULE, "R", extensions=(_COORDINATOR,)
    ),
    Limit(None, "accept_or_return", 2, "working_days", _HOUSE_RULE, "R", begins="assigned"),
    Limit(
        None,
        "breach_notice",
        72,
        "hours",
        _m("Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15, Điều 23"),
        "M",
        effective_from=_PERSONAL_DATA_2025,
    ),
)


# The kinds whose limit of resolution begins with their being taken on (thụ lý).
ADMITTED = frozenset(row.kind for row in LIMITS if row.begins == "accepted")
_ANSWER_STAGES: dict[str, Stage] = {
    Kind.COMPLAINT: "first_resolution",
    Kind.DENUNCIATION: "conclusion",
}


def limit_for(kind: str, stage: Stage, on: date, condition: Condition = "ordinary") -> Limit | None:
    """Return the limit of a stage that is effective on the day it begins, None if there is none.

    A row of the condition comes before the ordinary one, a row of the kind before one of every
    kind; where the law says nothing of the condition, the ordinary row holds.
    """
    effective = {
        (row.condition, row.kind): row
        for row in LIMITS
        if row.stage == stage and row.effective_on(on)
    }
    for wanted_condition in (condition, "ordinary"):
        for wanted_kind in (Kind(kind), None):
            if row := effective.get((wanted_condition, wanted_kind)):
                return row
    return None


def answer_limit(kind: str, on: date, condition: Condition = "ordinary") -> Limit | None:
    """Return the limit that sets the main due date of a case of `kind`.

    First or second resolution of a complaint, conclusion on a denunciation (they begin with the
    acceptance), answer for every other kind. None before the law that sets it.
    """
    stage = _ANSWER_STAGES.get(kind, "answer")
    if stage == "first_resolution" and condition in ("second", "second_remote"):
        stage = "second_resolution"
    return limit_for(kind, stage, on, condition)


def begins_on(kind: str, received_on: date, accepted_on: date | None) -> date:
    """Return the day with which the limit of `answer_limit` begins for a case of `kind`.

    Where the law counts from the acceptance and it isn't recorded, the receipt, which is never
    later.
    """
    return accepted_on if accepted_on is not None and kind in ADMITTED else received_on


def within(pauses: Sequence[Pause], start: date) -> list[Pause]:
    """Return what of `pauses` lies after `start`, on which a limit begins."""
    return [(max(first, start), last) for first, last in pauses if last > start]


def due_on(
    limit: Limit, start: date, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()
) -> date:
    """Return the last day of a limit in days that begins on `start`.

    pauses: in order, each from the day of suspension to the day of resumption; the days after
    the first up to and with the second don't count, as far as they lie after `start`. One that
    begins on the limit's last day or later changes nothing. Raises ValueError for a limit in
    hours, whose end is a moment (`due_at`), and OutsideCalendar.
    """
    if limit.unit == "working_days":
        end = calendar.add_working_days(start, limit.amount)
    elif limit.unit == "calendar_days":
        end = start + timedelta(days=limit.amount)
    else:
        raise ValueError(f"a limit in {limit.unit} ends at a moment, not on a day")
    return later(end, limit.unit, calendar, within(pauses, start))


def later(end: date, unit: Unit, calendar: WorkingCalendar, pauses: Sequence[Pause] = ()) -> date:
    """Return the day to which the last day of a limit moves by `pauses`: see `due_on`.

    A day of rest at its end moves on to the next working day (Civil Code 2015, art. 148).
    """
    if unit != "working_days":
        for suspended, resumed in pauses:
            if suspended < end:
                end += resumed - suspended
        return calendar.working_day_from(end)
    end = calendar.working_day_from(end)
    for suspended, resumed in pauses:
        if suspended < end and (days := calendar.working_days_between(suspended, resumed)):
            end = calendar.add_working_days(end, days)
    return end


def due_at(limit: Limit, start: datetime, calendar: WorkingCalendar) -> datetime:
    """Return the moment at which a limit in hours that begins at local time `start` ends.

    Raises ValueError for a limit in days (`due_on`), and OutsideCalendar.
    """
    if limit.unit == "working_hours":
        return calendar.add_working_hours(start, limit.amount)
    if limit.unit == "hours":
        return start + timedelta(hours=limit.amount)
    raise ValueError(f"a limit in {limit.unit} ends on a day, not at a moment")
