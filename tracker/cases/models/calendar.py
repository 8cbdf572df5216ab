"""Corrections of the calendar, each with the document that it rests on."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id
from tracker.core.sql import one_of


class CalendarDay(Base):
    """A day that is a rest day, or is worked, against the rule. Removed ones are kept."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        CheckConstraint(one_of("kind", ("rest", "work")), name="kind"),
        Index(
            "uq_calendar_day_in_force",
            "day",
            unique=True,
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    day: Mapped[date]
    kind: Mapped[str]
    source: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    removed_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
