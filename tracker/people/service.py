"""The verbs on persons. Nothing else writes them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select

from tracker.core.db import db, new_id
from tracker.people.models import Person
from tracker.people.sealing import (
    Particulars,
    identity_digest,
    seal,
    telephone_digest,
    unseal,
)


def remember(particulars: Particulars, *, unit_id: UUID, now: datetime) -> UUID | None:
    """The person of the unit with these particulars, inside the caller's transaction.

    Somebody with the same identity paper, or where none is given with the same telephone and
    name, is the same person; what is newly known of them is added. None where nothing is known.
    """
    particulars = particulars.tidied()
    if particulars.is_empty():
        return None
    person = _known(particulars, unit_id)
    if person is None:
        person = Person(id=new_id(), unit_id=unit_id, recorded_at=now)
        seal(person, particulars)
        db.session.add(person)
        db.session.flush()
        return person.id
    before = unseal(person)
    after = Particulars(
        *(
            getattr(particulars, name) or getattr(before, name)
            for name in Particulars.__dataclass_fields__
        )
    )
    if after != before:
        seal(person, after)
    return person.id


def _known(particulars: Particulars, unit_id: UUID) -> Person | None:
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
        .where(Person.unit_id == unit_id, Person.merged_into_id.is_(None), or_(*wanted))
        .order_by(Person.id)
    ).all()
    return next((each for each in found if _is_same(unseal(each), particulars)), None)


def _is_same(one: Particulars, other: Particulars) -> bool:
    if one.identity and other.identity:
        return one.identity == other.identity
    return one.telephone == other.telephone and one.name.casefold() == other.name.casefold()
