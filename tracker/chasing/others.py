"""What runs on the clocks that are no case's: what waits just now, and whether it still does."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import NAMESPACE_OID, UUID, uuid5

from tracker.cases import clocks, year
from tracker.registers import jobs
from tracker.rules.calendar import exchanges_known


class Waiting(NamedTuple):
    """Something that somebody has to do. began_on: the local date that the clock goes by.

    user_id: whose it is; None where it is the administrators'.
    """

    subject_id: UUID
    began_on: date
    user_id: UUID | None


@dataclass(frozen=True, slots=True)
class Question:
    """waiting: what waits on a local date. still_waits: whether that which began then does."""

    waiting: Callable[[date], Iterable[Waiting]]
    still_waits: Callable[[UUID, date], bool]


def _calendar(today: date) -> Iterable[Waiting]:
    if year.warning(today) is None:
        return []
    began_on = date(today.year, year.FIRST_MONTH_OF_WARNING, 1)
    return [Waiting(uuid5(NAMESPACE_OID, f"calendar {today.year + 1}"), began_on, None)]


def _is_calendar_missing(_subject_id: UUID, began_on: date) -> bool:
    return not exchanges_known(began_on.year + 1, clocks.corrections())


def _imports(_today: date) -> Iterable[Waiting]:
    return [Waiting(*found) for found in jobs.waiting()]


def _is_import_waiting(subject_id: UUID, began_on: date) -> bool:
    return any(found[:2] == (subject_id, began_on) for found in jobs.waiting())


OF_OTHERS = {
    "calendar": Question(_calendar, _is_calendar_missing),
    "import": Question(_imports, _is_import_waiting),
}
