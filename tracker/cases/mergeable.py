"""What a case may be merged into: nobody who brought the matter waits longer by it."""

from datetime import date
from typing import Protocol

from flask_babel import gettext as _

from tracker.cases import clocks
from tracker.cases.models import Case
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import State


class Target(Protocol):
    """What of a case decides whether another may be merged into it."""

    @property
    def kind(self) -> str: ...
    @property
    def confidentiality(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def received_on(self) -> date: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def suspended_on(self) -> date | None: ...


def why_not(case: Case, target: Target, today: date) -> str | None:
    """Why `case` can't be merged into `target` on a local date, in words; None where it can."""
    if target.state == State.CLOSED:
        return _("Vụ việc này đã kết thúc; hãy mở lại trước, hoặc chọn vụ việc khác.")
    # A story names the other case, and more people may read the one than the other.
    if target.confidentiality != case.confidentiality:
        return _("Chỉ gộp được các vụ việc có cùng mức bảo mật.")
    if target.kind != case.kind:
        return _("Chỉ gộp được các vụ việc cùng loại; hãy liên kết hai vụ việc.")
    return _put_back(case, target, today)


def _put_back(case: Case, target: Target, today: date) -> str | None:
    """The clock of whoever has waited longest goes on in the case that stays, and none later."""
    if target.received_on > case.received_on:
        return _(
            "Công dân đã chờ từ %(day)s; hãy gộp vụ việc tiếp nhận sau vào vụ việc tiếp nhận"
            " trước, hoặc liên kết hai vụ việc.",
            day=format_date(case.received_on),
        )
    if target.suspended_on is not None:
        return _(
            "Vụ việc nhận đang tạm đình chỉ, công dân của vụ việc này sẽ phải chờ theo; hãy tiếp"
            " tục giải quyết vụ việc ấy trước, hoặc liên kết hai vụ việc."
        )
    due_on = _due_on(case, today)
    if due_on is not None and (target.due_on is None or target.due_on > due_on):
        return _(
            "Vụ việc này phải trả lời chậm nhất ngày %(day)s, sớm hơn hạn của vụ việc nhận; hãy"
            " liên kết hai vụ việc.",
            day=format_date(due_on),
        )
    return None


def _due_on(case: Case, today: date) -> date | None:
    """When `case` is due, were its clock to run again from today on: merging ends its pause."""
    if case.due_on is None or case.suspended_on is None:
        return case.due_on
    return clocks.later(case, case.due_on, [(case.suspended_on, today)])
