"""What taking in a file would do: every row judged, nothing written."""

import hashlib
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from tracker.cases.models import Case
from tracker.core.db import db
from tracker.registers.catalogue import CATALOGUES, Names
from tracker.registers.rows import PassedOver, Reading, RegisterRow, RowError, read_register
from tracker.registers.remarks import Remark
from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import fold, format_date

Progress = Callable[[int, int], None]



def nobody_waits(_done: int, _total: int) -> None:
    """The progress of work that nobody watches."""


PASSED_OVER = ("subtotal", "blank", "repeated", "heading")
PASSED_OVER_LABELS = {
    "subtotal": _m("dòng cộng"),
    "blank": _m("dòng trống"),
    "repeated": _m("dòng lặp lại hoặc đã nhập"),
    "heading": _m("tiêu đề"),
}
ROWS_BETWEEN_NEWS = 500

_ALREADY_IN = _m("đã có trong hệ thống, vụ việc %(code)s")
_UNKNOWN = _m("chưa có trong danh mục")
_NO_UNIT = _m("có ngày giao nhưng thiếu đơn vị được giao")
_BEFORE_ASSIGNMENT = _m("sớm hơn ngày giao")


@dataclass
class Plan:
    """The rows of a register, judged.

    unknown: column -> names that no catalogue has, in the order of their first rows.
    """

    register: str
    rows: int
    cases: list[RegisterRow] = field(default_factory=list)
    passed_over: list[PassedOver] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    unknown: dict[str, list[str]] = field(default_factory=dict)
    notes: list[Remark] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """How many rows were passed over, for each reason."""
        found = Counter(row.reason for row in self.passed_over)
        return {reason: found[reason] for reason in PASSED_OVER}

    def error_rows(self) -> list[dict[str, Any]]:
        """The errors as the command prints them and the import keeps them."""
        return [
            {
                "row": error.row,
                "column": error.column,
                "value": error.value,
                "why": str(error.why),
            }
            for error in self.errors
        ]


def register_key(row: RegisterRow) -> str:
    """By what a row is known again, when the same register comes a second time."""
    said = f"{row.number}|{row.received_on.isoformat()}|{fold(row.content)}"
    return hashlib.sha256(said.encode()).hexdigest()


def make_plan(
    source: bytes,
    *,
    unit_id: UUID,
    today: date,
    kind: str | None = None,
    confirmed: dict[str, set[str]] | None = None,
    progress: Progress = nobody_waits,
) -> Plan:
    """Reads and judges a workbook for the unit `unit_id`.

    confirmed: column -> names that may be created; None allows all. `progress` is told how many
    rows of how many are read, and may raise to stop. Raises UnreadableWorkbook.
    """
    reading = read_register(source, today=today, kind=kind)
    plan = Plan(reading.kind, reading.rows)
    names = Names.load()
    known = dict(
        db.session.execute(
            select(Case.register_key, Case.code).where(
                Case.unit_id == unit_id, Case.register_key.is_not(None)
            )
        )
        .tuples()
        .all()
    )
    unknown: dict[str, dict[str, str]] = {column: {} for column in CATALOGUES}
    for done, told in enumerate(reading):
        if done % ROWS_BETWEEN_NEWS == 0:
            progress(done, reading.rows)
        if isinstance(told, PassedOver):
            plan.passed_over.append(told)
        elif isinstance(told, RowError):
            plan.errors.append(told)
        elif code := known.get(register_key(told)):
            detail = Remark(_ALREADY_IN, {"code": code})
            plan.passed_over.append(PassedOver(told.sheet, told.row, "repeated", detail))
        elif errors := _doubts(told, reading, names, unknown, confirmed):
            plan.errors.extend(errors)
        else:
            plan.cases.append(told)
    plan.unknown = {column: list(found.values()) for column, found in unknown.items() if found}
    plan.notes = list(reading.notes)
    progress(reading.rows, reading.rows)
    return plan


def _doubts(
    row: RegisterRow,
    reading: Reading,
    names: Names,
    unknown: dict[str, dict[str, str]],
    confirmed: dict[str, set[str]] | None,
) -> list[RowError]:
    """What our catalogues have against a row that is well written."""
    titles = reading.headings[row.sheet].titles
    errors = []
    for column, catalogue in CATALOGUES.items():
        name = getattr(row, column)
        if not names.is_unknown(column, name):
            continue
        key = catalogue.key(name)
        unknown[column].setdefault(key, name)
        if confirmed is not None and key not in confirmed.get(column, set()):
            title = titles.get(column, column)
            errors.append(RowError(row.sheet, row.row, title, name, Remark(_UNKNOWN)))
    if row.assigned_on and not row.unit:
        errors.append(_dated_doubt(row, titles, "assigned_on", row.assigned_on, _NO_UNIT))
    if row.assigned_on and row.answered_on and row.answered_on < row.assigned_on:
        errors.append(_dated_doubt(row, titles, "answered_on", row.answered_on, _BEFORE_ASSIGNMENT))
    return errors


def _dated_doubt(
    row: RegisterRow, titles: Mapping[str, str], column: str, day: date, why: str
) -> RowError:
    return RowError(row.sheet, row.row, titles.get(column, column), format_date(day), Remark(why))
