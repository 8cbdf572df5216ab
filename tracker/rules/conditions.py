"""The conditions under which the law gives a case other limits than the ordinary ones."""

from typing import Literal

from tracker.rules.labels import mark as _m
from tracker.rules.workflow import Kind

Condition = Literal[
    "ordinary",
    "remote",
    "second",
    "second_remote",
    "at_dialogue",
    "party_head",
    "hotline",
    "hotline_urgent",
]

CONDITION_LABELS: dict[Condition, str] = {
    "ordinary": _m("Thông thường"),
    "remote": _m("Vùng sâu, vùng xa đi lại khó khăn"),
    "second": _m("Khiếu nại lần hai"),
    "second_remote": _m("Khiếu nại lần hai, vùng sâu, vùng xa"),
    "at_dialogue": _m("Nêu tại hội nghị đối thoại"),
    "party_head": _m("Gửi người đứng đầu cấp ủy"),
    "hotline": _m("Qua đường dây nóng"),
    "hotline_urgent": _m("Qua đường dây nóng, khẩn cấp"),
}
_OF_ONE_KIND: dict[Condition, Kind] = {
    "remote": Kind.COMPLAINT,
    "second": Kind.COMPLAINT,
    "second_remote": Kind.COMPLAINT,
    "at_dialogue": Kind.RECOMMENDATION,
}


def can_be(condition: Condition, kind: Kind) -> bool:
    """Tell whether a case of `kind` can be under `condition`."""
    return _OF_ONE_KIND.get(condition, kind) == kind
