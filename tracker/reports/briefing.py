"""The briefing on public opinion (giao ban): last time's items with their results, by the level
that is responsible, what came since, and who still owes an answer."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement

from tracker.cases import due
from tracker.cases.due import Due
from tracker.cases.fields import EARLIEST
from tracker.cases.models import Answer
from tracker.cases.shown import standings
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.reports import briefing_queries, queries
from tracker.reports.breakdowns import LEVEL_WORDS, NO_LEVEL, NOT_RECORDED
from tracker.reports.briefing_queries import Read
from tracker.reports.service import Report, Row, opinion_cases, opinion_report
from tracker.rules import briefing as rules
from tracker.rules.access import NORMAL
from tracker.rules.briefing import Periods
from tracker.rules.reception_days import Span
from tracker.rules.vietnamese import collate, format_date
from tracker.rules.workflow import State
from tracker.units.models import Unit
from tracker.units.queries import Viewer
from tracker.units.unit_queries import levels

MOST_READ_OUT = 60
"""Items of one part of a briefing: nobody listens to more."""


@dataclass(frozen=True, slots=True)
class Item:
    """A case as it is read out. lead: who is answerable, None while nobody is; level: theirs.

    answer: what was answered last, with the document that carries it; empty while nothing was.
    content: held back where the case is kept closely, for a hall hears it.
    """

    read: Read
    content: str
    level: str
    standing: str
    due: Due
    answer: str
    document: str

    @property
    def lead(self) -> str:
        """Who is answerable, in words."""
        return self.read.lead or str(_(LEVEL_WORDS[NOT_RECORDED]))

    @property
    def about(self) -> str:
        """Field, place and source."""
        return " · ".join(filter(None, (self.read.field, self.read.area, self.read.channel)))


@dataclass(frozen=True, slots=True)
class Part:
    """Cases received in `span`, counted and read out. measure: which of them are the items."""

    span: Span
    report: Report
    measure: str
    items: list[Item]

    @property
    def unread(self) -> int:
        """How many there are beyond those that are read out."""
        count = self.report.total[self.measure]
        assert isinstance(count, int)
        return count - len(self.items)


@dataclass(frozen=True, slots=True)
class Briefing:
    """before: last time's, with their results. since: what is new. older: what waits from before
    both. owing: all that came up to the end, by the unit that has to answer."""

    unit: Unit
    periods: Periods
    asked_at: datetime
    before: Part
    since: Part
    older: Part
    owing: Report

    @property
    def debts(self) -> list[Row]:
        """The units that owe an answer: who is late with most of them first."""
        owing = [row for row in self.owing.rows if row.values["pending"]]
        return sorted(owing, key=lambda row: (_debt(row, "overdue"), _debt(row, "pending")))

    @property
    def slides(self) -> list[tuple[str, Any]]:
        """What is shown, one thing after the other: a name of what it is, and what is shown."""
        return [
            ("opening", None),
            ("before", self.before),
            *(("result", item) for item in self.before.items),
            ("older", self.older),
            *(("result", item) for item in self.older.items),
            ("since", self.since),
            *(("fresh", item) for item in self.since.items),
            ("owing", self.owing),
        ]


def _debt(row: Row, measure: str) -> int:
    count = row.values[measure]
    assert isinstance(count, int)
    return -count


def usual_periods(viewer: Viewer, unit: Unit, day: date) -> Periods:
    """The periods of the unit's briefing on the local date `day`, by those held before it."""
    return rules.periods(day, briefing_queries.briefings_before(viewer, unit.id, day))


def briefing(viewer: Viewer, unit: Unit, periods: Periods, *, now: datetime) -> Briefing:
    """The briefing of `unit` and those below it, as far as `viewer` sees its cases.

    Raises Refused for periods that aren't in order.
    """
    before, since = periods
    if not EARLIEST < before.first <= before.last < since.first <= since.last:
        raise Refused(_("Kỳ trước phải liền trước kỳ này, ngày đầu không sau ngày cuối."), "first")
    make = _Maker(viewer, unit, now)
    past = Span(EARLIEST, date.fromordinal(before.first.toordinal() - 1))
    return Briefing(
        unit=unit,
        periods=periods,
        asked_at=now,
        before=make.part(before, "received", "level"),
        since=make.part(since, "received", "field"),
        older=make.part(past, "pending", None),
        owing=make.report(Span(EARLIEST, since.last), "unit"),
    )


class _Maker:
    """Makes the parts of one briefing."""

    def __init__(self, viewer: Viewer, unit: Unit, now: datetime) -> None:
        self._viewer, self._unit, self._now = viewer, unit, now
        self._levels = levels()
        self._words = standings()
        self._due: Callable[[Read], Due] = due.by_day(local_date(now))

    def report(self, span: Span, by: str | None) -> Report:
        return opinion_report(
            self._viewer,
            first=span.first,
            last=span.last,
            by=by,
            unit_code=self._unit.code,
            now=self._now,
        )

    def part(self, span: Span, measure: str, by: str | None) -> Part:
        behind = opinion_cases(
            self._viewer,
            measure=measure,
            first=span.first,
            last=span.last,
            unit_code=self._unit.code,
            now=self._now,
        )
        return Part(span, self.report(span, by), measure, self._items(behind.conditions))

    def _items(self, conditions: Collection[ColumnElement[bool]]) -> list[Item]:
        found = briefing_queries.oldest(conditions, MOST_READ_OUT)
        answered = [read.id for read in found if read.state in (State.ANSWERED, State.CLOSED)]
        answers = briefing_queries.latest_answers(answered)
        order = list(LEVEL_WORDS)
        found.sort(key=lambda read: (order.index(self._level(read)), collate(read.lead or "")))
        return [self._item(read, answers.get(read.id)) for read in found]

    def _level(self, read: Read) -> str:
        if read.lead_id is None:
            return NOT_RECORDED
        return self._levels[read.lead_id] or NO_LEVEL

    def _item(self, read: Read, answer: Answer | None) -> Item:
        is_kept_back = read.confidentiality not in NORMAL
        return Item(
            read,
            content=_("(nội dung được bảo vệ)") if is_kept_back else read.content,
            level=_(LEVEL_WORDS[self._level(read)]),
            standing=self._words[read.outcome or read.state],
            due=self._due(read),
            answer="" if is_kept_back or answer is None else answer.text,
            document="" if is_kept_back or answer is None else _document(answer),
        )


def _document(answer: Answer) -> str:
    number, day = answer.document_number, answer.document_date
    if not number:
        return ""
    if day is None:
        return str(_("Văn bản số %(number)s", number=number))
    return str(_("Văn bản số %(number)s ngày %(day)s", number=number, day=format_date(day)))


def unit_of(viewer: Viewer, code: str | None) -> Unit:
    """The unit whose briefing it is: the one asked for; the viewer's own, or, for those who take
    part with what they were asked, the topmost above it. Raises Refused."""
    unit = queries.paper_unit(viewer, code)
    if unit is None:
        raise Refused(_("Không có đơn vị mã “%(code)s”.", code=code or ""), "unit")
    if code or viewer.may("event:read"):
        return unit
    while unit.parent_id is not None:
        unit = db.session.get_one(Unit, unit.parent_id)
    return unit
