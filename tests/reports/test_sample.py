"""The district's published account: 608 items, 593 resolved, 97,5%, 15 still open.

The figures by area, year and lateness are counted here straight from the workbook, by a reading
of its own that shares nothing with the import.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.reports.office import Office
from tracker.registers import service as registers
from tracker.reports import service, wording
from tracker.settings import PROJECT
from tracker.units.queries import command_line

SAMPLE = PROJECT / "tracker" / "registers" / "sample" / "so-theo-doi-dlxh.xlsx"
PERIOD = {"first": date(2016, 5, 16), "last": date(2021, 3, 10)}
NOW = datetime(2021, 3, 10, 9, 0, tzinfo=UTC)
STILL_OPEN = {"", "Đang giải quyết", "Đã giao đơn vị", "Đang xác minh"}
EXPLAINED = "Đã trả lời, định hướng dư luận"


@dataclass(frozen=True)
class Item:
    """A row of the workbook as a person reads it."""

    area: str
    received_on: date
    due_on: date
    answered_on: date | None
    result: str

    @property
    def is_resolved(self) -> bool:
        return self.result not in STILL_OPEN

    @property
    def is_late(self) -> bool:
        return self.answered_on is not None and self.answered_on > self.due_on


def text(cell: Any) -> str:
    return unicodedata.normalize("NFC", " ".join(str(cell or "").split()))


def day(cell: Any) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    found = re.fullmatch(r"(\d+)\D(\d+)\D(\d{4})", text(cell))
    return date(*map(int, reversed(found.groups()))) if found else None


def items() -> list[Item]:
    sheet = load_workbook(SAMPLE).worksheets[0]
    numbered: dict[int, Item] = {}
    for row in sheet.iter_rows(min_row=5, values_only=True):
        if isinstance(row[0], int):
            # Of a row that was pasted twice the first counts.
            numbered.setdefault(row[0], read(row))
    return list(numbered.values())


def read(row: tuple[Any, ...]) -> Item:
    area = re.sub(r"^(phường |p\.\s*)", "", text(row[5]), flags=re.IGNORECASE)
    received_on, due_on, answered_on = (day(row[column]) for column in (1, 8, 9))
    assert received_on
    assert due_on
    return Item(area, received_on, due_on, answered_on, text(row[10]))


@pytest.fixture
def report(office: Office) -> Callable[..., service.Report]:
    """Asks for the published period, once the register was taken in."""
    keeper = command_line(office.unit)
    imported = registers.take_in(SAMPLE, file_name=SAMPLE.name, actor=keeper, now=NOW)
    assert imported.plan.errors == []

    def ask(**asked: Any) -> service.Report:
        return service.opinion_report(keeper, now=NOW, **(PERIOD | asked))

    return ask


def test_the_published_account(report: Callable[..., service.Report]) -> None:
    figures = report()
    said = {name: wording.figure(figures.total, name) for name in figures.total}
    assert said["received"] == "608"
    assert said["resolved"] == "593"
    assert said["rate_of_received"] == "97,5%"
    assert said["pending"] == "15"
    assert wording.paragraph(figures).startswith(
        "Từ ngày 16/5/2016 đến ngày 10/3/2021, tiếp nhận 608 nội dung dư luận xã hội; đã giải"
        " quyết 593 nội dung, đạt 97,5%"
    )


def test_by_area_as_counted_in_the_workbook(report: Callable[..., service.Report]) -> None:
    found = items()
    assert len(found) == 608
    counted = {
        "received": Counter(item.area for item in found),
        "resolved": Counter(item.area for item in found if item.is_resolved),
        "resolved_late": Counter(item.area for item in found if item.is_resolved and item.is_late),
        "explained": Counter(item.area for item in found if item.result == EXPLAINED),
        "pending": Counter(item.area for item in found if not item.is_resolved),
    }
    rows = report(by="area").rows
    assert len(rows) == 14
    for measure, counts in counted.items():
        assert counts.total() > 0
        assert {row.key: row.values[measure] for row in rows} == {
            row.key: counts[row.key] for row in rows
        }


def test_by_year_as_counted_in_the_workbook(report: Callable[..., service.Report]) -> None:
    found = items()
    years = Counter(str(item.received_on.year) for item in found)
    late = Counter(str(item.received_on.year) for item in found if item.is_late)
    rows = report(by="year").rows
    assert {row.key: row.values["received"] for row in rows} == years
    assert {row.key: row.values["resolved_late"] for row in rows} == late


def test_each_year_carries_over_what_the_year_before_left(
    report: Callable[..., service.Report],
) -> None:
    found = items()
    for year in range(2017, 2022):
        first = date(year, 1, 1)
        left = [
            item
            for item in found
            if item.received_on < first and (item.answered_on is None or item.answered_on >= first)
        ]
        figures = report(first=first, last=date(year, 12, 31))
        assert figures.total["carried_over"] == len(left)


def test_before_it_was_taken_in_nothing_was_recorded(
    report: Callable[..., service.Report],
) -> None:
    figures = report(as_of=datetime(2021, 3, 10, 8, 59, tzinfo=UTC))
    assert figures.total["received"] == 0
    assert "số liệu có từ 10/03/2021 16:00" in figures.notes[-1]
    assert report(as_of=NOW).total == report().total
