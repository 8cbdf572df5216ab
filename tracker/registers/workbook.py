"""Workbooks of offices: opened safely, read row by row.

Read are .xlsx and .xlsm files. A workbook is inspected before it is parsed (`safety`); what
the parser then refuses is a damaged file. Sheets that are hidden aren't read: nobody sees
what would come from them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    load_workbook,
)

from tracker.registers.remarks import UnreadableWorkbook
from tracker.registers.safety import DAMAGED, NOT_A_WORKBOOK, PROTECTED, Lost, inspect
from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import clean, format_date

MOST_FILE_BYTES = 100_000_000

_EMPTY = _m("Tệp rỗng, không có gì để đọc")
_NOT_FOUND = _m("Không mở được tệp %(file)s")
_TOO_HEAVY = _m("Tệp lớn hơn %(megabytes)s MB, không đọc")
_OLD_FORMAT = _m("Tệp .xls kiểu cũ chưa đọc được; hãy lưu lại thành .xlsx")

_ZIP = b"PK"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")

Cell = str | int | float | bool | date | datetime | time | timedelta | Lost
"""A cell's value; the empty text for an empty cell, `Lost` where its value isn't known."""


class Workbook:
    """An opened workbook. `sheets` and `hidden` name its visible and hidden sheets in order."""

    def __init__(self, source: Path | bytes) -> None:
        with _opened(source) as file:
            _check_kind(file)
            self._findings = inspect(file)
        with _damaged_if_refused():
            self._parsed = _parse(source)
            sheets = [
                sheet
                for sheet in self._parsed.sheets_metadata
                if sheet.typ == SheetTypeEnum.WorkSheet
            ]
        visible = SheetVisibleEnum.Visible
        self.sheets = [sheet.name for sheet in sheets if sheet.visible == visible]
        self.hidden = [sheet.name for sheet in sheets if sheet.visible != visible]
        self._last: tuple[str, CalamineSheet] | None = None

    def rows(self, sheet: str) -> Iterator[tuple[int, list[Cell]]]:
        """Yield (row number from 1, cells from column A) of a sheet, empty rows included.

        Raises UnreadableWorkbook when the sheet is damaged.
        """
        parsed = self._sheet(sheet)
        if parsed.start is None:
            return
        left = [""] * parsed.start[1]
        findings = self._findings.get(sheet)
        lost = findings.lost if findings else {}
        end = max(lost, default=-1)
        number = -1
        for number, values in enumerate(parsed.iter_rows()):
            cells: list[Cell] = [*left, *values] if left else list(values)
            yield number + 1, _with_lost(cells, lost[number]) if number in lost else cells
        # The parser ends the sheet at its last value; a row of nothing but lost cells may follow.
        for below in range(number + 1, end + 1):
            yield below + 1, _with_lost([], lost.get(below, {}))

    def height(self, sheet: str) -> int:
        """Return how many rows `rows` yields for a sheet."""
        parsed = self._sheet(sheet)
        if parsed.start is None or parsed.end is None:
            return 0
        findings = self._findings.get(sheet)
        lost = max(findings.lost, default=-1) if findings else -1
        return max(parsed.end[0], lost) + 1

    def _sheet(self, name: str) -> CalamineSheet:
        """Return the parsed sheet, keeping only the last one in memory."""
        if self._last is None or self._last[0] != name:
            self._last = None
            with _damaged_if_refused():
                self._last = (name, self._parsed.get_sheet_by_name(name))
        return self._last[1]


def is_blank(cell: Cell) -> bool:
    """Return whether nothing can be seen in a cell."""
    if not isinstance(cell, str):
        return False
    return not cell or (not cell[0].isalnum() and not clean(cell))


def text_of(cell: Cell) -> str:
    """Return a cell as the office sees it: 16.0 as "16", dates as 07/04/2021, else its text."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Lost):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, date):
        return format_date(cell)
    return str(cell).replace(".", ",") if isinstance(cell, float) else str(cell)


def _with_lost(cells: list[Cell], lost: dict[int, Lost]) -> list[Cell]:
    """Return the row with its lost cells put where the parser gave nothing."""
    cells.extend([""] * (max(lost, default=-1) + 1 - len(cells)))
    for column, why in lost.items():
        cells[column] = why
    return cells


@contextmanager
def _opened(source: Path | bytes) -> Iterator[IO[bytes]]:
    """Open the file; raises UnreadableWorkbook when that can't be."""
    if isinstance(source, bytes):
        yield BytesIO(source)
        return
    try:
        file = source.open("rb")
    except OSError as error:
        raise UnreadableWorkbook(_NOT_FOUND, file=source.name) from error
    with file:
        yield file


def _check_kind(file: IO[bytes]) -> None:
    """Refuse a file that isn't an .xlsx, by its size and first bytes; leave it at its start."""
    size = file.seek(0, 2)
    file.seek(0)
    if size == 0:
        raise UnreadableWorkbook(_EMPTY)
    if size > MOST_FILE_BYTES:
        raise UnreadableWorkbook(_TOO_HEAVY, megabytes=str(MOST_FILE_BYTES // 1_000_000))
    start = file.read(len(_OLE))
    if start == _OLE:
        raise UnreadableWorkbook(PROTECTED if _ENCRYPTED in file.read() else _OLD_FORMAT)
    if not start.startswith(_ZIP):
        raise UnreadableWorkbook(NOT_A_WORKBOOK)
    file.seek(0)


def _parse(source: Path | bytes) -> CalamineWorkbook:
    """Let the parser open the workbook."""
    return load_workbook(BytesIO(source) if isinstance(source, bytes) else source)


@contextmanager
def _damaged_if_refused() -> Iterator[None]:
    """Turn what the parser raises into UnreadableWorkbook.

    A fault inside the parser comes as a PanicException, which is no Exception.
    """
    try:
        yield
    except CalamineError as error:
        raise UnreadableWorkbook(DAMAGED) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise UnreadableWorkbook(DAMAGED) from error
        raise
