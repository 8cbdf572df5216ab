"""What the citizen's page tells of a case. Nobody is signed in there: the secret of a receipt is
the gate, and nothing internal, no person and nothing of what was said goes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from tracker.cases.models import Answer, Case, CaseLink, CitizenFeedback, Submission
from tracker.core.db import db
from tracker.reception.receipts import PROTECTED_PREFIX
from tracker.rules import citizens as rules
from tracker.rules.workflow import Outcome, State
from tracker.units.models import Unit

LONGEST_SERIAL = 18
"""Digits of the longest number that surely fits its column."""


@dataclass(frozen=True, slots=True)
class Part:
    """A matter that was made a case of its own: where it stands, and who has it."""

    words: str
    unit: str


@dataclass(frozen=True, slots=True)
class Told:
    """All that the page tells.

    answer: once the office has checked it and closed the case. kept_on: when a promise was kept.
    said: what the citizen has said of this round; may_say: whether it is time to.
    """

    words: str
    unit: str
    received_on: date
    due_on: date | None
    answered_on: date | None
    answer: str | None
    promised_on: date | None
    kept_on: date | None
    closed_on: date | None
    sent_to: str | None
    parts: Sequence[Part]
    said: CitizenFeedback | None
    may_say: bool


def turns_under(code: str) -> Sequence[UUID]:
    """The turns that stand under a receipt's code; where its case was merged, those of the case
    that goes on. One query, whether there is such a code or not."""
    prefix, _dash, number = code.partition("-")
    is_serial = prefix == PROTECTED_PREFIX and number.isdecimal() and len(number) <= LONGEST_SERIAL
    named = or_(Case.code == code, Case.serial == (int(number) if is_serial else 0))
    chain = select(Case.id, Case.merged_into_id).where(named).cte("chain", recursive=True)
    chain = chain.union(
        select(Case.id, Case.merged_into_id).where(Case.id == chain.c.merged_into_id)
    )
    return db.session.scalars(
        select(Submission.id).where(
            Submission.case_id.in_(select(chain.c.id)), Submission.voided_at.is_(None)
        )
    ).all()


def told(turn: Submission) -> Told:
    """What whoever brought `turn` is told of its case now."""
    lead = aliased(Unit)
    case, unit, leading = db.session.execute(
        select(Case, Unit.name, lead.name)
        .join(Unit, Unit.id == Case.unit_id)
        .outerjoin(lead, lead.id == Case.lead_unit_id)
        .where(Case.id == turn.case_id)
    ).one()
    is_answered = case.answered_on is not None and case.state in (State.ANSWERED, State.CLOSED)
    # Until the office has checked it, an answer may still be sent back.
    is_checked = is_answered and case.state == State.CLOSED
    was_kept = case.promised_on is not None and case.outcome == Outcome.RESOLVED
    said = _said(turn, case)
    return Told(
        words=_words(case),
        unit=leading or unit,
        received_on=turn.received_on,
        due_on=case.due_on,
        answered_on=case.answered_on if is_answered else None,
        answer=_answer(case) if is_checked else None,
        promised_on=case.promised_on if is_checked else None,
        kept_on=case.ended_on if was_kept else None,
        closed_on=case.closed_on,
        sent_to=case.sent_to,
        parts=_parts(case),
        said=said,
        may_say=said is None and case.ended_on is not None,
    )


def _words(case: Case) -> str:
    outcome = Outcome(case.outcome) if case.outcome else None
    return rules.words(State(case.state), outcome, is_suspended=case.suspended_on is not None)


def _answer(case: Case) -> str | None:
    return db.session.scalars(
        select(Answer.text)
        .where(Answer.case_id == case.id)
        .order_by(Answer.recorded_at.desc(), Answer.id.desc())
        .limit(1)
    ).first()


def _parts(case: Case) -> list[Part]:
    """A part that was merged elsewhere says so: its own turn stayed with the whole."""
    lead = aliased(Unit)
    found = db.session.execute(
        select(Case, Unit.name, lead.name)
        .join(CaseLink, CaseLink.case_id == Case.id)
        .join(Unit, Unit.id == Case.unit_id)
        .outerjoin(lead, lead.id == Case.lead_unit_id)
        .where(CaseLink.other_id == case.id, CaseLink.kind == "part")
        .order_by(Case.serial)
    )
    return [Part(_words(part), leading or unit) for part, unit, leading in found]


def _said(turn: Submission, case: Case) -> CitizenFeedback | None:
    return db.session.scalars(
        select(CitizenFeedback).where(
            CitizenFeedback.submission_id == turn.id, CitizenFeedback.round == case.round
        )
    ).first()
