"""What whoever has just acted ought to know: that figures moved, that nobody is there to read."""

from datetime import date, datetime
from uuid import UUID

from flask import flash
from flask_babel import gettext as _

from tracker.cases import due
from tracker.cases.due import Due
from tracker.cases.forms import ActionForm
from tracker.cases.models import Case
from tracker.core import clock
from tracker.units import staffing


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
