"""From a register's row to the rows of our tables, many at a time.

The story of an imported case is honest: its entries bear the register's dates, were recorded
now, by the importer, and name the file's row.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Insert, insert, literal, select

from tracker.cases import clocks, numbering, search, story
from tracker.cases.models import (
    FOREVER,
    REPORTABLE,
    Answer,
    Assignment,
    Case,
    CaseSearch,
    CaseVersion,
    Entry,
    Submission,
)
from tracker.core.db import Base, Instant, new_id
from tracker.registers.case_row import RegisterRow
from tracker.registers.catalogue import Names
from tracker.registers.plan import NewCase
from tracker.rules import access, counting
from tracker.rules.workflow import Kind, Outcome, State

TableRows = dict[type[Base], list[dict[str, Any]]]

# An outcome that no answer precedes is the work of an action of its own.
CLOSING_ACTIONS = {
    Outcome.GUIDED: "guide",
    Outcome.FORWARDED: "forward",
    Outcome.REFUSED: "refuse",
    Outcome.FILED: "file",
    Outcome.WITHDRAWN: "withdraw",
    Outcome.DUPLICATE: "merge",
}


@dataclass(frozen=True)
class Importer:
    """On whose behalf, from which import and at which instant rows are written."""

    kind: Kind
    unit_id: UUID
    user_id: UUID | None
    import_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True)
class _Step:
    """One entry to be: what was done, when by the register's date, and to which state."""

    action: str
    to_state: State
    happened_on: date
    columns: tuple[str, ...]
    text: str = ""


class Numbers:
    """Serials and codes for a whole file, taken from the counters at once."""

    def __init__(self, kind: Kind, cases: Iterable[NewCase]) -> None:
        """Counts on until the transaction ends; other writers of cases wait for that."""
        years = Counter(case.row.received_on.year for case in cases)
        self._kind = kind
        self._serial = numbering.take("serial", years.total())
        self._next = {
            year: numbering.take(numbering.code_counter(kind, year), amount)
            for year, amount in sorted(years.items())
        }

    def next(self, year: int) -> tuple[int, str]:
        """The serial and the code of the next case received in `year`."""
        serial, number = self._serial, self._next[year]
        self._serial += 1
        self._next[year] += 1
        return serial, numbering.code(self._kind, year, number)


def table_rows(
    cases: Iterable[NewCase], names: Names, numbers: Numbers, importer: Importer
) -> TableRows:
    """The rows to insert for `cases`, table by table, in an order that foreign keys allow."""
    tables: TableRows = {
        table: [] for table in (Case, Entry, Submission, Assignment, Answer, CaseSearch)
    }
    for new in cases:
        row = new.row
        case = _case(new, names, numbers, importer)
        tables[Case].append(case)
        tables[Entry].extend(_entries(row, case, importer))
        tables[Submission].append(_submission(case, importer))
        if case["lead_unit_id"]:
            tables[Assignment].append(_assignment(row, case))
        if row.answered_on:
            tables[Answer].append(_answer(row, case, importer))
        tables[CaseSearch].append(
            {
                "serial": case["serial"],
                "case_id": case["id"],
                "folded": search.searchable(
                    case["code"],
                    row.content,
                    row.note,
                    *row.extra.values(),
                    row.document_number if row.answered_on else "",
                ),
                "scope": search.scope(
                    case["serial"], case["unit_id"], case["lead_unit_id"], case["logged_by_id"]
                ),
            }
        )
    return tables


def versions(importer: Importer) -> Insert:
    """The statement that writes what the import's cases say as their first versions."""
    columns = [getattr(Case, name) for name in REPORTABLE]
    said = select(Case.id, literal(importer.now, Instant), literal(FOREVER, Instant), *columns)
    return insert(CaseVersion).from_select(
        ["case_id", "recorded_from", "recorded_to", *REPORTABLE],
        said.where(Case.import_id == importer.import_id),
    )


