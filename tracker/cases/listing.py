"""Lists of cases: which rows, in which order, page by page; the one way to list cases."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, select, tuple_
from sqlalchemy.orm import aliased

from tracker.cases.models import Area, Case, CaseVersion, Channel, Field
from tracker.cases.orders import MOST_AGENCIES, NEWEST, Order, Phase
from tracker.cases.queries import CaseTable, visible
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.units.models import Unit
from tracker.units.queries import Viewer

PAGE_SIZE = 50
COUNTED_UP_TO = 10_000
SHOWN_CHARACTERS = 120
FETCHED_AT_ONCE = 1_000


class Row(NamedTuple):
    """A case as lists show it. `content` is cut to the first characters."""

    id: UUID
    serial: int
    version: int
    code: str
    content: str
    confidentiality: str
    kind: str
    state: str
    outcome: str | None
    received_on: date
    assigned_on: date | None
    due_on: date | None
    answered_on: date | None
    promised_on: date | None
    ended_on: date | None
    suspended_on: date | None
    area: str | None
    field: str | None
    channel: str | None
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

    @property
    def levels(self) -> list[tuple[UUID, str]]:
        """Each case's id, and how closely it is kept."""
        return [(row.id, row.confidentiality) for row in self.rows]


class BadCursor(Refused):
    """A place in a list that no list has given out."""

    status = 404


class Place(NamedTuple):
    """Where in a list a case stands, or a page begins or ends: in which phase, at which key."""

    phase: int
    value: int
    id: UUID


class _Found(NamedTuple):
    phase: int
    row: Row


def page(
    viewer: Viewer,
    *conditions: ColumnElement[bool],
    after: str | None = None,
    before: str | None = None,
    table: CaseTable = Case,
    order: Order = NEWEST,
    counted_up_to: int | None = None,
) -> Page:
    """The page after, or before, a cursor, of the cases that `viewer` may see.

    conditions: on the columns of `table`, of `Case` beside them. One query for each phase of
    `order` that the page touches, one for the total. Raises BadCursor.
    """
    wanted = (visible(viewer, table), *conditions)
    is_backward = before is not None
    cursor = before or after
    place = _read_cursor(cursor, order) if cursor else None
    found = _search(
        _rows(table, SHOWN_CHARACTERS, order).where(*wanted), table, order, place, is_backward
    )
    has_more, found = len(found) > PAGE_SIZE, found[:PAGE_SIZE]
    if is_backward:
        found.reverse()
    is_whole = not (cursor or has_more)
    most = counted_up_to or COUNTED_UP_TO
    if order.condition is not None:
        wanted = (*wanted, order.condition)
    total, is_capped = (len(found), False) if is_whole else _count(table, wanted, most)
    if order.is_sample and not is_whole:
        total, is_capped = max(total, len(found)), True
    has_previous = has_more if is_backward else after is not None
    has_next = True if is_backward else has_more
    return Page(
        [each.row for each in found],
        total,
        is_capped,
        _cursor(found[0], order) if found and has_previous else None,
        _cursor(found[-1], order) if found and has_next else None,
    )


def every(
    viewer: Viewer, *conditions: ColumnElement[bool], order: Order = NEWEST, most: int
) -> Iterator[Row]:
    """The first `most` cases of a list with their whole text, as the database gives them."""
    statement = _rows(Case, None, order).where(visible(viewer), *conditions)
    left = most
    for phase in order.phases:
        ordered = statement.where(*phase.conditions).order_by(*phase.order(Case)).limit(left)
        rows = db.session.execute(ordered.execution_options(yield_per=FETCHED_AT_ONCE))
        for row in rows:
            yield Row(*row)
            left -= 1
        if not left:
            return


def place_of(case: Case, order: Order) -> Place:
    """Where `case` stands in a list in `order`: in the first phase whose key it has."""
    number, value = next(
        (number, value)
        for number, phase in enumerate(order.phases)
        if (value := _key(case, phase)) is not None
    )
    return Place(number, value.toordinal() if isinstance(value, date) else value, case.id)


def _key(case: Case, phase: Phase) -> Any:
    if phase.value is None:
        return getattr(case, phase.key)
    return db.session.scalar(select(phase.value).select_from(Case).where(Case.id == case.id))


def following(
    viewer: Viewer, *conditions: ColumnElement[bool], order: Order, place: Place
) -> UUID | None:
    """The case after `place` in a list, the list's first where none is after it.

    None where the list holds no other case. conditions: as `page` takes them.
    """
    others = select(Case.id).where(visible(viewer), *conditions, Case.id != place.id)
    anew = [(phase, None) for phase in order.phases]
    here = order.phases[place.phase]
    for phase, start in ((here, place), *anew[place.phase + 1 :], *anew):
        asked = others.where(*phase.conditions).order_by(*phase.order(Case)).limit(1)
        if start is not None:
            asked = asked.where(_beyond(phase, Case, start, is_backward=False))
        if (found := db.session.scalar(asked)) is not None:
            return found
    return None


