"""The periods of a briefing: since the last one, and the one before it."""

from datetime import date

import pytest

from tracker.rules.briefing import periods

pytestmark = pytest.mark.pure
DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "held, said",
    [
        ([], "2026-02-01 2026-02-28 2026-03-01 2026-03-02"),
        ([date(2026, 2, 5)], "2026-02-01 2026-02-05 2026-02-06 2026-03-02"),
        ([date(2026, 2, 5), date(2026, 1, 8)], "2026-01-09 2026-02-05 2026-02-06 2026-03-02"),
        (
            [date(2026, 2, 5), date(2026, 1, 8), date(2025, 12, 4), DAY],
            "2026-01-09 2026-02-05 2026-02-06 2026-03-02",
        ),
    ],
)
def test_what_was_told_last_time_is_read_out_and_the_rest_is_new(
    held: list[date], said: str
) -> None:
    before, since = periods(DAY, held)
    assert " ".join(map(str, (*before, *since))) == said
