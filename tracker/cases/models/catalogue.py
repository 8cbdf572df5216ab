"""The catalogues that cases point into; what is retired is offered no more, and stays known."""

from datetime import date
from uuid import UUID

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
