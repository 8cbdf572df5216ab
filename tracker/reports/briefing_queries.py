"""What a briefing reads out: the cases of a period, and the latest answer to each."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from tracker.cases.models import Answer, Area, Case, Channel, Field
from tracker.core.db import db
from tracker.reception.event_queries import HELD
from tracker.reception.models import Event
from tracker.reception.queries import open_to
from tracker.units.models import Unit
from tracker.units.queries import Viewer


class Read(NamedTuple):
    """A case as a briefing needs it; see `cases.due.Standing`."""

    id: UUID
    code: str
    content: str
    confidentiality: str
    state: str
    outcome: str | None
    received_on: date
    due_on: date | None
    answered_on: date | None
    promised_on: date | None
    ended_on: date | None
    suspended_on: date | None
    area: str | None
    field: str | None
    channel: str | None
    lead_id: UUID | None
    lead: str | None


def oldest(conditions: Collection[ColumnElement[bool]], most: int) -> list[Read]:
    """The first `most` of the cases under `conditions`, which hold back what isn't to be seen."""
    lead = aliased(Unit)
    rows = db.session.execute(
        select(
            Case.id,
            Case.code,
            Case.content,
            Case.confidentiality,
            Case.state,
            Case.outcome,
            Case.received_on,
            Case.due_on,
            Case.answered_on,
            Case.promised_on,
            Case.ended_on,
            Case.suspended_on,
            Area.name,
            Field.name,
            Channel.name,
            lead.id,
            lead.name,
        )
        .outerjoin(Area, Area.id == Case.area_id)
        .outerjoin(Field, Field.id == Case.field_id)
        .outerjoin(Channel, Channel.id == Case.channel_id)
        .outerjoin(lead, lead.id == Case.lead_unit_id)
        .where(*conditions)
        .order_by(Case.received_on, Case.id)
        .limit(most)
    )
    return list(map(Read._make, rows))


def latest_answers(case_ids: Collection[UUID]) -> dict[UUID, Answer]:
    """The latest answer to each of the cases, which the reader has found by `visible`."""
    answers = db.session.scalars(
        select(Answer)
        .where(Answer.case_id.in_(case_ids))
        .order_by(Answer.answered_on, Answer.recorded_at)
    )
    return {answer.case_id: answer for answer in answers}


def briefings_before(viewer: Viewer, unit_id: UUID, day: date) -> Sequence[date]:
    """The local dates of the unit's last two briefings before `day` that `viewer` may see."""
    return db.session.scalars(
        select(Event.held_on)
        .distinct()
        .where(
            open_to(viewer),
            Event.unit_id == unit_id,
            Event.kind == "briefing",
            Event.state.in_(HELD),
            Event.held_on < day,
        )
        .order_by(Event.held_on.desc())
        .limit(2)
    ).all()
