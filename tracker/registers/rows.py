"""From a workbook to cases: every row of a register's sheets is told as exactly one thing.

A row is a case, or it is passed over with its reason, or it has errors; none disappears. The
sheets whose heading is known are read in their order, hidden sheets never.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice, pairwise
from pathlib import Path
from typing import Literal

from tracker.registers.case_row import RegisterRow, RowError, read_case
from tracker.registers.remarks import Remark, UnreadableWorkbook
from tracker.registers.subtotals import Subtotals, read_subtotal
from tracker.registers.workbook import Cell, Workbook, is_blank, text_of
from tracker.rules.headings import Recognised, plain, recognise
from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import clean, fold

__all__ = [
    "PassedOver",
    "Reading",
    "RegisterRow",
    "Remark",
    "RowError",
    "UnreadableWorkbook",
    "read_register",
]

HEADING_WITHIN_ROWS = 30
SHOWN_LENGTH = 60

_NO_HEADING = _m("Không nhận ra tiêu đề cột của loại sổ nào trong %(rows)s dòng đầu")
_NO_DATA = _m("Có tiêu đề cột nhưng không có dòng dữ liệu nào")
_MIXED = _m("Các trang tính thuộc nhiều loại sổ khác nhau; hãy tách thành từng tệp")
_SHEET_WITHOUT_HEADING = _m("Trang “%(sheet)s” không có tiêu đề cột của sổ nên không đọc")
_SHEET_HIDDEN = _m("Trang “%(sheet)s” đang ẩn nên không đọc")

_REPEATED = _m("trùng số và nội dung với dòng %(row)s")
_REPEATED_DIFFERENTLY = _m("trùng số và nội dung với dòng %(row)s; khác ở %(differences)s")
_SUBTOTAL = _m("dòng cộng “%(label)s”")
_TITLE = _m("phần đầu trang và tiêu đề cột")
_HEADING_AGAIN = _m("tiêu đề cột lặp lại")
_COLUMN_NUMBERS = _m("dòng đánh số cột")
_PART_TITLE = _m("tên phần")

_COLUMN_NUMBER = re.compile(r"\(?(\d{1,2}|[A-D])\)?")
_WRITTEN_DATE = re.compile(r"\s*\d[\d/.\-\s]{5,}")
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
    """A register being read: iterating gives its rows as they are read, each time anew.

    `kind` is the register's, `rows` how many rows will be told, `headings` what was understood
    of each sheet; `notes` is complete when the iteration is.
    """

    def __init__(self, workbook: Workbook, sheets: Sequence[_Sheet], today: date) -> None:
        self.kind = sheets[0].heading.kind
        self.headings = {sheet.name: sheet.heading for sheet in sheets}
        self.rows = sum(workbook.height(sheet.name) for sheet in sheets)
        self.notes: list[Remark] = []
        self._workbook = workbook
        self._sheets = sheets
        self._today = today
        self._recurring = _recurring_rows(workbook, sheets)
        self._first: dict[_Key, tuple[RegisterRow, list[Cell]]] = {}

    def __iter__(self) -> Iterator[RegisterRow | PassedOver | RowError]:
        self._first.clear()
        self.notes = _notes_on_sheets(self._workbook, self.headings)
        for sheet in self._sheets:
            subtotals = Subtotals()
            for row, cells in self._workbook.rows(sheet.name):
                passed_over = self._pass_over(sheet, row, cells, subtotals)
                if passed_over is not None:
                    yield passed_over
                    continue
                read = read_case(sheet.name, row, cells, sheet.heading, self._today)
                if isinstance(read, RegisterRow):
                    if (sheet.name, row) in self._recurring:
                        self._first.setdefault(_key(cells, sheet.heading), (read, cells))
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
        if not _is_plainly_a_case(cells, heading):
            if all(is_blank(cell) for cell in cells):
                return PassedOver(sheet.name, row, "blank")
            if kind := _kind_of_heading(cells, heading):
                return PassedOver(sheet.name, row, "heading", Remark(kind))
            if subtotal := read_subtotal(row, cells):
                subtotals.claim(subtotal)
                remark = Remark(_SUBTOTAL, {"label": subtotal.label})
                return PassedOver(sheet.name, row, "subtotal", remark)
        if (sheet.name, row) in self._recurring:
            first = self._first.get(_key(cells, heading))
            return self._repeated(sheet, row, cells, *first) if first else None
        return None

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


_Key = tuple[str, str] | None


def read_register(source: Path | bytes, *, today: date, kind: str | None = None) -> Reading:
    """Return the register in a workbook, ready to be iterated.

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
        one = recognise(upper, kind)
        two = recognise(_stack(upper, lower), kind)
        alone = max(_known(one), _known(recognise(lower, kind)))
        if two and _known(two) > alone:
            return _Sheet(name, two, index + 2)
        if one:
            return _Sheet(name, one, index + 1)
    return None


def _known(heading: Recognised | None) -> int:
    """Return how many columns of a heading are known."""
    return len(heading.columns) if heading else 0


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
    index = heading.places.get(name, len(cells))
    return cells[index] if index < len(cells) else ""


def _is_plainly_a_case(cells: Sequence[Cell], heading: Recognised) -> bool:
    """Return whether a row has a date of receipt and a text: it needs no further look."""
    received_on = _cell(cells, heading, "received_on")
    content = _cell(cells, heading, "content")
    if not isinstance(content, str) or is_blank(content):
        return False
    if isinstance(received_on, str):
        return _WRITTEN_DATE.fullmatch(received_on) is not None
    return isinstance(received_on, date)


def _key(cells: Sequence[Cell], heading: Recognised) -> _Key:
    """Return what two copies of a row share: number and content; None without either."""
    number = clean(text_of(_cell(cells, heading, "number")))
    content = fold(clean(text_of(_cell(cells, heading, "content"))))
    return (number, content) if number and content else None


def _recurring_rows(workbook: Workbook, sheets: Sequence[_Sheet]) -> set[tuple[str, int]]:
    """Return (sheet, row) of the rows that share a key with another.

    Only those are then kept for comparison: a register of 100.000 rows stays small. Keys are
    known here by their hashes, so the keys themselves are compared again later.
    """
    seen: dict[int, tuple[str, int]] = {}
    recurring: set[tuple[str, int]] = set()
    for sheet in sheets:
        for row, cells in workbook.rows(sheet.name):
            if key := _key(cells, sheet.heading):
                place = (sheet.name, row)
                first = seen.setdefault(hash(key), place)
                if first != place:
                    recurring |= {first, place}
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
    steps = [after - before for before, after in pairwise(numbers)]
    return len(numbers) >= 2 and Counter(steps).keys() == {1}
