"""Reads of meetings: today's, a month's, one with its counts and its story; series."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, distinct, exists, func, or_, select

from tracker.cases.models import Case, Submission
from tracker.cases.queries import visible
from tracker.core.db import db
from tracker.reception.models import Event, EventEntry, EventSeries
from tracker.reception.queries import open_to, units_for
from tracker.rules.meetings import LARGE_GROUP, SORTS, Sort
from tracker.units.models import Unit, User
from tracker.units.queries import Viewer

HELD = ("open", "closed")
MOST_LISTED = 200
PAGE_SIZE = 50


class Listed(NamedTuple):
    """A meeting as lists show it, with the name of the unit that holds it."""

    event: Event
    unit_name: str

    @property
    def sort(self) -> Sort:
        return sort_of(self.event)


def sort_of(event: Event | EventSeries) -> Sort:
    """The kind and form of a meeting or a series."""
    return Sort(event.kind, event.form)


def listed(viewer: Viewer, *conditions: ColumnElement[bool]) -> Select[Event, str]:
    """The meetings that `viewer` may see and that fulfil the conditions, in no order."""
    return (
        select(Event, Unit.name)
        .join(Unit, Unit.id == Event.unit_id)
        .where(open_to(viewer), *conditions)
    )


def rows(statement: Select[Event, str]) -> list[Listed]:
    """What a statement of `listed` finds."""
    return [Listed(*row) for row in db.session.execute(statement)]


def at_hand(viewer: Viewer, today: date) -> list[Listed]:
    """The meetings of the local date `today`, and those that are still open from before."""
    of_today = (Event.held_on == today) & (Event.state != "cancelled")
    return rows(
        listed(viewer, or_(of_today, Event.state == "open"))
        .order_by(Event.held_on, Event.starts_at, Event.id)
        .limit(MOST_LISTED)
    )


def coming(viewer: Viewer, today: date, limit: int = 8) -> list[Listed]:
    """The next planned meetings after the local date `today`."""
    return rows(
        listed(viewer, Event.state == "planned", Event.held_on > today)
        .order_by(Event.held_on, Event.starts_at, Event.id)
        .limit(limit)
    )


def left_behind(viewer: Viewer, today: date, limit: int = 8) -> list[Listed]:
    """The planned meetings whose day passed without them, the latest first."""
    return rows(
        listed(viewer, Event.state == "planned", Event.held_on < today)
        .order_by(Event.held_on.desc(), Event.id)
        .limit(limit)
    )


def between(viewer: Viewer, first: date, last: date) -> list[Listed]:
    """The meetings from `first` to `last`, both included, those cancelled as well; by day."""
    return rows(
        listed(viewer, Event.held_on.between(first, last))
        .order_by(Event.held_on, Event.starts_at, Event.id)
        .limit(MOST_LISTED)
    )


def last_of_each_sort(unit_id: UUID | None, before: date) -> list[Event]:
    """The unit's last meeting of each sort up to the local date `before`, in order of sorts."""
    ranked = (
        select(
            Event.id,
            func.row_number()
            .over(
                partition_by=(Event.kind, Event.form),
                order_by=(Event.held_on.desc(), Event.opened_at.desc()),
            )
            .label("place"),
        )
        .where(Event.unit_id == unit_id, Event.state.in_(HELD), Event.held_on <= before)
        .subquery()
    )
    found = db.session.scalars(
        select(Event).join(ranked, ranked.c.id == Event.id).where(ranked.c.place == 1)
    )
    order = list(SORTS)
    return sorted(found, key=lambda event: order.index(sort_of(event)))


def last_held(unit_id: UUID, sort: Sort, before: date) -> Event | None:
    """The unit's last meeting of that sort before the local date."""
    return db.session.scalars(
        select(Event)
        .where(
            Event.unit_id == unit_id,
            Event.kind == sort.kind,
            Event.form.is_not_distinct_from(sort.form),
            Event.state.in_(HELD),
            Event.held_on <= before,
        )
        .order_by(Event.held_on.desc(), Event.opened_at.desc())
        .limit(1)
    ).first()


def has_turns(event_id: UUID) -> bool:
    """Whether something stands that was written down at the meeting."""
    logged = exists().where(Submission.event_id == event_id, Submission.voided_at.is_(None))
    return bool(db.session.scalar(select(logged)))


class Count(NamedTuple):
    """What a meeting brought, of one kind of case in one state, as far as `viewer` may see it.

    turns: appearances; persons: who came with them; groups: those of 5 and more, a part of the
    turns; matters: cases that began here.
    """

    kind: str
    state: str
    turns: int
    persons: int
    groups: int
    matters: int


def counts(viewer: Viewer, event_id: UUID) -> list[Count]:
    """What the meeting brought, by kind and state of the cases."""
    began = (Case.event_id == event_id) & Submission.merge_id.is_(None)
    statement = (
        select(
            Case.kind,
            Case.state,
            func.count(Submission.id),
            func.sum(Submission.persons),
            func.sum(case((Submission.persons >= LARGE_GROUP, 1), else_=0)),
            func.count(distinct(case((began, Case.id)))),
        )
        .join(Case, Case.id == Submission.case_id)
        .where(Submission.event_id == event_id, Submission.voided_at.is_(None), visible(viewer))
        .group_by(Case.kind, Case.state)
        .order_by(Case.kind, Case.state)
    )
    return [Count(*row) for row in db.session.execute(statement)]


