"""The words of cases, apart from them, and the numbers given out."""

from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base


class CaseSearch(Base):
    """The folded words of a case, apart from it so that its row stays short.

    scope: words that nobody can type, of its slice of all cases and of who has to do with it. The
    index over both is each database's own: see `cases/search.py`.
    """

    __tablename__ = "case_search"

    serial: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False
    )
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_file.id"), unique=True)
    folded: Mapped[str]
    scope: Mapped[str]


class Counter(Base):
    """The last number given out under a name, so that codes have no gaps and no twins."""

    __tablename__ = "counter"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int] = mapped_column(BigInteger)
