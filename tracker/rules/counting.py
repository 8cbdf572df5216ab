"""What is counted, and by which rule: one table of measures.

A measure is a condition on a case's standing, put together from a few small parts. It can be
asked of one standing (`holds`, below) and is turned into SQL in `reports.queries`; a property
test holds the two together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import singledispatch
from typing import Protocol

from tracker.rules.labels import mark as _m
from tracker.rules.workflow import COUNTS_AS, CountsAs, Outcome, outcomes_that_count_as


class Standing(Protocol):
    """What a measure may look at: the reportable columns of a case or of a version of it."""

    @property
    def received_on(self) -> date: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def answered_on(self) -> date | None: ...
    @property
    def suspended_on(self) -> date | None: ...
    @property
    def ended_on(self) -> date | None: ...
    @property
    def outcome(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Question:
    """A period, both days included, and the local date as of which it is asked."""

    first: date
    last: date
    as_of: date


class Condition:
    """Something that is true or false of a standing."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Compare(Condition):
    """`column` is before, or not after, …, `other`: a column, or a date of the question.

    False where either is missing.
    """

    column: str
    operator: str
    other: str


@dataclass(frozen=True, slots=True)
class Missing(Condition):
    """`column` has no value."""

    column: str


@dataclass(frozen=True, slots=True)
class OneOf(Condition):
    """`column` has one of `values`; false where it has none."""

    column: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True)
class All(Condition):
    """Every part is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Either(Condition):
    """At least one part is true."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The part is not true."""

    part: Condition


