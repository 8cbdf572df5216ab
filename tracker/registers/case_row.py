"""One row of a register that is a case: its cells read, each doubt named beside its cell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from tracker.registers.remarks import Remark
from tracker.registers.safety import Lost
from tracker.registers.workbook import Cell, is_blank, text_of
from tracker.rules.headings import Recognised
from tracker.rules.labels import mark as _m
from tracker.rules.results import OPEN, Result, UnknownResult, read_result
from tracker.rules.vietnamese import DoubtfulDate, clean, format_date, parse_date

EARLIEST = date(1990, 1, 1)
"""No register in a computer is older; a year like 1916 is a slip of the hand."""
LONGEST_DEADLINE = timedelta(days=5 * 366)
LONGEST_TEXT = 20_000
"""Characters of one cell; longer ones are whole documents pasted by mistake."""
SHOWN_LENGTH = 80

_NO_CONTENT = _m("thiếu nội dung")
_NO_RECEIVED_DATE = _m("thiếu ngày tiếp nhận")
_NO_ANSWER_DATE = _m("đã kết thúc nhưng thiếu ngày trả lời")
_ANSWERED_WHILE_OPEN = _m("có ngày trả lời nhưng kết quả chưa kết thúc")
_BEFORE_RECEIPT = _m("sớm hơn ngày tiếp nhận")
_NOT_A_DATE = _m("ô không phải là ngày tháng năm")
_UNKNOWN_RESULT = _m("không rõ kết quả này là đã kết thúc hay chưa")
_TOO_LONG = _m("ô dài %(length)s ký tự, nhiều nhất %(most)s")

# What a missing column is called in a message, as the file has no title for it.
_TITLES = {
    "content": _m("Nội dung"),
    "received_on": _m("Ngày tiếp nhận"),
    "answered_on": _m("Ngày trả lời"),
}

_clean_line = lru_cache(maxsize=8192)(clean)


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """A row that is a case. Texts are clean (NFC, single spaces); empty where nothing stands.

    `result_text` is the cell's text and `result` what it says. `extra` has the columns that no
    table names: title as written -> text.
    """

    sheet: str
    row: int
    number: str
    received_on: date
    channel: str
    field: str
    content: str
    area: str
    unit: str
    assigned_on: date | None
    due_on: date | None
    answered_on: date | None
    result: Result
    result_text: str
    note: str
    document_number: str
    document_date: date | None
    extra: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RowError:
    """A doubt about one cell: `column` is titled as in the file, `value` as the cell shows it."""

    sheet: str
    row: int
    column: str
    value: str
    why: Remark


class _CaseRow:
    """The cells of one row by our column names, and the errors found so far."""

    def __init__(
        self, sheet: str, row: int, cells: Sequence[Cell], heading: Recognised, today: date
    ) -> None:
        self.sheet = sheet
        self.row = row
        self.titles = heading.titles
        self.today = today
        self.errors: list[RowError] = []
        self.cells = {
            name: cells[index] for index, name in heading.columns.items() if index < len(cells)
        }
        self.extra = self._extra(cells, heading)

    def refuse(self, name: str, reason: str, **values: str) -> None:
        """Add an error beside the cell of column `name`."""
        title = self.titles.get(name) or _TITLES.get(name, name)
        shown = clean(text_of(self.cells.get(name, "")))[:SHOWN_LENGTH]
        self.errors.append(RowError(self.sheet, self.row, title, shown, Remark(reason, values)))

    def is_blank(self, name: str) -> bool:
        """Return whether column `name` is empty in this row."""
        return is_blank(self.cells.get(name, ""))

    def text(self, name: str, *, keep_lines: bool = False) -> str:
        """Return a column's clean text; refuses what is lost or too long."""
        cell = self.cells.get(name, "")
        if isinstance(cell, Lost):
            self.refuse(name, cell.value)
            return ""
        text = text_of(cell)
        if len(text) > LONGEST_TEXT:
            self.refuse(name, _TOO_LONG, **_lengths(text))
            return ""
        return clean(text, keep_lines=True) if keep_lines else _clean_line(text)

    def day(self, name: str, latest: date) -> date | None:
        """Return a column's date, None where the cell is empty; refuses a doubtful one."""
        cell = self.cells.get(name, "")
        try:
            if isinstance(cell, date):
                return _certain_day(cell, latest)
            if isinstance(cell, str):
                return None if is_blank(cell) else _written_day(cell, latest)
        except DoubtfulDate as error:
            self.refuse(name, error.reason, **error.values)
            return None
        self.refuse(name, cell.value if isinstance(cell, Lost) else _NOT_A_DATE)
        return None

    def past_day(self, name: str, received_on: date | None) -> date | None:
        """Return a column's date, not before receipt and not after today."""
        return self._since_receipt(name, self.day(name, self.today), received_on)

    def due_day(self, received_on: date | None) -> date | None:
        """Return the due date, not before receipt and not absurdly late."""
        latest = (received_on or self.today) + LONGEST_DEADLINE
        return self._since_receipt("due_on", self.day("due_on", latest), received_on)

    def _since_receipt(self, name: str, day: date | None, received_on: date | None) -> date | None:
        """Return `day`, refusing one before receipt."""
        if day is not None and received_on is not None and day < received_on:
            self.refuse(name, _BEFORE_RECEIPT)
        return day

    def result(self, text: str, answered_on: date | None) -> Result:
        """Return what the result says; refuses unknown words and a missing or idle answer date."""
        if not text and not self.is_blank("result"):
            return OPEN  # refused already
        try:
            result = read_result(text)
        except UnknownResult:
            self.refuse("result", _UNKNOWN_RESULT)
            return OPEN
        if result.state == "ended" and self.is_blank("answered_on"):
            self.refuse("answered_on", _NO_ANSWER_DATE)
        if result.state == "open" and answered_on is not None:
            self.refuse("answered_on", _ANSWERED_WHILE_OPEN)
        return result

    def _extra(self, cells: Sequence[Cell], heading: Recognised) -> dict[str, str]:
        """Return the filled cells of columns without a name of ours, by their titles."""
        extra: dict[str, str] = {}
        for index, cell in enumerate(cells):
            if index in heading.columns or is_blank(cell):
                continue
            title = heading.unknown.get(index) or column_letters(index)
            while title in extra:
                title += f" {column_letters(index)}"
            extra[title] = self._extra_text(title, cell)
        return extra

    def _extra_text(self, title: str, cell: Cell) -> str:
        """Return the clean text of an extra cell; refuses what is lost or too long."""
        text = text_of(cell)
        if isinstance(cell, Lost):
            self.errors.append(RowError(self.sheet, self.row, title, "", Remark(cell.value)))
        elif len(text) > LONGEST_TEXT:
            why = Remark(_TOO_LONG, _lengths(text))
            shown = clean(text[:SHOWN_LENGTH])
            self.errors.append(RowError(self.sheet, self.row, title, shown, why))
        return clean(text, keep_lines=True)


