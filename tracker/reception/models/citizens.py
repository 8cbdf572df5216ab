"""What citizens do by themselves, with the code and the secret of their receipt."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id


class CitizenFeedback(Base):
    """Whether who brought a matter is satisfied with how that round of its case ended."""

    __tablename__ = "citizen_feedback"
    __table_args__ = (
        UniqueConstraint("submission_id", "round"),
        CheckConstraint("is_satisfied OR reason <> ''", name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    submission_id: Mapped[UUID] = mapped_column(ForeignKey("submission.id"))
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), index=True)
    round: Mapped[int]
    is_satisfied: Mapped[bool]
    reason: Mapped[str] = mapped_column(default="")
    recorded_at: Mapped[datetime]
    handled_at: Mapped[datetime | None]


class LookupGuess(Base):
    """How often one place, or for one code, a wrong secret was tried of late.

    key: a keyed digest, of the address or of the code; no address is kept.
    """

    __tablename__ = "lookup_guess"
    __table_args__ = (CheckConstraint("failures >= 0", name="failures"),)

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
