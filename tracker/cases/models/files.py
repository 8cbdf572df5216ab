"""Files that belong to a case: each content is stored once, by its digest."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id


class StoredFile(Base):
    """A content in the storage, with what it really is."""

    __tablename__ = "stored_file"
    __table_args__ = (CheckConstraint("size > 0", name="size"),)

    digest: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    stored_at: Mapped[datetime]


class Attachment(Base):
    """A file as somebody put it to a case, under the name that it had."""

    __tablename__ = "attachment"
    __table_args__ = (Index("ix_attachment_case_id", "case_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    answer_id: Mapped[UUID | None] = mapped_column(ForeignKey("answer.id"), index=True)
    digest: Mapped[str] = mapped_column(ForeignKey("stored_file.digest"), index=True)
    name: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"))
    recorded_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
