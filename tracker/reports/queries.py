"""The figures of reports, and exactly the cases behind each of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Date, Select, bindparam, func, select

from tracker.cases.conditions import to_sql
from tracker.cases.models import Case, CaseVersion
from tracker.cases.queries import CaseTable, visible
from tracker.core.db import db
from tracker.reports.breakdowns import NOT_RECORDED, Breakdown
from tracker.rules.counting import (
    MEASURES,
    QUESTION_DATES,
    RESOLVED,
    All,
    Compare,
    Condition,
    Either,
    Missing,
    OneOf,
    Question,
)
from tracker.rules.vietnamese import collate
from tracker.rules.workflow import Kind, Outcome
from tracker.units.models import Unit
from tracker.units.queries import Viewer

# Every measure speaks of cases received in the period, or before it and not ended before it.
# Said once more for the whole query, so that an index can pass over all others.
CONCERNED = All(
    (
        Compare("received_on", "<=", "last"),
        Either(
            (
                Compare("received_on", ">=", "first"),
                Missing("ended_on"),
                Compare("ended_on", ">=", "first"),
            )
        ),
    )
)
WITHDRAWN = "withdrawn"
COUNTED: dict[str, Condition] = {
    **{name: measure.condition for name, measure in MEASURES.items()},
    WITHDRAWN: All((RESOLVED, OneOf("outcome", frozenset({Outcome.WITHDRAWN})))),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose question it is, and about which cases.

    recorded_at: the instant whose records are asked for, None for today's. unit_ids: the units
    that received the cases, None for all.
    """

    viewer: Viewer
    question: Question
    recorded_at: datetime | None
    unit_ids: frozenset[UUID] | None

    @property
    def table(self) -> CaseTable:
        """The table that holds the records asked for."""
        return Case if self.recorded_at is None else CaseVersion


def asked_about(asked: Asked) -> list[ColumnElement[bool]]:
    """The conditions under which a row of `asked.table` is among what was asked about."""
    table = asked.table
    conditions = [visible(asked.viewer, table), table.kind == Kind.OPINION]
    if asked.unit_ids is not None:
        conditions.append(table.unit_id.in_(sorted(asked.unit_ids)))
    if asked.recorded_at is not None:
        conditions += [
            CaseVersion.recorded_from <= asked.recorded_at,
            CaseVersion.recorded_to > asked.recorded_at,
        ]
    return conditions


def counts(
    asked: Asked, by: Breakdown | None, counted_under: Mapping[str, str | None]
) -> dict[str, dict[str, int]]:
    """How many cases there are of each of `COUNTED`, in one query.

    Returns the counts under the key of each row, without `by` under the empty key alone.
    counted_under: what `by` says of keys that are counted under another.
    """
    question = asked.question
    rows = db.session.execute(
        _counting(asked.table, by).where(*asked_about(asked)),
        {"first": question.first, "last": question.last, "as_of": question.as_of},
    )
    width = len(by.columns(asked.table)) if by else 0
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        key = by.key(*row[:width]) if by else ""
        counts = found.setdefault(counted_under.get(key) or key, dict.fromkeys(COUNTED, 0))
        for name, count in zip(COUNTED, row[width:], strict=True):
            counts[name] += count
    return found


@cache
def _counting(table: CaseTable, by: Breakdown | None) -> Select[Any]:
    """The query of all figures, its question's dates left open: making it takes as long as
    counting thousands of cases, so it is made once."""
    dates: Any = {name: bindparam(name, type_=Date()) for name in QUESTION_DATES}
    question = Question(**dates)
    groups = by.columns(table) if by else ()
    figures = [
        func.count().filter(to_sql(condition, table, question)) for condition in COUNTED.values()
    ]
    concerned = to_sql(CONCERNED, table, question)
    return select(*groups, *figures).where(concerned).group_by(*groups)


def behind(asked: Asked, measure: str, by: Breakdown | None, key: str) -> list[ColumnElement[bool]]:
    """The conditions under which a row of `asked.table` is one of the cases of a figure.

    key: that of the row, empty for the total. Raises ValueError for a text that is no key.
    """
    table, question = asked.table, asked.question
    conditions = [*asked_about(asked), to_sql(MEASURES[measure].condition, table, question)]
    if by and key:
        conditions.append(by.condition(table, key))
    return conditions


def names(by: Breakdown, keys: Iterable[str]) -> dict[str, str]:
    """The name of each of `keys` that the catalogue knows, in one query."""
    if by.words is not None:
        return {key: _(word) for key, word in by.words.items()}
    if by.catalogue is None:
        return {key: key for key in keys}
    ids = [UUID(key) for key in keys if key != NOT_RECORDED]
    rows = db.session.execute(
        select(by.catalogue.id, by.catalogue.name).where(by.catalogue.id.in_(ids))
    )
    return {str(row.id): row.name for row in rows}


def unit_and_below(code: str) -> frozenset[UUID]:
    """The unit with this code and all below it; empty where there is none."""
    below = select(Unit.id).where(Unit.code == code).cte("below", recursive=True)
    below = below.union(select(Unit.id).where(Unit.parent_id == below.c.id))
    return frozenset(db.session.scalars(select(below.c.id)))


def units() -> list[tuple[str, str]]:
    """(code, name) of every unit, those that have ended as well, by name."""
    rows = db.session.execute(select(Unit.code, Unit.name))
    return sorted(((row.code, row.name) for row in rows), key=lambda row: collate(row[1]))


def first_recording(asked: Asked) -> datetime | None:
    """Since when there are records that the viewer may see, None where there are none."""
    return db.session.scalar(
        select(func.min(CaseVersion.recorded_from)).where(
            visible(asked.viewer, CaseVersion), CaseVersion.kind == Kind.OPINION
        )
    )


def paper_unit(viewer: Viewer, code: str | None) -> Unit | None:
    """The unit whose paper a report is: the one asked for, the viewer's own, or the topmost."""
    statement = select(Unit)
    if code:
        statement = statement.where(Unit.code == code)
    elif viewer.unit_id:
        statement = statement.where(Unit.id == viewer.unit_id)
    else:
        statement = statement.where(Unit.parent_id.is_(None)).order_by(Unit.code)
    return db.session.scalars(statement.limit(1)).first()
