"""Papers of reception: which there are, when a case has which, and what fills them in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tracker.rules.deadlines import ADMITTED
from tracker.rules.labels import mark as _m
from tracker.rules.workflow import Outcome

NOT_TAKEN_ON = frozenset(
    {
        Outcome.GUIDED,
        Outcome.FORWARDED,
        Outcome.REFUSED,
        Outcome.FILED,
        Outcome.DUPLICATE,
        Outcome.VOIDED,
    }
)


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that is printed from a template.

    name: of the template, and of the permission's route. file_name: how a download begins.
    actions: the entries of the story whose date and reason it says, the last of them; none for
    the papers of a meeting or a period. outcome: the ending that it tells of; None where the case
    goes on.
    """

    name: str
    label: str
    file_name: str
    actions: tuple[str, ...] = ()
    outcome: Outcome | None = None


PAPERS: dict[str, Paper] = {
    row.name: row
    for row in (
        Paper("minutes", _m("Biên bản buổi tiếp"), "bien-ban"),
        Paper("acceptance", _m("Thông báo thụ lý"), "thong-bao-thu-ly", ("admit", "assign")),
        Paper(
            "refusal",
            _m("Thông báo không thụ lý"),
            "thong-bao-khong-thu-ly",
            ("refuse",),
            Outcome.REFUSED,
        ),
        Paper("guidance", _m("Phiếu hướng dẫn"), "phieu-huong-dan", ("guide",), Outcome.GUIDED),
        Paper("transfer", _m("Phiếu chuyển đơn"), "phieu-chuyen", ("forward",), Outcome.FORWARDED),
        Paper("briefing", _m("Tài liệu giao ban dư luận xã hội"), "giao-ban"),
        Paper("reception", _m("Báo cáo tiếp công dân"), "bao-cao-tiep-cong-dan"),
    )
}
OF_CASES = tuple(paper for paper in PAPERS.values() if paper.actions)
MINUTES, BRIEFING, RECEPTION = (PAPERS[name] for name in ("minutes", "briefing", "reception"))


