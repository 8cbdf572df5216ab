"""The meetings of a series, planned ahead inside the caller's transaction."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import clocks
from tracker.core.clock import local_date
from tracker.core.db import db, new_id
from tracker.core.errors import Refused
from tracker.reception import event_queries
from tracker.reception.models import EventSeries
from tracker.reception.service.event_rows import Particulars, new_event, note
from tracker.rules.meetings import Every, Occurrence, Recurrence, Sort
from tracker.units.queries import Viewer

AHEAD = timedelta(days=366)
"""How far ahead the meetings of a series without an end are planned."""

_DAY = timedelta(days=1)


def plan_ahead(series_id: UUID, *, actor: Viewer, now: datetime) -> None:
    """Plans what the series still lacks of the coming year, inside the caller's transaction."""
    series = db.session.get_one(EventSeries, series_id, with_for_update=True)
    last = event_queries.last_planned(series_id)
    first = series.starts_on if last is None else last + _DAY
    make(series, due(series, first, now), actor, now)


def due(series: EventSeries, first: date, now: datetime) -> list[Occurrence]:
    """The meetings of the series from `first` on, as far ahead as they are planned."""
    last = max(series.starts_on, local_date(now)) + AHEAD
    if series.ends_on is not None:
        last = min(last, series.ends_on)
    if not clocks.reaches(last):
        raise Refused(_("Ngày này nằm ngoài lịch làm việc."), "starts_on")
    every: Every = "week" if series.every == "week" else "month"
    return Recurrence(every, series.days).occurrences(first, last, clocks.calendar())


def make(
    series: EventSeries, occurrences: Iterable[Occurrence], actor: Viewer, now: datetime
) -> None:
    """Plans these meetings of the series."""
    sort = Sort(series.kind, series.form)
    particulars = particulars_of(series)
    for occurrence in occurrences:
        event = new_event(
            new_id(),
            series.unit_id,
            sort,
            occurrence.day,
            particulars,
            series_id=series.id,
            planned_on=occurrence.planned_on,
            moved_reason=occurrence.reason,
        )
        note(event, "plan", actor, now)


def particulars_of(series: EventSeries) -> Particulars:
    """What the meetings of the series begin with."""
    return Particulars(**{name: getattr(series, name) for name in Particulars.__dataclass_fields__})
