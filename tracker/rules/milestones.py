"""The stages that a case passes on its way, each with a limit in `deadlines`."""

from dataclasses import dataclass

from tracker.rules.deadlines import Stage
from tracker.rules.labels import mark as _m


@dataclass(frozen=True, slots=True)
class Milestone:
    """A stage that a case passes on its way; any of the actions `done_by` passes it."""

    stage: Stage
    label: str
    done_by: frozenset[str]


_SETTLED_AT_ONCE = frozenset({"guide", "forward", "refuse", "file", "merge", "withdraw"})
_TAKEN_IN = frozenset({"verify", "classify", "assign"})

MILESTONES = (
    Milestone("intake", _m("Tiếp nhận, xử lý tin"), _SETTLED_AT_ONCE | _TAKEN_IN),
    Milestone("notice", _m("Thông báo thụ lý hoặc chuyển đơn"), _SETTLED_AT_ONCE | {"admit"}),
    Milestone("assignment", _m("Giao giải quyết"), _SETTLED_AT_ONCE | {"assign"}),
    Milestone("classification", _m("Phân loại, xử lý"), _SETTLED_AT_ONCE | {"classify", "assign"}),
    Milestone("acceptance", _m("Thụ lý hoặc không thụ lý"), _SETTLED_AT_ONCE | {"admit"}),
    Milestone("forwarding", _m("Chuyển đơn"), frozenset({"forward"})),
)
ANSWER_LABELS: dict[Stage, str] = {
    "first_resolution": _m("Giải quyết lần đầu"),
    "second_resolution": _m("Giải quyết lần hai"),
    "conclusion": _m("Kết luận nội dung tố cáo"),
    "answer": _m("Trả lời"),
}
