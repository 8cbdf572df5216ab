"""Which paper a case has follows from how it stands; what brought turns count."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

import pytest

from tracker.rules.directions import Direction, Tally, direction, tallied
from tracker.rules.papers import PAPERS, papers_of_case, placeholders, sample
from tracker.rules.workflow import Outcome

pytestmark = pytest.mark.pure
DAY = date(2026, 3, 2)
SPACE = UUID(int=7)


@dataclass(frozen=True)
class Turn:
    case_id: UUID = SPACE
    kind: str = "recommendation"
    state: str = "received"
    outcome: str | None = None
    accepted_on: date | None = None
    assigned_on: date | None = None
    persons: int = 1
    began: bool = True


@pytest.mark.parametrize(
    "kind, outcome, is_admitted, is_assigned, expected",
    [
        ("complaint", None, False, False, []),
        ("complaint", None, False, True, []),
        ("complaint", None, True, False, ["acceptance"]),
        ("denunciation", None, True, True, ["acceptance"]),
        ("recommendation", None, False, False, []),
        ("recommendation", None, False, True, ["acceptance"]),
        ("recommendation", "resolved", False, True, ["acceptance"]),
        ("recommendation", "guided", False, False, ["guidance"]),
        ("recommendation", "guided", False, True, ["guidance"]),
        ("complaint", "refused", False, False, ["refusal"]),
        ("denunciation", "forwarded", False, False, ["transfer"]),
        ("opinion", "filed", False, False, []),
        ("opinion", "duplicate", False, True, []),
        ("opinion", "voided", False, False, []),
    ],
)
def test_a_case_has_the_papers_of_its_standing(
    kind: str, outcome: str | None, is_admitted: bool, is_assigned: bool, expected: list[str]
) -> None:
    found = papers_of_case(
        kind=kind, outcome=outcome, is_admitted=is_admitted, is_assigned=is_assigned
    )
    assert [paper.name for paper in found] == expected


def test_every_placeholder_has_its_meaning_and_a_sample() -> None:
    for paper in PAPERS.values():
        assert set(sample(paper)) == set(placeholders(paper))
        assert all(each.meaning and each.sample for each in placeholders(paper).values())


@pytest.mark.parametrize(
    "turn, expected",
    [
        (Turn(), Direction.UNDECIDED),
        (Turn(state="verifying"), Direction.UNDECIDED),
        (Turn(state="verifying", accepted_on=DAY), Direction.ACCEPTED),
        (Turn(state="assigned", assigned_on=DAY), Direction.ACCEPTED),
        (Turn(state="closed", outcome="promised", assigned_on=DAY), Direction.ACCEPTED),
        (Turn(state="closed", outcome="guided"), Direction.GUIDED),
        (Turn(state="closed", outcome="refused"), Direction.GUIDED),
        (Turn(state="closed", outcome="forwarded", assigned_on=DAY), Direction.FORWARDED),
        (Turn(state="closed", outcome="filed"), Direction.ENDED),
        (Turn(state="closed", outcome="withdrawn"), Direction.ENDED),
        (Turn(state="closed", outcome="withdrawn", assigned_on=DAY), Direction.ACCEPTED),
    ],
)
def test_each_case_went_in_one_direction(turn: Turn, expected: Direction) -> None:
    assert direction(turn) is expected


def test_every_outcome_that_can_stand_has_a_direction() -> None:
    for outcome in Outcome:
        assert direction(Turn(state="closed", outcome=outcome)) is not Direction.UNDECIDED


def test_a_large_group_is_a_part_of_the_turns_and_a_matter_counts_once() -> None:
    other = uuid5(SPACE, "other")
    found = tallied(
        [
            Turn(persons=4),
            Turn(persons=5),
            Turn(case_id=other, began=False),
            Turn(case_id=other, kind="recommendation", persons=30, began=False),
        ]
    )
    assert found.total == Tally(turns=4, persons=40, groups=2, matters=2, begun=1)
    assert found.by_kind == {"recommendation": found.total}


def test_parts_add_up_to_the_whole() -> None:
    turns = [
        Turn(case_id=uuid5(SPACE, str(n)), kind=kind, outcome=outcome, state="closed", persons=n)
        for n, (kind, outcome) in enumerate(
            [("complaint", "guided"), ("opinion", "filed"), ("opinion", "resolved")], start=3
        )
    ]
    found = tallied(turns)
    for parts in (found.by_kind, found.by_direction):
        for name in ("turns", "persons", "groups", "matters", "begun"):
            whole = getattr(found.total, name)
            assert sum(getattr(part, name) for part in parts.values()) == whole
