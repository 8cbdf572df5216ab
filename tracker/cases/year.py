"""A year of the calendar as its page shows it: months in weeks, special days, corrections."""

from calendar import Calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import Row, select
from sqlalchemy.orm import aliased

from tracker.cases import clocks
from tracker.cases.models import CalendarDay
from tracker.core.db import db
from tracker.rules.calendar import WEEKEND, exchanges_known
from tracker.units.models import User

FIRST_MONTH_OF_WARNING = 10
WEEKDAYS = (
    _l("Thứ Hai"), _l("Thứ Ba"), _l("Thứ Tư"), _l("Thứ Năm"), _l("Thứ Sáu"),
    _l("Thứ Bảy"), _l("Chủ nhật"),
)  # fmt: skip
SHORT_WEEKDAYS = (_l("T2"), _l("T3"), _l("T4"), _l("T5"), _l("T6"), _l("T7"), _l("CN"))

Look = Literal["work", "weekend", "rest", "exchange"]


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day of rest beside weekends, a worked weekend's day, or a corrected day."""

    day: date
    weekday: str
    is_worked: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a month's weeks."""

    day: date
    look: Look


@dataclass(frozen=True, slots=True)
class Year:
    """weeks: of each month, Monday first, None where the week's day is another month's."""

    number: int
    months: Sequence[Sequence[Sequence[Cell | None]]]
    special: Sequence[SpecialDay]
    working_days: int


def year(number: int) -> Year:
    """The year `number`, which the calendar has to reach."""
    working = clocks.calendar()
    special = [
        SpecialDay(day, str(WEEKDAYS[day.weekday()]), is_worked, reason)
        for day, is_worked, reason in working.special_days(number)
    ]
    looks: dict[date, Look] = {
        each.day: "exchange" if each.is_worked else "rest" for each in special
    }
    weeks = Calendar().monthdatescalendar
    months = [
        [[_cell(day, month, looks) for day in week] for week in weeks(number, month)]
        for month in range(1, 13)
    ]
    worked = working.working_days_between(date(number - 1, 12, 31), date(number, 12, 31))
    return Year(number, months, special, worked)


def _cell(day: date, month: int, looks: dict[date, Look]) -> Cell | None:
    if day.month != month:
        return None
    return Cell(day, looks.get(day, "weekend" if day.weekday() in WEEKEND else "work"))


def corrections_of(number: int) -> Sequence[Row[CalendarDay, str, str]]:
    """The corrections of days of the year, those taken back too: the latest recorded first.

    Each row: the correction, the name of who made it, the name of who took it back.
    """
    remover = aliased(User)
    return db.session.execute(
        select(CalendarDay, User.name, remover.name)
        .outerjoin(User, User.id == CalendarDay.user_id)
        .outerjoin(remover, remover.id == CalendarDay.removed_by_id)
        .where(CalendarDay.day.between(date(number, 1, 1), date(number, 12, 31)))
        .order_by(CalendarDay.recorded_at.desc(), CalendarDay.id.desc())
    ).all()


def warning(today: date) -> str | None:
    """What to say while next year's exchanged days are missing, from October on; else None."""
    coming = today.year + 1
    if today.month < FIRST_MONTH_OF_WARNING or exchanges_known(coming, clocks.corrections()):
        return None
    return _(
        "Lịch nghỉ, làm bù năm %(year)s chưa được nhập; hạn rơi vào năm ấy còn có thể đổi.",
        year=coming,
    )
