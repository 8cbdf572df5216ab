"""Notes inside the office."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases.models import Case
from tracker.cases.service.step import step, written
from tracker.units.queries import Viewer


def comment(case_id: UUID, *, actor: Viewer, text: str, now: datetime) -> Case:
    """A note inside the office, never shown to the citizen."""
    text = written(text, "text", _("Hãy ghi nội dung ghi chú."))
    with step("comment", case_id, actor, now, text=text) as case:
        pass
    return case
