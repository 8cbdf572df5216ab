"""Templates of papers that an office made its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id


class PaperTemplate(Base):
    """A Word template for `paper` that replaces the one which comes with the system.

    It holds for `unit_id` and the units below; the latest that isn't retired is used.
    """

    __tablename__ = "paper_template"
    __table_args__ = (Index("ix_paper_template_unit_id_paper", "unit_id", "paper"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    paper: Mapped[str]
    file_name: Mapped[str]
    digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
