"""The story of a case in words: what happened, and what changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from tracker.cases.naming import discreet
from tracker.rules.access import CONFIDENTIALITY_LABELS
from tracker.rules.conditions import CONDITION_LABELS
from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import (
    ACTIONS,
    KIND_LABELS,
    OUTCOME_LABELS,
    STATE_LABELS,
)
from tracker.units.queries import Viewer

COLUMN_LABELS: dict[str, Any] = {
    "code": _l("Mã"),
    "kind": _l("Loại"),
    "condition": _l("Trường hợp"),
    "confidentiality": _l("Mức bảo mật"),
    "state": _l("Trạng thái"),
    "outcome": _l("Kết quả"),
    "received_on": _l("Ngày tiếp nhận"),
    "accepted_on": _l("Ngày thụ lý"),
    "needed_verification": _l("Phải kiểm tra, xác minh"),
    "assigned_on": _l("Ngày giao"),
    "due_on": _l("Hạn"),
    "original_due_on": _l("Hạn ban đầu"),
    "answered_on": _l("Ngày trả lời"),
    "promised_on": _l("Ngày hẹn thực hiện"),
    "closed_on": _l("Ngày kết thúc"),
    "ended_on": _l("Ngày giải quyết xong"),
    "suspended_on": _l("Tạm đình chỉ từ"),
    "round": _l("Lần giải quyết"),
    "unit_id": _l("Đơn vị tiếp nhận"),
    "lead_unit_id": _l("Đơn vị chủ trì"),
    "field_id": _l("Lĩnh vực"),
    "area_id": _l("Địa bàn"),
    "channel_id": _l("Kênh tiếp nhận"),
    "return_count": _l("Số lần trả lại"),
    "redo_count": _l("Số lần yêu cầu giải quyết lại"),
    "content": _l("Nội dung"),
    "note": _l("Ghi chú"),
    "persons": _l("Số người"),
    "files": _l("Tệp"),
    "sent_to": _l("Cơ quan nhận"),
    "ruling_due_on": _l("Hạn lãnh đạo quyết định"),
    "agency_due_on": _l("Hạn của đơn vị"),
    "wanted_on": _l("Đề nghị gia hạn"),
    "satisfied": _l("Công dân"),
}
# What the entry itself already says, or what tells an office nothing.
LEFT_OUT = {"logged_by_id", "event_id", "original_due_on"}
WORDS_OF: dict[str, dict[Any, str]] = {
    "kind": {**KIND_LABELS},
    "condition": {**CONDITION_LABELS},
    "state": {**STATE_LABELS},
    "outcome": {**OUTCOME_LABELS},
    "confidentiality": {**CONFIDENTIALITY_LABELS},
    "needed_verification": {"yes": _m("Có")},
    "satisfied": {"yes": _m("Hài lòng"), "no": _m("Chưa hài lòng")},
}
OTHER_ACTIONS = {
    "receive": _l("Tiếp nhận"),
    "import": _l("Nhập từ sổ"),
    "hand_over": _l("Bàn giao cho đơn vị kế tục"),
    "hand_back": _l("Hoàn tác bàn giao"),
    "recalculate": _l("Tính lại hạn"),
    "remind": _l("Đôn đốc"),
    "accept_silently": _l("Coi như đã nhận việc"),
    "merge_in": _l("Nhận lượt gộp từ vụ việc khác"),
    "part": _l("Tách ra từ vụ việc khác"),
    "protect": _l("Nâng mức bảo mật theo vụ việc liên quan"),
    "attach": _l("Đính kèm tệp"),
    "detach": _l("Gỡ tệp"),
    "feedback": _l("Công dân góp ý về kết quả"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One column that an entry changed, in words; an empty text where there was nothing."""

    label: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Told:
    """One entry of the story, in words. is_reminder: whether somebody was only reminded."""

    label: str
    happened_on: date
    recorded_at: datetime
    user: str | None
    unit: str | None
    file: str | None
    row: int | None
    text: str
    changes: list[Change]
    is_reminder: bool


def told(viewer: Viewer, story: Sequence[Any], names: dict[str, str], content: str) -> list[Told]:
    """The entries in words. names: of the ids in them. content: of the case, not said again.

    The code of another case is told only to a `viewer` who may see that one.
    """
    texts = discreet(viewer, story)
    return [
        Told(
            label=action_label(entry.action),
            happened_on=entry.happened_on,
            recorded_at=entry.recorded_at,
            user=entry.user,
            unit=entry.unit,
            file=entry.file,
            row=entry.import_row,
            text="" if entry.text == content else texts.get(place, entry.text),
            changes=_changes(entry.changes, names),
            is_reminder=entry.action == "remind",
        )
        for place, entry in enumerate(story)
    ]


def folded(story: Sequence[Told]) -> list[list[Told]]:
    """The story in the same order, with reminders one after the other as one piece."""
    return [
        piece
        for is_reminder, entries in groupby(story, key=lambda each: each.is_reminder)
        for piece in ([list(entries)] if is_reminder else [[each] for each in entries])
    ]


def action_label(action: str) -> str:
    """The words for what happened."""
    if action in ACTIONS:
        return _(ACTIONS[action].label)
    return str(OTHER_ACTIONS.get(action, action))


def _changes(changes: dict[str, list[str | None]], names: dict[str, str]) -> list[Change]:
    return [
        Change(str(label), _value(column, old, names), _value(column, new, names))
        for column, label in COLUMN_LABELS.items()
        if column in changes and column not in LEFT_OUT
        for old, new in [changes[column]]
    ]


def _value(column: str, value: str | None, names: dict[str, str]) -> str:
    if value is None:
        return ""
    if column in WORDS_OF:
        return _(WORDS_OF[column][value])
    if column.endswith("_on"):
        return format_date(date.fromisoformat(value))
    return names.get(value, value)
