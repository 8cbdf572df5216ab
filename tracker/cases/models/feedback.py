"""What citizens say of how their cases ended."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id

_WORDS = "NOT is_satisfied AND handled_at IS NULL"
_OF_WAITING: dict[str, Any] = {"sqlite_where": text(_WORDS), "postgresql_where": text(_WORDS)}
# Whether the office owes a word. Said in these very words, so that both databases know their
# index of what waits by it.
WAITS: ColumnElement[bool] = literal_column(_WORDS)


class CitizenFeedback(Base):
    """Whether who brought a matter is satisfied with how that round of its case ended.

    handled_at: when the office reopened the case, or said in its `reply` why it doesn't.
    """

    __tablename__ = "citizen_feedback"
    __table_args__ = (
        UniqueConstraint("submission_id", "round"),
        CheckConstraint("is_satisfied OR reason <> ''", name="reason"),
        Index("ix_citizen_feedback_waiting", "case_id", **_OF_WAITING),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    round: Mapped[int]
    is_satisfied: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]
    reply: Mapped[str] = mapped_column(default="")
