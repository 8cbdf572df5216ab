"""Who is writing on a case just now: seen by others, locking nobody out."""

from datetime import datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.dialects import postgresql, sqlite

from tracker.cases import queries
from tracker.cases.models import WritingMark
from tracker.core.db import db, is_sqlite, transaction
from tracker.core.errors import NotAllowed
from tracker.units.queries import Viewer

LASTS = timedelta(minutes=2)


def write(case_id: UUID, *, actor: Viewer, now: datetime) -> None:
    """Says that `actor` writes on the case: for `LASTS`, unless it is said again."""
    insert = sqlite.insert if is_sqlite() else postgresql.insert
    mark = {"case_id": case_id, "user_id": actor.user_id, "until": now + LASTS}
    with transaction():
        if not actor.may("case:comment") or queries.find(actor, case_id) is None:
            raise NotAllowed(_("Không tìm thấy vụ việc."))
        db.session.execute(
            insert(WritingMark)
            .values(**mark)
            .on_conflict_do_update(
                index_elements=["case_id", "user_id"], set_={"until": mark["until"]}
            )
        )


def stop_writing(case_id: UUID, actor: Viewer) -> None:
    """Takes the actor's mark away, inside the caller's transaction: what was written is saved."""
    db.session.execute(
        delete(WritingMark).where(
            WritingMark.case_id == case_id, WritingMark.user_id == actor.user_id
        )
    )
