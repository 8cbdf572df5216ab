"""Lists of cases: which rows, in which order, page by page; the one way to list cases."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from tracker.cases.models import Area, Case, CaseVersion, Field
from tracker.cases.queries import CaseTable, visible
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.workflow import OPEN
from tracker.units.models import Unit
from tracker.units.queries import Viewer

PAGE_SIZE = 50
COUNTED_UP_TO = 10_000
SHOWN_CHARACTERS = 120


class Row(NamedTuple):
    """A case as lists show it. `content` is cut to the first `SHOWN_CHARACTERS`."""

    id: UUID
    serial: int
    code: str
    content: str
    kind: str
    state: str
    outcome: str | None
    received_on: date
    due_on: date | None
    promised_on: date | None
    ended_on: date | None
    suspended_on: date | None
    area: str | None
    field: str | None
    unit: str | None


class Page(NamedTuple):
    """One page of a list.

    total: how many there are in all, at most `COUNTED_UP_TO`; is_capped: there are more.
    The cursors lead to the pages before and after, None where there is none.
    """

    rows: list[Row]
    total: int
    is_capped: bool
    previous_cursor: str | None
    next_cursor: str | None


class BadCursor(Refused):
    """A place in a list that no list has given out."""

    status = 404


def page(
    viewer: Viewer,
    *conditions: ColumnElement[bool],
    after: str | None = None,
    before: str | None = None,
    table: CaseTable = Case,
    by_serial: bool = False,
) -> Page:
    """The page after, or before, a cursor, of the cases that `viewer` may see.

    conditions: on the columns of `table`, of `Case` beside them. Newest received first, or
    latest logged first with `by_serial`. Two queries. Raises BadCursor.
    """
    key = _key(table, by_serial)
    wanted = (visible(viewer, table), *conditions)
    statement = _rows(table).where(*wanted)
    is_backward = before is not None
    if cursor := before or after:
        place = _read_cursor(cursor, by_serial)
        columns, values = tuple_(*key), tuple_(*place)
        statement = statement.where(columns > values if is_backward else columns < values)
    order = [column.asc() if is_backward else column.desc() for column in key]
    found = [
        Row(*row) for row in db.session.execute(statement.order_by(*order).limit(PAGE_SIZE + 1))
    ]
    has_more, rows = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_backward:
        rows.reverse()
    is_whole = not (cursor or has_more)
    total, is_capped = (len(rows), False) if is_whole else _count(table, wanted)
    has_previous = has_more if is_backward else after is not None
    has_next = True if is_backward else has_more
    return Page(
        rows,
        total,
        is_capped,
        _cursor(rows[0], by_serial) if rows and has_previous else None,
        _cursor(rows[-1], by_serial) if rows and has_next else None,
    )


def _rows(table: CaseTable) -> Select[Any]:
    lead = aliased(Unit)
    statement = (
        select(
            Case.id,
            Case.serial,
            table.code,
            func.substr(Case.content, 1, SHOWN_CHARACTERS),
            table.kind,
            table.state,
            table.outcome,
            table.received_on,
            table.due_on,
            table.promised_on,
            table.ended_on,
            table.suspended_on,
            Area.name,
            Field.name,
            lead.name,
        )
        .select_from(table)
        .outerjoin(Area, Area.id == table.area_id)
        .outerjoin(Field, Field.id == table.field_id)
        .outerjoin(lead, lead.id == table.lead_unit_id)
    )
    if table is CaseVersion:
        statement = statement.join(Case, Case.id == CaseVersion.case_id)
    return statement


def _key(table: CaseTable, by_serial: bool) -> tuple[Any, ...]:
    if by_serial:
        return (Case.serial,)
    return (table.received_on, CaseVersion.case_id if table is CaseVersion else Case.id)


def _count(table: CaseTable, wanted: Iterable[ColumnElement[bool]]) -> tuple[int, bool]:
    some = select(literal(1)).select_from(table).where(*wanted)
    if table is CaseVersion:
        some = some.join(Case, Case.id == CaseVersion.case_id)
    counted = select(func.count()).select_from(some.limit(COUNTED_UP_TO + 1).subquery())
    total = db.session.execute(counted).scalar_one()
    return min(total, COUNTED_UP_TO), total > COUNTED_UP_TO


def _cursor(row: Row, by_serial: bool) -> str:
    if by_serial:
        return str(row.serial)
    place = row.received_on.toordinal().to_bytes(3) + row.id.bytes
    return urlsafe_b64encode(place).rstrip(b"=").decode()


def _read_cursor(cursor: str, by_serial: bool) -> tuple[Any, ...]:
    try:
        if by_serial:
            return (int(cursor),)
        place = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        return date.fromordinal(int.from_bytes(place[:3])), UUID(bytes=place[3:])
    except (ValueError, binascii.Error) as error:
        raise BadCursor("") from error


def of_standing(standing: str, today: date, soon_until: date) -> ColumnElement[bool]:
    """The cases that wait and are `overdue` on `today`, or due `soon`, up to `soon_until`."""
    waiting = Case.state.in_(OPEN)
    if standing == "overdue":
        return and_(waiting, Case.due_on < today)
    return and_(waiting, Case.due_on >= today, Case.due_on <= soon_until)
