"""How often a receipt's secret was guessed wrong."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base


class LookupGuess(Base):
    """How often one place, or for one code, a wrong secret was tried of late.

    key: a keyed digest, of the address or of the code; no address is kept. since: when the
    counting began.
    """

    __tablename__ = "lookup_guess"
    __table_args__ = (
        CheckConstraint("failures >= 0", name="failures"),
        Index("ix_lookup_guess_since", "since"),
    )

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    since: Mapped[datetime]
    blocked_until: Mapped[datetime | None]
