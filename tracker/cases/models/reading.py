"""Who read what is protected, and who took a list away."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id


class Reading(Base):
    """A protected case that somebody opened, once a day; or a list that was taken as a file.

    case_id: empty for a list. cases: how many. read_on: the local date.
    """

    __tablename__ = "reading"
    __table_args__ = (
        CheckConstraint("case_id IS NULL OR cases = 1", name="cases"),
        UniqueConstraint("case_id", "user_id", "read_on"),
        Index("ix_reading_recorded_at", "recorded_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_file.id"))
    cases: Mapped[int]
    read_on: Mapped[date]
    recorded_at: Mapped[datetime]
