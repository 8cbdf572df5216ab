"""A report for a terminal and for other programs."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from tracker.core.clock import VIET_NAM
from tracker.reports.breakdowns import BREAKDOWNS
from tracker.reports.service import Report, Value
from tracker.reports.wording import COLUMNS, figure, paragraph

_HEADINGS = {
    "received": "Tiếp nhận",
    "carried_over": "Kỳ trước",
    "resolved": "Giải quyết",
    "explained": "Giải thích",
    "promised": "Hẹn",
    "resolved_late": "Trễ hạn",
    "outside": "Ngoài thẩm quyền",
    "pending": "Còn lại",
    "overdue": "Quá hạn",
    "rate_of_received": "Tỷ lệ",
}


def as_json(report: Report) -> str:
    """The report as JSON: percentages with one decimal, null where there is no denominator."""
    said = {
        "report": report.name,
        "from": report.first.isoformat(),
        "to": report.last.isoformat(),
        "as_of": report.as_of.astimezone(VIET_NAM).isoformat(),
        "total": _numbers(report.total),
        "rows": [{"key": row.key, **_numbers(row.values)} for row in report.rows],
        "notes": report.notes,
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def _numbers(values: dict[str, Value]) -> dict[str, Any]:
    return {
        name: float(value) if isinstance(value, Decimal) else value
        for name, value in values.items()
    }


def as_text(report: Report) -> str:
    """The report for a terminal: the paragraph, an aligned table, the notes."""
    first = _(BREAKDOWNS[report.by].label) if report.by else ""
    lines = [[first, *(_HEADINGS[name] for name in COLUMNS)]]
    lines += [[row.key, *(figure(row.values, name) for name in COLUMNS)] for row in report.rows]
    lines.append([_("Tổng cộng"), *(figure(report.total, name) for name in COLUMNS)])
    return "\n".join(
        [paragraph(report), "", *aligned(lines), "", *(f"- {note}" for note in report.notes)]
    )


def aligned(lines: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table: names to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return [_aligned(line, widths) for line in lines]


def _aligned(cells: Sequence[str], widths: list[int]) -> str:
    first, *figures = zip(cells, widths, strict=True)
    padded = [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in figures)]
    return "  ".join(padded).rstrip()
