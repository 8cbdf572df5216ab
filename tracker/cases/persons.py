"""Reads of persons through the cases that they brought: nothing else leads to a person.

A denouncer is kept apart (Law on Denunciations, art. 8 and 47-58). Whoever brings a denunciation
is never the same person, for the system, as whoever brought something else, and isn't found by a
number: else a normal visit, or a try with a number, would tell who denounced.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, and_, func, not_, or_, select, type_coerce

from tracker.cases.models import Case, Submission
from tracker.cases.queries import visible
from tracker.core.db import db
from tracker.people.models import Person, PersonCorrection, PersonMerge
from tracker.people.sealing import (
    Particulars,
    identity_digest,
    telephone_digest,
    unseal,
    unseal_correction,
)
from tracker.rules.access import Confidentiality
from tracker.units.models import User
from tracker.units.queries import Viewer

MOST_VISITS = 20
Visits = Select[UUID, date, UUID, str, str, str, str, str | None]
is_denunciation = Case.confidentiality == Confidentiality.DENUNCIATION
# The person that a row of `Person` stands for, which may have been merged into another.
stands_for = func.coalesce(Person.merged_into_id, Person.id)


class Visit(NamedTuple):
    """A turn that a person brought. received_on: a local date; outcome: None while it is open."""

    person_id: UUID
    received_on: date
    case_id: UUID
    code: str
    content: str
    confidentiality: str
    state: str
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Brought:
    """A turn of a case, and the person who brought it."""

    turn: Submission
    case: Case
    person_id: UUID


def findable(viewer: Viewer, *, as_denouncer: bool) -> ColumnElement[bool]:
    """The condition on `Person` under which who is before `viewer` may be found again.

    `viewer` sees a case that the person brought; a denouncer is one who brought nothing else.
    """
    turns = (
        select(Submission.id)
        .join(Case, Case.id == Submission.case_id)
        .where(Submission.person_id == stands_for)
    )
    if not as_denouncer:
        return turns.where(visible(viewer), not_(is_denunciation)).exists()
    return and_(
        turns.where(visible(viewer), is_denunciation).exists(),
        not_(turns.where(not_(is_denunciation)).exists()),
    )


def matches(viewer: Viewer, wanted: Particulars) -> list[Visit]:
    """The latest visits by whoever has this telephone or this identity number, in their order.

    Of cases that `viewer` may see, and never a denunciation.
    """
    digests = _with_digests(
        [telephone_digest(wanted.telephone)], [identity_digest(wanted.identity)]
    )
    if digests is None:
        return []
    return _latest(_visits(viewer).where(digests, not_(is_denunciation)))


def visits(viewer: Viewer, person_id: UUID) -> list[Visit]:
    """The latest visits of the person that `viewer` may see, denunciations too, in their order."""
    return _latest(_visits(viewer).where(Person.id == person_id))


def others_like(viewer: Viewer, brought: Brought) -> dict[UUID, list[Visit]]:
    """Who may be the same as the person before `viewer`: visits by person.

    Somebody of the same unit with the same telephone or identity number, or who brought the same
    case.
    """
    own = _own(brought.person_id)
    like = Submission.case_id == brought.case.id
    digests = _with_digests(
        [each.telephone_digest for each in own], [each.identity_digest for each in own]
    )
    found: dict[UUID, list[Visit]] = {}
    statement = _visits(viewer).where(
        like if digests is None else or_(like, digests),
        Person.unit_id == own[0].unit_id,
        stands_for != brought.person_id,
        is_denunciation
        if brought.case.confidentiality == Confidentiality.DENUNCIATION
        else not_(is_denunciation),
    )
    for visit in _latest(statement):
        found.setdefault(visit.person_id, []).append(visit)
    return found


def find_brought(viewer: Viewer, case_id: UUID, turn_id: UUID) -> Brought | None:
    """The turn with its person, if it has one and `viewer` may see the case."""
    row = db.session.execute(
        select(Submission, Case, Person.id)
        .join(Case, Case.id == Submission.case_id)
        .join(Person, Person.id == Submission.person_id)
        .where(Submission.id == turn_id, Submission.case_id == case_id, visible(viewer))
    ).first()
    return None if row is None else Brought(*row)


def is_protected(viewer: Viewer, person_id: UUID) -> bool:
    """Whether the person brought a denunciation that `viewer` may see.

    Of one that is hidden from `viewer` nothing may tell, not even that a reason is asked.
    """
    denounced = (
        select(Case.id)
        .join(Submission, Submission.case_id == Case.id)
        .where(Submission.person_id == person_id, is_denunciation, visible(viewer))
        .limit(1)
    )
    return db.session.scalar(denounced) is not None


def known(person_id: UUID) -> list[Particulars]:
    """What is known of the person, and then of those merged into it; for `service.persons`."""
    return [unseal(each) for each in _own(person_id)]


class Correction(NamedTuple):
    """What was known of a person was replaced by `user`."""

    corrected_at: datetime
    user: str
    old: Particulars
    new: Particulars


def corrections(person_id: UUID) -> list[Correction]:
    """How the person's particulars changed, latest first; for `service.persons`."""
    rows = db.session.execute(
        select(PersonCorrection, User.name)
        .join(User, User.id == PersonCorrection.user_id)
        .join(Person, Person.id == PersonCorrection.person_id)
        .where(stands_for == person_id)
        .order_by(PersonCorrection.corrected_at.desc(), PersonCorrection.id.desc())
        .limit(MOST_VISITS)
    )
    return [Correction(row.corrected_at, user, *unseal_correction(row)) for row, user in rows]


