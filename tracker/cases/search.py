"""Search over a case's words, without marks, by each database's own index.

SQLite: an FTS5 table over `case_search`, kept by triggers. PostgreSQL: a GIN index over
`to_tsvector('simple', folded)`. The migrations make both.
"""

from sqlalchemy import ColumnElement, false, func, literal_column, select, text

from tracker.cases.models import Case, CaseSearch
from tracker.core.db import db, is_sqlite
from tracker.rules.vietnamese import tokens


def searchable(code: str, content: str, note: str = "") -> str:
    """The folded words under which a case is found. Nothing of persons belongs here.

    Words alone: PostgreSQL would take "12/2026" for a path and leave out what looks like a tag.
    """
    return " ".join(tokens(f"{code} {content} {note}"))


def index(case: Case) -> None:
    """Writes the words of a new or changed case, inside the caller's transaction."""
    folded = searchable(case.code, case.content, case.note)
    db.session.merge(CaseSearch(serial=case.serial, case_id=case.id, folded=folded))


def matching(words: str) -> ColumnElement[bool]:
    """The condition that a case has every one of `words`; the last may be unfinished."""
    found = tokens(words)
    if not found:
        return false()
    if is_sqlite():
        query = " ".join(f'"{token}"' for token in found) + "*"
        hits = text("SELECT rowid FROM case_search_index WHERE case_search_index MATCH :words")
        return Case.serial.in_(hits.bindparams(words=query).columns(literal_column("rowid")))
    query = " & ".join(f"'{token}'" for token in found) + ":*"
    vector = func.to_tsvector(text("'simple'"), CaseSearch.folded)
    return Case.serial.in_(
        select(CaseSearch.serial).where(vector.op("@@")(func.to_tsquery(text("'simple'"), query)))
    )
