"""Numbers given out once: serials and the codes that people read out."""

from sqlalchemy import text

from tracker.core.db import db
from tracker.rules.workflow import CODE_PREFIXES, Kind

_TAKE = text(
    "INSERT INTO counter (name, value) VALUES (:name, :amount)"
    " ON CONFLICT (name) DO UPDATE SET value = counter.value + :amount RETURNING value"
)


def take(name: str, amount: int = 1) -> int:
    """Takes `amount` numbers in a row from the counter `name`; gives the first of them.

    The counter stays locked until the transaction ends, so that numbers follow commits.
    """
    last = db.session.execute(_TAKE, {"name": name, "amount": amount}).scalar_one()
    return int(last) - amount + 1


def code(kind: Kind, year: int, number: int) -> str:
    """The code of a case, such as DLXH-2016-00012."""
    return f"{CODE_PREFIXES[kind]}-{year}-{number:05d}"


def code_counter(kind: Kind, year: int) -> str:
    """The name of the counter that numbers the cases of `kind` received in `year`."""
    return f"{CODE_PREFIXES[kind]}-{year}"


def next_code(kind: Kind, year: int) -> str:
    """A new code for a case of `kind` received in `year`."""
    return code(kind, year, take(code_counter(kind, year)))
