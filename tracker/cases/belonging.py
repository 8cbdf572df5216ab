"""How a case belongs with others: links, parts and merges, as far as its reader sees them."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import Subquery, bindparam, or_, select, union_all
from sqlalchemy import literal as sql_literal

from tracker.cases.models import Case, CaseLink, CaseMerge, Submission
from tracker.cases.queries import visible
from tracker.core.db import db
from tracker.rules.labels import mark as _m
from tracker.units.queries import Viewer

MERGE = "merge"
PART = "part"

# (kind, direction) -> what the other case is to this one. "to": this case names the other.
WORDS = {
    ("related", "to"): _m("Liên quan"),
    ("related", "from"): _m("Liên quan"),
    ("earlier", "to"): _m("Vụ việc trước"),
    ("earlier", "from"): _m("Vụ việc sau"),
    ("same_document", "to"): _m("Cùng văn bản trả lời"),
    ("same_document", "from"): _m("Cùng văn bản trả lời"),
    (PART, "to"): _m("Tách từ"),
    (PART, "from"): _m("Phần đã tách"),
    (MERGE, "to"): _m("Đã gộp vào"),
    (MERGE, "from"): _m("Đã nhận lượt của"),
}
LINKS_BY_HAND = ("related", "earlier", "same_document")


class Tie(NamedTuple):
    """One other case, and what it is to this one. id: of the link or of the merge."""

    id: UUID
    kind: str
    direction: str
    case_id: UUID
    code: str
    state: str
    outcome: str | None
    merged_into_id: UUID | None

    @property
    def words(self) -> str:
        """What the other case is to this one."""
        return _(WORDS[self.kind, self.direction])

    @property
    def is_by_hand(self) -> bool:
        """Whether somebody made the link, and so may take it back."""
        return self.kind in LINKS_BY_HAND


class Belonging(NamedTuple):
    """The ties of a case, those that its reader may know of."""

    ties: Sequence[Tie]

    @property
    def merged_into(self) -> Tie | None:
        """The case that this one was merged into."""
        return self._first(MERGE, "to")

    @property
    def part_of(self) -> Tie | None:
        """The case that this one was split from."""
        return self._first(PART, "to")

    @property
    def came_under(self) -> dict[UUID, str]:
        """The code under which the turns of each merge were brought."""
        return {
            tie.id: tie.code for tie in self.ties if (tie.kind, tie.direction) == (MERGE, "from")
        }

    def _first(self, kind: str, direction: str) -> Tie | None:
        wanted = (kind, direction)
        return next((tie for tie in self.ties if (tie.kind, tie.direction) == wanted), None)


def words_of(kind: str, direction: str) -> str:
    """The words for a tie in the language of the office, in which stories are written."""
    return WORDS[kind, direction]


def _ties() -> Subquery:
    """Every tie of the case `:case_id`, whoever may know of it."""
    of_case = bindparam("case_id", type_=Case.id.type)
    came_by = select(Submission.merge_id).where(Submission.case_id == of_case)
    stands = CaseMerge.undone_at.is_(None)
    to, back, merge = sql_literal("to"), sql_literal("from"), sql_literal(MERGE)
    return union_all(
        select(CaseLink.id, CaseLink.kind, to.label("direction"), CaseLink.other_id).where(
            CaseLink.case_id == of_case
        ),
        select(CaseLink.id, CaseLink.kind, back, CaseLink.case_id).where(
            CaseLink.other_id == of_case
        ),
        select(CaseMerge.id, merge, to, CaseMerge.into_id).where(
            CaseMerge.case_id == of_case, stands
        ),
        select(CaseMerge.id, merge, back, CaseMerge.case_id).where(
            or_(CaseMerge.into_id == of_case, CaseMerge.id.in_(came_by)), stands
        ),
    ).subquery()


TIES = _ties()
# Put together once: it is asked at each case's page.
TIED = (
    select(
        TIES.c.id,
        TIES.c.kind,
        TIES.c.direction,
        Case.id,
        Case.code,
        Case.state,
        Case.outcome,
        Case.merged_into_id,
    )
    .join(Case, Case.id == TIES.c.other_id)
    .order_by(TIES.c.kind, TIES.c.direction, Case.serial)
)


def joined(case_id: UUID) -> set[UUID]:
    """The cases that share words with the case: split from it or merged with it, both ways.

    And what these were split from or merged with in their turn, whoever may see it.
    """
    links = select(CaseLink.case_id, CaseLink.other_id).where(CaseLink.kind == PART)
    stands = CaseMerge.undone_at.is_(None)
    merges = select(CaseMerge.case_id, CaseMerge.into_id).where(stands)
    pairs = union_all(links, merges).subquery()
    one, other = pairs.columns
    found = {case_id}
    while True:
        edges = db.session.execute(select(one, other).where(one.in_(found) | other.in_(found)))
        more = {each for edge in edges for each in edge} - found
        if not more:
            return found - {case_id}
        found |= more


def belonging(viewer: Viewer, case_id: UUID) -> Belonging:
    """The ties of the case to others that `viewer` sees. One query."""
    rows = db.session.execute(TIED.where(visible(viewer)), {"case_id": case_id})
    return Belonging([Tie(*row) for row in rows])
