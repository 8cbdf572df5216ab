"""The orders of a list, each a sequence of phases that follow one another.

Within a phase the rows stand by a key that an index keeps, so that the next page is found
without reading those before it.
"""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, literal_column, not_, or_

from tracker.cases import search
from tracker.cases.models import Case, CaseVersion
from tracker.cases.queries import CaseTable
from tracker.rules.labels import mark as _m
from tracker.units.queries import Viewer


@dataclass(frozen=True, slots=True)
class Phase:
    """Part of a list: which of its cases, by which column (`key`), in which direction.

    hits: what its conditions say, where that is so much that it has to be walked through.
    """

    key: str
    is_descending: bool
    conditions: tuple[ColumnElement[bool], ...] = ()
    hits: search.Part | None = None

    def columns(self, table: CaseTable) -> tuple[Any, ...]:
        """The columns that decide, of `table` or of `Case` beside it."""
        if self.key == "serial":
            return (Case.serial,)
        return (
            getattr(table, self.key),
            CaseVersion.case_id if table is CaseVersion else Case.id,
        )

    def order(self, table: CaseTable, is_backward: bool = False) -> list[ColumnElement[Any]]:
        """What to order by, to be read from the end with `is_backward`."""
        down = self.is_descending != is_backward
        return [each.desc() if down else each.asc() for each in self.columns(table)]


@dataclass(frozen=True, slots=True)
class Order:
    """Phases, and the condition under which a case is in one of them; None where all are.

    is_sample: `condition` holds only of some of them, too many to be counted.
    """

    phases: tuple[Phase, ...]
    condition: ColumnElement[bool] | None = None
    is_sample: bool = False


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
    return Order(phases, hits.condition, hits.is_common)
