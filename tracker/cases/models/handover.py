"""Open cases that went from one unit to its successor."""

from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id
from tracker.core.sql import one_of


class Handover(Base):
    """One case handed over by a change of units. tie: which of its ties to the unit went over.

    assignment_id: of an assignment, the one that ended with it; new_assignment_id: the one made
    in its place, empty where the successor had one already and once the change is undone.
    """

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint(one_of("tie", ("received", "lead", "supporting")), name="tie"),
        Index("ix_handover_change_id", "change_id"),
        Index("ix_handover_case_id", "case_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    change_id: Mapped[UUID] = mapped_column(ForeignKey("unit_change.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    tie: Mapped[str]
    from_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    to_unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"))
    new_assignment_id: Mapped[UUID | None] = mapped_column(ForeignKey("assignment.id"))
