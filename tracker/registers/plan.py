"""What taking in a file would do: every row judged, nothing written."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Row, select

from tracker.cases.models import Case
from tracker.core.db import db
from tracker.registers.catalogue import CATALOGUES, Names
from tracker.registers.remarks import Remark
from tracker.registers.rows import PassedOver, Reading, RegisterRow, RowError, read_register
from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import fold, format_date

Progress = Callable[[int, int], None]
"""Is told how many rows of how many are done; may raise to stop the work."""

Confirmed = Mapping[str, frozenset[str]]
"""Column -> the names, as they are compared, that may be created."""

PASSED_OVER_LABELS = {
    "subtotal": _m("dòng cộng"),
    "blank": _m("dòng trống"),
    "repeated": _m("dòng lặp lại hoặc đã nhập"),
    "heading": _m("dòng tiêu đề"),
}
UNKNOWN_NAME = _m("chưa có trong danh mục")
CHUNK = 500

_ALREADY_IN = _m("đã có trong hệ thống, vụ việc %(code)s")
_ALREADY_IN_DIFFERENTLY = _m(
    "đã có trong hệ thống, vụ việc %(code)s; tệp ghi kết quả hoặc ngày trả lời khác, không sửa"
)
_AMBIGUOUS = _m("có nhiều đơn vị cùng tên này")
_NO_UNIT = _m("có ngày giao nhưng thiếu đơn vị được giao")
_BEFORE_ASSIGNMENT = _m("sớm hơn ngày giao")


def nobody_waits(_done: int, _total: int) -> None:
    """The progress of work that nobody watches."""


@dataclass(frozen=True, slots=True)
class NewCase:
    """A row that will be a case, and by what it is known again when it comes a second time."""

    row: RegisterRow
    register_key: str


@dataclass
class Plan:
    """The rows of a register, judged: each is in exactly one of the three lists.

    A row has as many errors as doubtful cells. unknown: column -> names that no catalogue has,
    as they would be kept, in the order of their first rows.
    """

    register: str
    rows: int
    cases: list[NewCase] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    unknown: dict[str, list[str]] = field(default_factory=dict)
    notes: list[Remark] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many rows were passed over, for each reason."""
        found = Counter[str](row.reason for row in self.passed_over)
        return {reason: found[reason] for reason in PASSED_OVER_LABELS}

    def error_row_count(self) -> int:
        """How many rows have errors."""
        return len({(error.sheet, error.row) for error in self.errors})

    def told_errors(self, most: int | None = None) -> list[dict[str, Any]]:
        """The errors, or the first `most` of them, as they can be kept and told later."""
        return [
            {
                "row": error.row,
                "column": error.column,
                "value": error.value,
                "reason": error.why.reason,
                "values": dict(error.why.values),
            }
            for error in self.errors[:most]
        ]


def make_plan(
    source: Path,
    *,
    unit_id: UUID,
    today: date,
    kind: str | None = None,
    confirmed: Confirmed | None = None,
    progress: Progress = nobody_waits,
) -> Plan:
    """Reads and judges a workbook for the unit `unit_id`.

    confirmed: the unknown names that are no error; None allows all. Raises UnreadableWorkbook.
    """
    reading = read_register(source, today=today, kind=kind)
    plan = Plan(reading.kind, reading.rows)
    judge = _Judge(plan, reading, Names.load(unit_id), confirmed)
    keys = _Keys()
    told = iter(reading)
    done = 0
    while chunk := list(islice(told, CHUNK)):
        progress(done, plan.rows)
        done = min(done + len(chunk), plan.rows)
        found = [
            NewCase(each, keys.next(each)) if isinstance(each, RegisterRow) else each
            for each in chunk
        ]
        known = _known(unit_id, [each.register_key for each in found if isinstance(each, NewCase)])
        for each in found:
            if isinstance(each, PassedOver):
                plan.passed_over.append(each)
            elif isinstance(each, RowError):
                plan.errors.append(each)
            elif case := known.get(each.register_key):
                plan.passed_over.append(_already_in(each.row, case))
            else:
                judge.judge(each)
    plan.unknown = judge.unknown()
    plan.notes = list(reading.notes)
    progress(plan.rows, plan.rows)
    return plan