def _search(
    statement: Select[Any],
    table: CaseTable,
    order: Order,
    place: Place | None,
    is_backward: bool,
) -> list[_Found]:
    """A page's rows and one more, going through the phases from `place` on."""
    found: list[_Found] = []
    numbers = list(range(len(order.phases)))
    if is_backward:
        numbers.reverse()
    if place:
        numbers = numbers[numbers.index(place.phase) :]
    for number in numbers:
        phase = order.phases[number]
        start = place if place and place.phase == number else None
        asked = statement.order_by(*phase.order(table, is_backward))
        if start:
            asked = asked.where(_beyond(phase, table, start, is_backward))
        rows = _fetch(asked, phase, start, is_backward, PAGE_SIZE + 1 - len(found))
        found += [_Found(number, Row(*row)) for row in rows]
        if len(found) > PAGE_SIZE:
            break
    return found


def _fetch(
    asked: Select[Any], phase: Phase, start: Place | None, is_backward: bool, most: int
) -> Sequence[Any]:
    """The first rows of a phase. What has to be walked through is asked for bit by bit."""
    if phase.hits is None:
        return db.session.execute(asked.where(*phase.conditions).limit(most)).all()
    rows: list[Any] = []
    for some in phase.hits.walk(start.value if start else None, is_backward):
        rows += db.session.execute(asked.where(some).limit(most - len(rows))).all()
        if len(rows) == most:
            break
    return rows


def _beyond(phase: Phase, table: CaseTable, place: Place, is_backward: bool) -> ColumnElement[bool]:
    value: Any = place.value if phase.key == "serial" else date.fromordinal(place.value)
    columns = phase.columns(table)
    here = tuple_(*(value, place.id)[: len(columns)])
    forward: ColumnElement[bool] = tuple_(*columns) < here
    backward: ColumnElement[bool] = tuple_(*columns) > here
    return forward if phase.is_descending != is_backward else backward


def _rows(table: CaseTable, characters: int | None, order: Order) -> Select[Any]:
    return _rows_with(table, characters, table.due_on if order.due_on is None else order.due_on)


@lru_cache(maxsize=4 * MOST_AGENCIES)
def _rows_with(table: CaseTable, characters: int | None, due_on: Any) -> Select[Any]:
    lead = aliased(Unit)
    content = func.substr(Case.content, 1, characters) if characters else Case.content
    statement = (
        select(
            Case.id,
            Case.serial,
            Case.version,
            table.code,
            content,
            Case.confidentiality,
            table.kind,
            table.state,
            table.outcome,
            table.received_on,
            table.assigned_on,
            due_on.label("due_on"),
            table.answered_on,
            table.promised_on,
            table.ended_on,
            table.suspended_on,
            Area.name,
            Field.name,
            Channel.name,
            lead.name,
        )
        .select_from(table)
        .outerjoin(Area, Area.id == table.area_id)
        .outerjoin(Field, Field.id == table.field_id)
        .outerjoin(Channel, Channel.id == table.channel_id)
        .outerjoin(lead, lead.id == table.lead_unit_id)
    )
    if table is CaseVersion:
        statement = statement.join(Case, Case.id == CaseVersion.case_id)
    return statement


def _count(table: CaseTable, wanted: Iterable[ColumnElement[bool]], most: int) -> tuple[int, bool]:
    some = select(literal(1)).select_from(table).where(*wanted)
    if table is CaseVersion:
        some = some.join(Case, Case.id == CaseVersion.case_id)
    counted = select(func.count()).select_from(some.limit(most + 1).subquery())
    total = db.session.execute(counted).scalar_one()
    return min(total, most), total > most


def _cursor(found: _Found, order: Order) -> str:
    value = getattr(found.row, order.phases[found.phase].key)
    number = value.toordinal() if isinstance(value, date) else value
    place = bytes([found.phase]) + number.to_bytes(8) + found.row.id.bytes
    return urlsafe_b64encode(place).rstrip(b"=").decode()


def _read_cursor(cursor: str, order: Order) -> Place:
    try:
        place = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        found = Place(place[0], int.from_bytes(place[1:9]), UUID(bytes=place[9:]))
        phase = order.phases[found.phase]
        if phase.key == "serial":
            return found._replace(value=min(found.value, 2**62))
        date.fromordinal(found.value)
    except (ValueError, IndexError, OverflowError, binascii.Error) as error:
        raise BadCursor("") from error
    return found
