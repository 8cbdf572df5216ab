"""From a workbook to cases: every row of a register's sheets is told as exactly one thing.

A row is a case, or it is passed over with its reason, or it has errors; none disappears. The
sheets whose heading is known are read in their order, hidden sheets never.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Literal

from tracker.registers.case_row import RegisterRow, RowError, read_case
from tracker.registers.remarks import Remark, UnreadableWorkbook
from tracker.registers.subtotals import Subtotals, read_subtotal
from tracker.registers.workbook import Cell, Workbook, is_blank, text_of
from tracker.rules.headings import Recognised, plain, recognise
from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import clean, fold

__all__ = ["PassedOver", "Reading", "RegisterRow", "RowError", "read_register"]

HEADING_WITHIN_ROWS = 30
SHOWN_LENGTH = 60

_NO_HEADING = _m("Không nhận ra tiêu đề cột của loại sổ nào trong %(rows)s dòng đầu")
_NO_DATA = _m("Có tiêu đề cột nhưng không có dòng dữ liệu nào")
_MIXED = _m("Các trang tính thuộc nhiều loại sổ khác nhau; hãy tách thành từng tệp")
_SHEET_WITHOUT_HEADING = _m("Trang “%(sheet)s” không có tiêu đề cột của sổ nên không đọc")
_SHEET_HIDDEN = _m("Trang “%(sheet)s” đang ẩn nên không đọc")

_REPEATED = _m("trùng số và nội dung với dòng %(row)s")
_REPEATED_DIFFERENTLY = _m("trùng số và nội dung với dòng %(row)s; khác ở %(differences)s")
_TITLE = _m("phần đầu trang và tiêu đề cột")
_HEADING_AGAIN = _m("tiêu đề cột lặp lại")
_COLUMN_NUMBERS = _m("dòng đánh số cột")
_PART_TITLE = _m("tên phần")

_COLUMN_NUMBER = re.compile(r"\(?(\d{1,2}|[A-D])\)?")
_PERIOD = re.compile(r"(?:[ivx]+ )?(?:thang|quy|nam)(?: (?:thang|quy|nam|\d{1,4}|[ivx]+))+")


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A row that is no case."""

    sheet: str
    row: int
    reason: Literal["subtotal", "blank", "repeated", "heading"]
    detail: Remark | None = None


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with a known heading, which ends at row `last_heading_row`."""

    name: str
    heading: Recognised
    last_heading_row: int


class Reading:
    """A register being read. Iterate once: the rows come as they are read.

    `kind` is the register's, `rows` how many rows will be told, `headings` what was understood
    of each sheet; `notes` is complete when the iteration is.
    """

    def __init__(self, workbook: Workbook, sheets: Sequence[_Sheet], today: date) -> None:
        self.kind = sheets[0].heading.kind
        self.headings = {sheet.name: sheet.heading for sheet in sheets}
        self.rows = sum(workbook.height(sheet.name) for sheet in sheets)
        self.notes = _notes_on_sheets(workbook, self.headings)
        self._workbook = workbook
        self._sheets = sheets
        self._today = today
        self._recurring = _recurring_keys(workbook, sheets)
        self._first: dict[_Key, tuple[RegisterRow, list[Cell]]] = {}

    def __iter__(self) -> Iterator[RegisterRow | PassedOver | RowError]:
        self._first.clear()
        for sheet in self._sheets:
            subtotals = Subtotals()
            for row, cells in self._workbook.rows(sheet.name):
                passed_over = self._pass_over(sheet, row, cells, subtotals)
                if passed_over is not None:
                    yield passed_over
                    continue
                read = read_case(sheet.name, row, cells, sheet.heading, self._today)
                if isinstance(read, RegisterRow):
                    self._keep(sheet, read, cells)
                    subtotals.count(read.received_on)
                    yield read
                else:
                    yield from read
            self.notes.extend(subtotals.disagreements())

    def _pass_over(
        self, sheet: _Sheet, row: int, cells: list[Cell], subtotals: Subtotals
    ) -> PassedOver | None:
        """Return why a row is no case, or None when it is one."""
        heading = sheet.heading
        if row <= sheet.last_heading_row:
            return PassedOver(sheet.name, row, "heading", Remark(_TITLE))
        if all(is_blank(cell) for cell in cells):
            return PassedOver(sheet.name, row, "blank")
        if kind := _kind_of_heading(cells, heading):
            return PassedOver(sheet.name, row, "heading", Remark(kind))
        if subtotal := read_subtotal(row, cells, heading):
            subtotals.claim(subtotal)
            return PassedOver(sheet.name, row, "subtotal", Remark(subtotal.label))
        key = _key(cells, heading)
        if key is not None and key in self._first:
            return self._repeated(sheet, row, cells, *self._first[key])
        return None

    def _keep(self, sheet: _Sheet, read: RegisterRow, cells: list[Cell]) -> None:
        """Remember a case that comes again further down: the first copy wins."""
        key = _key(cells, sheet.heading)
        if key is not None and hash(key) in self._recurring:
            self._first[key] = (read, cells)

    def _repeated(
        self, sheet: _Sheet, row: int, cells: list[Cell], first: RegisterRow, before: list[Cell]
    ) -> PassedOver | None:
        """Return the row as a copy of `first`, naming what differs in other columns.

        Numbers begin anew on each sheet, so across sheets the date of receipt must agree too.
        """
        differences = dict(_differences(before, cells, sheet.heading))
        if first.sheet != sheet.name:
            if sheet.heading != self.headings[first.sheet]:
                return None
            if sheet.heading.titles["received_on"] in differences:
                return None
        place = str(first.row) if first.sheet == sheet.name else f"{first.row} ({first.sheet})"
        if not differences:
            return PassedOver(sheet.name, row, "repeated", Remark(_REPEATED, {"row": place}))
        told = "; ".join(f"{title}: {change}" for title, change in differences.items())
        remark = Remark(_REPEATED_DIFFERENTLY, {"row": place, "differences": told})
        return PassedOver(sheet.name, row, "repeated", remark)


_Key = tuple[str, str]


def read_register(source: Path | bytes, *, today: date, kind: str | None = None) -> Reading:
    """Return the register in a workbook, ready to be iterated once.

    `today` is the local date that no date but a due date may exceed; `kind` allows only that
    register. Raises UnreadableWorkbook, also while iterating, and KeyError for a kind that
    doesn't exist.
    """
    workbook = Workbook(source)
    found = (_find_heading(workbook, name, kind) for name in workbook.sheets)
    sheets = [sheet for sheet in found if sheet is not None]
    if not sheets:
        raise UnreadableWorkbook(_NO_HEADING, rows=str(HEADING_WITHIN_ROWS))
    if len({sheet.heading.kind for sheet in sheets}) > 1:
        raise UnreadableWorkbook(_MIXED)
    if not any(_has_data(workbook, sheet) for sheet in sheets):
        raise UnreadableWorkbook(_NO_DATA)
    return Reading(workbook, sheets, today)


def _find_heading(workbook: Workbook, name: str, kind: str | None) -> _Sheet | None:
    """Return the sheet with its heading of one row or two, None where it has no known one."""
    top = [
        [text_of(cell) for cell in cells]
        for _, cells in islice(workbook.rows(name), HEADING_WITHIN_ROWS + 1)
    ]
    for index, upper in enumerate(top[:HEADING_WITHIN_ROWS]):
        lower = top[index + 1] if index + 1 < len(top) else []
        both = recognise(_stack(upper, lower), kind)
        single = recognise(upper, kind)
        if both and (single is None or len(both.columns) > len(single.columns)):
            return _Sheet(name, both, index + 2)
        if single:
            return _Sheet(name, single, index + 1)
    return None


def _stack(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """Return a heading of two rows as one: the lower title where there is one."""
    return [below if below.strip() else above for above, below in zip(upper, lower, strict=False)]


def _has_data(workbook: Workbook, sheet: _Sheet) -> bool:
    """Return whether anything stands below a sheet's heading."""
    return any(
        not all(is_blank(cell) for cell in cells)
        for row, cells in workbook.rows(sheet.name)
        if row > sheet.last_heading_row
    )


