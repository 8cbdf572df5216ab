"""Subtotals of a register: rows that count others, and whether they count right."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.registers.remarks import Remark
from tracker.registers.workbook import Cell, is_blank, text_of
from tracker.rules.headings import plain
from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import clean

_DISAGREES = _m("Dòng %(row)s “%(label)s” ghi %(claimed)s, trong sổ có %(counted)s")

# The whole text must be of such words: "Cộng đồng dân cư phản ánh …" is an opinion.
_LABEL = re.compile(
    r"(?:tong cong|tong so|tong|cong don|cong chuyen|cong|luy ke|mang sang|chuyen sang)"
    r"(?: (?:trang|thang|quy|nam|ky|tuan|dot|ngay|den|tu|het|ca|toan|chung|sang|truoc|nay|sau|dau"
    r"|cuoi|so|noi dung|vu viec|y kien|truong hop|don|luy ke|\d{1,4}|[ivx]+))*"
)
_MONTH = re.compile(r"cong thang (\d{1,2}) (\d{4})\b")
_YEAR = re.compile(r"cong nam (\d{4})\b")
_ALL = re.compile(r"tong (?:cong|so)(?: \d+)?")


@dataclass(frozen=True, slots=True)
class Subtotal:
    """A row that counts: of which (year, month), (year,) or, empty, everything; None unknown."""

    row: int
    label: str
    period: tuple[int, ...] | None
    claimed: int | None


class Subtotals:
    """The subtotals of a sheet beside its cases, counted by year and month of receipt."""

    def __init__(self) -> None:
        self._claims: list[Subtotal] = []
        self._counts: Counter[tuple[int, ...]] = Counter()

    def claim(self, subtotal: Subtotal) -> None:
        """Keep what a row says, to be compared at the end."""
        self._claims.append(subtotal)

    def count(self, received_on: date) -> None:
        """Count a case."""
        year, month = received_on.year, received_on.month
        self._counts.update([(), (year,), (year, month)])

    def disagreements(self) -> list[Remark]:
        """Return a note for each subtotal that isn't the number of cases taken in."""
        return [
            Remark(
                _DISAGREES,
                {
                    "row": str(claim.row),
                    "label": claim.label,
                    "claimed": str(claim.claimed),
                    "counted": str(self._counts[claim.period]),
                },
            )
            for claim in self._claims
            if claim.period is not None
            and claim.claimed is not None
            and claim.claimed != self._counts[claim.period]
        ]


def read_subtotal(row: int, cells: Sequence[Cell]) -> Subtotal | None:
    """Return the subtotal that a row is; None when it has a text of its own or a date."""
    filled = [cell for cell in cells if not is_blank(cell)]
    shown = [clean(text_of(cell)) for cell in filled]
    texts = [text for text in shown if text and not text.isdigit()]
    if len(texts) != 1 or any(isinstance(cell, date) for cell in filled):
        return None
    words = plain(texts[0])
    if not _LABEL.fullmatch(words):
        return None
    numbers = [int(text) for text in shown if text.isdigit()]
    return Subtotal(row, texts[0], _period(words), numbers[0] if len(numbers) == 1 else None)


def _period(words: str) -> tuple[int, ...] | None:
    """Return which cases a subtotal counts, None when its words don't say."""
    if month := _MONTH.fullmatch(words):
        return int(month[2]), int(month[1])
    if year := _YEAR.fullmatch(words):
        return (int(year[1]),)
    return () if _ALL.fullmatch(words) else None
