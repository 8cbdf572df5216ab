"""Look-alikes: open cases that may be about the same matter, so that it is worked on once.

The database gives the newest cases that are still open, with the folded words by which search
finds them; RapidFuzz ranks them by these words.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from rapidfuzz import fuzz, process
from sqlalchemy import func, select

from tracker.cases.models import Area, Case, CaseSearch
from tracker.cases.orders import OPEN_CASE
from tracker.cases.queries import visible
from tracker.core.db import db
from tracker.rules.vietnamese import tokens
from tracker.units.queries import Viewer

MOST_CANDIDATES = 2000
MOST_RANKED = 60
MOST_SHOWN = 5
# Of 100; below it two texts share little but the words that all such texts have.
LEAST_LIKENESS = 60.0
# What happened in the same place is likelier the same.
SAME_AREA = 10.0
# Whoever writes pages says what they want in the first of them.
MOST_CHARACTERS = 300
_FOLDED = re.compile(r"[\x00-\x7f]*")


class Lookalike(NamedTuple):
    """A case like the one asked about; `likeness` of 100 is the same words."""

    id: UUID
    code: str
    content: str
    kind: str
    confidentiality: str
    state: str
    outcome: str | None
    received_on: date
    due_on: date | None
    suspended_on: date | None
    area: str | None
    likeness: float


def lookalikes(
    viewer: Viewer, content: str, *, area_id: UUID | None = None, but: UUID | None = None
) -> list[Lookalike]:
    """The open cases that `viewer` sees whose words are like those of `content`, likest first.

    area_id: where it happened, if that is known. but: a case that isn't to be found, mostly the
    one whose content it is. Two queries.
    """
    asked = " ".join(tokens(content))[:MOST_CHARACTERS]
    if not asked:
        return []
    candidates = [each for each in _newest(viewer) if each.id != but]
    likest = _likest(asked, area_id, candidates)
    if not likest:
        return []
    found = {row.id: row for row in _whole(list(likest))}
    return [
        Lookalike._make((*found[each], score)) for each, score in likest.items() if each in found
    ]


def likeness(one: str, other: str) -> float:
    """How like two lists of folded words are, of 100.

    A short one that lies inside a long one is like it too, but less than its own like is.
    """
    return (fuzz.token_set_ratio(one, other) + fuzz.token_sort_ratio(one, other)) / 2


def _likest(asked: str, area_id: UUID | None, candidates: list[Any]) -> dict[UUID, float]:
    """The few likest, each with its likeness; of two alike first the one in the same area."""
    words = [_folded_words(each) for each in candidates]
    ranked = process.extract(
        asked,
        words,
        scorer=fuzz.token_set_ratio,
        processor=None,
        limit=MOST_RANKED,
        score_cutoff=LEAST_LIKENESS,
    )
    scores = {}
    nearness = {}
    for text, _score, place in ranked:
        candidate, score = candidates[place], likeness(asked, text)
        if score >= LEAST_LIKENESS:
            scores[candidate.id] = score
            is_near = area_id is not None and candidate.area_id == area_id
            nearness[candidate.id] = score + SAME_AREA if is_near else score
    order = sorted(nearness, key=nearness.__getitem__, reverse=True)
    return {each: scores[each] for each in order[:MOST_SHOWN]}


def _folded_words(candidate: Any) -> str:
    """The folded words without the code before them and the words with marks after them."""
    folded: str = candidate.folded[len(candidate.code) + 1 :]
    return folded if folded.isascii() else _FOLDED.match(folded)[0]  # type: ignore[index]


def _newest(viewer: Viewer) -> Sequence[Any]:
    newest = (
        select(Case.id, Case.serial, Case.code, Case.area_id)
        .where(OPEN_CASE, visible(viewer))
        .order_by(Case.serial.desc())
        .limit(MOST_CANDIDATES)
        .subquery()
    )
    folded = func.substr(CaseSearch.folded, 1, MOST_CHARACTERS).label("folded")
    return db.session.execute(
        select(newest.c.id, newest.c.code, newest.c.area_id, folded).join(
            CaseSearch, CaseSearch.serial == newest.c.serial
        )
    ).all()


def _whole(ids: list[UUID]) -> Sequence[Any]:
    return db.session.execute(
        select(
            Case.id,
            Case.code,
            Case.content,
            Case.kind,
            Case.confidentiality,
            Case.state,
            Case.outcome,
            Case.received_on,
            Case.due_on,
            Case.suspended_on,
            Area.name,
        )
        .outerjoin(Area, Area.id == Case.area_id)
        .where(Case.id.in_(ids))
    ).all()
