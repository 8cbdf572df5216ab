"""Search over a case's words, without marks, by each database's own index.

SQLite: an FTS5 table over `case_search`, kept by triggers. PostgreSQL: a column of words made by
the database, with a GIN index. The migrations make both. Words with marks are kept beside the
folded ones, so that what was typed with marks can be looked for exactly.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    any_,
    bindparam,
    column,
    false,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)

from tracker.cases.models import Answer, Case, CaseSearch
from tracker.core.db import db, is_sqlite
from tracker.rules.vietnamese import marked_tokens, tokens

FEW = 5_000
WORDS: ColumnElement[str] = literal_column("case_search.words")
READ_ON = text(
    "SELECT set_config('enable_sort', :other_ways, true),"
    " set_config('enable_bitmapscan', :other_ways, true)"
)
INDEX = table("case_search_index", column("rowid", Integer))


def searchable(*texts: str) -> str:
    """The words under which a case is found: folded, then those with marks once more.

    Words alone: PostgreSQL would take "12/2026" for a path and leave out what looks like a tag.
    Nothing of persons belongs here.
    """
    whole = " ".join(filter(None, texts))
    return " ".join((*tokens(whole), *marked_tokens(whole)))


def index(case: Case, *documents: str) -> None:
    """Writes the words of a new or changed case anew, inside the caller's transaction.

    They are those of its code, text, note and extra columns, of the numbers of its answers'
    documents, and of `documents`, whose answers aren't written yet.
    """
    known = db.session.scalars(select(Answer.document_number).where(Answer.case_id == case.id))
    extra = (case.extra or {}).values()
    folded = searchable(case.code, case.content, case.note, *extra, *known, *documents)
    db.session.merge(CaseSearch(serial=case.serial, case_id=case.id, folded=folded))


@dataclass(frozen=True, slots=True)
class Hits:
    """What `words` find, cut into parts that follow one another in a list.

    parts: conditions; where a mark was typed, first the cases that have the words with just these
    marks, then the others. condition: all of them. is_common: they are more than `FEW`, and
    `condition` names only some of them, for counting.
    """

    parts: tuple[ColumnElement[bool], ...]
    condition: ColumnElement[bool]
    is_common: bool


def hits(words: str) -> Hits:
    """The cases that have every one of `words`; the last may be unfinished. One query.

    Few hits are fetched at once, so that nothing has to guess how many there are: databases take
    words for independent of each other, which those of a street's name aren't.
    """
    found = tokens(words)
    if not found:
        return Hits((false(),), false(), is_common=False)
    every, marked = _all_of(found, is_last_open=True), marked_tokens(words)
    ranked = _ranked(every, marked)
    some, exact = _few(every, ranked[0] if marked else None)
    if len(some) > FEW:
        parts = (Case.serial.in_(_serials(part)) for part in ranked)
        return Hits(tuple(parts), _one_of(some), is_common=True)
    if not marked:
        return Hits((_one_of(some),), _one_of(some), is_common=False)
    others = [each for each in some if each not in exact]
    return Hits((_one_of(sorted(exact)), _one_of(others)), _one_of(some), is_common=False)


def _few(every: str, exact: str | None) -> tuple[Sequence[int], set[int]]:
    """The first of what is found, one more than `FEW` at most, and which of it is `exact`."""
    if exact is None:
        return db.session.scalars(_serials(every).limit(FEW + 1)).all(), set()
    if is_sqlite():
        some = db.session.scalars(_serials(every).limit(FEW + 1)).all()
        return some, set(db.session.scalars(_serials(exact)).all() if len(some) <= FEW else ())
    rows = db.session.execute(_serials(every).add_columns(_has(exact)).limit(FEW + 1)).all()
    return [row[0] for row in rows], {row[0] for row in rows if row[1]}


def _has(query: str) -> ColumnElement[bool]:
    return WORDS.op("@@")(func.to_tsquery(text("'simple'"), query))


@contextmanager
def newest_first() -> Iterator[None]:
    """Inside, PostgreSQL reads on in the order asked for instead of fetching and sorting all."""
    if is_sqlite():
        yield
        return
    db.session.execute(READ_ON, {"other_ways": "off"})
    try:
        yield
    finally:
        db.session.execute(READ_ON, {"other_ways": "on"})


def _ranked(every: str, marked: Sequence[str]) -> list[str]:
    if not marked:
        return [every]
    exact = _all_of(marked, is_last_open=False)
    if is_sqlite():
        return [f"{every} AND {exact}", f"({every}) NOT ({exact})"]
    return [f"{every} & {exact}", f"{every} & !({exact})"]


def _all_of(found: Sequence[str], *, is_last_open: bool) -> str:
    """The words as a question of the database: letters and digits alone can be quoted so."""
    if is_sqlite():
        return " AND ".join(f'"{token}"' for token in found) + ("*" if is_last_open else "")
    return " & ".join(f"'{token}'" for token in found) + (":*" if is_last_open else "")


def _serials(query: str) -> Select[Any]:
    if is_sqlite():
        matches = text("case_search_index MATCH :words").bindparams(
            bindparam("words", query, unique=True)
        )
        return select(INDEX.c.rowid).where(matches)
    return select(CaseSearch.serial).where(_has(query))


def _one_of(serials: Sequence[int]) -> ColumnElement[bool]:
    """As one parameter, however many they are."""
    if is_sqlite():
        listed = text("SELECT value FROM json_each(:serials)").bindparams(
            bindparam("serials", json.dumps(list(serials)), unique=True)
        )
        return Case.serial.in_(listed.columns(column("value")))
    return Case.serial == any_(literal(list(serials), ARRAY(BigInteger)))