def papers_of_case(
    *, kind: str, outcome: str | None, is_admitted: bool, is_assigned: bool
) -> tuple[Paper, ...]:
    """The papers that a case may have as it stands, in the table's order.

    Acceptance is told of a complaint or a denunciation once it is admitted, of anything else once
    it is assigned (Law on Citizen Reception, art. 28; Regulation 11-QĐi/TW).
    """
    is_taken_on = is_admitted if kind in ADMITTED else is_assigned
    return tuple(
        paper
        for paper in OF_CASES
        if (
            paper.outcome == outcome
            if paper.outcome is not None
            else is_taken_on and outcome not in NOT_TAKEN_ON
        )
    )


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A word that a template may name. sample: what a preview says there."""

    meaning: str
    sample: Any


BLANK = "…………………………"
"""What stands where nothing is known or may be told: to be filled in by hand."""

_HEAD: dict[str, Placeholder] = {
    "superiors": Placeholder(
        _m("cơ quan cấp trên ở đầu trang; nhiều dòng, dùng trong vòng lặp"), ["THÀNH ỦY HÀ NỘI"]
    ),
    "office": Placeholder(_m("cơ quan ban hành ở đầu trang"), "ĐẢNG ỦY PHƯỜNG BỒ ĐỀ"),
    "unit": Placeholder(_m("tên đơn vị, viết như trong câu"), "Đảng ủy phường Bồ Đề"),
    "place": Placeholder(_m("địa danh ghi trước ngày"), "Bồ Đề"),
    "date": Placeholder(_m("ngày lập giấy, viết đủ chữ"), "ngày 02 tháng 3 năm 2026"),
}
_CASE: dict[str, Placeholder] = {
    "code": Placeholder(_m("mã vụ việc"), "PA-2026-00017"),
    "kind": Placeholder(_m("loại vụ việc, viết thường"), "kiến nghị, phản ánh"),
    "content": Placeholder(_m("nội dung vụ việc"), "Cống ngõ 20 phố Ngọc Lâm tắc (nội dung mẫu)"),
    "received_on": Placeholder(_m("ngày tiếp nhận"), "25/02/2026"),
    "decided_on": Placeholder(_m("ngày thụ lý, chuyển, hướng dẫn hoặc không thụ lý"), "02/03/2026"),
    "due_on": Placeholder(_m("hạn giải quyết"), "30/03/2026"),
    "sent_to": Placeholder(_m("nơi chuyển đến hoặc hướng dẫn đến"), "Ủy ban nhân dân phường mẫu"),
    "reason": Placeholder(
        _m("lý do, căn cứ đã ghi"), "Thuộc thẩm quyền của cấp phường (lý do mẫu)"
    ),
    "citizen": Placeholder(
        _m("họ tên người gửi; để chấm nếu không in kèm danh tính"), "Nguyễn Văn Mẫu"
    ),
    "address": Placeholder(
        _m("địa chỉ người gửi; để chấm nếu không in kèm danh tính"), "Số 1 phố Mẫu"
    ),
}
_MEETING: dict[str, Placeholder] = {
    "meeting": Placeholder(_m("loại buổi"), "Tiếp công dân định kỳ của người đứng đầu"),
    "held_on": Placeholder(_m("ngày của buổi"), "02/03/2026"),
    "begins": Placeholder(_m("giờ bắt đầu"), "08 giờ 00"),
    "ends": Placeholder(_m("giờ kết thúc"), "11 giờ 30"),
    "venue": Placeholder(_m("nơi tiếp"), "Trụ sở tiếp công dân"),
    "chair": Placeholder(_m("người chủ trì"), "Bí thư Đảng ủy"),
    "present": Placeholder(_m("thành phần tham dự"), "Văn phòng; Ban Tuyên giáo"),
    "attendance": Placeholder(_m("số người dự"), "24"),
    "turns": Placeholder(_m("số lượt"), "12"),
    "persons": Placeholder(_m("số người"), "31"),
    "groups": Placeholder(_m("số đoàn từ 5 người"), "2"),
    "matters": Placeholder(_m("số vụ việc"), "11"),
    "items": Placeholder(
        _m("các lượt đã ghi, dùng trong vòng lặp: number, code, kind, content, persons, direction"),
        [
            {
                "number": "1",
                "code": "PA-2026-00017",
                "kind": "Kiến nghị, phản ánh",
                "content": "Cống ngõ 20 phố Ngọc Lâm tắc (nội dung mẫu)",
                "persons": "8",
                "direction": "Thụ lý để giải quyết",
            }
        ],
    ),
}


_ITEM = {
    "number": "1",
    "code": "DLXH-2026-00017",
    "level": "Cấp xã",
    "lead": "Ủy ban nhân dân phường mẫu",
    "about": "Đô thị · Ngọc Lâm · Cộng tác viên",
    "content": "Cống ngõ 20 phố Ngọc Lâm tắc (nội dung mẫu)",
    "result": "Đã giải quyết: đã nạo vét (trả lời mẫu)",
    "due": "đúng hạn",
}
_BRIEFING: dict[str, Placeholder] = {
    "day": Placeholder(_m("ngày giao ban"), "02/03/2026"),
    "before_period": Placeholder(
        _m("kỳ trước, viết trong câu"), "từ ngày 3/1/2026 đến ngày 2/2/2026"
    ),
    "since_period": Placeholder(_m("kỳ này, viết trong câu"), "từ ngày 3/2/2026 đến ngày 2/3/2026"),
    "before_count": Placeholder(_m("số nội dung kỳ trước"), "12"),
    "resolved": Placeholder(_m("trong đó đã giải quyết"), "9"),
    "promised": Placeholder(_m("trong đó hẹn thực hiện"), "1"),
    "outside": Placeholder(_m("trong đó ngoài thẩm quyền"), "1"),
    "pending": Placeholder(_m("trong đó đang giải quyết"), "2"),
    "overdue": Placeholder(_m("trong đó quá hạn"), "1"),
    "since_count": Placeholder(_m("số nội dung mới kỳ này"), "8"),
    "older_count": Placeholder(_m("số nội dung từ các kỳ trước nữa còn đang giải quyết"), "3"),
    "levels": Placeholder(
        _m(
            "kỳ trước theo cấp chịu trách nhiệm, dùng trong vòng lặp: level, received, resolved,"
            " promised, outside, pending, overdue"
        ),
        [
            {
                "level": "Cấp xã",
                "received": "12",
                "resolved": "9",
                "promised": "1",
                "outside": "1",
                "pending": "2",
                "overdue": "1",
            }
        ],
    ),
    "owing": Placeholder(
        _m("đơn vị còn nợ trả lời, dùng trong vòng lặp: unit, pending, overdue"),
        [{"unit": "Ủy ban nhân dân phường mẫu", "pending": "2", "overdue": "1"}],
    ),
    "before_items": Placeholder(
        _m(
            "nội dung kỳ trước kèm kết quả, dùng trong vòng lặp: number, code, level, lead, about,"
            " content, result, due"
        ),
        [_ITEM],
    ),
    "older_items": Placeholder(
        _m("nội dung cũ còn đang giải quyết, dùng trong vòng lặp như trên"), [_ITEM]
    ),
    "since_items": Placeholder(_m("nội dung mới, dùng trong vòng lặp như trên"), [_ITEM]),
    "unread": Placeholder(
        _m("câu nói còn bao nhiêu nội dung không in ở đây; có thể trống"),
        "Còn 3 nội dung không in ở đây.",
    ),
}
_COUNTED = {
    "key": "Tiếp công dân thường xuyên",
    "sessions": "22",
    "turns": "40",
    "persons": "66",
    "groups": "2",
    "matters": "38",
    "resolved": "20",
    "outside": "6",
    "pending": "12",
}
_RECEPTION: dict[str, Placeholder] = {
    "period": Placeholder(_m("kỳ báo cáo, viết trong câu"), "từ ngày 1/2/2026 đến ngày 2/3/2026"),
    "paragraph": Placeholder(_m("kết quả trong kỳ bằng lời"), "Trong kỳ đã tiếp 40 lượt (mẫu)."),
    "figures": Placeholder(
        _m("các chỉ tiêu của cả kỳ, dùng trong vòng lặp: label, figure"),
        [{"label": "Số buổi tiếp", "figure": "24"}],
    ),
    "breakdown": Placeholder(_m("bảng phân theo gì"), "Hình thức tiếp"),
    "rows": Placeholder(
        _m(
            "các dòng của bảng, dùng trong vòng lặp: key, sessions, turns, persons, groups,"
            " matters, resolved, outside, pending"
        ),
        [_COUNTED],
    ),
    "heads": Placeholder(
        _m(
            "số ngày người đứng đầu tiếp, dùng trong vòng lặp: unit, days, required, missing,"
            " unscheduled, delegated"
        ),
        [
            {
                "unit": "Ủy ban nhân dân phường mẫu",
                "days": "4",
                "required": "4",
                "missing": "0",
                "unscheduled": "1",
                "delegated": "0",
            }
        ],
    ),
    "satisfied": Placeholder(_m("số lượt công dân hài lòng"), "12"),
    "unsatisfied": Placeholder(_m("số lượt chưa hài lòng"), "2"),
    "waiting": Placeholder(_m("trong đó chưa được xem xét"), "1"),
    "notes": Placeholder(_m("các ghi chú, dùng trong vòng lặp"), ["Chỉ tính … (ghi chú mẫu)"]),
}
_OF_PAPER = {MINUTES: _MEETING, BRIEFING: _BRIEFING, RECEPTION: _RECEPTION}


def placeholders(paper: Paper) -> Mapping[str, Placeholder]:
    """What the template of `paper` may name."""
    return _HEAD | _OF_PAPER.get(paper, _CASE)


def sample(paper: Paper) -> dict[str, Any]:
    """Invented data for a preview of `paper`: nobody's."""
    return {name: each.sample for name, each in placeholders(paper).items()}
