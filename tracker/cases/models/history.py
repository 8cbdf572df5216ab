"""The story of a case, entry by entry."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    and_,
    func,
    select,
)
from sqlalchemy.orm import Mapped, aliased, mapped_column

from tracker.cases.models.case import Case
from tracker.core.db import Base, new_id


class Entry(Base):
    """One thing that happened to a case; never changed, never removed.

    happened_on: the date that the office gives it. recorded_at: the instant at which it was
    written down. changes: column -> [old, new]. digest: of this entry and the one before it.
    """

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("case_id", "sequence"),
        CheckConstraint("sequence >= 1", name="sequence"),
        Index("ix_entry_import_id", "import_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    sequence: Mapped[int]
    action: Mapped[str]
    from_state: Mapped[str | None]
    to_state: Mapped[str]
    happened_on: Mapped[date]
    recorded_at: Mapped[datetime]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text: Mapped[str] = mapped_column(default="")
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("import_run.id"))
    import_row: Mapped[int | None]
    digest: Mapped[str]


# What the system itself writes into a story: nobody builds on it.
SYSTEM_ACTIONS = ("remind", "accept_silently")
# What may be done to a case without anybody's building on what was done before. Of a merge only
# what is told to the other case: turns came to it, or went back.
QUIET_ACTIONS = ("comment", "attach", "detach", "merge_in", "unmerge", *SYSTEM_ACTIONS)


def is_last_work() -> ColumnElement[bool]:
    """Of a case and an entry: that it is the case's last one that isn't quiet."""
    other = aliased(Entry)
    last = (
        select(func.max(other.sequence))
        .where(other.case_id == Entry.case_id, other.action.not_in(QUIET_ACTIONS))
        .correlate(Entry)
        .scalar_subquery()
    )
    return and_(Entry.case_id == Case.id, Entry.sequence == last)
