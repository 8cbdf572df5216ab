"""The clock, read at the edges only: views, jobs and commands call it, rules never do."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

VIET_NAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def local_date(instant: datetime) -> date:
    """The date in Viet Nam at `instant`: what the law calls the day."""
    return instant.astimezone(VIET_NAM).date()


def local_time(instant: datetime) -> datetime:
    """The time in Viet Nam at `instant`, without its zone, as offices write it."""
    return instant.astimezone(VIET_NAM).replace(tzinfo=None)


def end_of_day(day: date) -> datetime:
    """The last instant, in UTC, that still belongs to the local `day`."""
    return datetime.combine(day, time.max, tzinfo=VIET_NAM).astimezone(UTC)