def _case(new: NewCase, names: Names, numbers: Numbers, importer: Importer) -> dict[str, Any]:
    row = new.row
    serial, code = numbers.next(row.received_on.year)
    outcome = row.result.outcome
    day = row.assigned_on or row.received_on
    lead_unit_id = names.id_of("unit", row.unit, day)
    state = State.CLOSED if outcome else State.ASSIGNED if lead_unit_id else State.RECEIVED
    due_on = row.due_on
    if due_on is None and outcome is None:
        due_on = clocks.answer_due_on(importer.kind, row.received_on)
    return {
        "id": new_id(),
        "serial": serial,
        "code": code,
        "version": 1,
        "kind": importer.kind,
        "confidentiality": access.confidentiality_of(importer.kind),
        "state": state,
        "outcome": outcome,
        "received_on": row.received_on,
        "accepted_on": None,
        "assigned_on": row.assigned_on,
        "due_on": due_on,
        "original_due_on": due_on,
        "answered_on": row.answered_on,
        "promised_on": None,
        "closed_on": row.answered_on if outcome else None,
        "ended_on": counting.ended_on(outcome, row.answered_on, row.answered_on),
        "suspended_on": None,
        "round": 1,
        "return_count": 0,
        "redo_count": 0,
        "due_basis": "register" if row.due_on else "rule",
        "condition": "ordinary",
        "decided_due_on": None,
        "pauses": (),
        "pauses_before_decision": 0,
        "unit_id": importer.unit_id,
        "lead_unit_id": lead_unit_id,
        "logged_by_id": importer.user_id,
        "field_id": names.id_of("field", row.field, day),
        "area_id": names.id_of("area", row.area, day),
        "channel_id": names.id_of("channel", row.channel, day),
        "event_id": None,
        "content": row.content,
        "note": row.note,
        "extra": dict(row.extra),
        "register_key": new.register_key,
        "import_id": importer.import_id,
    }


def _steps(row: RegisterRow, case: dict[str, Any]) -> Iterator[_Step]:
    """What the register says has happened, in its order."""
    ending = ("outcome", "closed_on", "ended_on")
    assigning = ("lead_unit_id", "assigned_on")
    later = {*ending, *assigning, "answered_on", "state"}
    first = tuple(name for name in REPORTABLE if name not in later)
    yield _Step("receive", State.RECEIVED, row.received_on, first, row.content)
    if case["lead_unit_id"]:
        day = row.assigned_on or row.received_on
        yield _Step("assign", State.ASSIGNED, day, assigning)
    outcome: Outcome | None = case["outcome"]
    if outcome is None or row.answered_on is None:
        return
    if outcome in CLOSING_ACTIONS:
        columns = ("answered_on", *ending)
        action = CLOSING_ACTIONS[outcome]
        yield _Step(action, State.CLOSED, row.answered_on, columns, row.result_text)
        return
    yield _Step("answer", State.ANSWERED, row.answered_on, ("answered_on",), row.result_text)
    yield _Step("close", State.CLOSED, row.answered_on, ending)


def _entries(
    row: RegisterRow, case: dict[str, Any], importer: Importer
) -> Iterator[dict[str, Any]]:
    before: dict[str, Any] = {}
    digest = story.FIRST_DIGEST
    for sequence, step in enumerate(_steps(row, case), start=1):
        after = {name: case[name] for name in step.columns}
        after["state"] = step.to_state
        entry = story.sealed(
            digest,
            {
                "case_id": case["id"],
                "sequence": sequence,
                "action": step.action,
                "from_state": before.get("state"),
                "to_state": step.to_state,
                "happened_on": step.happened_on,
                "recorded_at": importer.now,
                "user_id": importer.user_id,
                "unit_id": importer.unit_id,
                "changes": story.changes(before, after),
                "text": step.text,
                "import_id": importer.import_id,
                "import_row": row.row,
            },
        )
        digest = entry["digest"]
        before |= after
        yield {"id": new_id(), **entry}


def _submission(case: dict[str, Any], importer: Importer) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": case["id"],
        "received_on": case["received_on"],
        "channel_id": case["channel_id"],
        "event_id": None,
        "persons": 1,
        "recorded_at": importer.now,
    }


def _assignment(row: RegisterRow, case: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": case["id"],
        "unit_id": case["lead_unit_id"],
        "part": "lead",
        "asked": "",
        "assigned_on": row.assigned_on or row.received_on,
        "due_on": case["due_on"],
        "pauses_before_decision": 0,
        "returned_on": None,
        "ended_on": case["closed_on"],
    }


def _answer(row: RegisterRow, case: dict[str, Any], importer: Importer) -> dict[str, Any]:
    return {
        "id": new_id(),
        "case_id": case["id"],
        "unit_id": case["lead_unit_id"],
        "answered_on": row.answered_on,
        "outcome": case["outcome"],
        "text": row.result_text,
        "document_number": row.document_number,
        "document_date": row.document_date,
        "promised_on": None,
        "recorded_at": importer.now,
    }
