"""How cases belong together: links, parts, and merges that can be undone."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id
from tracker.core.sql import one_of

LINK_KINDS = ("related", "earlier", "same_document", "part")


class CaseLink(Base):
    """`case_id` is related to, came after, is answered by the document of, or is part of
    `other_id`."""

    __tablename__ = "case_link"
    __table_args__ = (
        UniqueConstraint("case_id", "other_id", "kind"),
        CheckConstraint(one_of("kind", LINK_KINDS), name="kind"),
        CheckConstraint("case_id <> other_id", name="other"),
        Index("ix_case_link_other_id", "other_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    other_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]


class CaseMerge(Base):
    """A case that turned out to be another's matter: its turns went over to `into_id`."""

    __tablename__ = "case_merge"
    __table_args__ = (
        CheckConstraint("case_id <> into_id", name="into"),
        Index("ix_case_merge_case_id", "case_id"),
        Index("ix_case_merge_into_id", "into_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    into_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
