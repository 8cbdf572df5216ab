"""Small pieces of SQL that several areas share."""

from collections.abc import Iterable


def one_of(column: str, values: Iterable[str]) -> str:
    """The text of a check that `column` holds one of `values` (our own words, never a user's)."""
    return f"{column} IN ({', '.join(repr(str(value)) for value in values)})"
