"""Persons. What says who somebody is stands here alone, sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id


class Person(Base):
    """Somebody who brought a matter to `unit_id`.

    sealed: name, telephone, address, identity paper, as `core.crypto` seals them under the key
    named `key_name`. The digests find the same person again without opening what is sealed.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="merged"),
        Index("ix_person_unit_id_telephone_digest", "unit_id", "telephone_digest"),
        Index("ix_person_unit_id_identity_digest", "unit_id", "identity_digest"),
        Index("ix_person_key_name", "key_name"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str]
    telephone_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    identity_digest: Mapped[bytes | None] = mapped_column(LargeBinary)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class PersonMerge(Base):
    """Two persons turned out to be one; it can be undone."""

    __tablename__ = "person_merge"
    __table_args__ = (CheckConstraint("person_id <> into_id", name="into"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    into_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class PersonReading(Base):
    """Somebody was shown who a person is; never changed, never removed.

    reason: asked for where the person is protected as a denouncer. case_id: on whose page.
    """

    __tablename__ = "person_reading"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_file.id"), index=True)
    reason: Mapped[str] = mapped_column(default="")
    read_at: Mapped[datetime]
