"""What is brought, what is asked of whom, and what is answered."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, new_id
from tracker.core.sql import of, one_of
from tracker.rules.workflow import Outcome
from tracker.units.models import Unit


class Submission(Base):
    """One turn (lượt): somebody brings a matter, alone or for a group of `persons`.

    merge_id: the merge by which it came to this case from another. person_id: who it was, or who
    spoke for the others; empty where nobody said. logged_by_id: who wrote it down. voided_at: when
    that person took it back as written down by mistake; it then counts nowhere.
    """

    __tablename__ = "submission"
    __table_args__ = (
        CheckConstraint("persons >= 1", name="persons"),
        Index("ix_submission_case_id", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    received_on: Mapped[date]
    channel_id: Mapped[UUID | None] = mapped_column(ForeignKey("channel.id"))
    event_id: Mapped[UUID | None] = mapped_column(ForeignKey("event.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    persons: Mapped[int] = mapped_column(default=1)
    logged_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    voided_at: Mapped[datetime | None]
    merge_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_merge.id"), index=True)
    recorded_at: Mapped[datetime]


class Assignment(Base):
    """What a unit was asked to do about a case; open until it answered or returned it.

    decided_due_on: the date that it was given instead of the one by its clock, as it was said; what
    it means in the calendar of now, and with the case's pauses since, is `due_on`.
    pauses_before_decision: how many of these it knew of.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint(one_of("part", ("lead", "supporting")), name="part"),
        CheckConstraint("ended_on IS NULL OR ended_on >= assigned_on", name="ended_on"),
        Index("ix_assignment_unit_id_ended_on", "unit_id", "ended_on", "due_on"),
        Index("ix_assignment_case_id", "case_id"),
        # Of what people are reminded of: a small part of all.
        Index("ix_assignment_open_due_on", "due_on", "case_id", **of("ended_on IS NULL")),
        Index(
            "ix_assignment_unaccepted",
            "assigned_on",
            "case_id",
            **of("ended_on IS NULL AND accepted_on IS NULL"),
        ),
        Index(
            "uq_assignment_open_lead",
            "case_id",
            unique=True,
            sqlite_where=text("part = 'lead' AND ended_on IS NULL"),
            postgresql_where=text("part = 'lead' AND ended_on IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    part: Mapped[str]
    asked: Mapped[str] = mapped_column(default="")
    assigned_on: Mapped[date]
    due_on: Mapped[date | None]
    decided_due_on: Mapped[date | None]
    pauses_before_decision: Mapped[int] = mapped_column(default=0, server_default="0")
    accepted_on: Mapped[date | None]
    returned_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    unit: Mapped[Unit] = relationship(viewonly=True)


class Answer(Base):
    """A unit's answer, with the document that carries it and the outcome that it proposes."""

    __tablename__ = "answer"
    __table_args__ = (
        CheckConstraint(f"outcome IS NULL OR {one_of('outcome', Outcome)}", name="outcome"),
        Index("ix_answer_case_id", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    answered_on: Mapped[date]
    outcome: Mapped[str | None]
    text: Mapped[str]
    document_number: Mapped[str] = mapped_column(default="")
    document_date: Mapped[date | None]
    promised_on: Mapped[date | None]
    recorded_at: Mapped[datetime]
    unit: Mapped[Unit | None] = relationship(viewonly=True)
