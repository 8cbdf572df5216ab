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
    the paper of a meeting. outcome: the ending that it tells of; None where the case goes on.
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
    )
}
OF_CASES = tuple(paper for paper in PAPERS.values() if paper.actions)
MINUTES = PAPERS["minutes"]


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


def placeholders(paper: Paper) -> Mapping[str, Placeholder]:
    """What the template of `paper` may name."""
    return _HEAD | (_CASE if paper.actions else _MEETING)


def sample(paper: Paper) -> dict[str, Any]:
    """Invented data for a preview of `paper`: nobody's."""
    return {name: each.sample for name, each in placeholders(paper).items()}
