"""Writing down, at a meeting, what a citizen brings."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO
from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import service as cases
from tracker.cases.models import Case
from tracker.core.clock import local_date
from tracker.core.db import transaction
from tracker.core.errors import NotAllowed, Refused
from tracker.people.sealing import Particulars
from tracker.reception import queries
from tracker.reception.models import Event
from tracker.rules.workflow import Kind
from tracker.units.queries import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """One item as the officer wrote it down.

    id: made by the page; it becomes that of the turn and, where the turn begins a case, of the
    case, so that the same item sent twice is one. joins: the case that is about the same matter,
    to which this is another turn; then only the persons and the files count. persons: how many
    came. proposed_unit_id: which unit should be asked. files: the letter's photo or scan, each
    with its name.
    """

    id: UUID
    content: str = ""
    kind: Kind | None = None
    field_id: UUID | None = None
    area_id: UUID | None = None
    proposed_unit_id: UUID | None = None
    persons: int = 1
    note: str = ""
    particulars: Particulars = field(default_factory=Particulars)
    joins: UUID | None = None
    files: Sequence[tuple[IO[bytes], str]] = ()


def enter(event_id: UUID, entered: Entered, *, actor: Viewer, now: datetime) -> Case:
    """Writes the item down: one transaction, one entry in the story of its case.

    It is received on the day of the meeting. What was written down while the network was away
    comes in late; a meeting that has ended meanwhile takes it all the same, and says so.
    """
    if entered.files:
        _found(event_id, actor)
    taken = cases.take_in(entered.files)
    with transaction():
        event = _found(event_id, actor)
        _check_held(event, now)
        person_id = cases.remember_person(
            entered.particulars,
            actor=actor,
            turn_id=entered.id,
            kind=entered.kind,
            joins=entered.joins,
            unit_id=event.unit_id,
            now=now,
        )
        turn = cases.Turn(
            id=entered.id,
            received_on=event.held_on,
            persons=entered.persons,
            event_id=event.id,
            person_id=person_id,
        )
        case = _written(entered, event, turn, actor, now)
        cases.attach_within(case, taken, actor, now)
    return case


def _written(
    entered: Entered, event: Event, turn: cases.Turn, actor: Viewer, now: datetime
) -> Case:
    if entered.joins is not None:
        return cases.add_turn_within(entered.joins, actor=actor, turn=turn, now=now)
    if entered.kind is None:
        raise Refused(_("Hãy chọn loại vụ việc."), "kind")
    return cases.log_within(
        actor=actor,
        kind=entered.kind,
        content=entered.content,
        turn=turn,
        now=now,
        field_id=entered.field_id,
        area_id=entered.area_id,
        note=entered.note,
        case_id=entered.id,
        # Who logs for several units has chosen one of them by the meeting.
        unit_id=event.unit_id if event.unit_id in actor.units_for("case:create") else None,
        proposed_unit_id=entered.proposed_unit_id,
    )


def _found(event_id: UUID, actor: Viewer) -> Event:
    event = queries.find_event(actor, event_id)
    if event is None or not actor.may("case:create"):
        raise NotAllowed(_("Không tìm thấy buổi tiếp dân này."))
    return event


def _check_held(event: Event, now: datetime) -> None:
    if event.state in ("planned", "cancelled"):
        raise Refused(_("Buổi này chưa bắt đầu; hãy bắt đầu trước khi ghi."))
    if event.held_on > local_date(now):
        raise Refused(_("Ngày của buổi này chưa đến."))
