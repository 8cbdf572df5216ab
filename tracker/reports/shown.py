"""A report's rows as its page shows them: every text and address made once, whatever the rows."""

from functools import cache
from typing import NamedTuple
from urllib.parse import urlencode

from flask_babel import gettext as _

from tracker.core.web import number
from tracker.reports.service import Report, Value
from tracker.reports.wording import COLUMNS, figure
from tracker.rules.counting import MEASURES

BARS = ("received", "resolved")
# In percent of the width: the rest is for the words behind the longest bar.
LONGEST = 56


class Cell(NamedTuple):
    """A figure as it is written, and where its cases are listed: a rate has no such place."""

    text: str
    address: str | None


class Bar(NamedTuple):
    """One bar of the chart: its words, where it leads, its width in percent."""

    text: str
    address: str
    width: float


class ShownRow(NamedTuple):
    """A row of the table, with its bars in the chart: none where there is nothing to draw."""

    key: str
    cells: list[Cell]
    bars: list[Bar]


def shown(report: Report, list_address: str) -> tuple[list[ShownRow], list[Cell]]:
    """The rows of `report`, and the cells of its total.

    list_address: of the page that lists cases, the report's own question in it.
    """
    written = cache(number)
    labels = {name: _(MEASURES[name].label).lower() for name in BARS}
    longest = max((_count(row.values, name) for row in report.rows for name in BARS), default=0)

    def cells(values: dict[str, Value], address: str) -> list[Cell]:
        return [
            Cell(written(_count(values, name)), f"{address}{name}")
            if name in MEASURES
            else Cell(figure(values, name), None)
            for name in COLUMNS
        ]

    def bars(values: dict[str, Value], address: str) -> list[Bar]:
        counts = {name: _count(values, name) for name in BARS}
        if not any(counts.values()):
            return []
        return [
            Bar(f"{written(count)} {labels[name]}", f"{address}{name}", _width(count, longest))
            for name, count in counts.items()
        ]

    rows = []
    for row in report.rows:
        address = f"{list_address}&{urlencode({'key': row.key_id})}&measure="
        rows.append(ShownRow(row.key, cells(row.values, address), bars(row.values, address)))
    return rows, cells(report.total, f"{list_address}&measure=")


def _count(values: dict[str, Value], name: str) -> int:
    count = values[name]
    assert isinstance(count, int)
    return count


def _width(count: int, longest: int) -> float:
    return round(LONGEST * count / longest, 2)
