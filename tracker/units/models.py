"""Units with their validity and successors; people who sign in, and what they do for a unit."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, new_id
from tracker.core.sql import one_of
from tracker.rules.workflow import Role

LEVELS = ("province", "district", "commune")


class Unit(Base):
    """An office: a committee, a department, a ward. Units end and have successors.

    level: of a committee, state or Party: the law says by it how often its head receives citizens.
    """

    __tablename__ = "unit"
    __table_args__ = (
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        CheckConstraint(one_of("paper", ("party", "government")), name="paper"),
        CheckConstraint(f"level IS NULL OR {one_of('level', LEVELS)}", name="level"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(index=True)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit.id"), index=True)
    paper: Mapped[str] = mapped_column(default="government")
    letterhead: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    level: Mapped[str | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]


class UnitSuccession(Base):
    """One unit's work going over to another: a merger is many rows to one, a split one to many.

    takes_rest: whether this successor takes all that no other one was given by name; it alone
    goes on reading what the unit closed. Each unit has one such successor at most. areas: the ids
    of the areas whose cases this one takes by name, empty for those without one.
    """

    __tablename__ = "unit_succession"
    __table_args__ = (
        UniqueConstraint("unit_id", "successor_id"),
        CheckConstraint("unit_id <> successor_id", name="other_unit"),
        CheckConstraint(one_of("reason", ("merge", "split", "rename", "dissolve")), name="reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    successor_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    happened_on: Mapped[date]
    reason: Mapped[str]
    document: Mapped[str]
    takes_rest: Mapped[bool]
    areas: Mapped[list[str]] = mapped_column(JSON, default=list)
    change_id: Mapped[UUID | None] = mapped_column(ForeignKey("unit_change.id"), index=True)


class UnitChange(Base):
    """A merger, split, renaming or end of units, as one document ordered it; it can be undone."""

    __tablename__ = "unit_change"
    __table_args__ = (
        CheckConstraint(one_of("kind", ("merge", "split", "rename", "dissolve")), name="kind"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[str]
    happened_on: Mapped[date]
    document: Mapped[str]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    recorded_at: Mapped[datetime]
    undone_at: Mapped[datetime | None]


class User(Base):
    """Somebody who signs in. `session_epoch` goes up to end every session at once."""

    __tablename__ = "user_account"
    __table_args__ = (CheckConstraint(one_of("language", ("vi", "en")), name="language"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    password_hash: Mapped[str]
    language: Mapped[str] = mapped_column(default="vi")
    session_epoch: Mapped[int] = mapped_column(default=0)
    failed_attempts: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    disabled_at: Mapped[datetime | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    list_columns: Mapped[str] = mapped_column(default="", server_default="")
    memberships: Mapped[list["Membership"]] = relationship(back_populates="user")


class Membership(Base):
    """A role that a person has at a unit, from a date to a date."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("user_id", "unit_id", "role", "valid_from"),
        CheckConstraint(one_of("role", Role), name="role"),
        CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="validity"),
        Index("ix_membership_unit_id", "unit_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    role: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    user: Mapped[User] = relationship(back_populates="memberships")
    unit: Mapped[Unit] = relationship()


class AdministrationEntry(Base):
    """One change of a unit, a person, a catalogue or a setting; never changed, never removed."""

    __tablename__ = "administration_entry"
    __table_args__ = (Index("ix_administration_entry_subject_id", "subject_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    recorded_at: Mapped[datetime]
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("user_account.id"))
    action: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[UUID]
    changes: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text: Mapped[str] = mapped_column(default="")


class SeeingAs(Base):
    """An administrator looked as another user looks: read only, and on record."""

    __tablename__ = "seeing_as"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    administrator_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"), index=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
