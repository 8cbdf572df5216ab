"""What is counted: each measure at its edges, and percentages that promise nothing false."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest

from tracker.rules.counting import (
    MEASURES,
    Compare,
    Not,
    OneOf,
    Question,
    ended_on,
    exact_percentage,
    holds,
    percentage,
)
from tracker.rules.vietnamese import format_percent
from tracker.rules.workflow import Outcome

pytestmark = pytest.mark.pure

FIRST, LAST = date(2021, 1, 1), date(2021, 3, 31)
QUESTION = Question(FIRST, LAST, as_of=date(2021, 4, 10))
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Stands:
    """A case's standing: open, unless an outcome says otherwise."""

    received_on: date = date(2021, 2, 1)
    due_on: date | None = date(2021, 3, 1)
    answered_on: date | None = None
    suspended_on: date | None = None
    ended_on: date | None = None
    outcome: str | None = None


def ended(outcome: Outcome, on: date = date(2021, 2, 20), **columns: date | None) -> Stands:
    return Stands(ended_on=on, outcome=outcome, **columns)


def counted(standing: Stands) -> set[str]:
    return {
        name for name, measure in MEASURES.items() if holds(measure.condition, standing, QUESTION)
    }


@pytest.mark.parametrize(
    "standing, measures",
    [
        (Stands(), {"received", "pending", "overdue"}),
        (Stands(due_on=None), {"received", "pending"}),
        (Stands(answered_on=date(2021, 2, 20)), {"received", "pending"}),
        (Stands(answered_on=date(2021, 3, 20)), {"received", "pending"}),
        (Stands(suspended_on=date(2021, 2, 20)), {"received", "pending"}),
        (ended(Outcome.RESOLVED), {"received", "resolved"}),
        (ended(Outcome.EXPLAINED), {"received", "resolved", "explained"}),
        (ended(Outcome.WITHDRAWN), {"received", "resolved"}),
        (ended(Outcome.RESOLVED, due_on=None), {"received", "resolved"}),
        (Stands(outcome=Outcome.PROMISED), {"received", "promised", "pending"}),
        (ended(Outcome.DUPLICATE), set()),
        (ended(Outcome.GUIDED), {"received", "outside"}),
        (ended(Outcome.FORWARDED), {"received", "outside"}),
        (ended(Outcome.REFUSED), {"received", "outside"}),
        (ended(Outcome.FILED), {"received", "outside"}),
    ],
)
def test_what_each_standing_counts_as(standing: Stands, measures: set[str]) -> None:
    assert counted(standing) == measures


@pytest.mark.parametrize(
    "received_on, measure",
    [
        (FIRST - DAY, "carried_over"),
        (FIRST, "received"),
        (LAST, "received"),
        (LAST + DAY, None),
    ],
)
def test_both_days_of_the_period_belong_to_it(received_on: date, measure: str | None) -> None:
    found = counted(Stands(received_on=received_on))
    assert found & {"received", "carried_over"} == ({measure} if measure else set())


@pytest.mark.parametrize(
    "ended_on, is_carried_over",
    [(FIRST - DAY, False), (FIRST, True), (LAST + DAY, True), (None, True)],
)
def test_carried_over_is_what_had_not_ended_before_the_period(
    ended_on: date | None, is_carried_over: bool
) -> None:
    outcome = Outcome.RESOLVED if ended_on else None
    standing = Stands(received_on=FIRST - 90 * DAY, ended_on=ended_on, outcome=outcome)
    assert counted(standing) == ({"carried_over"} if is_carried_over else set())


def test_a_promise_is_carried_over_until_it_is_kept() -> None:
    promised = Stands(received_on=FIRST - 90 * DAY, outcome=Outcome.PROMISED)
    assert counted(promised) == {"carried_over"}


def test_an_old_duplicate_is_not_carried_over() -> None:
    duplicate = ended(Outcome.DUPLICATE, LAST, received_on=FIRST - DAY)
    assert counted(duplicate) == set()


@pytest.mark.parametrize("days, is_late", [(-1, False), (0, False), (1, True)])
def test_late_is_after_the_due_date_not_on_it(days: int, is_late: bool) -> None:
    due_on = date(2021, 3, 1)
    standing = ended(Outcome.RESOLVED, due_on + days * DAY, due_on=due_on)
    assert ("resolved_late" in counted(standing)) is is_late


@pytest.mark.parametrize("days, is_overdue", [(-1, True), (0, False), (1, False)])
def test_overdue_is_past_the_due_date_on_the_day_of_the_report(days: int, is_overdue: bool) -> None:
    standing = Stands(due_on=QUESTION.as_of + days * DAY)
    assert ("overdue" in counted(standing)) is is_overdue


def test_what_has_no_date_is_neither_before_nor_after_but_its_denial_is_true() -> None:
    late = Compare("ended_on", ">", "due_on")
    assert not holds(late, Stands(due_on=None), QUESTION)
    assert holds(Not(late), Stands(due_on=None), QUESTION)
    assert holds(Not(OneOf("outcome", frozenset({"resolved"}))), Stands(), QUESTION)


@pytest.mark.parametrize(
    "part, whole, figure, words",
    [
        (593, 608, "97.5", "97,5%"),
        (1, 2000, "0.1", "0,1%"),  # half up: 0,05
        (3, 800, "0.4", "0,4%"),  # 0,375
        (1, 16, "6.3", "6,3%"),  # 6,25
        (1999, 2000, "99.9", "trên 99,9%"),  # 99,95 would round to 100
        (9997, 10_000, "99.9", "trên 99,9%"),
        (1, 2500, "0.1", "dưới 0,1%"),  # 0,04 would round to 0
        (7, 7, "100.0", "100%"),
        (0, 7, "0.0", "0%"),
    ],
)
def test_percentages_round_half_up_and_never_to_all_or_nothing(
    part: int, whole: int, figure: str, words: str
) -> None:
    assert percentage(part, whole) == Decimal(figure)
    assert format_percent(exact_percentage(part, whole)) == words


def test_there_is_no_percentage_of_nothing() -> None:
    assert percentage(0, 0) is None
    assert format_percent(exact_percentage(0, 0)) == "–"


@pytest.mark.parametrize(
    "outcome, ends",
    [
        (None, None),
        (Outcome.PROMISED, None),
        (Outcome.RESOLVED, date(2021, 2, 10)),
        (Outcome.EXPLAINED, date(2021, 2, 10)),
        (Outcome.WITHDRAWN, date(2021, 2, 10)),
        (Outcome.FORWARDED, date(2021, 2, 15)),
    ],
)
def test_a_case_ends_on_the_day_of_its_final_answer_else_of_its_closing(
    outcome: Outcome | None, ends: date | None
) -> None:
    assert ended_on(outcome, date(2021, 2, 10), date(2021, 2, 15)) == ends


def test_what_was_never_answered_ends_when_it_is_withdrawn() -> None:
    assert ended_on(Outcome.WITHDRAWN, None, date(2021, 2, 15)) == date(2021, 2, 15)


def test_every_measure_says_what_it_counts_in_one_sentence() -> None:
    for measure in MEASURES.values():
        assert measure.label
        assert measure.sentence.endswith(".")
        assert measure.sentence.count(". ") == 0
