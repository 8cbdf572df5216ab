"""What stands on people's desks: requests to extend, who is writing, lists that they keep."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id


class ExtensionRequest(Base):
    """An agency's wish for a later due date, and what was decided."""

    __tablename__ = "extension_request"
    __table_args__ = (
        CheckConstraint("(decided_at IS NULL) = (is_granted IS NULL)", name="decided"),
        Index("ix_extension_request_case_id", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    wanted_on: Mapped[date]
    reason: Mapped[str]
    recorded_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    is_granted: Mapped[bool | None]


class WritingMark(Base):
    """Who is writing on a case just now; it locks nobody out and goes by itself."""

    __tablename__ = "writing_mark"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    until: Mapped[datetime]


class SavedView(Base):
    """A list's question under a name: one person's own, or a unit's."""

    __tablename__ = "saved_view"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (unit_id IS NULL)", name="owner"),
        Index("ix_saved_view_user_id", "user_id"),
        Index("ix_saved_view_unit_id", "unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    query: Mapped[str]
    recorded_at: Mapped[datetime]
