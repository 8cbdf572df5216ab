"""What citizens are told, and how long whoever guesses has to wait."""

from datetime import UTC, datetime, timedelta

import pytest

from tracker.rules import citizens
from tracker.rules.workflow import Outcome, State

NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)


def test_every_state_and_every_end_has_words_of_its_own() -> None:
    told = [citizens.words(state, None, is_suspended=False) for state in set(State) - {"closed"}]
    told += [citizens.words(State.CLOSED, outcome, is_suspended=False) for outcome in Outcome]
    told += [citizens.words(State.ASSIGNED, None, is_suspended=True)]
    assert len(set(told)) == len(State) - 1 + len(Outcome) + 1


@pytest.mark.parametrize(
    ("failures", "minutes"), [(9, 0), (10, 1), (11, 2), (12, 4), (15, 32), (16, 60), (500, 60)]
)
def test_each_further_guess_from_an_address_costs_twice_as_long(
    failures: int, minutes: int
) -> None:
    until = citizens.blocked_until(failures, citizens.OF_ADDRESS, NOW)
    assert until == (NOW + timedelta(minutes=minutes) if minutes else None)


def test_a_code_is_never_blocked_for_longer_than_its_owner_would_wait() -> None:
    assert citizens.OF_CODE.block(10_000) == timedelta(minutes=15)
