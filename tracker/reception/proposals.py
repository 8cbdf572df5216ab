"""Field, area and agency proposed from the words typed, learnt from the office's own past cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from flask import current_app
from rapidfuzz import fuzz, process
from sqlalchemy import func, or_, select

from tracker.cases.catalogue import Catalogue
from tracker.cases.models import Case, CaseSearch
from tracker.cases.queries import visible
from tracker.core.db import db
from tracker.rules.access import NORMAL
from tracker.rules.proposals import (
    LEAST_LIKENESS,
    NEAREST,
    Proposal,
    Voice,
    joined,
    named,
    vote,
)
from tracker.rules.vietnamese import fold, fold_place, tokens
from tracker.units.queries import Viewer

LEARNT_FROM = 2000  # cases
KEPT_FOR = timedelta(minutes=10)
MOST_OFFICES = 32
# The first sentence says what it is about.
MOST_CHARACTERS = 160
FIELDS = {"field_id": "field_id", "area_id": "area_id", "proposed_unit_id": "lead_unit_id"}
"""What is proposed, by the name of the form's field -> the column of past cases that says it."""


@dataclass(frozen=True, slots=True)
class Past:
    """The latest past cases of an office: ids, and the folded words of each."""

    since: datetime
    ids: Sequence[UUID]
    words: Sequence[str]


def proposals(
    viewer: Viewer, content: str, unit_id: UUID, choices: Catalogue, now: datetime
) -> dict[str, list[Proposal[UUID]]]:
    """What past cases of `unit_id` propose for a case with this content, by the form's field.

    Only cases that `viewer` may see have a voice. One query, and another every ten minutes.
    """
    asked = " ".join(tokens(content))[:MOST_CHARACTERS]
    if not asked:
        return {name: [] for name in FIELDS}
    heard = _heard(viewer, nearest(asked, _past(unit_id, now)))
    offered = {
        row.id
        for rows in (choices.fields, choices.areas, choices.units)
        for row in rows
        if row.is_valid
    }
    found = {name: vote(_voices(heard, column, offered)) for name, column in FIELDS.items()}
    places = {fold_place(row.name): row.id for row in choices.areas if row.is_valid}
    by_name = named(" ".join(_folded(content)), places)
    found["area_id"] = joined(by_name, found["area_id"])
    return found


def nearest(asked: str, past: Past) -> dict[UUID, float]:
    """The past cases whose words are likest the folded words `asked`, with their likeness."""
    likest = process.extract(
        asked,
        past.words,
        scorer=fuzz.token_set_ratio,
        processor=None,
        limit=NEAREST,
        score_cutoff=LEAST_LIKENESS,
    )
    return {past.ids[place]: likeness for _words, likeness, place in likest}


def _past(unit_id: UUID, now: datetime) -> Past:
    """The office's past cases, read anew every ten minutes in each process.

    What was read may be older than somebody's rights: who may see a case is asked each time.
    """
    kept: dict[UUID, Past] = current_app.extensions.setdefault("past_cases", {})
    past = kept.get(unit_id)
    if past is None or not timedelta(0) <= now - past.since < KEPT_FOR:
        if len(kept) >= MOST_OFFICES:
            kept.clear()
        past = kept[unit_id] = _read(unit_id, now)
    return past


def _read(unit_id: UUID, now: datetime) -> Past:
    latest = (
        select(Case.id, Case.serial, Case.code)
        .where(
            Case.unit_id == unit_id,
            Case.confidentiality.in_(sorted(NORMAL)),
            or_(*(getattr(Case, column).is_not(None) for column in FIELDS.values())),
        )
        .order_by(Case.received_on.desc())
        .limit(LEARNT_FROM)
        .subquery()
    )
    start = func.length(latest.c.code) + 2
    words = func.substr(CaseSearch.folded, start, MOST_CHARACTERS)
    rows = db.session.execute(
        select(latest.c.id, words).join(CaseSearch, CaseSearch.serial == latest.c.serial)
    ).all()
    return Past(now, [row[0] for row in rows], [row[1] for row in rows])


def _heard(viewer: Viewer, likeness: dict[UUID, float]) -> list[tuple[Any, float]]:
    """The cases among these that `viewer` may see, as they stand now."""
    if not likeness:
        return []
    columns = [getattr(Case, column) for column in FIELDS.values()]
    rows = db.session.execute(
        select(Case.id, Case.code, *columns).where(Case.id.in_(likeness), visible(viewer))
    )
    return [(row, likeness[row.id]) for row in rows]


def _voices(heard: list[tuple[Any, float]], column: str, offered: set[UUID]) -> list[Voice[UUID]]:
    said = [(row.code, getattr(row, column), likeness) for row, likeness in heard]
    return [Voice(code, says, likeness) for code, says, likeness in said if says in offered]


def _folded(content: str) -> list[str]:
    """The folded words in their order; `tokens` has each only once."""
    return "".join(each if each.isalnum() else " " for each in fold(content)).split()
