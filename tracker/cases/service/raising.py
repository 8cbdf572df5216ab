"""What shares its words with a case is kept as closely as the case: parts, wholes, merged ones."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from tracker.cases import story
from tracker.cases.belonging import joined
from tracker.cases.models import Case
from tracker.cases.service.assigning import take_from_uncleared
from tracker.cases.service.step import record
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.rules.access import Confidentiality, is_closer
from tracker.units.queries import Viewer


def hold_joined(case_id: UUID) -> Sequence[Case]:
    """The cases split from or merged with `case_id`, kept from other writers like itself.

    To be asked before the case is changed, inside its transaction. All are locked in the order
    of their ids, so that two people can't wait for each other.
    """
    held = db.session.scalars(
        select(Case)
        .where(Case.id.in_([case_id, *joined(case_id)]))
        .order_by(Case.id)
        .with_for_update(of=Case)
        .execution_options(populate_existing=True)
    ).all()
    return [each for each in held if each.id != case_id]


def raise_joined(case: Case, others: Sequence[Case], actor: Viewer, now: datetime) -> None:
    """Keeps each of `others` at least as closely as `case`; an entry in the story of each.

    They have the same words in their stories: a denunciation that was split from a case, or
    merged with it, is told there too (Law on Denunciations, art. 8).
    """
    level = Confidentiality(case.confidentiality)
    for other in others:
        if is_closer(level, Confidentiality(other.confidentiality)):
            before = story.reportable(other)
            other.confidentiality = level
            also = take_from_uncleared(other, now)
            record(other, "protect", before, actor, local_date(now), now, case.code, also)
