"""The words in which pages tell of meetings: labels, changes, days."""

from datetime import date
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.cases import clocks
from tracker.cases.year import WEEKDAYS
from tracker.reception.models import Event, EventSeries
from tracker.rules.meetings import SORTS, Sort
from tracker.rules.vietnamese import format_date

COLUMN_LABELS = {
    "held_on": _l("Ngày"),
    "starts_at": _l("Giờ bắt đầu"),
    "title": _l("Tên buổi"),
    "place": _l("Địa điểm"),
    "chair": _l("Người chủ trì"),
    "is_delegated": _l("Được ủy quyền"),
    "present": _l("Thành phần tham dự"),
    "attendance": _l("Số người dự"),
    "note": _l("Ghi chú"),
}


class Change(NamedTuple):
    """What an entry changed, in words."""

    label: str
    old: str
    new: str


def name_of(event: Event | EventSeries) -> str:
    """What the meeting is called: its own title, else its sort."""
    return event.title or _(SORTS[Sort(event.kind, event.form)])


def rest_on_its_day(event: Event) -> str:
    """Why nobody works on the day of a meeting that is still planned; empty where they do.

    The calendar may have been corrected after the meeting was planned.
    """
    calendar = clocks.calendar()
    if event.state != "planned" or calendar.is_working(event.held_on):
        return ""
    return calendar.reason(event.held_on) or weekday(event.held_on)


def weekday(day: date) -> str:
    """The name of the day of the week."""
    return str(WEEKDAYS[day.weekday()])


def changes_of(changes: dict[str, list[Any]]) -> list[Change]:
    """The changes of an entry."""
    return [
        Change(str(COLUMN_LABELS[column]), _said(column, old), _said(column, new))
        for column, (old, new) in changes.items()
    ]


def pattern_of(series: EventSeries) -> str:
    """When the meetings of the series are."""
    if series.every == "week":
        return _(
            "%(days)s hằng tuần", days=", ".join(str(WEEKDAYS[day - 1]) for day in series.days)
        )
    return _("Ngày %(days)s hằng tháng", days=", ".join(map(str, series.days)))


def _said(column: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("có") if value else _("không")
    if column == "held_on":
        return format_date(date.fromisoformat(value))
    return str(value)[:5] if column == "starts_at" else str(value)
