"""The verbs on persons that need to know who sees which case.

They write nothing into the story of a case, which more people read than may know of persons:
`PersonReading`, `PersonCorrection` and `PersonMerge` are their record.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update

from tracker.cases import persons, queries
from tracker.cases.models import Submission
from tracker.cases.persons import Brought, Correction
from tracker.core.db import db, transaction
from tracker.core.errors import NotAllowed, Refused
from tracker.people import service as people
from tracker.people.models import PersonMerge
from tracker.people.sealing import Particulars, held_ring
from tracker.rules.access import Confidentiality, confidentiality_of
from tracker.rules.workflow import Kind
from tracker.units.queries import Viewer


@dataclass(frozen=True, slots=True)
class OpenedPerson:
    """Who brought a turn. known: what is known of the person, then of those merged into it."""

    brought: Brought
    known: list[Particulars]
    corrections: list[Correction]


def remember_person(
    particulars: Particulars,
    *,
    actor: Viewer,
    turn_id: UUID,
    kind: Kind | None,
    joins: UUID | None,
    unit_id: UUID,
    now: datetime,
) -> UUID | None:
    """The person who brings the turn, for `write_turn`, inside the caller's transaction.

    kind: of the case that begins with the turn; joins: the case that it joins instead. Somebody
    is found again only through cases that the actor sees, and a denouncer only as a denouncer.
    """
    if (twin := db.session.get(Submission, turn_id)) is not None:
        return twin.person_id
    joined = queries.find(actor, joins) if joins else None
    level = joined.confidentiality if joined else kind and confidentiality_of(kind)
    as_denouncer = level == Confidentiality.DENUNCIATION
    return people.remember(
        particulars,
        unit_id=unit_id,
        user_id=actor.user_id,
        now=now,
        among=persons.findable(actor, as_denouncer=as_denouncer),
    )


def open_person(
    case_id: UUID, turn_id: UUID, *, actor: Viewer, reason: str, now: datetime
) -> OpenedPerson:
    """Shows who brought the turn, and records that it was shown.

    reason: raises Refused without one where the person is protected as a denouncer.
    """
    with transaction():
        held_ring()
        brought = _brought(case_id, turn_id, actor, "person:read")
        if persons.is_protected(actor, brought.person_id):
            reason = people.reason_given(reason)
        people.note_reading(
            brought.person_id, case_id=case_id, user_id=actor.user_id, reason=reason, now=now
        )
        return OpenedPerson(
            brought, persons.known(brought.person_id), persons.corrections(brought.person_id)
        )


def correct_person(
    case_id: UUID, turn_id: UUID, particulars: Particulars, *, actor: Viewer, now: datetime
) -> None:
    """Replaces what is known of who brought the turn; what was known stays on record."""
    with transaction():
        brought = _brought(case_id, turn_id, actor, "person:change")
        people.correct(brought.person_id, particulars, user_id=actor.user_id, now=now)


def merge_persons(
    case_id: UUID,
    turn_id: UUID,
    *,
    other_id: UUID | None,
    actor: Viewer,
    reason: str,
    now: datetime,
) -> None:
    """Says that `other_id` is who brought the turn; the other's turns are this person's now."""
    with transaction():
        brought = _brought(case_id, turn_id, actor, "person:merge")
        if other_id is None or not persons.visits(actor, other_id):
            raise Refused(_("Hãy chọn người cần gộp."), "other_id")
        # What is known of a denouncer would be read where no reason is asked.
        ours, theirs = (persons.is_protected(actor, each) for each in (brought.person_id, other_id))
        if ours != theirs:
            raise Refused(_("Người tố cáo được giữ riêng; không gộp với người khác."), "other_id")
        turns = select(Submission.id).where(Submission.person_id == other_id)
        turn_ids = db.session.scalars(turns.order_by(Submission.id)).all()
        people.merge(
            other_id,
            brought.person_id,
            turn_ids=turn_ids,
            reason=reason,
            user_id=actor.user_id,
            now=now,
        )
        _give_turns(turn_ids, other_id, brought.person_id)


def unmerge_persons(
    case_id: UUID, turn_id: UUID, *, merge_id: UUID, actor: Viewer, now: datetime
) -> None:
    """Takes a merge into who brought the turn back: each has the own turns again.

    What came in after the merge stays with the person it was written down for.
    """
    with transaction():
        brought = _brought(case_id, turn_id, actor, "person:merge")
        merged = db.session.get(PersonMerge, merge_id)
        if merged is None or merged.into_id != brought.person_id:
            raise NotAllowed(_("Không tìm thấy lần gộp này."))
        people.undo_merge(merge_id, user_id=actor.user_id, now=now)
        turn_ids = [UUID(each) for each in merged.turn_ids]
        _give_turns(turn_ids, merged.into_id, merged.person_id)


def _brought(case_id: UUID, turn_id: UUID, actor: Viewer, permission: str) -> Brought:
    brought = persons.find_brought(actor, case_id, turn_id)
    if brought is None or not actor.may(permission):
        raise NotAllowed(_("Không tìm thấy người phản ánh."))
    return brought


def _give_turns(turn_ids: Collection[UUID], from_id: UUID, to_id: UUID) -> None:
    db.session.execute(
        update(Submission)
        .where(Submission.id.in_(turn_ids), Submission.person_id == from_id)
        .values(person_id=to_id)
        .execution_options(synchronize_session="fetch")
    )
