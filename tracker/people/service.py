"""The verbs on persons, each inside the caller's transaction. Nothing else writes them.

Who may find whom follows from cases, of which this area knows nothing: `cases.service.persons`
asks, and hands in what it found.
"""

from collections.abc import Iterable
from dataclasses import astuple
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, or_, select, update

from tracker.core.db import db, new_id
from tracker.core.errors import OutOfDate, Refused
from tracker.people.models import Person, PersonCorrection, PersonMerge, PersonReading
from tracker.people.sealing import (
    Particulars,
    held_ring,
    identity_digest,
    seal,
    seal_correction,
    telephone_digest,
    unseal,
)
from tracker.rules.vietnamese import clean

LONGEST_REASON = 500


def remember(
    particulars: Particulars,
    *,
    unit_id: UUID,
    user_id: UUID | None,
    now: datetime,
    among: ColumnElement[bool],
) -> UUID | None:
    """The person of the unit with these particulars, a new one where nobody is; None for nothing.

    The same number of an identity paper is the same person; where one of the two has none, the
    same telephone and the same name are. The same telephone with another name is somebody else
    (a family has one). What is newly known is added, and what it replaces stays on record.
    among: the condition on `Person` under which somebody may be found again.
    """
    particulars = particulars.tidied()
    if particulars.is_empty():
        return None
    held_ring()
    person = _known(particulars, unit_id, among)
    if person is None:
        person = Person(id=new_id(), unit_id=unit_id, recorded_at=now)
        seal(person, particulars)
        db.session.add(person)
        db.session.flush()
        return person.id
    before = unseal(person)
    pairs = zip(astuple(particulars), astuple(before), strict=True)
    _replace(person, before, Particulars(*(new or old for new, old in pairs)), user_id, now)
    return person.merged_into_id or person.id


def correct(
    person_id: UUID, particulars: Particulars, *, user_id: UUID | None, now: datetime
) -> None:
    """Replaces what is known of the person; what was known stays on record, sealed."""
    particulars = particulars.tidied()
    if particulars.is_empty():
        raise Refused(_("Hãy ghi ít nhất một thông tin."), "name")
    held_ring()
    person = db.session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    _replace(person, unseal(person), particulars, user_id, now)


def note_reading(
    person_id: UUID, *, case_id: UUID, user_id: UUID | None, reason: str, now: datetime
) -> None:
    """Records that somebody is shown who the person is, on the page of the case."""
    db.session.add(
        PersonReading(
            person_id=person_id, case_id=case_id, user_id=user_id, reason=reason, read_at=now
        )
    )


def merge(
    person_id: UUID,
    into_id: UUID,
    *,
    turn_ids: Iterable[UUID],
    reason: str,
    user_id: UUID | None,
    now: datetime,
) -> PersonMerge:
    """Makes two persons of one unit one; neither's particulars are changed.

    turn_ids: the turns that the caller gives to the other person.
    """
    person, into = (standing(each) for each in (person_id, into_id))
    if person.id == into.id or person.unit_id != into.unit_id:
        raise Refused(_("Hãy chọn một người khác, cùng nơi tiếp nhận."), "into_id")
    merged = PersonMerge(
        id=new_id(),
        person_id=person.id,
        into_id=into.id,
        reason=reason_given(reason),
        turn_ids=[str(turn_id) for turn_id in turn_ids],
        user_id=user_id,
        merged_at=now,
    )
    db.session.add(merged)
    _point(Person.merged_into_id == person.id, into.id)
    _point(Person.id == person.id, into.id)
    return merged


def undo_merge(merge_id: UUID, *, user_id: UUID | None, now: datetime) -> PersonMerge:
    """Makes two of them again; the caller gives back the turns that the merge names."""
    merged = db.session.get_one(PersonMerge, merge_id, with_for_update=True)
    if merged.undone_at is not None:
        raise OutOfDate(_("Việc gộp vừa được người khác hoàn tác."))
    later = select(PersonMerge.id).where(
        PersonMerge.person_id == merged.into_id, PersonMerge.undone_at.is_(None)
    )
    if db.session.scalar(later) is not None:
        raise Refused(_("Người này đã được gộp tiếp; hãy hoàn tác lần gộp sau trước."))
    merged.undone_at, merged.undone_by_id = now, user_id
    came_earlier = select(PersonMerge.person_id).where(
        PersonMerge.into_id == merged.person_id, PersonMerge.undone_at.is_(None)
    )
    _point(Person.id.in_(came_earlier), merged.person_id)
    _point(Person.id == merged.person_id, None)
    return merged


def standing(person_id: UUID) -> Person:
    """The person that `person_id` is part of by now, kept from other writers."""
    person = db.session.get_one(Person, person_id, with_for_update=True, populate_existing=True)
    return person if person.merged_into_id is None else standing(person.merged_into_id)


def reason_given(reason: str) -> str:
    """`reason` as it is kept; raises Refused where there is none or it is too long."""
    reason = clean(reason)
    if not reason:
        raise Refused(_("Hãy ghi lý do."), "reason")
    if len(reason) > LONGEST_REASON:
        raise Refused(_("Dài quá: tối đa 500 ký tự."), "reason")
    return reason


def _replace(
    person: Person, old: Particulars, new: Particulars, user_id: UUID | None, now: datetime
) -> None:
    if old == new:
        return
    seal(person, new)
    correction = PersonCorrection(
        id=new_id(), person_id=person.id, user_id=user_id, corrected_at=now
    )
    seal_correction(correction, old, new)
    db.session.add(correction)


def _point(condition: ColumnElement[bool], into_id: UUID | None) -> None:
    """Says of the persons under `condition` into whom they are merged."""
    db.session.execute(
        update(Person)
        .where(condition)
        .values(merged_into_id=into_id, version=Person.version + 1)
        .execution_options(synchronize_session="fetch")
    )


def _known(particulars: Particulars, unit_id: UUID, among: ColumnElement[bool]) -> Person | None:
    wanted = [
        column == digest
        for column, digest in (
            (Person.identity_digest, identity_digest(particulars.identity)),
            (Person.telephone_digest, telephone_digest(particulars.telephone)),
        )
        if digest is not None
    ]
    if not wanted:
        return None
    found = db.session.scalars(
        select(Person)
        .where(Person.unit_id == unit_id, or_(*wanted), among)
        .order_by(Person.id)
        .with_for_update()
    ).all()
    # Whoever has the same paper goes before whoever has the same telephone.
    by_paper = sorted(found, key=lambda each: unseal(each).identity != particulars.identity)
    return next((each for each in by_paper if _is_same(unseal(each), particulars)), None)


def _is_same(one: Particulars, other: Particulars) -> bool:
    if one.identity and other.identity:
        return one.identity == other.identity
    same_name = one.name.casefold() == other.name.casefold()
    return bool(one.telephone) and one.telephone == other.telephone and same_name
