"""The catalogues that cases point into; what is retired is offered no more, and stays known."""

from datetime import date
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, new_id


class Field(Base):
    """What a case is about: land, schools, the environment."""

    __tablename__ = "field"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(unique=True)
    retired_on: Mapped[date | None]


class Area(Base):
    """Where it happens: a ward, a neighbourhood."""

    __tablename__ = "area"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(unique=True)
    retired_on: Mapped[date | None]


class Channel(Base):
    """The way by which it came in."""

    __tablename__ = "channel"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    folded_name: Mapped[str] = mapped_column(unique=True)
    retired_on: Mapped[date | None]


class StandardText(Base):
    """What a unit's people, and those of the units below it, often write.

    actions: in whose forms it is offered, as names of the workflow with spaces between them.
    """

    __tablename__ = "standard_text"
    __table_args__ = (UniqueConstraint("unit_id", "folded_name"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str]
    folded_name: Mapped[str]
    actions: Mapped[str]
    body: Mapped[str]
    retired_on: Mapped[date | None]
