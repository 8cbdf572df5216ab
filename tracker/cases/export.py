"""A list of cases as an Excel workbook: the columns that one chose, and no persons."""

from collections.abc import Iterable
from datetime import date
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from xlsxwriter import Workbook

from tracker.cases.listing import Row
from tracker.cases.shown import COLUMNS, standings
from tracker.rules.access import NORMAL
from tracker.rules.workflow import KIND_LABELS

MOST_ROWS = 20_000
LONGEST_CELL = 32_767  # Excel's own limit
WIDTHS = {"code": 18, "content": 60, "area": 20, "field": 20, "unit": 28}
USUAL_WIDTH = 14


def write(target: IO[bytes], rows: Iterable[Row], columns: Iterable[str]) -> tuple[int, list[UUID]]:
    """Writes `rows` row by row, and says so below them where there may be more than these.

    Text is written as text: what people typed is never to be taken for a formula. Returns how
    many rows there were, and the cases among them that are protected.
    """
    names = ["code", "content", *_with_field(columns)]
    titles = {"code": _("Mã"), "content": _("Nội dung"), "area": _("Địa bàn")}
    titles |= {"field": _("Lĩnh vực")}
    # Each row goes to the disk at once, so that a long list takes no more memory than a short one.
    book = Workbook(target, {"constant_memory": True})
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter"})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd/mm/yyyy", "valign": "top"})
    sheet = book.add_worksheet(_("Vụ việc"))
    sheet.freeze_panes(1, 1)
    for column, name in enumerate(names):
        sheet.set_column(column, column, WIDTHS.get(name, USUAL_WIDTH))
        sheet.write_string(0, column, titles.get(name) or _(COLUMNS[name]), heading)
    number, words, protected = 0, standings(), []
    kinds = {str(kind): _(label) for kind, label in KIND_LABELS.items()}
    for number, row in enumerate(rows, start=1):
        if row.confidentiality not in NORMAL:
            protected.append(row.id)
        for column, name in enumerate(names):
            value = getattr(row, name)
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            else:
                text = {"state": words[row.outcome or row.state], "kind": kinds[row.kind]}
                said = text.get(name) or value or ""
                sheet.write_string(number, column, said[:LONGEST_CELL], plain)
    if number == MOST_ROWS:
        told = _("Tệp chỉ có 20.000 vụ việc đầu của danh sách; hãy lọc bớt để lấy phần còn lại.")
        sheet.write_string(number + 1, 0, told, heading)
    book.close()
    return number, protected


def _with_field(columns: Iterable[str]) -> list[str]:
    """The columns, an area's followed by the field: on the page the two share one."""
    found = list(columns)
    if "area" in found:
        found.insert(found.index("area") + 1, "field")
    return found