OPERATORS: dict[str, Callable[[date, date], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
QUESTION_DATES = ("first", "last", "as_of")


@singledispatch
def holds(condition: Condition, standing: Standing, question: Question) -> bool:
    """Whether `condition` is true of `standing`."""
    raise TypeError(f"no meaning for {condition!r}")


@holds.register
def _(condition: Compare, standing: Standing, question: Question) -> bool:
    value = getattr(standing, condition.column)
    source = question if condition.other in QUESTION_DATES else standing
    other = getattr(source, condition.other)
    if value is None or other is None:
        return False
    return OPERATORS[condition.operator](value, other)


@holds.register
def _(condition: Missing, standing: Standing, question: Question) -> bool:
    return getattr(standing, condition.column) is None


@holds.register
def _(condition: OneOf, standing: Standing, question: Question) -> bool:
    return getattr(standing, condition.column) in condition.values


@holds.register
def _(condition: All, standing: Standing, question: Question) -> bool:
    return all(holds(part, standing, question) for part in condition.parts)


@holds.register
def _(condition: Either, standing: Standing, question: Question) -> bool:
    return any(holds(part, standing, question) for part in condition.parts)


@holds.register
def _(condition: Not, standing: Standing, question: Question) -> bool:
    return not holds(condition.part, standing, question)


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: its name, its label, its exact definition in one sentence, its condition."""

    name: str
    label: str
    sentence: str
    condition: Condition


@dataclass(frozen=True, slots=True)
class Rate:
    """A percentage of two measures."""

    name: str
    label: str
    sentence: str
    numerator: str
    denominator: str


MATTER = Not(OneOf("outcome", outcomes_that_count_as(CountsAs.NOTHING)))
RECEIVED = All(
    (MATTER, Compare("received_on", ">=", "first"), Compare("received_on", "<=", "last"))
)
RESOLVED = All((RECEIVED, OneOf("outcome", outcomes_that_count_as(CountsAs.RESOLVED))))
PENDING = All((RECEIVED, Missing("ended_on")))
PROMISED = OneOf("outcome", outcomes_that_count_as(CountsAs.PROMISED))
# Open, not answered, and the clock runs: nothing else can be due soon or overdue.
WAITING = All((Missing("outcome"), Missing("answered_on"), Missing("suspended_on")))
PAST = Compare("due_on", "<", "as_of")
OVERDUE = All((WAITING, PAST))
# From the day as of which it is asked up to the last of the period.
NEAR = All((Compare("due_on", ">=", "as_of"), Compare("due_on", "<=", "last")))
DUE_SOON = All((WAITING, NEAR))

MEASURES: dict[str, Measure] = {
    row.name: row
    for row in (
        Measure(
            "received",
            _m("Tiếp nhận"),
            _m("Vụ việc có ngày tiếp nhận trong kỳ; vụ việc trùng không tính."),
            RECEIVED,
        ),
        Measure(
            "carried_over",
            _m("Kỳ trước chuyển sang"),
            _m("Vụ việc tiếp nhận trước kỳ và chưa kết thúc trước ngày đầu kỳ."),
            All(
                (
                    MATTER,
                    Compare("received_on", "<", "first"),
                    Either((Missing("ended_on"), Compare("ended_on", ">=", "first"))),
                )
            ),
        ),
        Measure(
            "resolved",
            _m("Đã giải quyết"),
            _m(
                "Trong số tiếp nhận trong kỳ: đã giải quyết, đã trả lời giải thích hoặc đã rút"
                " đơn, tính đến thời điểm lập báo cáo."
            ),
            RESOLVED,
        ),
        Measure(
            "explained",
            _m("Trong đó: giải thích, định hướng"),
            _m("Trong số đã giải quyết: kết quả là trả lời, giải thích, định hướng dư luận."),
            All((RESOLVED, OneOf("outcome", frozenset({Outcome.EXPLAINED})))),
        ),
        Measure(
            "promised",
            _m("Hẹn thực hiện"),
            _m(
                "Trong số tiếp nhận trong kỳ: đã trả lời và hẹn ngày thực hiện, chưa thực hiện"
                " xong; vẫn tính là đang giải quyết."
            ),
            All((RECEIVED, PROMISED)),
        ),
        Measure(
            "resolved_late",
            _m("Giải quyết trễ hạn"),
            _m("Trong số đã giải quyết: ngày giải quyết sau hạn (hạn đã gia hạn, nếu có)."),
            All((RESOLVED, Compare("ended_on", ">", "due_on"))),
        ),
        Measure(
            "outside",
            _m("Ngoài thẩm quyền"),
            _m(
                "Trong số tiếp nhận trong kỳ: đã hướng dẫn, chuyển đơn, không thụ lý hoặc lưu;"
                " không tính là đã giải quyết."
            ),
            All((RECEIVED, OneOf("outcome", outcomes_that_count_as(CountsAs.OUTSIDE)))),
        ),
        Measure(
            "pending",
            _m("Đang giải quyết"),
            _m("Trong số tiếp nhận trong kỳ: chưa kết thúc, tính đến thời điểm lập báo cáo."),
            PENDING,
        ),
        Measure(
            "overdue",
            _m("Đang quá hạn"),
            _m(
                "Trong số đang giải quyết: chưa trả lời, không tạm đình chỉ và đã qua hạn vào ngày"
                " lập báo cáo."
            ),
            All((PENDING, OVERDUE)),
        ),
    )
}

RATES: dict[str, Rate] = {
    row.name: row
    for row in (
        Rate(
            "rate_of_received",
            _m("Tỷ lệ giải quyết"),
            _m("Đã giải quyết trong số tiếp nhận trong kỳ, chia cho số tiếp nhận trong kỳ."),
            "resolved",
            "received",
        ),
    )
}

RULES_VERSION = "2026.2"

# What was answered and then withdrawn was answered all the same.
ENDED_BY_ANSWER = frozenset({Outcome.RESOLVED, Outcome.EXPLAINED, Outcome.WITHDRAWN})


def ended_on(
    outcome: Outcome | None, answered_on: date | None, closed_on: date | None
) -> date | None:
    """The local date on which a case counts as ended; None while open or only promised.

    It is the date of the final answer where there is one, else the date of closing.
    """
    if outcome is None or COUNTS_AS[outcome] is CountsAs.PROMISED:
        return None
    return answered_on if answered_on and outcome in ENDED_BY_ANSWER else closed_on


def exact_percentage(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in percent, not rounded; None where there is no whole."""
    return Decimal(part) * 100 / whole if whole else None


def percentage(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in percent, one decimal, half up; None where there is no whole.

    Never 100 while something is missing, never 0 while something is done.
    """
    exact = exact_percentage(part, whole)
    if exact is None:
        return None
    rounded = exact.quantize(Decimal("0.1"), ROUND_HALF_UP)
    if part < whole:
        rounded = min(rounded, Decimal("99.9"))
    return max(rounded, Decimal("0.1")) if part > 0 else rounded