class _Keys:
    """By what rows are known again when the same register comes a second time.

    The same number, date and words can stand in two rows that are two cases, as where rows
    bear no number; so the key says which of them it is.
    """

    def __init__(self) -> None:
        self._seen = Counter[bytes]()

    def next(self, row: RegisterRow) -> str:
        """The key of `row`, which stands below all the rows that were asked for before."""
        said = f"{row.number}|{row.received_on.isoformat()}|{fold(row.content)}"
        digest = hashlib.sha256(said.encode())
        self._seen[digest.digest()] += 1
        if (times := self._seen[digest.digest()]) > 1:
            digest.update(f"|{times}".encode())
        return digest.hexdigest()


class _Judge:
    """Our catalogues and rules before the rows that are well written."""

    def __init__(
        self, plan: Plan, reading: Reading, names: Names, confirmed: Confirmed | None
    ) -> None:
        self._plan = plan
        self._reading = reading
        self._names = names
        self._confirmed = confirmed
        self._unknown: dict[str, dict[str, str]] = {column: {} for column in CATALOGUES}

    def judge(self, case: NewCase) -> None:
        """Puts the row among the plan's cases, or what is doubtful in it among the errors."""
        errors = [*self._doubtful_names(case.row), *self._doubtful_dates(case.row)]
        if errors:
            self._plan.errors.extend(errors)
        else:
            self._plan.cases.append(case)

    def unknown(self) -> dict[str, list[str]]:
        """Column -> the names met so far that no catalogue has."""
        return {column: list(names.values()) for column, names in self._unknown.items() if names}

    def _doubtful_names(self, row: RegisterRow) -> Iterator[RowError]:
        day = row.assigned_on or row.received_on
        for column, catalogue in CATALOGUES.items():
            name = getattr(row, column)
            if self._names.is_unknown(column, name):
                key = catalogue.key(name)
                self._unknown[column].setdefault(key, catalogue.kept(name))
                if self._confirmed is not None and key not in self._confirmed.get(column, ()):
                    yield self._error(row, column, name, UNKNOWN_NAME)
            elif self._names.is_ambiguous(column, name, day):
                yield self._error(row, column, name, _AMBIGUOUS)

    def _doubtful_dates(self, row: RegisterRow) -> Iterator[RowError]:
        if row.assigned_on is None:
            return
        if not row.unit:
            yield self._error(row, "assigned_on", format_date(row.assigned_on), _NO_UNIT)
        if row.answered_on is not None and row.answered_on < row.assigned_on:
            yield self._error(row, "answered_on", format_date(row.answered_on), _BEFORE_ASSIGNMENT)

    def _error(self, row: RegisterRow, column: str, value: str, why: str) -> RowError:
        title = self._reading.headings[row.sheet].titles.get(column, column)
        return RowError(row.sheet, row.row, title, value, Remark(why))


_Known = Row[str, str, str | None, date | None]


def _known(unit_id: UUID, keys: Sequence[str]) -> dict[str, _Known]:
    """The unit's cases that came from rows with these keys."""
    found: Iterable[_Known] = db.session.execute(
        select(Case.register_key, Case.code, Case.outcome, Case.answered_on).where(
            Case.unit_id == unit_id, Case.register_key.in_(keys)
        )
    )
    return {case[0]: case for case in found}


def _already_in(row: RegisterRow, case: _Known) -> PassedOver:
    _key, code, outcome, answered_on = case
    is_same = row.result.outcome == outcome and row.answered_on == answered_on
    reason = _ALREADY_IN if is_same else _ALREADY_IN_DIFFERENTLY
    return PassedOver(row.sheet, row.row, "repeated", Remark(reason, {"code": code}))
