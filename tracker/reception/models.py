"""Meetings at which citizens are heard."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id
from tracker.core.sql import one_of

EVENT_KINDS = (
    "reception",
    "dialogue",
    "voter_meeting",
    "briefing",
    "supervision",
    "inspection",
)


class Event(Base):
    """One session, conference or briefing of a unit."""

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint(one_of("kind", EVENT_KINDS), name="kind"),
        CheckConstraint("attendance IS NULL OR attendance >= 0", name="attendance"),
        Index("ix_event_unit_id_held_on", "unit_id", "held_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[str]
    title: Mapped[str] = mapped_column(default="")
    held_on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    chair: Mapped[str] = mapped_column(default="")
    attendance: Mapped[int | None]
