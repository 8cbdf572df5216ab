"""Rows of cases as tables show them: every word made once, whatever the number of rows."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import due
from tracker.cases.due import Due
from tracker.cases.listing import Row
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import OUTCOME_LABELS, STATE_LABELS


class Shown(NamedTuple):
    """A row of a table of cases, ready to be printed."""

    id: UUID
    code: str
    content: str
    state: str
    standing: str
    area: str
    field: str
    unit: str
    received_on: str
    due_on: str
    due: Due


def shown(rows: Iterable[Row], today: date) -> list[Shown]:
    """`rows` as shown on the local date `today`; `standing` is the outcome, or the state."""
    due_of = due.by_day(today)
    words = {str(state): _(label) for state, label in STATE_LABELS.items()}
    words |= {str(outcome): _(label) for outcome, label in OUTCOME_LABELS.items()}
    return [
        Shown(
            row.id,
            row.code,
            _cut(row.content),
            row.state,
            words[row.outcome or row.state],
            row.area or "–",
            row.field or "–",
            row.unit or "–",
            format_date(row.received_on),
            format_date(row.due_on) if row.due_on else "–",
            due_of(row),
        )
        for row in rows
    ]


def _cut(content: str, length: int = 110) -> str:
    """The beginning of `content` on one line, cut between words."""
    line = " ".join(content.split())
    return line if len(line) <= length else line[:length].rsplit(" ", 1)[0] + "…"
