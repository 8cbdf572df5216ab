"""What citizens say of how their case ended, and what the office does about it."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm.attributes import flag_modified

from tracker.cases import story
from tracker.cases.models import WAITS, Case, CitizenFeedback, Submission
from tracker.cases.service.step import perhaps_written, step, written
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.workflow import State
from tracker.units.queries import Viewer


def say_within(
    turn: Submission, *, is_satisfied: bool, reason: str, now: datetime
) -> CitizenFeedback:
    """Records what whoever brought `turn` says of how this round of its case ended, inside the
    caller's transaction: an entry in the story, without who. Said a second time it changes nothing.

    reason: needed from whoever isn't satisfied; that asks for the case to be reopened.
    """
    if is_satisfied:
        reason = perhaps_written(reason, "reason")
    else:
        reason = written(reason, "reason", _("Xin cho biết vì sao chưa hài lòng."))
    case = db.session.scalars(
        select(Case)
        .where(Case.id == turn.case_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    said = db.session.scalars(
        select(CitizenFeedback).where(
            CitizenFeedback.submission_id == turn.id, CitizenFeedback.round == case.round
        )
    ).first()
    if said is not None:
        return said
    if case.state != State.CLOSED or case.ended_on is None:
        raise Refused(_("Nội dung này chưa giải quyết xong; xin góp ý khi đã có kết quả."))
    said = CitizenFeedback(
        submission_id=turn.id,
        case_id=case.id,
        round=case.round,
        is_satisfied=is_satisfied,
        reason=reason,
        reply="",
        recorded_at=now,
    )
    db.session.add(said)
    story.record(
        case,
        action="feedback",
        before=story.reportable(case),
        happened_on=local_date(now),
        now=now,
        user_id=None,
        unit_id=None,
        text=reason,
        also={"satisfied": [None, "yes" if is_satisfied else "no"]},
    )
    return said


def uphold(
    case_id: UUID, *, actor: Viewer, text: str, now: datetime, version: int | None = None
) -> Case:
    """The outcome stays, and every citizen who isn't satisfied with it is told why."""
    text = written(text, "text", _("Hãy ghi lời trả lời công dân."))
    with step("uphold", case_id, actor, now, text=text, version=version) as case:
        settle(case, now, reply=text)
        # Nothing of the case changes, and yet the form sent twice has to be out of date.
        flag_modified(case, "state")
    return case


def settle(case: Case, now: datetime, *, reply: str = "") -> None:
    """What waits for the office waits no more, inside the caller's transaction."""
    db.session.execute(
        update(CitizenFeedback)
        .where(CitizenFeedback.case_id == case.id, WAITS)
        .values(handled_at=now, reply=reply)
        .execution_options(synchronize_session=False)
    )