def read_case(
    sheet: str, row: int, cells: Sequence[Cell], heading: Recognised, today: date
) -> RegisterRow | list[RowError]:
    """Return the case that a row is, or everything that is doubtful in it.

    `row` counts from 1 as Excel does; no date but the due date may be after `today`.
    """
    case = _CaseRow(sheet, row, cells, heading, today)
    received_on = case.day("received_on", today)
    if case.is_blank("received_on"):
        case.refuse("received_on", _NO_RECEIVED_DATE)
    content = case.text("content", keep_lines=True)
    if case.is_blank("content"):
        case.refuse("content", _NO_CONTENT)
    answered_on = case.past_day("answered_on", received_on)
    result_text = case.text("result")
    fields: dict[str, Any] = {
        "number": case.text("number"),
        "channel": case.text("channel"),
        "field": case.text("field"),
        "area": case.text("area"),
        "unit": case.text("unit"),
        "assigned_on": case.past_day("assigned_on", received_on),
        "due_on": case.due_day(received_on),
        "result": case.result(result_text, answered_on),
        "note": case.text("note", keep_lines=True),
        "document_number": case.text("document_number"),
        "document_date": case.day("document_date", today),
    }
    if case.errors or received_on is None:
        return case.errors
    return RegisterRow(
        sheet=sheet,
        row=row,
        received_on=received_on,
        content=content,
        answered_on=answered_on,
        result_text=result_text,
        extra=case.extra,
        **fields,
    )


def column_letters(index: int) -> str:
    """Return the name that Excel gives the column of an index from 0: 0 is A, 26 is AA."""
    letters = ""
    while index >= 0:
        index, letter = divmod(index, 26)
        letters = chr(ord("A") + letter) + letters
        index -= 1
    return letters


def _certain_day(day: date, latest: date) -> date:
    """Return a date cell's day; raises DoubtfulDate when it is out of bounds."""
    day = day.date() if isinstance(day, datetime) else day
    if EARLIEST <= day <= latest:
        return day
    return parse_date(format_date(day), earliest=EARLIEST, latest=latest)


@lru_cache(maxsize=8192)
def _written_day(text: str, latest: date) -> date:
    """Return the day that a text names; raises DoubtfulDate."""
    return parse_date(text, earliest=EARLIEST, latest=latest)


def _lengths(text: str) -> dict[str, str]:
    """Return what fills the placeholders of the message for a text that is too long."""
    return {"length": str(len(text)), "most": str(LONGEST_TEXT)}