def total(found: Iterable[Count]) -> Count:
    """All of them together."""
    figures = [(0, 0, 0, 0), *(each[2:] for each in found)]
    return Count("", "", *map(sum, zip(*figures, strict=True)))


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of a meeting's story, with the name of who did it."""

    entry: EventEntry
    user: str


def story(event_id: UUID) -> list[Told]:
    """What was done to the meeting, the latest first."""
    found = db.session.execute(
        select(EventEntry, User.name)
        .join(User, User.id == EventEntry.user_id)
        .where(EventEntry.event_id == event_id)
        .order_by(EventEntry.recorded_at.desc(), EventEntry.id.desc())
    )
    return [Told(*row) for row in found]


def offered_units(viewer: Viewer, on: date) -> Sequence[Unit]:
    """The units that stand on the local date and for which `viewer` holds meetings; own first."""
    own = case((Unit.id == viewer.unit_id, 0), else_=1)
    return db.session.scalars(
        select(Unit)
        .where(
            Unit.id.in_(units_for(viewer, "event:manage")),
            or_(Unit.valid_from.is_(None), Unit.valid_from <= on),
            or_(Unit.valid_to.is_(None), Unit.valid_to >= on),
        )
        .order_by(own, Unit.code)
    ).all()


def read_units(viewer: Viewer) -> Sequence[Unit]:
    """The units whose meetings `viewer` may see."""
    reached = units_for(viewer, "event:read")
    return db.session.scalars(select(Unit).where(Unit.id.in_(reached)).order_by(Unit.code)).all()


def find_series(viewer: Viewer, series_id: UUID, *, for_update: bool = False) -> EventSeries | None:
    """The series, if `viewer` may see its meetings."""
    statement = select(EventSeries).where(
        EventSeries.id == series_id,
        EventSeries.unit_id.in_(units_for(viewer, "event:read")),
    )
    if for_update:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(statement).first()


def all_series(viewer: Viewer, today: date) -> list[tuple[EventSeries, str]]:
    """The series that go on, with the names of their units."""
    found = db.session.execute(
        select(EventSeries, Unit.name)
        .join(Unit, Unit.id == EventSeries.unit_id)
        .where(
            EventSeries.unit_id.in_(units_for(viewer, "event:read")),
            or_(EventSeries.ends_on.is_(None), EventSeries.ends_on >= today),
        )
        .order_by(EventSeries.starts_on, EventSeries.id)
        .limit(MOST_LISTED)
    )
    return [(series, name) for series, name in found]


def planned_of(series_id: UUID, first: date) -> Sequence[Event]:
    """The meetings of the series that are still planned and whose day by its rule is from
    `first` on."""
    nominal = func.coalesce(Event.planned_on, Event.held_on)
    return db.session.scalars(
        select(Event)
        .where(Event.series_id == series_id, Event.state == "planned", nominal >= first)
        .order_by(nominal)
        .with_for_update()
    ).all()


def last_planned(series_id: UUID) -> date | None:
    """The last day, by the rule of the series, for which a meeting was made."""
    nominal = func.coalesce(Event.planned_on, Event.held_on)
    return db.session.scalar(select(func.max(nominal)).where(Event.series_id == series_id))


def unit_name(unit_id: UUID) -> str:
    """What the unit is called."""
    return unit_of(unit_id).name


def unit_of(unit_id: UUID) -> Unit:
    """The unit that holds a meeting."""
    return db.session.get_one(Unit, unit_id)


def of_series(series_id: UUID) -> Sequence[Event]:
    """The meetings of a series that was found, by day; those that were held or cancelled too."""
    return db.session.scalars(
        select(Event)
        .where(Event.series_id == series_id)
        .order_by(Event.held_on.desc(), Event.id)
        .limit(MOST_LISTED)
    ).all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which meetings a list has; None: any. is_delegated: whether somebody stood in for the head;
    states: one of them. The dates are local and included."""

    unit_id: UUID | None = None
    sort: Sort | None = None
    states: Sequence[str] | None = None
    is_delegated: bool | None = None
    first: date | None = None
    last: date | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """The same in SQL."""
        found: list[ColumnElement[bool]] = []
        if self.unit_id is not None:
            found.append(Event.unit_id == self.unit_id)
        if self.sort is not None:
            found.append(Event.kind == self.sort.kind)
            found.append(Event.form.is_not_distinct_from(self.sort.form))
        if self.states is not None:
            found.append(Event.state.in_(self.states))
        if self.is_delegated is not None:
            found.append(Event.is_delegated == self.is_delegated)
        if self.first is not None:
            found.append(Event.held_on >= self.first)
        if self.last is not None:
            found.append(Event.held_on <= self.last)
        return found


def page_of(viewer: Viewer, wanted: Wanted, page: int) -> tuple[list[Listed], int]:
    """The meetings of one page of a list (the first is 1), the latest first; how many there are."""
    return some(viewer, wanted.conditions(), page)


def some(
    viewer: Viewer, conditions: Sequence[ColumnElement[bool]], page: int
) -> tuple[list[Listed], int]:
    """The same under any conditions."""
    count = select(func.count(Event.id)).where(open_to(viewer), *conditions)
    found = rows(
        listed(viewer, *conditions)
        .order_by(Event.held_on.desc(), Event.id)
        .offset((page - 1) * PAGE_SIZE)
        .limit(PAGE_SIZE)
    )
    return found, db.session.scalar(count) or 0
