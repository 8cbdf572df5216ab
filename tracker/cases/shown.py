"""Rows of cases as tables show them: every word made once, whatever the number of rows."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import due
from tracker.cases.due import Due
from tracker.cases.listing import Row
from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import KIND_LABELS, OUTCOME_LABELS, STATE_LABELS

# A column's name is that of the value in `Shown`; code and content are always there.
COLUMNS = {
    "kind": _m("Loại"),
    "area": _m("Địa bàn, lĩnh vực"),
    "channel": _m("Kênh tiếp nhận"),
    "unit": _m("Đơn vị chủ trì"),
    "received_on": _m("Tiếp nhận"),
    "assigned_on": _m("Ngày giao"),
    "due_on": _m("Hạn"),
    "answered_on": _m("Ngày trả lời"),
    "ended_on": _m("Ngày kết thúc"),
    "state": _m("Trạng thái"),
}
USUAL_COLUMNS = ("area", "unit", "received_on", "due_on", "state")
NOTHING = "–"


class Shown(NamedTuple):
    """A row of a table of cases, ready to be printed."""

    id: UUID
    version: int
    code: str
    content: str
    state: str
    standing: str
    kind: str
    area: str
    field: str
    channel: str
    unit: str
    received_on: str
    assigned_on: str
    due_on: str
    answered_on: str
    ended_on: str
    due: Due


def columns(chosen: str) -> tuple[str, ...]:
    """The columns that somebody chose, as kept with the account, in the order of `COLUMNS`."""
    wanted = set(chosen.split(","))
    return tuple(name for name in COLUMNS if name in wanted) or USUAL_COLUMNS


def standings() -> dict[str, str]:
    """The words for each state and each outcome."""
    words = {str(state): _(label) for state, label in STATE_LABELS.items()}
    return words | {str(outcome): _(label) for outcome, label in OUTCOME_LABELS.items()}


def shown(rows: Iterable[Row], today: date) -> list[Shown]:
    """`rows` as shown on the local date `today`; `standing` is the outcome, or the state."""
    due_of = due.by_day(today)
    words = standings()
    kinds = {str(kind): _(label) for kind, label in KIND_LABELS.items()}
    return [
        Shown(
            row.id,
            row.version,
            row.code,
            _cut(row.content),
            row.state,
            words[row.outcome or row.state],
            kinds[row.kind],
            row.area or NOTHING,
            row.field or NOTHING,
            row.channel or NOTHING,
            row.unit or NOTHING,
            format_date(row.received_on),
            _day(row.assigned_on),
            _day(row.due_on),
            _day(row.answered_on),
            _day(row.ended_on),
            due_of(row),
        )
        for row in rows
    ]


def _day(value: date | None) -> str:
    return format_date(value) if value else NOTHING


def _cut(content: str, length: int = 110) -> str:
    """The beginning of `content` on one line, cut between words."""
    line = " ".join(content.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + "…"
