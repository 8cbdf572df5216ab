"""What the reading of a register has to say to a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Remark:
    """A sentence for the officer: a label of the catalogue and what fills its placeholders.

    As a string it is the Vietnamese sentence; pages translate `reason` and fill it themselves.
    """

    reason: str
    values: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.reason % self.values if self.values else self.reason


class UnreadableWorkbook(Exception):
    """A file that isn't read at all. `remark` says why, in one line."""

    def __init__(self, reason: str, **values: str) -> None:
        self.remark = Remark(reason, values)
        super().__init__(str(self.remark))
