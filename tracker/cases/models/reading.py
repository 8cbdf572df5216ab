"""Who read what is protected, and who took a list away."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id
from tracker.core.sql import one_of

WAYS = ("opened", "listed", "taken", "receipt")


class Reading(Base):
    """A protected case that somebody opened or saw in a list, once a day each; or a list that was
    taken as a file, and each protected case in it; or a case of which somebody saw a receipt, and
    so the secret by which its citizen speaks, once a day too.

    case_id: empty for a list. cases: how many. read_on: the local date. export_id: of a case in a
    file the list's row.
    """

    __tablename__ = "reading"
    __table_args__ = (
        CheckConstraint("case_id IS NULL OR cases = 1", name="cases"),
        CheckConstraint(one_of("way", WAYS), name="way"),
        Index(
            "uq_reading_of_a_day",
            "case_id",
            "user_id",
            "read_on",
            "way",
            unique=True,
            sqlite_where=text("export_id IS NULL"),
            postgresql_where=text("export_id IS NULL"),
        ),
        Index("ix_reading_recorded_at", "recorded_at"),
        Index("ix_reading_export_id", "export_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_file.id"))
    cases: Mapped[int]
    way: Mapped[str]
    export_id: Mapped[UUID | None] = mapped_column(ForeignKey("reading.id"))
    read_on: Mapped[date]
    recorded_at: Mapped[datetime]
