"""The report as an Excel workbook: real numbers, ready to print on A4."""

from collections.abc import Iterable, Sequence
from io import BytesIO
from typing import Protocol

from flask_babel import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.core.web import instant
from tracker.reports.breakdowns import BREAKDOWNS
from tracker.reports.service import Report, Value
from tracker.reports.wording import COLUMNS, paragraph, period
from tracker.rules.counting import RATES
from tracker.units.letterhead import unit_lines
from tracker.units.models import Unit

FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
CELL = FONT | {"border": 1}
STYLES = {
    "plain": FONT,
    "wrapped": FONT | {"text_wrap": True, "valign": "top"},
    "office": FONT | {"bold": True},
    "title": FONT | {"bold": True, "font_size": 14, "align": "center"},
    "subtitle": FONT | {"italic": True, "align": "center"},
    "heading": CELL | {"bold": True, "text_wrap": True, "align": "center"},
    "name": CELL | {"text_wrap": True, "indent": 1},
    "number": CELL | {"num_format": "#,##0"},
    "percent": CELL | {"num_format": "0.0%"},
    "total name": CELL | {"bold": True, "indent": 1},
    "total number": CELL | {"bold": True, "num_format": "#,##0"},
    "total percent": CELL | {"bold": True, "num_format": "0.0%"},
    "sentence": CELL | {"text_wrap": True, "indent": 1},
}


class Defined(Protocol):
    """A figure with what it counts."""

    @property
    def label(self) -> str: ...
    @property
    def sentence(self) -> str: ...


NAME_WIDTH, FIGURE_WIDTH = 30, 11.5
LAST = len(COLUMNS)
LINE_HEIGHT, LINE_LENGTH, ROW_HEIGHT = 16, 135, 19


def paper(report: Report, unit: Unit | None) -> bytes:
    """The workbook's bytes, headed by `unit`: the figures, and what each of them means."""
    written = BytesIO()
    with Workbook(written, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": _("Báo cáo dư luận xã hội")})
        styles = {name: workbook.add_format(style) for name, style in STYLES.items()}
        _figures(workbook.add_worksheet(_("Số liệu")), report, unit, styles)
        definitions(workbook.add_worksheet(_("Cách tính")), COLUMNS.values(), styles)
    return written.getvalue()


def _figures(
    sheet: Worksheet, report: Report, unit: Unit | None, styles: dict[str, Format]
) -> None:
    titles = (
        _("BÁO CÁO DƯ LUẬN XÃ HỘI"),
        period(report)[:1].upper() + period(report)[1:],
        _("Số liệu tính đến %(instant)s", instant=instant(report.as_of)),
    )
    row = heading_of_office(sheet, titles, unit, styles, LAST)
    set_up(sheet, row, LAST)
    first = _(BREAKDOWNS[report.by].label) if report.by else ""
    for column, label in enumerate([first, *(_(each.label) for each in COLUMNS.values())]):
        sheet.write_string(row, column, label, styles["heading"])
    for each in report.rows:
        row += 1
        _line(sheet, row, each.key, each.values, styles, "")
    row += 1
    _line(sheet, row, _("Tổng cộng"), report.total, styles, "total ")
    for note in [paragraph(report), *report.notes]:
        row += 1
        sheet.set_row(row, LINE_HEIGHT * (1 + len(note) // LINE_LENGTH))
        sheet.merge_range(row, 0, row, LAST, "", styles["wrapped"])
        sheet.write_string(row, 0, note, styles["wrapped"])


def heading_of_office(
    sheet: Worksheet,
    titles: Sequence[str],
    unit: Unit | None,
    styles: dict[str, Format],
    last: int,
) -> int:
    """Writes the office and the titles over all columns up to `last`; returns the next row."""
    lines = unit_lines(unit)
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line, styles["office" if row == len(lines) - 1 else "plain"])
    row = len(lines)
    for place, line in enumerate(titles):
        style = styles["subtitle" if place else "title"]
        sheet.merge_range(row, 0, row, last, "", style)
        sheet.write_string(row, 0, line, style)
        row += 1
    return row + 1


def set_up(sheet: Worksheet, heading_row: int, last: int) -> None:
    """Sets widths, what stays in sight, and A4 for a table that has columns up to `last`."""
    sheet.set_default_row(ROW_HEIGHT)
    sheet.set_column(0, 0, NAME_WIDTH)
    sheet.set_column(1, last, FIGURE_WIDTH)
    sheet.set_row(heading_row, LINE_HEIGHT * 3.5)
    sheet.freeze_panes(heading_row + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(heading_row)
    sheet.set_footer("&C&P/&N")


def _line(
    sheet: Worksheet,
    row: int,
    key: str,
    values: dict[str, Value],
    styles: dict[str, Format],
    kind: str,
) -> None:
    # What people typed is never to be taken for a formula.
    sheet.write_string(row, 0, key, styles[f"{kind}name"])
    for column, name in enumerate(COLUMNS, start=1):
        style = styles[f"{kind}percent" if name in RATES else f"{kind}number"]
        value = values[name]
        if value is None:
            sheet.write_blank(row, column, None, style)
        else:
            sheet.write_number(row, column, value / 100 if name in RATES else value, style)


def definitions(sheet: Worksheet, rows: Iterable[Defined], styles: dict[str, Format]) -> None:
    """What each figure counts."""
    sheet.set_column(0, 0, NAME_WIDTH)
    sheet.set_column(1, 1, 70)
    sheet.set_default_row(2 * ROW_HEIGHT)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    for column, label in enumerate((_("Chỉ tiêu"), _("Cách tính"))):
        sheet.write_string(0, column, label, styles["heading"])
    for row, measure in enumerate(rows, start=1):
        sheet.write_string(row, 0, _(measure.label), styles["name"])
        sheet.write_string(row, 1, _(measure.sentence), styles["sentence"])
    sheet.freeze_panes(1, 0)
