"""Search over a case's words, without marks, by each database's own index.

SQLite: an FTS5 table over `case_search`, kept by triggers. PostgreSQL: a column of words made by
the database, with a GIN index. The migrations make both. Words with marks are kept beside the
folded ones, so that what was typed with marks can be looked for exactly; so are words that nobody
can type, which say among which cases one stands and who has to do with it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Integer,
    Select,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
    true,
)

from tracker.cases.models import Answer, Assignment, Case, CaseSearch
from tracker.core.db import db, is_sqlite
from tracker.rules.vietnamese import marked_tokens, tokens
from tracker.units.queries import Viewer

FEW = 1_000
FETCHED_AT_ONCE = 250
SLICE = 25_000  # cases
MOST_OWNERS = 20
LATEST = 2**62
# Folding makes a d of it, and of words with marks a đ: no word of a text has this letter.
UNTYPED = "ð"
WORDS: ColumnElement[str] = literal_column("case_search.words")
INDEX = table("case_search_index", column("rowid", Integer))


def searchable(*texts: str) -> str:
    """The words under which a case is found: folded, then those with marks once more.

    Words alone: PostgreSQL would take "12/2026" for a path and leave out what looks like a tag.
    Nothing of persons belongs here.
    """
    whole = " ".join(filter(None, texts))
    return " ".join((*tokens(whole), *marked_tokens(whole)))


def scope(serial: int, *tied: UUID | None) -> str:
    """The words that nobody can type: of the slice of cases that `serial` is in, of who is `tied`.

    tied: the units that received it, lead it or have it on their desks, and who logged it: all
    through whom `queries.visible` may open it.
    """
    owners = sorted({_owner(each) for each in tied if each is not None})
    return " ".join((f"{UNTYPED}s{serial // SLICE}", *owners))


def _owner(owner_id: UUID) -> str:
    return UNTYPED + owner_id.hex[-12:]


def index(case: Case, *documents: str) -> None:
    """Writes the words of a new or changed case anew, inside the caller's transaction.

    They are those of its code, text, note and extra columns, of the numbers of its answers'
    documents, and of `documents`, whose answers aren't written yet.
    """
    known = db.session.scalars(select(Answer.document_number).where(Answer.case_id == case.id))
    extra = (case.extra or {}).values()
    folded = searchable(case.code, case.content, case.note, *extra, *known, *documents)
    words = CaseSearch(serial=case.serial, case_id=case.id, folded=folded, scope=_scope(case))
    db.session.merge(words)


def index_scope(case: Case) -> None:
    """Writes anew who has to do with a case, inside the transaction that changed it."""
    db.session.get_one(CaseSearch, case.serial).scope = _scope(case)


def _scope(case: Case) -> str:
    desks = db.session.scalars(
        select(Assignment.unit_id).where(
            Assignment.case_id == case.id, Assignment.ended_on.is_(None)
        )
    )
    return scope(case.serial, case.unit_id, case.lead_unit_id, case.logged_by_id, *desks)


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the hits: those of which all `questions` of the database's own kind hold.

    is_unfinished: whether the last of them asks for words by their beginning. newest: the serials
    of the first of them, where they are known already.
    """

    questions: tuple[str, ...]
    is_unfinished: bool = False
    newest: Sequence[int] = ()

    @property
    def condition(self) -> ColumnElement[bool]:
        """All of them."""
        return Case.serial.in_(self._asked())

    def walk(self, beyond: int | None, is_backward: bool) -> Iterator[ColumnElement[bool]]:
        """Conditions that hold of the next of them, then of the next, each time of more.

        They go from the newest to the oldest, or back, and begin `beyond` a serial. One query
        each.
        """
        most = FETCHED_AT_ONCE
        if self.newest and beyond is None and not is_backward:
            yield one_of(self.newest[:most])
            beyond = self.newest[:most][-1]
        while some := self.next(most, beyond, is_backward):
            yield one_of(some)
            if len(some) < most:
                return
            beyond, most = some[-1], most * 5

    def next(
        self, most: int, beyond: int | None = None, is_backward: bool = False
    ) -> Sequence[int]:
        """The serials of the newest `most`, or oldest, `beyond` a serial, in their order."""
        if beyond is None:
            beyond = 0 if is_backward else LATEST
        asked, serial = self._asked(), _serial()
        asked = asked.where(serial > beyond if is_backward else serial < beyond)
        asked = asked.order_by(serial.asc() if is_backward else serial.desc())
        # The beginning of a word would be looked up in the whole index for each slice.
        if not (is_sqlite() or self.is_unfinished):
            asked = _slice_by_slice(asked, beyond, is_backward)
        return db.session.scalars(asked.limit(most)).all()

    def among(self, serials: Sequence[int]) -> Sequence[int]:
        """Those of this part, which are all among `serials`."""
        if is_sqlite():  # it would ask anew for each of them
            return self.next(len(serials))
        return db.session.scalars(self._asked().where(_is_one_of(_serial(), serials))).all()

    def _asked(self) -> Select[Any]:
        if is_sqlite():
            matches = text("case_search_index MATCH :words").bindparams(
                bindparam("words", " AND ".join(self.questions), unique=True)
            )
            return select(INDEX.c.rowid).where(matches)
        # Each for itself: so the index skips from one to the next, instead of going through all
        # cases that have one of the words.
        return select(CaseSearch.serial).where(*map(_matches, self.questions))


