"""Bars of a report: how long each is, and what it says; `reports/_chart.html` draws them."""

from dataclasses import dataclass

from tracker.reports.service import Report
from tracker.rules.counting import MEASURES

BARS = ("received", "resolved")
# In percent of the width: the rest is for the words behind the longest bar.
LONGEST = 56


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its measure, the measure's label, the figure, its width in percent."""

    measure: str
    label: str
    value: int
    width: float


@dataclass(frozen=True, slots=True)
class Bars:
    """The bars of one row of the report."""

    key: str
    key_id: str
    bars: list[Bar]


def bars(report: Report) -> list[Bars]:
    """The bars of each row that has something to draw, on one scale."""
    figures = [
        (row, [value for name in BARS if isinstance(value := row.values[name], int)])
        for row in report.rows
    ]
    longest = max((value for _row, values in figures for value in values), default=0)
    return [
        Bars(row.key, row.key_id, [_bar(*each, longest) for each in zip(BARS, values, strict=True)])
        for row, values in figures
        if any(values)
    ]


def _bar(name: str, value: int, longest: int) -> Bar:
    return Bar(name, MEASURES[name].label, value, round(LONGEST * value / longest, 2))
