"""What whoever has just acted ought to know: that figures moved, that nobody is there to read."""

from datetime import date, datetime
from uuid import UUID

from flask import flash, render_template
from flask_babel import gettext as _
from markupsafe import Markup

from tracker.cases import due
from tracker.cases.due import Due
from tracker.cases.forms import ActionForm
from tracker.cases.models import Case
from tracker.core import clock
from tracker.rules.workflow import ACTIONS, ENDINGS
from tracker.units import staffing


def done(action: str, case_id: UUID) -> str:
    """The notice that `action` was done, after an ending with the way back."""
    said = _("Đã ghi: %(action)s.", action=_(ACTIONS[action].label).lower())
    if action not in ENDINGS:
        return said
    undo = render_template("cases/_undo.html", case_id=case_id)
    return Markup("%s %s") % (said, Markup(undo))  # noqa: S704 - our own template


def ended_standing(case: Case | None, today: date) -> Due | None:
    """Whether what has ended was in time, and how late otherwise; None of all else."""
    if case is None or case.ended_on is None:
        return None
    return due.due(case, today)


def tell_moved(case: Case | None, before: Due | None, today: date) -> None:
    """Says where what was done moved a closed case between in time and late: figures move."""
    after = ended_standing(case, today)
    if before is not None and after is not None and after != before:
        said = _("Vụ việc đã kết thúc, nay đổi từ %(old)s sang %(new)s; số liệu báo cáo đổi theo.",
                 old=before.words, new=after.words)  # fmt: skip
        flash(said, "warning")


def warn_of_nobody(form: ActionForm, now: datetime) -> None:
    """Says which of the units asked have nobody yet who would see it: offices do keep such."""
    asked = [UUID(each) for each in form.asked_units()]
    names = staffing.without_people(asked, clock.local_date(now)) if asked else []
    if names:
        said = _(
            "Chưa có ai dùng hệ thống ở %(units)s; hãy báo cho nơi ấy.", units=", ".join(names)
        )
        flash(said, "warning")
