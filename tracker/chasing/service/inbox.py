"""What a person does with the own inbox."""

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update

from tracker.chasing.models import Notice
from tracker.chasing.queries import UNREAD, is_up
from tracker.core.clock import local_date
from tracker.core.db import db, transaction
from tracker.core.errors import Refused
from tracker.units.queries import Viewer


def read(notice_ids: Iterable[UUID], *, reader: Viewer, now: datetime) -> None:
    """Notes that the person has read these of the own notices; others are left as they are."""
    _change(notice_ids, reader, read_at=now)


def read_later(notice_id: UUID, *, reader: Viewer, later_on: date, now: datetime) -> None:
    """Puts a notice off until a local date after today; raises Refused beside `later_on`."""
    if later_on <= local_date(now):
        raise Refused(_("Hãy chọn một ngày sau hôm nay."), "later_on")
    _change([notice_id], reader, later_on=later_on, read_at=None)


def read_all(up_to: UUID, *, reader: Viewer, now: datetime) -> None:
    """Notes as read all notices that were there when the id `up_to` was made, but for those put
    off: ids go by time."""
    with transaction():
        db.session.execute(
            update(Notice)
            .where(Notice.user_id == reader.user_id, UNREAD, is_up(local_date(now)))
            .where(Notice.id < up_to)
            .values(read_at=now)
            .execution_options(synchronize_session=False)
        )


def _change(notice_ids: Iterable[UUID], reader: Viewer, **values: object) -> None:
    with transaction():
        db.session.execute(
            update(Notice)
            .where(Notice.id.in_(list(notice_ids)), Notice.user_id == reader.user_id)
            .values(**values)
            .execution_options(synchronize_session=False)
        )
