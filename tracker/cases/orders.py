"""The orders of a list, each a sequence of phases that follow one another.

Within a phase the rows stand by a key that an index keeps, so that the next page is found
without reading those before it.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal_column, not_, or_, select

from tracker.cases import search
from tracker.cases.models import Assignment, Case, CaseVersion
from tracker.cases.queries import CaseTable
from tracker.rules.labels import mark as _m
from tracker.units.queries import Viewer


@dataclass(frozen=True, slots=True)
class Phase:
    """Part of a list: which of its cases, by which column (`key`), in which direction.

    hits: what its conditions say, where that is so much that it has to be walked through.
    value: what `key` stands for, where it isn't the column.
    """

    key: str
    is_descending: bool
    conditions: tuple[ColumnElement[bool], ...] = ()
    hits: search.Part | None = None
    value: ColumnElement[Any] | None = None

    def columns(self, table: CaseTable) -> tuple[Any, ...]:
        """The columns that decide, of `table` or of `Case` beside it."""
        if self.key == "serial":
            return (Case.serial,)
        return (
            getattr(table, self.key) if self.value is None else self.value,
            CaseVersion.case_id if table is CaseVersion else Case.id,
        )

    def order(self, table: CaseTable, is_backward: bool = False) -> list[ColumnElement[Any]]:
        """What to order by, to be read from the end with `is_backward`."""
        down = self.is_descending != is_backward
        return [each.desc() if down else each.asc() for each in self.columns(table)]


@dataclass(frozen=True, slots=True)
class Order:
    """Phases, and the condition under which a case is in one of them; None where all are.

    is_sample: `condition` holds only of some of them, too many to be counted. due_on: the due
    date that the list shows, None for the case's.
    """

    phases: tuple[Phase, ...]
    condition: ColumnElement[bool] | None = None
    is_sample: bool = False
    due_on: ColumnElement[Any] | None = None


# Whose dates are kept ready to be asked for.
MOST_AGENCIES = 256

# Said in these very words, so that both databases know their indexes of open cases by it.
OPEN_CASE = Case.state != literal_column("'closed'")

NEWEST = Order((Phase("received_on", True),))
OLDEST = Order((Phase("received_on", False),))
# Whatever waits, the most urgent first; then what has no date; then what is done.
DUE_FIRST = Order(
    (
        Phase("due_on", False, (OPEN_CASE, Case.due_on.is_not(None))),
        Phase("received_on", False, (OPEN_CASE, Case.due_on.is_(None))),
        Phase("received_on", True, (not_(OPEN_CASE),)),
    )
)
ORDERS = {"newest": NEWEST, "oldest": OLDEST, "due": DUE_FIRST}
ORDER_LABELS = {
    "newest": _m("Mới tiếp nhận trước"),
    "oldest": _m("Cũ nhất trước"),
    "due": _m("Đến hạn trước"),
}


def of_hits(viewer: Viewer, words: str, *, is_unfinished: bool = False) -> Order:
    """The order of what `words` find: those with the marks as typed, then others; latest first."""
    hits = search.hits(viewer, words, is_unfinished=is_unfinished)
    return Order(tuple(map(_phase_of, hits.parts)), hits.condition, hits.is_common)


def _phase_of(part: search.Part | ColumnElement[bool]) -> Phase:
    if isinstance(part, search.Part):
        return Phase("serial", True, (part.condition,), part)
    return Phase("serial", True, (part,))


def among_hits(order: Order, viewer: Viewer, words: str, *, is_unfinished: bool = False) -> Order:
    """`order`, of what `words` find alone."""
    hits = search.hits(viewer, words, is_unfinished=is_unfinished)
    found = or_(*(condition for part in hits.parts for condition in _phase_of(part).conditions))
    phases = tuple(replace(each, conditions=(*each.conditions, found)) for each in order.phases)
    return replace(order, phases=phases, condition=hits.condition, is_sample=hits.is_common)


@lru_cache(maxsize=MOST_AGENCIES)
def _own(units: frozenset[UUID]) -> tuple[ColumnElement[bool], ColumnElement[Any], Any]:
    """Of `units`: which assignments are theirs and open, by when the earliest of a case has to be
    answered, and that date or else the case's."""
    own = and_(Assignment.unit_id.in_(sorted(units)), Assignment.ended_on.is_(None))
    due_on = (
        select(func.min(Assignment.due_on))
        .where(Assignment.case_id == Case.id, own)
        .correlate(Case)
        .scalar_subquery()
    )
    return own, due_on, func.coalesce(due_on, Case.due_on)


def by_own_dates(order: Order, units: frozenset[UUID]) -> Order:
    """`order` with the due dates that `units` have by their open assignments."""
    own, due_on, shown = _own(units)
    if order is not DUE_FIRST:
        return replace(order, due_on=shown)
    dated = Case.id.in_(select(Assignment.case_id).where(own, Assignment.due_on.is_not(None)))
    phases = (
        Phase("due_on", False, (OPEN_CASE, dated), value=due_on),
        Phase("received_on", False, (OPEN_CASE, not_(dated))),
        Phase("received_on", True, (not_(OPEN_CASE),)),
    )
    return Order(phases, due_on=shown)
