"""The figures on receptions, and exactly the meetings and the cases behind each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Join,
    Select,
    and_,
    case,
    distinct,
    extract,
    func,
    join,
    literal_column,
    outerjoin,
    select,
)

from tracker.cases.conditions import to_sql
from tracker.cases.models import Case, Field, Submission
from tracker.cases.queries import visible
from tracker.core.db import db
from tracker.reception.event_queries import HELD
from tracker.reception.models import Event
from tracker.reception.queries import open_to
from tracker.rules.counting import Question
from tracker.rules.labels import mark as _m
from tracker.rules.meetings import LARGE_GROUP, SORTS
from tracker.rules.reception_counting import RECEPTION_MEASURES, ReceptionMeasure
from tracker.rules.workflow import KIND_LABELS
from tracker.units.models import Unit
from tracker.units.queries import Viewer

NOTHING_BROUGHT = "none"
DELEGATED = "delegated"
# A meeting without a form of its own is called by its kind.
FORM_WORDS = {
    **{sort.form or sort.kind: label for sort, label in SORTS.items()},
    DELEGATED: _m("Được người đứng đầu ủy quyền"),
}
KIND_WORDS = {str(kind): label for kind, label in KIND_LABELS.items()}


@dataclass(frozen=True, slots=True)
class ReceptionBreakdown:
    """One way to break the report down.

    columns: what the query groups by. key: the name of a row in links, made of their values.
    words: key -> name; catalogue: where ids have theirs; with neither the key is the name.
    is_of_cases: whether it tells cases apart, not meetings.
    """

    name: str
    label: str
    columns: tuple[Any, ...]
    key: Callable[..., str]
    words: dict[str, str] | None = None
    catalogue: type[Unit] | type[Field] | None = None
    is_of_cases: bool = False

    def has(self, key: str) -> ColumnElement[bool]:
        """The condition of standing in the row `key`. Raises ValueError for what is no key."""
        if self.words is not None and key not in self.words and key != NOTHING_BROUGHT:
            raise ValueError(key)
        if key == NOTHING_BROUGHT:
            return and_(self.columns[0].is_(None))
        if self.catalogue is not None:
            return and_(self.columns[0] == UUID(key))
        if self.words is not None:
            return and_(self.columns[0] == key)
        parts = [int(part) for part in key.split("-")]
        return and_(*(each == part for each, part in zip(self.columns, parts, strict=True)))


# Not a parameter: PostgreSQL would take two of them for two expressions.
_DELEGATED: ColumnElement[str] = literal_column(f"'{DELEGATED}'")
_FORM = case((Event.is_delegated, _DELEGATED), else_=func.coalesce(Event.form, Event.kind))


def _or_none(value: Any) -> str:
    return NOTHING_BROUGHT if value is None else str(value)


RECEPTION_BREAKDOWNS: dict[str, ReceptionBreakdown] = {
    row.name: row
    for row in (
        ReceptionBreakdown("form", _m("Hình thức tiếp"), (_FORM,), str, words=FORM_WORDS),
        ReceptionBreakdown("unit", _m("Đơn vị tiếp"), (Event.unit_id,), str, catalogue=Unit),
        ReceptionBreakdown(
            "kind",
            _m("Loại vụ việc"),
            (Case.kind,),
            _or_none,
            words=KIND_WORDS,
            is_of_cases=True,
        ),
        ReceptionBreakdown(
            "field",
            _m("Lĩnh vực"),
            (Case.field_id,),
            _or_none,
            catalogue=Field,
            is_of_cases=True,
        ),
        ReceptionBreakdown(
            "month",
            _m("Tháng tiếp"),
            (extract("year", Event.held_on), extract("month", Event.held_on)),
            lambda year, month: f"{int(year):04}-{int(month):02}",
        ),
        ReceptionBreakdown(
            "year",
            _m("Năm tiếp"),
            (extract("year", Event.held_on),),
            lambda year: f"{int(year):04}",
        ),
    )
}


@dataclass(frozen=True, slots=True)
class AskedOfReceptions:
    """Whose question it is, and about which meetings. unit_ids: None for all."""

    viewer: Viewer
    first: date
    last: date
    kind: str
    unit_ids: frozenset[UUID] | None

    @property
    def meetings(self) -> ColumnElement[bool]:
        """The condition of being one of the meetings."""
        conditions = [
            open_to(self.viewer),
            Event.kind == self.kind,
            Event.state.in_(HELD),
            Event.held_on.between(self.first, self.last),
        ]
        if self.unit_ids is not None:
            conditions.append(Event.unit_id.in_(sorted(self.unit_ids)))
        return and_(*conditions)


def counts(asked: AskedOfReceptions, by: ReceptionBreakdown | None) -> dict[str, dict[str, int]]:
    """Each measure under the key of each row, without `by` under the empty key alone.

    Turns whose cases the viewer may not see count nowhere; their meetings count as meetings.
    """
    columns = by.columns if by else ()
    figures = [_figure(measure) for measure in RECEPTION_MEASURES.values()]
    rows = db.session.execute(
        select(*columns, *figures)
        .select_from(_with_turns(asked))
        .where(asked.meetings)
        .group_by(*columns)
    )
    width = len(columns)
    return {
        by.key(*row[:width]) if by else "": dict(
            zip(RECEPTION_MEASURES, map(int, row[width:]), strict=True)
        )
        for row in rows
    }


def cases_behind(
    asked: AskedOfReceptions, measure: ReceptionMeasure, by: ReceptionBreakdown | None, key: str
) -> list[ColumnElement[bool]]:
    """The conditions under which a case is one of those of a figure; see `cases.listing`."""
    turns: Select[Any] = (
        select(Submission.case_id)
        .join(Event, Event.id == Submission.event_id)
        .where(_stands(), asked.meetings)
    )
    conditions = _on_turn(measure) + ([by.has(key)] if by and key else [])
    if (by is not None and by.is_of_cases) or measure.began:
        turns = turns.join(Case, Case.id == Submission.case_id)
    return [Case.id.in_(turns.where(*conditions)), *_on_case(measure)]


def meetings_behind(
    asked: AskedOfReceptions, by: ReceptionBreakdown | None, key: str
) -> list[ColumnElement[bool]]:
    """The conditions under which a meeting is one of those of the figure of meetings."""
    if by is None or not key:
        return [asked.meetings]
    if not by.is_of_cases:
        return [asked.meetings, by.has(key)]
    brought = select(Event.id).select_from(_with_turns(asked)).where(asked.meetings, by.has(key))
    return [Event.id.in_(brought)]


def names(by: ReceptionBreakdown) -> dict[str, str]:
    """The name of each key of the catalogue."""
    assert by.catalogue is not None
    rows = db.session.execute(select(by.catalogue.id, by.catalogue.name))
    return {str(row.id): row.name for row in rows}


def _with_turns(asked: AskedOfReceptions) -> Join:
    """Meetings with the turns whose cases the viewer may see, alone where there are none: that
    others were there as well isn't told."""
    seen = join(Submission, Case, and_(Case.id == Submission.case_id, visible(asked.viewer)))
    return outerjoin(Event, seen, and_(Submission.event_id == Event.id, _stands()))


def _stands() -> ColumnElement[bool]:
    return Submission.voided_at.is_(None)


def _figure(measure: ReceptionMeasure) -> ColumnElement[Any]:
    if measure.counts == "meetings":
        return func.count(distinct(Event.id))
    wanted = and_(Case.id.is_not(None), *_on_turn(measure), *_on_case(measure))
    if measure.counts == "turns":
        return func.count(case((wanted, 1)))
    if measure.counts == "persons":
        return func.coalesce(func.sum(case((wanted, Submission.persons))), 0)
    return func.count(distinct(case((wanted, Case.id))))


def _on_turn(measure: ReceptionMeasure) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if measure.of_groups:
        conditions.append(Submission.persons >= LARGE_GROUP)
    if measure.began:
        conditions += [Case.event_id == Event.id, Submission.merge_id.is_(None)]
    return conditions


def _on_case(measure: ReceptionMeasure) -> list[ColumnElement[bool]]:
    if measure.condition is None:
        return []
    # None of these measures asks for a date.
    return [to_sql(measure.condition, Case, Question(date.min, date.min, date.min))]
