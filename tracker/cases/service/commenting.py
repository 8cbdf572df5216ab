"""Notes inside the office."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import queries
from tracker.cases.models import Case, Entry
from tracker.cases.service.step import change, written
from tracker.core.db import db, transaction
from tracker.core.errors import NotAllowed, Refused
from tracker.units.queries import Viewer


def comment(
    case_id: UUID, *, actor: Viewer, text: str, now: datetime, entry_id: UUID | None = None
) -> Case:
    """A note inside the office, never shown to the citizen.

    entry_id: the one that the form carried; sent a second time it gives the note of the first.
    """
    text = written(text, "text", _("Hãy ghi nội dung ghi chú."))
    with transaction():
        case = queries.find(actor, case_id, for_update=True)
        if case is None:
            raise NotAllowed(_("Không tìm thấy vụ việc."))
        twin = db.session.get(Entry, entry_id) if entry_id else None
        if twin is None:
            with change("comment", case_id, actor, now, text=text, entry_id=entry_id):
                pass
        elif (twin.case_id, twin.user_id, twin.text) != (case_id, actor.user_id, text):
            raise Refused(_("Mã biểu mẫu đã được dùng; hãy mở lại trang rồi ghi lại."))
    return case
