"""How often the head of each unit received citizens, beside what the law asks for."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, true

from tracker.cases import clocks
from tracker.core.db import db
from tracker.reception.event_queries import HELD
from tracker.reception.models import Event
from tracker.reception.queries import open_to, units_for
from tracker.rules.meetings import BY_HEAD
from tracker.rules.reception_days import Duty, Span, Standing, duty_on, month_of, standing
from tracker.units.models import Unit
from tracker.units.queries import Viewer

# A week that belongs to a month may begin before it and end after it.
_A_WEEK = timedelta(days=6)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """Of a month or a year. days: on which the head received at regular times; unscheduled: other
    meetings of the head; delegated: meetings at which somebody stood in for the head."""

    span: Span
    days: int
    unscheduled: int
    delegated: int
    standing: Standing | None


@dataclass(frozen=True, slots=True)
class Row:
    """A unit. since: the month from which the year is judged: that of the first meeting on record,
    or of the beginning of the unit."""

    unit: Unit
    duty: Duty | None
    month: Figures
    year: Figures
    since: date


def rows(viewer: Viewer, day: date, today: date) -> list[Row]:
    """The units with a level that stand in the month of `day`, its figures and those of the year
    up to its end; today: the present local date."""
    month = month_of(day)
    year = Span(month.first.replace(month=1, day=1), month.last)
    units = _units(viewer, month)
    meetings = _meetings(viewer, Span(year.first - _A_WEEK, year.last + _A_WEEK))
    first = _first_on_record(viewer)
    return [
        _row(unit, meetings[unit.id], first.get(unit.id, month.first), month, year, today)
        for unit in units
    ]


@dataclass(frozen=True, slots=True)
class OfPeriod:
    """A unit's head in a period; the law's days are those of the months that lie in it whole, or
    up to today."""

    unit: Unit
    figures: Figures


def of_period(
    viewer: Viewer, span: Span, today: date, unit_ids: Collection[UUID] | None = None
) -> list[OfPeriod]:
    """How often the head of each unit with a level received from one day to another. unit_ids:
    only of these."""
    judged = _whole_months(span, today)
    meetings = _meetings(viewer, Span(span.first - _A_WEEK, span.last + _A_WEEK))
    first = _first_on_record(viewer)
    found = []
    for unit in _units(viewer, span):
        if unit_ids is not None and unit.id not in unit_ids:
            continue
        since = max(judged.first, month_of(first.get(unit.id, span.last)).first)
        figures = _figures(unit, meetings[unit.id], span, Span(since, judged.last), today)
        found.append(OfPeriod(unit, figures))
    return found


def _whole_months(span: Span, today: date) -> Span:
    """Of `span` the months that lie in it whole; the present one where it reaches up to today."""
    first = span.first if span.first.day == 1 else month_of(span.first).last + _DAY
    month = month_of(span.last)
    is_whole = span.last in (month.last, today)
    return Span(first, span.last if is_whole else month.first - _DAY)


def without_level(viewer: Viewer) -> int:
    """How many units in reach say nothing of their level."""
    statement = select(func.count()).where(
        Unit.id.in_(units_for(viewer, "event:read")), Unit.level.is_(None), Unit.valid_to.is_(None)
    )
    return db.session.scalar(statement) or 0


def _row(
    unit: Unit, meetings: Sequence[Event], first: date, month: Span, year: Span, today: date
) -> Row:
    since = max(min(month_of(first).first, month.first), year.first)
    if unit.valid_from is not None and unit.valid_from > since:
        since = month_of(unit.valid_from).first
    return Row(
        unit=unit,
        duty=duty_on(unit.paper, unit.level, month.first),
        month=_figures(unit, meetings, month, month, today),
        year=_figures(unit, meetings, year, Span(since, year.last), today),
        since=since,
    )


def _figures(
    unit: Unit, meetings: Sequence[Event], span: Span, judged: Span, today: date
) -> Figures:
    own = [each for each in meetings if not each.is_delegated]
    periodic = {each.held_on for each in own if each.form == "periodic"}
    return Figures(
        span=span,
        days=sum(span.holds(day) for day in periodic),
        unscheduled=sum(span.holds(each.held_on) for each in own if each.form == "unscheduled"),
        delegated=sum(span.holds(each.held_on) for each in meetings if each.is_delegated),
        standing=standing(unit.paper, unit.level, periodic, judged, today, clocks.calendar()),
    )


def _units(viewer: Viewer, month: Span) -> Sequence[Unit]:
    return db.session.scalars(
        select(Unit)
        .where(
            _reads(viewer),
            Unit.level.is_not(None),
            or_(Unit.valid_from.is_(None), Unit.valid_from <= month.last),
            or_(Unit.valid_to.is_(None), Unit.valid_to >= month.first),
        )
        .order_by(Unit.code)
    ).all()


def _reads(viewer: Viewer) -> ColumnElement[bool]:
    return true() if viewer.sees_everything else Unit.id.in_(units_for(viewer, "event:read"))


def _meetings(viewer: Viewer, span: Span) -> Mapping[UUID, Sequence[Event]]:
    found: dict[UUID, list[Event]] = defaultdict(list)
    statement = select(Event).where(
        open_to(viewer), _by_head(), Event.held_on.between(span.first, span.last)
    )
    for event in db.session.scalars(statement):
        found[event.unit_id].append(event)
    return found


def _first_on_record(viewer: Viewer) -> Mapping[UUID, date]:
    statement = (
        select(Event.unit_id, func.min(Event.held_on))
        .where(open_to(viewer), _by_head())
        .group_by(Event.unit_id)
    )
    return dict(db.session.execute(statement).all())


def _by_head() -> ColumnElement[bool]:
    return Event.form.in_(BY_HEAD) & Event.state.in_(HELD)