def _notes_on_sheets(workbook: Workbook, headings: dict[str, Recognised]) -> list[Remark]:
    """Return a note for each sheet that isn't read."""
    unread = [name for name in workbook.sheets if name not in headings and workbook.height(name)]
    return [Remark(_SHEET_WITHOUT_HEADING, {"sheet": name}) for name in unread] + [
        Remark(_SHEET_HIDDEN, {"sheet": name}) for name in workbook.hidden
    ]


def _cell(cells: Sequence[Cell], heading: Recognised, name: str) -> Cell:
    """Return the cell of column `name`, empty where the sheet has none."""
    index = next((index for index, column in heading.columns.items() if column == name), None)
    return cells[index] if index is not None and index < len(cells) else ""


def _key(cells: Sequence[Cell], heading: Recognised) -> _Key | None:
    """Return what two copies of a row share: number and content; None without either."""
    number = clean(text_of(_cell(cells, heading, "number")))
    content = fold(clean(text_of(_cell(cells, heading, "content"))))
    return (number, content) if number and content else None


def _recurring_keys(workbook: Workbook, sheets: Sequence[_Sheet]) -> set[int]:
    """Return hashes of the keys that more than one row has.

    Only those rows are then kept for comparison: a register of 100.000 rows stays small.
    """
    seen: set[int] = set()
    recurring: set[int] = set()
    for sheet in sheets:
        for _, cells in workbook.rows(sheet.name):
            key = hash(_key(cells, sheet.heading))
            (recurring if key in seen else seen).add(key)
    return recurring


def _differences(
    before: Sequence[Cell], after: Sequence[Cell], heading: Recognised
) -> Iterator[tuple[str, str]]:
    """Yield (title, "“first” – “second”") of the columns in which two rows differ."""
    titles = {index: heading.titles[name] for index, name in heading.columns.items()}
    for index, title in sorted({**heading.unknown, **titles}.items()):
        first, second = (
            clean(text_of(cells[index]) if index < len(cells) else "") for cells in (before, after)
        )
        if first != second and heading.columns.get(index) != "content":
            yield title, f"“{first[:SHOWN_LENGTH]}” – “{second[:SHOWN_LENGTH]}”"


def _kind_of_heading(cells: Sequence[Cell], heading: Recognised) -> str | None:
    """Return what a row below the heading repeats of it, None when it is something else."""
    texts = [clean(text_of(cell)) for cell in cells if not is_blank(cell)]
    content = _cell(cells, heading, "content")
    if isinstance(content, str) and plain(content) == plain(heading.titles["content"]):
        return _HEADING_AGAIN
    if _are_column_numbers(texts):
        return _COLUMN_NUMBERS
    if len(texts) == 1 and _PERIOD.fullmatch(plain(texts[0])):
        return _PART_TITLE
    return None


def _are_column_numbers(texts: Sequence[str]) -> bool:
    """Return whether the texts count the columns: (1) (2) (3), or A B 1 2 3."""
    found = [_COLUMN_NUMBER.fullmatch(text) for text in texts]
    if len(found) < 3 or not all(found):
        return False
    numbers = [int(match[1]) for match in found if match and match[1].isdigit()]
    steps = [after - before for before, after in zip(numbers, numbers[1:], strict=False)]
    return len(numbers) >= 2 and Counter(steps).keys() == {1}
