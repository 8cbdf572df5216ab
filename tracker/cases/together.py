"""Several people on one case: who writes just now, and what others did since a form was opened."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import BindParameter, ScalarSelect, func, select

from tracker.cases.models import Case, Entry, WritingMark
from tracker.core.db import db
from tracker.rules.vietnamese import clean
from tracker.units.models import User

# What a column of whole numbers can hold.
MOST_ENTRIES = 2**31 - 1
# Between two requests that one person's impatience sends.
DOUBLE_CLICK = timedelta(seconds=5)


def writers(
    reader_id: UUID | BindParameter[UUID] | None, now: datetime | BindParameter[datetime]
) -> ScalarSelect[str]:
    """A column for queries of `Case`: the names of those beside the reader who write just now."""
    return (
        select(func.aggregate_strings(User.name, ", "))
        .join(WritingMark, WritingMark.user_id == User.id)
        .where(
            WritingMark.case_id == Case.id,
            WritingMark.user_id != reader_id,
            WritingMark.until > now,
        )
        .correlate(Case)
        .scalar_subquery()
    )


def who_writes(case_id: UUID, reader_id: UUID, now: datetime) -> str | None:
    """The names of those beside the reader who write on a case that the reader may see."""
    return db.session.scalar(select(writers(reader_id, now)).where(Case.id == case_id))


def is_repeated(
    case_id: UUID,
    action: str,
    seen: int | None,
    typed: Iterable[str],
    user_id: UUID | None,
    now: datetime,
) -> bool:
    """Whether `action` was just done by the same person from the same page: clicked twice.

    seen: how many entries the page showed. typed: the texts sent now; other words than those
    that were written down are no second click.
    """
    if seen is None or not 0 <= seen < MOST_ENTRIES:
        return False
    done = db.session.execute(
        select(Entry.recorded_at, Entry.text).where(
            Entry.case_id == case_id,
            Entry.sequence == seen + 1,
            Entry.action == action,
            Entry.user_id == user_id,
        )
    ).first()
    if done is None or abs(now - done.recorded_at) >= DOUBLE_CLICK:
        return False
    return all(clean(words, keep_lines=True) in done.text for words in typed)
