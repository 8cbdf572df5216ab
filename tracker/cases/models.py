"""The case as a row, its versions by recording time, and the catalogues that it points into."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    PrimaryKeyConstraint,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from tracker.core.db import Base, new_id
from tracker.core.sql import one_of
from tracker.rules.access import Confidentiality
from tracker.rules.workflow import Kind, Outcome, State
from tracker.units.models import Unit

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)


class Field(Base):
    """What a case is about: land, schools, the environment."""

    __tablename__ = "field"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(unique=True)


class Area(Base):
    """Where it happens: a ward, a neighbourhood."""

    __tablename__ = "area"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(unique=True)


class Channel(Base):
    """The way by which it came in."""

    __tablename__ = "channel"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(unique=True)


class Reportable:
    """The columns that reports and lists read: today's in `Case`, past ones in `CaseVersion`.

    All `_on` columns are the office's local dates. `due_on` is the date as extended,
    `original_due_on` the first one. `ended_on` is the date of the final answer, or of the
    closing where there was none; empty while the case is open or only promised.
    """

    code: Mapped[str]
    kind: Mapped[str]
    confidentiality: Mapped[str]
    state: Mapped[str]
    outcome: Mapped[str | None]
    received_on: Mapped[date]
    assigned_on: Mapped[date | None]
    due_on: Mapped[date | None]
    original_due_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    promised_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    suspended_on: Mapped[date | None]
    round: Mapped[int] = mapped_column(default=1)

    @declared_attr
    def unit_id(cls) -> Mapped[UUID]:
        """The unit that received it."""
        return mapped_column(ForeignKey("unit.id"))

    @declared_attr
    def lead_unit_id(cls) -> Mapped[UUID | None]:
        """The unit that has to answer it."""
        return mapped_column(ForeignKey("unit.id"))

    @declared_attr
    def logged_by_id(cls) -> Mapped[UUID | None]:
        """Who logged it, and so goes on seeing it."""
        return mapped_column(ForeignKey("user_account.id"))

    @declared_attr
    def field_id(cls) -> Mapped[UUID | None]:
        return mapped_column(ForeignKey("field.id"))

    @declared_attr
    def area_id(cls) -> Mapped[UUID | None]:
        return mapped_column(ForeignKey("area.id"))

    @declared_attr
    def channel_id(cls) -> Mapped[UUID | None]:
        return mapped_column(ForeignKey("channel.id"))

    @declared_attr
    def event_id(cls) -> Mapped[UUID | None]:
        return mapped_column(ForeignKey("event.id"))


REPORTABLE = (
    "code",
    "kind",
    "confidentiality",
    "state",
    "outcome",
    "received_on",
    "assigned_on",
    "due_on",
    "original_due_on",
    "answered_on",
    "promised_on",
    "closed_on",
    "ended_on",
    "suspended_on",
    "round",
    "unit_id",
    "lead_unit_id",
    "logged_by_id",
    "field_id",
    "area_id",
    "channel_id",
    "event_id",
)


def _state_checks() -> tuple[CheckConstraint, ...]:
    """What the database itself holds true of a case and of each of its versions."""
    return (
        CheckConstraint(one_of("kind", Kind), name="kind"),
        CheckConstraint(one_of("confidentiality", Confidentiality), name="confidentiality"),
        CheckConstraint(one_of("state", State), name="state"),
        CheckConstraint(f"outcome IS NULL OR {one_of('outcome', Outcome)}", name="outcome"),
        CheckConstraint(
            "(state = 'closed') = (outcome IS NOT NULL)"
            " AND (state = 'closed') = (closed_on IS NOT NULL)",
            name="closed",
        ),
        CheckConstraint(
            "(ended_on IS NOT NULL) = (state = 'closed' AND outcome <> 'promised')",
            name="ended",
        ),
        CheckConstraint("state <> 'answered' OR answered_on IS NOT NULL", name="answered"),
        CheckConstraint("state <> 'assigned' OR lead_unit_id IS NOT NULL", name="assigned"),
        CheckConstraint("assigned_on IS NULL OR assigned_on >= received_on", name="assigned_on"),
        CheckConstraint("answered_on IS NULL OR answered_on >= received_on", name="answered_on"),
        CheckConstraint("closed_on IS NULL OR closed_on >= received_on", name="closed_on"),
        CheckConstraint("round >= 1", name="round"),
    )


class Case(Reportable, Base):
    """One matter. Its row is where it stands now; its entries say how it came there."""

    __tablename__ = "case_file"
    __table_args__ = (
        *_state_checks(),
        UniqueConstraint("code"),
        UniqueConstraint("serial"),
        UniqueConstraint("unit_id", "register_key"),
        Index("ix_case_file_received_on_id", "received_on", "id"),
        # Holds all that a report by unit reads, so that it needn't open the rows.
        Index(
            "ix_case_file_kind_received_on",
            "kind",
            "received_on",
            "ended_on",
            "outcome",
            "due_on",
            "lead_unit_id",
            "unit_id",
            "confidentiality",
            "logged_by_id",
        ),
        Index("ix_case_file_kind_ended_on", "kind", "ended_on"),
        # Holds all that decides who sees a case, so that counting a list needn't open the rows.
        Index(
            "ix_case_file_sight",
            "confidentiality",
            "unit_id",
            "lead_unit_id",
            "logged_by_id",
            "id",
        ),
        Index("ix_case_file_unit_id_received_on", "unit_id", "received_on"),
        Index("ix_case_file_lead_unit_id_received_on", "lead_unit_id", "received_on"),
        Index("ix_case_file_state_due_on", "state", "due_on"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    serial: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column()
    content: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    extra: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    register_key: Mapped[str | None]
    import_id: Mapped[UUID | None] = mapped_column(ForeignKey("import_run.id"), index=True)

    entries: Mapped[list["Entry"]] = relationship(order_by="Entry.sequence", viewonly=True)
    submissions: Mapped[list["Submission"]] = relationship(
        order_by="Submission.received_on", viewonly=True
    )
    assignments: Mapped[list["Assignment"]] = relationship(
        order_by="Assignment.assigned_on", viewonly=True
    )
    answers: Mapped[list["Answer"]] = relationship(order_by="Answer.answered_on", viewonly=True)

    __mapper_args__ = {"version_id_col": version}


class CaseVersion(Reportable, Base):
    """What `Case` said from one recording instant (included) to the next (excluded)."""

    __tablename__ = "case_version"
    __table_args__ = (
        *_state_checks(),
        CheckConstraint("recorded_from < recorded_to", name="recorded"),
        PrimaryKeyConstraint("case_id", "recorded_from"),
        Index("ix_case_version_kind_received_on", "kind", "received_on"),
    )

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    recorded_from: Mapped[datetime]
    recorded_to: Mapped[datetime] = mapped_column(default=FOREVER)


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


class Submission(Base):
    """One turn (lượt): somebody brings a matter, alone or for a group of `persons`."""

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
    persons: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime]


class Assignment(Base):
    """What a unit was asked to do about a case; open until it answered or returned it."""

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint(one_of("part", ("lead", "supporting")), name="part"),
        CheckConstraint("ended_on IS NULL OR ended_on >= assigned_on", name="ended_on"),
        Index("ix_assignment_unit_id_ended_on", "unit_id", "ended_on"),
        Index("ix_assignment_case_id", "case_id"),
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


class CaseSearch(Base):
    """The folded words of a case, apart from it so that its row stays short.

    The index over `folded` is each database's own: see `search.py`.
    """

    __tablename__ = "case_search"

    serial: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), unique=True)
    folded: Mapped[str]


class Counter(Base):
    """The last number given out under a name, so that codes have no gaps and no twins."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
