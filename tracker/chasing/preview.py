"""What the worker would do at an instant, as lines: nothing is written and nothing leaves."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cases import due
from tracker.cases.models import Case
from tracker.chasing.service.reminding import Foreseen, foresee
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.units.models import User

CHUNK = 1_000


def preview(now: datetime) -> Iterator[str]:
    """A line for each person who would be reminded, and one for each reminder below it."""
    by_person: dict[UUID, list[Foreseen]] = defaultdict(list)
    for foreseen in foresee(now):
        for user_id in foreseen.user_ids:
            by_person[user_id].append(foreseen)
    names = db.session.execute(select(User.id, User.name, User.login).order_by(User.login))
    today = local_date(now)
    for user_id, name, login in names.all():
        if found := sorted(by_person.get(user_id, ()), key=lambda each: each.due_on):
            yield _(
                "%(name)s (%(login)s): %(count)s việc", name=name, login=login, count=len(found)
            )
            codes = _codes({each.case_id for each in found if each.case_id})
            for each in found:
                about = codes[each.case_id] if each.case_id else _(each.clock.label)
                yield f"  {about}  {_(each.clock.todo)}  {due.waiting(each.due_on, today).words}"
    if not by_person:
        yield _("Không có việc nào cần nhắc.")


def _codes(case_ids: set[UUID]) -> dict[UUID, str]:
    ids = sorted(case_ids)
    found: dict[UUID, str] = {}
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        rows = db.session.execute(select(Case.id, Case.code).where(Case.id.in_(some)))
        found |= {row.id: row.code for row in rows}
    return found
