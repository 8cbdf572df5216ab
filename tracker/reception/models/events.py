"""Meetings at which citizens are heard."""

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Time
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
# Of a reception: by the officers, by the head on the days of the law, by the head out of turn.
EVENT_FORMS = ("regular", "periodic", "unscheduled")
EVENT_STATES = ("planned", "open", "closed", "cancelled")
_FORM = (
    f"(kind = 'reception') = (form IS NOT NULL) AND (form IS NULL OR {one_of('form', EVENT_FORMS)})"
)


class EventSeries(Base):
    """Meetings that come again: "hai kỳ mỗi tháng".

    days: days of the month, or of the week (Monday is 1), by `every`.
    """

    __tablename__ = "event_series"
    __table_args__ = (
        CheckConstraint(one_of("kind", EVENT_KINDS), name="kind"),
        CheckConstraint(_FORM, name="form"),
        CheckConstraint(one_of("every", ("month", "week")), name="every"),
        CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    kind: Mapped[str]
    form: Mapped[str | None]
    title: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    chair: Mapped[str] = mapped_column(default="")
    is_delegated: Mapped[bool] = mapped_column(default=False)
    present: Mapped[str] = mapped_column(default="")
    every: Mapped[str]
    days: Mapped[list[int]] = mapped_column(JSON)
    starts_at: Mapped[time | None] = mapped_column(Time)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class Event(Base):
    """One session, conference or briefing of a unit.

    form: of a reception. chair: who received; is_delegated: in the head's place. present: the
    others who took part. attendance: how many came. planned_on: the day from which it was moved,
    moved_reason: why. starts_at: local time.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint(one_of("kind", EVENT_KINDS), name="kind"),
        CheckConstraint(_FORM, name="form"),
        CheckConstraint(one_of("state", EVENT_STATES), name="state"),
        CheckConstraint("attendance IS NULL OR attendance >= 0", name="attendance"),
        CheckConstraint("state <> 'open' OR opened_at IS NOT NULL", name="opened"),
        Index("ix_event_unit_id_held_on", "unit_id", "held_on"),
        Index("ix_event_series_id_held_on", "series_id", "held_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("event_series.id"))
    kind: Mapped[str]
    form: Mapped[str | None]
    state: Mapped[str] = mapped_column(default="planned", server_default="planned")
    title: Mapped[str] = mapped_column(default="")
    held_on: Mapped[date]
    starts_at: Mapped[time | None] = mapped_column(Time)
    planned_on: Mapped[date | None]
    moved_reason: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    chair: Mapped[str] = mapped_column(default="")
    is_delegated: Mapped[bool] = mapped_column(default=False)
    present: Mapped[str] = mapped_column(default="")
    attendance: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    opened_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class EventEntry(Base):
    """What was done to a meeting, by whom; never changed, never removed."""

    __tablename__ = "event_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("event.id"), index=True)
    action: Mapped[str]
    recorded_at: Mapped[datetime]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text: Mapped[str] = mapped_column(default="")
