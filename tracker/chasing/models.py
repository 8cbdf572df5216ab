"""Reminders, what of them is whose, and the messages that leave."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, new_id
from tracker.core.sql import of, one_of

WAYS = ("mail", "gateway")
_WAITS = text("sent_at IS NULL AND given_up_at IS NULL")


class Reminder(Base):
    """One step reached on one clock: it is made once, however often somebody looks.

    subject_id: what the clock runs for, an assignment, a case, an import. began_on: the local
    date that the clock goes by, a due date or the day from which one is counted; where that
    moves it is another clock. step: its key in `rules.chasing`. unit_id: whose work is awaited.
    is_pressing: whether it doesn't wait for the day's one message.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("clock", "subject_id", "began_on", "step"),
        Index("ix_reminder_case_id", "case_id"),
        Index("ix_reminder_reminded_on", "reminded_on", "unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clock: Mapped[str]
    subject_id: Mapped[UUID]
    began_on: Mapped[date]
    step: Mapped[str]
    due_on: Mapped[date]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_file.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    reminded_on: Mapped[date]
    is_pressing: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime]


class Notice(Base):
    """A reminder in the inbox of one person.

    batch: the message with which it leaves, "day:2026-12-01" or "now:<reminder>"; empty while
    none was planned. stands_in_for_id: the person away in whose place this one hears it.
    later_on: the local date until which the person put it off.
    """

    __tablename__ = "notice"
    __table_args__ = (
        UniqueConstraint("user_id", "reminder_id"),
        Index(
            "ix_notice_unread",
            "user_id",
            "id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
        Index(
            "ix_notice_unplanned",
            "user_id",
            sqlite_where=text("batch IS NULL"),
            postgresql_where=text("batch IS NULL"),
        ),
        Index("ix_notice_user_id_batch", "user_id", "batch"),
        Index("ix_notice_reminder_id", "reminder_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    reminder_id: Mapped[UUID] = mapped_column(ForeignKey("reminder.id"))
    stands_in_for_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    batch: Mapped[str | None]
    read_at: Mapped[datetime | None]
    later_on: Mapped[date | None]
    reminder: Mapped[Reminder] = relationship(viewonly=True)


class Message(Base):
    """What is to leave to one person one way: the outbox. Sent at least once, planned once.

    next_at: when it is tried next. is_empty: everything in it was settled before it left.
    error: what the other side said last, without anything of the message.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("user_id", "batch", "way"),
        CheckConstraint(one_of("way", WAYS), name="way"),
        CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name="ended"),
        Index("ix_message_next_at", "next_at", sqlite_where=_WAITS, postgresql_where=_WAITS),
        Index("ix_message_given_up_at", "given_up_at", **of("given_up_at IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    batch: Mapped[str]
    way: Mapped[str]
    recorded_at: Mapped[datetime]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    is_empty: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str] = mapped_column(default="")


class MovedStep(Base):
    """A step that an administrator moved, for one kind of case or for all, by priority."""

    __tablename__ = "moved_step"
    __table_args__ = (
        UniqueConstraint("clock", "kind", "priority", "step"),
        CheckConstraint(one_of("priority", ("ordinary", "urgent")), name="priority"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    clock: Mapped[str]
    kind: Mapped[str] = mapped_column(default="")
    priority: Mapped[str] = mapped_column(default="ordinary")
    step: Mapped[str]
    offset: Mapped[int]


class Correspondent(Base):
    """How a person wants to be reached, and who hears in their place while they are away.

    hour: of the day's one message, local. from_on and until_on: the first and last local date
    away.
    """

    __tablename__ = "correspondent"
    __table_args__ = (
        CheckConstraint("hour BETWEEN 7 AND 16", name="hour"),
        CheckConstraint("(away_from IS NULL) = (away_until IS NULL)", name="away"),
        CheckConstraint("away_until IS NULL OR away_until >= away_from", name="away_order"),
        CheckConstraint("stand_in_id IS NULL OR stand_in_id <> user_id", name="stand_in"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    mail: Mapped[str] = mapped_column(default="")
    telephone: Mapped[str] = mapped_column(default="")
    hour: Mapped[int] = mapped_column(default=8)
    away_from: Mapped[date | None]
    away_until: Mapped[date | None]
    stand_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class WorkerRun(Base):
    """What the worker last did of each of its jobs, and who leads."""

    __tablename__ = "worker_run"

    job: Mapped[str] = mapped_column(primary_key=True)
    worker: Mapped[str]
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")
    done: Mapped[int] = mapped_column(default=0)
