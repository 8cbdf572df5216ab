"""Persons. What says who somebody is stands here alone, sealed."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id


class Person(Base):
    """Somebody who brought a matter to `unit_id`.

    sealed: name, telephone, address, identity paper, as `core.crypto` seals them under the key
    named `key_name`. The digests find the same person again without opening what is sealed.
    merged_into_id: the person that this one turned out to be, which isn't merged itself.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("merged_into_id IS NULL OR merged_into_id <> id", name="merged"),
        Index("ix_person_key_name", "key_name", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str]
    telephone_digest: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    identity_digest: Mapped[bytes | None] = mapped_column(LargeBinary, index=True)
    merged_into_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class PersonMerge(Base):
    """Two persons turned out to be one; it can be undone.

    turn_ids: the turns that went over to the other person, to come back when it is undone.
    """

    __tablename__ = "person_merge"
    __table_args__ = (CheckConstraint("person_id <> into_id", name="into"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    into_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    reason: Mapped[str]
    turn_ids: Mapped[list[str]] = mapped_column(JSON)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    merged_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))


class PersonCorrection(Base):
    """What was known of a person was replaced.

    sealed: what it was before and what it became, sealed for this row under `key_name`.
    """

    __tablename__ = "person_correction"
    __table_args__ = (Index("ix_person_correction_key_name", "key_name", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    key_name: Mapped[str]
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    corrected_at: Mapped[datetime]


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