def _matches(question: str | ColumnElement[str]) -> ColumnElement[bool]:
    return WORDS.op("@@")(func.to_tsquery(text("'simple'"), question))


def _slice_by_slice(asked: Select[Any], beyond: int, is_backward: bool) -> Select[Any]:
    """Asks PostgreSQL for each slice of all cases, one after another, until there are enough.

    Its index gives hits in no order: of a word that a third of the cases has all would have to be
    fetched to know the newest. With the word of a slice beside it, it skips what lies outside.
    """
    latest = select(func.coalesce(func.max(CaseSearch.serial), 0) // SLICE).scalar_subquery()
    here = beyond // SLICE
    bounds = (here, latest, 1) if is_backward else (func.least(latest, here), 0, -1)
    slices = func.generate_series(*bounds).table_valued("number").render_derived(name="slice")
    in_slice = _matches(f"{UNTYPED}s" + cast(slices.c.number, Text))
    hit = asked.where(in_slice).lateral("hit")
    return select(hit.c.serial).select_from(slices.join(hit, true()))


@dataclass(frozen=True, slots=True)
class Hits:
    """What is found, in parts that follow one another in a list.

    parts: where a mark was typed, first the cases that have the words with just these marks, then
    the others; conditions where they are few, to be walked through where they are more than `FEW`.
    condition: all of them, or the newest, for counting.
    """

    parts: tuple[Part | ColumnElement[bool], ...]
    condition: ColumnElement[bool]
    is_common: bool = False


def hits(viewer: Viewer, words: str, *, is_unfinished: bool = False) -> Hits:
    """The cases that have every one of `words`, as far as `viewer` has to do with them.

    That is more than `viewer` may see: a list narrows it. is_unfinished: of the last word the
    beginning is enough. Few hits are fetched at once, so that nothing has to guess how many there
    are: databases take words for independent of each other, which those of a street's name aren't.
    At most two queries.
    """
    found, marked = tokens(words), marked_tokens(words)
    if not found:
        return Hits((one_of(()),), one_of(()))
    questions = (*_near(viewer), *_quoted(found, is_unfinished))
    every = Part(questions, is_unfinished)
    some = every.next(FEW + 1)
    is_common = len(some) > FEW
    if not marked:
        part = replace(every, newest=some) if is_common else one_of(some)
        return Hits((part,), one_of(some), is_common)
    exact = Part((*_quoted(marked), *questions), is_unfinished)
    if is_common:
        other = Part((_but(found[0], marked), *questions), is_unfinished)
        return Hits((exact, other), one_of(some), is_common)
    first = exact.among(some)
    return Hits((one_of(first), one_of(sorted(set(some).difference(first)))), one_of(some))


def _near(viewer: Viewer) -> tuple[str, ...]:
    """Asks for what `viewer` has to do with, as nothing else can be visible.

    Whoever acts for many units sees so much that leaving out the rest isn't worth the time.
    """
    owners = {owner for units in viewer.reach.values() for owner in units} | {viewer.user_id}
    if viewer.sees_everything or len(owners) > MOST_OWNERS:
        return ()
    known = sorted(_owner(each) for each in owners if each is not None)
    return (f"({(' OR ' if is_sqlite() else ' | ').join(known)})",)


def _but(word: str, others: Sequence[str]) -> str:
    """Asks for `word` where not all of `others` stand beside it."""
    if is_sqlite():
        return f"({_quoted([word])[0]} NOT ({' AND '.join(_quoted(others))}))"
    return f"{_quoted([word])[0]} & !({' & '.join(_quoted(others))})"


def _quoted(words: Sequence[str], is_unfinished: bool = False) -> list[str]:
    """The words as questions of the database: letters and digits alone can be quoted so."""
    quote, begins = ('"', "*") if is_sqlite() else ("'", ":*")
    quoted = [f"{quote}{word}{quote}" for word in words]
    if is_unfinished:
        quoted[-1] += begins
    return quoted


def _serial() -> ColumnElement[int]:
    return INDEX.c.rowid if is_sqlite() else CaseSearch.serial.expression


def one_of(serials: Sequence[int]) -> ColumnElement[bool]:
    """The cases of `serials`: one parameter, however many they are."""
    return _is_one_of(Case.serial.expression, serials)


def _is_one_of(serial: ColumnElement[int], serials: Sequence[int]) -> ColumnElement[bool]:
    if is_sqlite():
        listed = text("SELECT value FROM json_each(:serials)").bindparams(
            bindparam("serials", json.dumps(list(serials)), unique=True)
        )
        return serial.in_(listed.columns(column("value")))
    return serial == any_(literal(list(serials), ARRAY(BigInteger)))
