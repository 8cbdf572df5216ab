"""By what a report may be broken down, and how a row is named in a link."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, extract

from tracker.cases.models import Area, Channel, Field
from tracker.cases.queries import CaseTable
from tracker.rules.labels import mark as _m
from tracker.units.models import Unit
from tracker.units.unit_queries import levels, present_units

Catalogue = type[Area] | type[Field] | type[Channel] | type[Unit]

NOT_RECORDED = "none"
NO_LEVEL = "other"
LEVEL_WORDS = {
    "province": _m("Cấp tỉnh"),
    "district": _m("Cấp huyện"),
    "commune": _m("Cấp xã"),
    NO_LEVEL: _m("Đơn vị chưa ghi cấp"),
    NOT_RECORDED: _m("Chưa giao đơn vị nào"),
}


@dataclass(frozen=True, slots=True)
class Breakdown:
    """One way to break a report down.

    columns: what the query groups by. key: the name of a row in links and on the command line,
    made of the grouped values. condition: which rows of the table stand behind such a key;
    raises ValueError for a text that is no key. catalogue: where ids have their names; words:
    those of the keys, in their order; without either the key is the name. counted_under: key ->
    the key under which it is counted, None where that can't be told and it stands for itself, as
    every key does that isn't named.
    """

    name: str
    label: str
    columns: Callable[[CaseTable], tuple[ColumnElement[Any], ...]]
    key: Callable[..., str]
    condition: Callable[[CaseTable, str], ColumnElement[bool]]
    catalogue: Catalogue | None = None
    words: Mapping[str, str] | None = field(default=None, hash=False)
    counted_under: Callable[[], dict[str, str | None]] | None = None


def _by_id(name: str, label: str, column: str, catalogue: Catalogue) -> Breakdown:
    def condition(table: CaseTable, key: str) -> ColumnElement[bool]:
        value: ColumnElement[Any] = getattr(table, column)
        return value.is_(None) if key == NOT_RECORDED else value == UUID(key)

    return Breakdown(
        name,
        label,
        lambda table: (getattr(table, column),),
        lambda value: NOT_RECORDED if value is None else str(value),
        condition,
        catalogue,
    )


def _present() -> dict[str, str | None]:
    return {str(then): str(now) if now else None for then, now in present_units().items()}


def _led_by_present(table: CaseTable, key: str) -> ColumnElement[bool]:
    if key == NOT_RECORDED:
        return table.lead_unit_id.is_(None)
    unit_id = UUID(key)
    then = [each for each, now in present_units().items() if now == unit_id]
    return table.lead_unit_id.in_([unit_id, *then])


def _levels() -> dict[str, str | None]:
    return {str(unit_id): level or NO_LEVEL for unit_id, level in levels().items()}


def _led_at_level(table: CaseTable, key: str) -> ColumnElement[bool]:
    if key == NOT_RECORDED:
        return table.lead_unit_id.is_(None)
    if key not in LEVEL_WORDS:
        raise ValueError(key)
    return table.lead_unit_id.in_([UUID(each) for each, level in _levels().items() if level == key])


def _received_within(table: CaseTable, first: date, last: date) -> ColumnElement[bool]:
    return and_(table.received_on >= first, table.received_on <= last)


def _in_month(table: CaseTable, key: str) -> ColumnElement[bool]:
    first = date.fromisoformat(f"{key}-01")
    next_month = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return _received_within(table, first, next_month - timedelta(days=1))


def _in_year(table: CaseTable, key: str) -> ColumnElement[bool]:
    year = int(key)
    return _received_within(table, date(year, 1, 1), date(year, 12, 31))


BREAKDOWNS: dict[str, Breakdown] = {
    row.name: row
    for row in (
        _by_id("area", _m("Địa bàn"), "area_id", Area),
        _by_id("field", _m("Lĩnh vực"), "field_id", Field),
        _by_id("unit", _m("Đơn vị chủ trì"), "lead_unit_id", Unit),
        replace(
            _by_id("unit_now", _m("Đơn vị chủ trì hiện nay"), "lead_unit_id", Unit),
            condition=_led_by_present,
            counted_under=_present,
        ),
        replace(
            _by_id("level", _m("Cấp chịu trách nhiệm"), "lead_unit_id", Unit),
            condition=_led_at_level,
            catalogue=None,
            words=LEVEL_WORDS,
            counted_under=_levels,
        ),
        _by_id("channel", _m("Kênh tiếp nhận"), "channel_id", Channel),
        Breakdown(
            "month",
            _m("Tháng tiếp nhận"),
            lambda table: (extract("year", table.received_on), extract("month", table.received_on)),
            lambda year, month: f"{int(year):04}-{int(month):02}",
            _in_month,
        ),
        Breakdown(
            "year",
            _m("Năm tiếp nhận"),
            lambda table: (extract("year", table.received_on),),
            lambda year: f"{int(year):04}",
            _in_year,
        ),
    )
}
