"""Turns: somebody brings what a case is about once more; and what was written down by mistake."""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import update
from sqlalchemy.orm.attributes import flag_modified

from tracker.cases.models import Case, Submission
from tracker.cases.service.closing import end
from tracker.cases.service.step import MOST_PERSONS, change, not_after_today, not_before_receipt
from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.rules.workflow import Outcome, State
from tracker.units.queries import Viewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Who came, when and where.

    id: made by the form or the browser; the same turn sent twice is one. received_on: a local
    date. persons: how many came for the matter. person_id: who spoke, if that is known.
    """

    received_on: date
    id: UUID = field(default_factory=new_id)
    persons: int = 1
    channel_id: UUID | None = None
    event_id: UUID | None = None
    person_id: UUID | None = None


def write_turn(case: Case, turn: Turn, actor: Viewer, now: datetime) -> Submission:
    """Writes `turn` down for `case`, inside the caller's transaction."""
    check_persons(turn.persons)
    written = Submission(
        id=turn.id,
        case_id=case.id,
        received_on=turn.received_on,
        persons=turn.persons,
        channel_id=turn.channel_id,
        event_id=turn.event_id,
        person_id=turn.person_id,
        logged_by_id=actor.user_id,
        recorded_at=now,
    )
    db.session.add(written)
    return written


def check_persons(persons: int) -> None:
    """Raises Refused where so many persons can't have come."""
    if not 1 <= persons <= MOST_PERSONS:
        raise Refused(_("Số người từ 1 đến 100.000."), "persons")


def add_turn(
    case_id: UUID, *, actor: Viewer, turn: Turn, now: datetime, version: int | None = None
) -> Case:
    """Another turn on an open case: another citizen with the same matter, or the same again."""
    with transaction():
        return add_turn_within(case_id, actor=actor, turn=turn, now=now, version=version)


def add_turn_within(
    case_id: UUID, *, actor: Viewer, turn: Turn, now: datetime, version: int | None = None
) -> Case:
    """The same inside the caller's transaction."""
    not_after_today(turn.received_on, now, "received_on")
    if (twin := db.session.get(Submission, turn.id)) is not None:
        return _case_of_twin(twin, actor)
    with change("add_turn", case_id, actor, now, turn.received_on, version=version) as case:
        not_before_receipt(turn.received_on, case, "received_on")
        write_turn(case, turn, actor, now)
        # Nothing of the case changes, and yet a form opened before has to be out of date.
        flag_modified(case, "state")
    return case


def _case_of_twin(twin: Submission, actor: Viewer) -> Case:
    if twin.logged_by_id != actor.user_id:
        raise Refused(_("Mã biểu mẫu đã được dùng; hãy mở lại trang ghi nhận."))
    return db.session.get_one(Case, twin.case_id)


def void(case_id: UUID, *, actor: Viewer, now: datetime, version: int | None = None) -> Case:
    """Takes back a case that the actor logged by mistake today, with its one turn."""
    with transaction():
        return _void(case_id, actor, now, version)


def void_turn(case_id: UUID, turn_id: UUID, *, actor: Viewer, now: datetime) -> Case:
    """Takes back a turn that the actor wrote down by mistake today; the case as well if it began
    with it. Done a second time it changes nothing."""
    with transaction():
        turn = db.session.get(Submission, turn_id, with_for_update=True, populate_existing=True)
        if turn is None or turn.case_id != case_id or turn.logged_by_id != actor.user_id:
            raise NotAllowed(_("Chỉ người ghi mới hoàn tác được mục này."))
        if turn.voided_at is not None:
            return db.session.get_one(Case, turn.case_id)
        if _began(turn):
            return _void(case_id, actor, now)
        with change("void_turn", turn.case_id, actor, now) as case:
            _still_today(turn, actor, now)
            turn.voided_at = now
            flag_modified(case, "state")
        return case


def _void(case_id: UUID, actor: Viewer, now: datetime, version: int | None = None) -> Case:
    with change("void", case_id, actor, now, version=version) as case:
        standing = [turn for turn in case.submissions if turn.voided_at is None]
        if len(standing) > 1:
            raise OutOfDate(_("Đã có người khác phản ánh vào vụ việc này; hãy sửa sai sót."))
        for turn in standing:
            _still_today(turn, actor, now)
            turn.voided_at = now
        end(case, Outcome.VOIDED, local_date(now))
    return case


def is_voidable(
    logged_by_id: UUID | None, recorded_at: datetime, actor: Viewer, now: datetime
) -> bool:
    """Whether `actor` wrote a turn down, and on this very day."""
    return logged_by_id == actor.user_id and local_date(recorded_at) == local_date(now)


def _still_today(turn: Submission, actor: Viewer, now: datetime) -> None:
    if not is_voidable(turn.logged_by_id, turn.recorded_at, actor, now):
        raise Refused(_("Chỉ hoàn tác được trong ngày ghi; sau đó hãy sửa sai sót."))


def _began(turn: Submission) -> bool:
    """Whether its case was logged with this turn."""
    case = db.session.get_one(Case, turn.case_id)
    first = min(case.submissions, key=lambda each: (each.recorded_at, each.id))
    return turn.merge_id is None and first.id == turn.id


def unvoid(case_id: UUID, *, actor: Viewer, now: datetime, version: int | None = None) -> Case:
    """Brings back a case that had been taken back as written down by mistake."""
    with transaction(), change("unvoid", case_id, actor, now, version=version) as case:
        case.state = State.RECEIVED
        case.outcome = case.closed_on = case.ended_on = None
        # Turns that were taken back before stay so.
        last = max(filter(None, (turn.voided_at for turn in case.submissions)))
        db.session.execute(
            update(Submission)
            .where(Submission.case_id == case.id, Submission.voided_at == last)
            .values(voided_at=None)
        )
    return case
