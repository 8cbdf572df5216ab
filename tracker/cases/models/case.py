"""The case as a row, and its versions by recording time."""

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ColumnElement,
    Dialect,
    ForeignKey,
    Index,
    PrimaryKeyConstraint,
    TypeDecorator,
    UniqueConstraint,
    exists,
    text,
)
from sqlalchemy.orm import Mapped, column_property, declared_attr, mapped_column, relationship

from tracker.cases.models.feedback import WAITS, CitizenFeedback
from tracker.core.db import Base, new_id
from tracker.core.sql import of, one_of
from tracker.rules.access import Confidentiality
from tracker.rules.conditions import CONDITION_LABELS
from tracker.rules.deadlines import Pause
from tracker.rules.workflow import Kind, Outcome, State

if TYPE_CHECKING:
    from tracker.cases.models.desk import ExtensionRequest
    from tracker.cases.models.history import Entry
    from tracker.cases.models.work import Answer, Assignment, Submission

FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
IS_OPEN = text("state <> 'closed'")
OF_OPEN: dict[str, Any] = {"sqlite_where": IS_OPEN, "postgresql_where": IS_OPEN}
WAITS_FOR_RULING = text("ruling_due_on IS NOT NULL")
TO_RULE: dict[str, Any] = {
    "sqlite_where": WAITS_FOR_RULING,
    "postgresql_where": WAITS_FOR_RULING,
}


class Pauses(TypeDecorator[tuple[Pause, ...]]):
    """Pauses in order, each two local dates."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return [[str(first), str(last)] for first, last in value or ()]

    def process_result_value(self, value: Any, dialect: Dialect) -> tuple[Pause, ...]:
        return tuple((date.fromisoformat(first), date.fromisoformat(last)) for first, last in value)


class Reportable:
    """The columns that reports and lists read: today's in `Case`, past ones in `CaseVersion`.

    All `_on` columns are the office's local dates. `due_on` is the date as extended,
    `original_due_on` the first one. `accepted_on`: since when a complaint or a denunciation is
    taken on by law (thụ lý), empty as long as that isn't recorded. `ended_on` is the date of the
    final answer, or of the closing where there was none; empty while the case is open or only
    promised.
    """

    code: Mapped[str]
    kind: Mapped[str]
    confidentiality: Mapped[str]
    state: Mapped[str]
    outcome: Mapped[str | None]
    received_on: Mapped[date]
    accepted_on: Mapped[date | None]
    assigned_on: Mapped[date | None]
    due_on: Mapped[date | None]
    original_due_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    promised_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    suspended_on: Mapped[date | None]
    round: Mapped[int] = mapped_column(default=1)
    return_count: Mapped[int] = mapped_column(default=0, server_default="0")
    redo_count: Mapped[int] = mapped_column(default=0, server_default="0")

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
    "accepted_on",
    "assigned_on",
    "due_on",
    "original_due_on",
    "answered_on",
    "promised_on",
    "closed_on",
    "ended_on",
    "suspended_on",
    "round",
    "return_count",
    "redo_count",
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
        CheckConstraint("accepted_on IS NULL OR accepted_on >= received_on", name="accepted_on"),
        CheckConstraint("assigned_on IS NULL OR assigned_on >= received_on", name="assigned_on"),
        CheckConstraint("answered_on IS NULL OR answered_on >= received_on", name="answered_on"),
        CheckConstraint("closed_on IS NULL OR closed_on >= received_on", name="closed_on"),
        CheckConstraint("round >= 1", name="round"),
    )


def _is_last_work() -> ColumnElement[bool]:
    # Entries know of cases; cases find theirs once all tables are there.
    from tracker.cases.models.history import is_last_work

    return is_last_work()


class Case(Reportable, Base):
    """One matter. Its row is where it stands now; its entries say how it came there.

    condition: under which of the law's conditions its limits stand, see `rules.deadlines`.
    due_basis: where the first due date comes from: the deadlines' table, an office's register, or
    a decision where neither gave one. decided_due_on: the date that was decided since, as it was
    said; what it means in the calendar of now, and with the pauses since, is `due_on`.
    pauses: the suspensions that ended, in order, with those of the case that this one was split
    from; pauses_before_decision: how many of them the decided date knew of.
    ruling_due_on: by when a leader has to rule, empty where none has to.
    sent_to: the body that it was forwarded to, or that the citizen was guided to.
    proposed_unit_id: the unit that whoever logged it proposes to ask; the coordinator decides.
    """

    __tablename__ = "case_file"
    __table_args__ = (
        *_state_checks(),
        CheckConstraint(one_of("due_basis", ("rule", "register", "decision")), name="due_basis"),
        CheckConstraint(one_of("condition", CONDITION_LABELS), name="condition"),
        CheckConstraint("(outcome = 'duplicate') OR merged_into_id IS NULL", name="merged"),
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
            "answered_on",
            "suspended_on",
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
        # Of what waits, a small part of all: the lists that somebody works through.
        Index("ix_case_file_open_due_on", "due_on", "id", **OF_OPEN),
        Index("ix_case_file_open_state", "state", "received_on", "id", **OF_OPEN),
        Index("ix_case_file_open_serial", "serial", **OF_OPEN),
        Index("ix_case_file_ruling", "received_on", "id", **TO_RULE),
        # Of what people are reminded of.
        Index("ix_case_file_promised_on", "promised_on", **of("outcome = 'promised'")),
        Index(
            "ix_case_file_suspended_on",
            "suspended_on",
            **of("suspended_on IS NOT NULL AND state <> 'closed'"),
        ),
        Index("ix_case_file_logged_by_id_received_on", "logged_by_id", "received_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    serial: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column()
    content: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    condition: Mapped[str] = mapped_column(default="ordinary", server_default="ordinary")
    due_basis: Mapped[str] = mapped_column(default="rule", server_default="rule")
    decided_due_on: Mapped[date | None]
    pauses: Mapped[tuple[Pause, ...]] = mapped_column(Pauses, default=(), server_default="[]")
    pauses_before_decision: Mapped[int] = mapped_column(default=0, server_default="0")
    ruling_due_on: Mapped[date | None]
    sent_to: Mapped[str | None]
    proposed_unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_file.id"), index=True)
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
    # The last entry beside notes and files.
    last_work: Mapped["Entry | None"] = relationship(
        primaryjoin=lambda: _is_last_work(), uselist=False, viewonly=True
    )
    # The one that waits for a decision.
    extension_request: Mapped["ExtensionRequest | None"] = relationship(
        primaryjoin="and_(ExtensionRequest.case_id == Case.id,"
        " ExtensionRequest.decided_at.is_(None))",
        viewonly=True,
    )

    # Whether a citizen isn't satisfied with how it ended, and the office owes a word.
    awaits_reply: Mapped[bool] = column_property(
        exists().where(CitizenFeedback.case_id == id, WAITS).correlate_except(CitizenFeedback),
        deferred=True,
    )

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
