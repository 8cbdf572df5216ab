"""The conditions of `rules.counting` turned into SQL, for lists and figures alike."""

from functools import singledispatch
from operator import ge, gt, le, lt
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, true

from tracker.cases.models import Assignment, Case, CaseVersion
from tracker.rules.counting import (
    QUESTION_DATES,
    All,
    Compare,
    Condition,
    Either,
    Missing,
    Not,
    OneOf,
    Question,
)

# Whatever has dates: an assignment has its own due date.
Dated = type[Case] | type[CaseVersion] | type[Assignment]
_OPERATORS = {"<": lt, "<=": le, ">": gt, ">=": ge}


@singledispatch
def to_sql(condition: Condition, table: Dated, question: Question) -> ColumnElement[bool]:
    """`condition` as SQL on the rows of `table`: true exactly where `counting.holds` is.

    Where it isn't true it may be unknown instead of false, as SQL has it with missing values;
    WHERE and FILTER take the two alike, and `Not` is written so that it does too.
    """
    raise TypeError(f"no SQL for {condition!r}")


@to_sql.register
def _(condition: Compare, table: Dated, question: Question) -> ColumnElement[bool]:
    source: Any = question if condition.other in QUESTION_DATES else table
    compare = _OPERATORS[condition.operator]
    compared: ColumnElement[bool] = compare(
        getattr(table, condition.column), getattr(source, condition.other)
    )
    return compared


@to_sql.register
def _(condition: Missing, table: Dated, question: Question) -> ColumnElement[bool]:
    column: ColumnElement[Any] = getattr(table, condition.column)
    return column.is_(None)


@to_sql.register
def _(condition: OneOf, table: Dated, question: Question) -> ColumnElement[bool]:
    column: ColumnElement[Any] = getattr(table, condition.column)
    return column.in_(sorted(condition.values))


@to_sql.register
def _(condition: All, table: Dated, question: Question) -> ColumnElement[bool]:
    return and_(*(to_sql(part, table, question) for part in condition.parts))


@to_sql.register
def _(condition: Either, table: Dated, question: Question) -> ColumnElement[bool]:
    return or_(*(to_sql(part, table, question) for part in condition.parts))


@to_sql.register
def _(condition: Not, table: Dated, question: Question) -> ColumnElement[bool]:
    return to_sql(condition.part, table, question).is_not(true())
