"""Workbooks for tests: registers as offices keep them, and files that mean harm."""

import zipfile
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from io import BytesIO
from typing import Any

import xlsxwriter
from openpyxl import Workbook

HEADING = [
    "STT",
    "Ngày tiếp nhận",
    "Nguồn phản ánh",
    "Lĩnh vực",
    "Nội dung dư luận",
    "Địa bàn",
    "Đơn vị được giao",
    "Ngày giao",
    "Hạn trả lời",
    "Ngày trả lời",
    "Kết quả giải quyết",
    "Ghi chú",
]
CASE: dict[str, Any] = {
    "STT": 1,
    "Ngày tiếp nhận": date(2020, 5, 4),
    "Nguồn phản ánh": "Đường dây nóng",
    "Lĩnh vực": "Giáo dục",
    "Nội dung dư luận": "Trường mầm non quá tải",
    "Địa bàn": "Bồ Đề",
    "Đơn vị được giao": "Phòng Giáo dục và Đào tạo",
    "Ngày giao": date(2020, 5, 5),
    "Hạn trả lời": date(2020, 6, 1),
    "Ngày trả lời": date(2020, 5, 20),
    "Kết quả giải quyết": "Đã giải quyết",
    "Ghi chú": "",
}


def case(**cells: Any) -> list[Any]:
    """Return the cells of a case, those named by our column names changed."""
    names = {
        "number": "STT",
        "received_on": "Ngày tiếp nhận",
        "channel": "Nguồn phản ánh",
        "content": "Nội dung dư luận",
        "area": "Địa bàn",
        "assigned_on": "Ngày giao",
        "due_on": "Hạn trả lời",
        "answered_on": "Ngày trả lời",
        "result": "Kết quả giải quyết",
        "note": "Ghi chú",
    }
    changed = {names[name]: value for name, value in cells.items()}
    return [changed.get(title, CASE[title]) for title in HEADING]


def workbook(*sheets: Iterable[Sequence[Any]], names: Sequence[str] = ()) -> bytes:
    """Return an .xlsx with one sheet for each table; texts stay texts, also "=…"."""
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for index, table in enumerate(sheets):
        sheet = book.add_worksheet(names[index] if names else None)
        for row, cells in enumerate(table):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(row, column, cell, day)
                elif isinstance(cell, str) and cell:
                    sheet.write_string(row, column, cell)
                elif not isinstance(cell, str) and cell is not None:
                    sheet.write_number(row, column, cell)
    book.close()
    return file.getvalue()


def register(*rows: Sequence[Any]) -> bytes:
    """Return a register of one sheet: the heading, and `rows` from row 2 on."""
    return workbook([HEADING, *rows])


def openpyxl_register(change: Callable[[Any], None], *rows: Sequence[Any]) -> bytes:
    """Return a register written by openpyxl, its sheet changed by `change` before saving."""
    book = Workbook()
    sheet = book.active
    for row in (HEADING, *rows):
        sheet.append(list(row))
    change(sheet)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def with_member(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return the workbook with one member of its zip changed."""
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as before,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for member in before.namelist():
            text = before.read(member)
            after.writestr(member, change(text) if member == name else text)
    return file.getvalue()
