"""Reads of what meetings brought: turns with the standing of their cases, in their order."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from tracker.cases.models import Case, Submission
from tracker.cases.persons import is_denunciation
from tracker.cases.queries import visible
from tracker.core.db import db
from tracker.people.models import Person
from tracker.people.sealing import Particulars, unsealed
from tracker.reception.models import Event
from tracker.reception.queries import open_to
from tracker.rules.access import Confidentiality
from tracker.rules.vietnamese import collate
from tracker.rules.workflow import State
from tracker.units.models import Unit
from tracker.units.queries import Viewer

MOST_WAITING = 50
BATCH = 500


class Turn(NamedTuple):
    """A turn at a meeting, and how its case stands now; see `rules.directions.Brought`.

    began_at: the meeting at which its case began. lead: the unit that has to answer it.
    """

    turn_id: UUID
    event_id: UUID
    held_on: date
    persons: int
    merge_id: UUID | None
    person_id: UUID | None
    case_id: UUID
    began_at: UUID | None
    code: str
    kind: str
    confidentiality: str
    content: str
    state: str
    outcome: str | None
    accepted_on: date | None
    assigned_on: date | None
    ended_on: date | None
    sent_to: str | None
    lead: str | None

    @property
    def began(self) -> bool:
        """Whether the case began at this meeting."""
        return self.merge_id is None and self.began_at == self.event_id

    @property
    def is_denunciation(self) -> bool:
        """Whether who brought it is protected (Law on Denunciations, art. 8 and 47-58)."""
        return self.confidentiality == Confidentiality.DENUNCIATION


def turns(viewer: Viewer, *conditions: ColumnElement[bool]) -> Iterator[Turn]:
    """The turns at meetings that `viewer` may see and that weren't taken back, day by day.

    Fetched in parts: a year's register takes no more memory than a day's.
    """
    rows = db.session.execute(
        select(
            Submission.id,
            Submission.event_id,
            Event.held_on,
            Submission.persons,
            Submission.merge_id,
            Submission.person_id,
            Case.id,
            Case.event_id,
            Case.code,
            Case.kind,
            Case.confidentiality,
            Case.content,
            Case.state,
            Case.outcome,
            Case.accepted_on,
            Case.assigned_on,
            Case.ended_on,
            Case.sent_to,
            Unit.name,
        )
        .join(Event, Event.id == Submission.event_id)
        .join(Case, Case.id == Submission.case_id)
        .outerjoin(Unit, Unit.id == Case.lead_unit_id)
        .where(Submission.voided_at.is_(None), visible(viewer), *conditions)
        .order_by(Event.held_on, Event.id, Submission.recorded_at, Submission.id)
        .execution_options(yield_per=BATCH)
    )
    return map(Turn._make, rows)


def at(event: Event) -> ColumnElement[bool]:
    """The condition of being a turn at the meeting."""
    return Submission.event_id == event.id


def in_period(unit_ids: Collection[UUID], first: date, last: date) -> ColumnElement[bool]:
    """Of being one at a reception that one of the units held from `first` to `last`."""
    return and_(
        Event.kind == "reception", Event.unit_id.in_(unit_ids), Event.held_on.between(first, last)
    )


def who_came(viewer: Viewer, *conditions: ColumnElement[bool]) -> dict[UUID, Particulars]:
    """Who brought the turns under the conditions, by the person's id; for `service.register`.

    Nobody is among them who brought a denunciation that `viewer` sees; of another nothing may tell.
    """
    denouncers = (
        select(Submission.person_id)
        .join(Case, Case.id == Submission.case_id)
        .where(Submission.person_id.is_not(None), is_denunciation, visible(viewer))
    )
    rows = db.session.execute(
        select(Person.id, Person.key_name, Person.sealed)
        .distinct()
        .join(Submission, Submission.person_id == Person.id)
        .join(Event, Event.id == Submission.event_id)
        .join(Case, Case.id == Submission.case_id)
        .where(
            Submission.voided_at.is_(None),
            visible(viewer),
            Person.id.not_in(denouncers),
            *conditions,
        )
    )
    return {row.id: unsealed(row.id, row.key_name, row.sealed) for row in rows}


class Waiting(NamedTuple):
    """A case of an earlier meeting that nobody has answered yet."""

    id: UUID
    code: str
    kind: str
    content: str
    confidentiality: str
    received_on: date
    due_on: date | None
    lead: str | None


def unanswered_before(viewer: Viewer, event: Event) -> list[Waiting]:
    """The cases without an answer of the unit's earlier meetings of the same sort, oldest first."""
    rows = db.session.execute(
        select(
            Case.id,
            Case.code,
            Case.kind,
            Case.content,
            Case.confidentiality,
            Case.received_on,
            Case.due_on,
            Unit.name,
        )
        .join(Event, Event.id == Case.event_id)
        .outerjoin(Unit, Unit.id == Case.lead_unit_id)
        .where(
            Event.unit_id == event.unit_id,
            Event.kind == event.kind,
            Event.form.is_not_distinct_from(event.form),
            Event.held_on < event.held_on,
            Case.state.in_((State.RECEIVED, State.VERIFYING, State.ASSIGNED)),
            visible(viewer),
        )
        .order_by(Case.received_on, Case.id)
        .limit(MOST_WAITING)
    )
    return [Waiting(*row) for row in rows]


def receiving_units(viewer: Viewer) -> list[tuple[UUID, str]]:
    """The units whose receptions `viewer` may see, by name."""
    rows = db.session.execute(
        select(Unit.id, Unit.name).where(
            Unit.id.in_(select(Event.unit_id).where(Event.kind == "reception", open_to(viewer)))
        )
    )
    return sorted(((row.id, row.name) for row in rows), key=lambda row: collate(row[1]))


def to_verify(viewer: Viewer, event: Event) -> list[Turn]:
    """Of each case that began at the meeting and still is as it was received, its first turn."""
    found: dict[UUID, Turn] = {}
    for turn in turns(viewer, at(event), Case.state == State.RECEIVED):
        if turn.began:
            found.setdefault(turn.case_id, turn)
    return list(found.values())
