"""What a report on receptions counts: meetings, turns, persons, groups, matters and their ends."""

from dataclasses import dataclass
from typing import Literal

from tracker.rules.counting import Condition, Missing, OneOf
from tracker.rules.labels import mark as _m
from tracker.rules.workflow import CountsAs, outcomes_that_count_as

Counts = Literal["meetings", "turns", "persons", "matters"]


@dataclass(frozen=True, slots=True)
class ReceptionMeasure:
    """A figure: its label, its exact definition in one sentence, and what it counts.

    of_groups: only turns of large groups. began: only cases that began at the meeting.
    condition: on the case as it stands.
    """

    name: str
    label: str
    sentence: str
    counts: Counts
    of_groups: bool = False
    began: bool = False
    condition: Condition | None = None


RECEPTION_MEASURES: dict[str, ReceptionMeasure] = {
    row.name: row
    for row in (
        ReceptionMeasure(
            "sessions",
            _m("Số buổi"),
            _m("Buổi đã mở trong kỳ, kể cả buổi không có ai đến; buổi hủy không tính."),
            "meetings",
        ),
        ReceptionMeasure(
            "turns",
            _m("Lượt"),
            _m("Mỗi lần một người hoặc một đoàn đến trình bày; lượt bỏ vì ghi nhầm không tính."),
            "turns",
        ),
        ReceptionMeasure(
            "persons", _m("Người"), _m("Số người có mặt trong các lượt ấy."), "persons"
        ),
        ReceptionMeasure(
            "groups",
            _m("Đoàn đông người"),
            _m("Lượt có từ 5 người trở lên; là một phần của số lượt."),
            "turns",
            of_groups=True,
        ),
        ReceptionMeasure(
            "group_persons",
            _m("Người trong đoàn"),
            _m("Số người trong các đoàn ấy; là một phần của số người."),
            "persons",
            of_groups=True,
        ),
        ReceptionMeasure(
            "matters",
            _m("Vụ việc"),
            _m("Vụ việc được nêu trong các lượt ấy; nêu nhiều lượt chỉ tính một."),
            "matters",
        ),
        ReceptionMeasure(
            "begun",
            _m("Vụ việc mới"),
            _m("Trong số vụ việc: nêu lần đầu, ngay tại buổi ấy."),
            "matters",
            began=True,
        ),
        ReceptionMeasure(
            "resolved",
            _m("Đã giải quyết"),
            _m("Trong số vụ việc: đến nay đã giải quyết, giải thích hoặc rút đơn."),
            "matters",
            condition=OneOf("outcome", outcomes_that_count_as(CountsAs.RESOLVED)),
        ),
        ReceptionMeasure(
            "outside",
            _m("Ngoài thẩm quyền"),
            _m("Trong số vụ việc: đến nay đã hướng dẫn, chuyển đơn, không thụ lý hoặc lưu."),
            "matters",
            condition=OneOf("outcome", outcomes_that_count_as(CountsAs.OUTSIDE)),
        ),
        ReceptionMeasure(
            "pending",
            _m("Đang giải quyết"),
            _m("Trong số vụ việc: đến nay chưa kết thúc, kể cả đã hẹn ngày thực hiện."),
            "matters",
            condition=Missing("ended_on"),
        ),
    )
}
