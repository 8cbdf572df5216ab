"""Medians and the tables in which they are printed beside what they should be."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line: what was measured, in which unit, the most it may be, and the peer's figure.

    best: the fastest of what `value` is the median of; far from it, the machine was busy.
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    peer: float | None = None
    best: float | None = None

    @property
    def line(self) -> str:
        """The figure beside its target and beside the peer's."""
        columns = [f"{self.name:<44}", f"{self.value:>10,.1f} {self.unit:<6}"]
        if self.target is not None:
            verdict = "ok" if self.value <= self.target else "MISSED"
            columns.append(f"at most {self.target:>7,.0f}  {verdict:<6}")
        if self.best is not None:
            columns.append(f"best {self.best:>7,.1f}")
        if self.peer is not None:
            columns.append(f"peer {self.peer:>6,.0f}: {self.peer / self.value:>6.1f} times ours")
        return "  ".join(columns).rstrip()


def show(heading: str, figures: Sequence[Figure]) -> bool:
    """Prints a table; returns whether every figure is within its target."""
    print(f"\n{heading}", *(figure.line for figure in figures), sep="\n", flush=True)
    return all(figure.target is None or figure.value <= figure.target for figure in figures)


def median_milliseconds(
    measured: Callable[[], Result], times: int, warm_up: int = 3
) -> tuple[float, Result]:
    """How long a call takes, the median of `times` calls after some unmeasured; its last result."""
    for _ in range(warm_up):
        measured()
    spent = []
    for _ in range(times):
        started = time.perf_counter()
        result = measured()
        spent.append(time.perf_counter() - started)
    return statistics.median(spent) * 1000, result
