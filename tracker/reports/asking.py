"""What people type to ask for a report, read strictly: days and instants."""

from datetime import date, datetime

from flask_babel import gettext as _

from tracker.cases.fields import EARLIEST, LATEST
from tracker.core.clock import VIET_NAM, end_of_day, local_date
from tracker.core.errors import Refused
from tracker.rules.vietnamese import DoubtfulDate, parse_date


def read_day(text: str, field: str) -> date:
    """The local date that `text` names: 2021-03-10 or 10/3/2021. Raises Refused."""
    try:
        return parse_date(text, earliest=EARLIEST, latest=LATEST)
    except DoubtfulDate as error:
        raise Refused(_(error.reason) % error.values, field) from error


def read_as_of(text: str, now: datetime) -> datetime | None:
    """The instant that `text` names, None for an empty one.

    A date means the end of that local day, today's means `now`; an instant without a zone is
    one of Viet Nam. Raises Refused.
    """
    text = text.strip()
    if not text:
        return None
    if "T" in text.upper() or ":" in text:
        return _read_instant(text)
    day = read_day(text, "as_of")
    return now if day == local_date(now) else end_of_day(day)


def _read_instant(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise Refused(
            _(
                "“%(text)s” không phải là thời điểm: viết như 2021-03-10T09:00+07:00.",
                text=text[:40],
            ),
            "as_of",
        ) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=VIET_NAM)
