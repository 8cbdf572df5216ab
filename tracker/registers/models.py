"""What was taken in from which file, when, by whom, and what was not."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id
from tracker.core.sql import one_of


class ImportRun(Base):
    """One file taken in. The rows passed over and refused are kept beside what came of it."""

    __tablename__ = "import_run"
    __table_args__ = (
        CheckConstraint(one_of("register", ("opinion",)), name="register"),
        Index("ix_import_run_unit_id_recorded_at", "unit_id", "recorded_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    register: Mapped[str]
    file_name: Mapped[str]
    file_digest: Mapped[str]
    recorded_at: Mapped[datetime]
    row_count: Mapped[int]
    case_count: Mapped[int]
    passed_over: Mapped[dict[str, Any]] = mapped_column(JSON)
    errors: Mapped[list[Any]] = mapped_column(JSON)
