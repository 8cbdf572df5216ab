"""Which periods a briefing speaks of: what was told last time, and what came since."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from tracker.rules.reception_days import Span, month_of

_DAY = timedelta(days=1)


class Periods(NamedTuple):
    """before: whose items are read out with their results; since: whose items are new."""

    before: Span
    since: Span


def periods(day: date, held: Sequence[date]) -> Periods:
    """The periods of a briefing on the local date `day`; held: the days of those before it.

    What was brought on the day of a briefing was told there, and is read out at the next. Where
    there was none, the months up to `day` and before it are meant.
    """
    earlier = sorted(each for each in held if each < day)
    last = earlier[-1] if earlier else month_of(day).first - _DAY
    one_before = earlier[-2] if len(earlier) > 1 else month_of(last).first - _DAY
    return Periods(Span(one_before + _DAY, last), Span(last + _DAY, day))