class Merged(NamedTuple):
    """A merge into a person that stands."""

    id: UUID
    merged_at: datetime
    user: str
    reason: str


def merges(person_id: UUID) -> list[Merged]:
    """The merges into the person that weren't undone, latest first."""
    rows = db.session.execute(
        select(PersonMerge.id, PersonMerge.merged_at, User.name, PersonMerge.reason)
        .join(User, User.id == PersonMerge.user_id)
        .where(PersonMerge.into_id == person_id, PersonMerge.undone_at.is_(None))
        .order_by(PersonMerge.merged_at.desc(), PersonMerge.id.desc())
    )
    return [Merged(*row) for row in rows]


def _own(person_id: UUID) -> Sequence[Person]:
    """The row of the person itself, then those merged into it."""
    return db.session.scalars(
        select(Person)
        .where(or_(Person.id == person_id, Person.merged_into_id == person_id))
        .order_by(Person.merged_into_id.is_not(None), Person.id)
    ).all()


def _with_digests(
    telephones: Sequence[bytes | None], papers: Sequence[bytes | None]
) -> ColumnElement[bool] | None:
    """The condition of having one of them; None where there is none."""
    columns = ((Person.telephone_digest, telephones), (Person.identity_digest, papers))
    conditions = [
        column.in_(wanted) for column, given in columns if (wanted := [*filter(None, given)])
    ]
    return or_(*conditions) if conditions else None


def _visits(viewer: Viewer) -> Visits:
    return (
        select(
            type_coerce(Submission.person_id, Uuid()),
            Submission.received_on,
            Case.id,
            Case.code,
            Case.content,
            Case.confidentiality,
            Case.state,
            Case.outcome,
        )
        .distinct()
        .select_from(Person)
        .join(Submission, Submission.person_id == stands_for)
        .join(Case, Case.id == Submission.case_id)
        .where(visible(viewer), Submission.voided_at.is_(None))
    )


def _latest(
    statement: Visits,
) -> list[Visit]:
    latest = statement.order_by(Submission.received_on.desc(), Case.id.desc()).limit(MOST_VISITS)
    return [Visit(*row) for row in reversed(db.session.execute(latest).all())]
