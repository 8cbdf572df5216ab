"""A message in words: what is still to be done, in its reader's language, naming nobody."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.cases import due
from tracker.cases.due import Due
from tracker.chasing import links, queries
from tracker.chasing.models import Message, Notice
from tracker.chasing.queries import Line
from tracker.chasing.ways import Parcel
from tracker.core.clock import local_date
from tracker.rules.vietnamese import format_date
from tracker.units.queries import viewer

MOST_LINES = 40
_READ_AT_MOST = 1_000


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of a message: what to do next about a case, how it stands, and where."""

    line: Line
    due: Due
    link: str


def parcel(message: Message, address: str, now: datetime) -> Parcel | None:
    """The message as it leaves now; None where all of it was settled, or where its reader may
    not see any of it any more."""
    today = local_date(now)
    reader = viewer(message.user_id, today)
    if reader is None:
        return None
    found = queries.lines(reader, Notice.batch == message.batch, limit=_READ_AT_MOST)
    todos = [
        Todo(line, due.waiting(line.due_on, today), links.link(line.notice_id))
        for line in _one_a_case([each for each in found if not each.is_settled])
    ]
    if not todos:
        return None
    cases = {str(each.line.case_id) for each in todos if each.line.case_id}
    given = {
        "todos": todos[:MOST_LINES],
        "more": max(len(todos) - MOST_LINES, 0),
        "inbox": links.inbox_address(),
        "name": reader.name,
        "language": reader.language,
    }
    with force_locale(reader.language):
        return Parcel(
            key=str(message.id),
            to=address,
            subject=_subject(todos, now),
            text=render_template("chasing/message.txt", **given),
            html=render_template("chasing/message.html", **given),
            thread=cases.pop() if len(cases) == 1 else "",
        )


def _one_a_case(lines: list[Line]) -> list[Line]:
    """Of each case what is due first: whoever does that sees the rest there."""
    found: dict[object, Line] = {}
    for line in lines:
        found.setdefault(line.case_id or line.notice_id, line)
    return list(found.values())


def _subject(todos: list[Todo], now: datetime) -> str:
    first = todos[0].line
    if len(todos) == 1 and first.code:
        return f"{first.code}: {_(first.todo)}"
    return _(
        "%(count)s việc cần làm, ngày %(day)s",
        count=len(todos),
        day=format_date(local_date(now)),
    )
