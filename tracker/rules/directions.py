"""In which direction a matter that was brought went, and how what a meeting brought is counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Protocol
from uuid import UUID

from tracker.rules.labels import mark as _m
from tracker.rules.meetings import LARGE_GROUP
from tracker.rules.workflow import Outcome, State


class Direction(StrEnum):
    """The three of form 03 (circular 04/2021/TT-TTCP), and what is none of them."""

    ACCEPTED = "accepted"
    GUIDED = "guided"
    FORWARDED = "forwarded"
    ENDED = "ended"
    UNDECIDED = "undecided"


DIRECTION_LABELS = {
    Direction.ACCEPTED: _m("Thụ lý để giải quyết"),
    Direction.GUIDED: _m("Trả lại đơn và hướng dẫn"),
    Direction.FORWARDED: _m("Chuyển đơn đến cơ quan có thẩm quyền"),
    Direction.ENDED: _m("Lưu, rút đơn"),
    Direction.UNDECIDED: _m("Chưa phân loại"),
}
_OF_OUTCOME = {
    Outcome.RESOLVED: Direction.ACCEPTED,
    Outcome.EXPLAINED: Direction.ACCEPTED,
    Outcome.PROMISED: Direction.ACCEPTED,
    Outcome.GUIDED: Direction.GUIDED,
    Outcome.REFUSED: Direction.GUIDED,
    Outcome.FORWARDED: Direction.FORWARDED,
}


class Brought(Protocol):
    """A turn, with how its case stands. began: whether the case began at the turn's meeting."""

    @property
    def case_id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def outcome(self) -> str | None: ...
    @property
    def accepted_on(self) -> date | None: ...
    @property
    def assigned_on(self) -> date | None: ...
    @property
    def persons(self) -> int: ...
    @property
    def began(self) -> bool: ...


def direction(case: Brought) -> Direction:
    """In which direction the case went. One withdrawn or filed was accepted if somebody had it."""
    if case.outcome in _OF_OUTCOME:
        return _OF_OUTCOME[Outcome(case.outcome)]
    if case.accepted_on is not None or case.assigned_on is not None:
        return Direction.ACCEPTED
    return Direction.ENDED if case.state == State.CLOSED else Direction.UNDECIDED


@dataclass(slots=True)
class Tally:
    """turns: appearances. persons: who came. groups: turns of `LARGE_GROUP` and more, a part of
    the turns. matters: cases, each once. begun: those of them that began at the meeting."""

    turns: int = 0
    persons: int = 0
    groups: int = 0
    matters: int = 0
    begun: int = 0


class Tallies:
    """Counts turn by turn, together and by kind and direction of their cases."""

    def __init__(self) -> None:
        self.total = Tally()
        self.by_kind: dict[str, Tally] = {}
        self.by_direction: dict[Direction, Tally] = {}
        self._seen: set[UUID] = set()
        self._begun: set[UUID] = set()

    def add(self, turn: Brought) -> None:
        """Counts one more turn."""
        is_first = turn.case_id not in self._seen
        is_begun = turn.began and turn.case_id not in self._begun
        self._seen.add(turn.case_id)
        if is_begun:
            self._begun.add(turn.case_id)
        for tally in (
            self.total,
            self.by_kind.setdefault(turn.kind, Tally()),
            self.by_direction.setdefault(direction(turn), Tally()),
        ):
            tally.turns += 1
            tally.persons += turn.persons
            tally.groups += turn.persons >= LARGE_GROUP
            tally.matters += is_first
            tally.begun += is_begun


def tallied(turns: Iterable[Brought]) -> Tallies:
    """All of `turns` counted."""
    found = Tallies()
    for turn in turns:
        found.add(turn)
    return found
