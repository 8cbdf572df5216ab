"""Small pieces of SQL that several areas share."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import text


def one_of(column: str, values: Iterable[str]) -> str:
    """The text of a check that `column` holds one of `values` (our own words, never a user's)."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"


def of(condition: str) -> dict[str, Any]:
    """What an index is given that holds only the rows under `condition`, on both databases."""
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}
