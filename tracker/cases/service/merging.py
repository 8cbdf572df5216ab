"""Merging a case into another that is about the same matter, and undoing it.

The turns go over to the other case, so that everybody who brought the matter is answered there;
each remembers by its merge the code that it came under. The case itself counts no more.
"""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import case as sql_case
from sqlalchemy import func, null, select, update

from tracker.cases import mergeable, queries, story
from tracker.cases.models import Case, CaseMerge, Entry, Submission
from tracker.cases.models.history import SYSTEM_ACTIONS
from tracker.cases.service import due_dates
from tracker.cases.service.closing import end
from tracker.cases.service.heirs import to_successor
from tracker.cases.service.pair import pair
from tracker.cases.service.step import change, record
from tracker.core.clock import local_date
from tracker.core.db import db, transaction
from tracker.core.errors import NotAllowed, OutOfDate, Refused
from tracker.rules.workflow import Outcome
from tracker.units.queries import Viewer

# What may have been done to a merged case without its having been worked on.
QUIET_ACTIONS = (
    "comment",
    "link",
    "unlink",
    "attach",
    "detach",
    "correct",
    "protect",
    *SYSTEM_ACTIONS,
)


def merge(
    case_id: UUID, *, actor: Viewer, into_id: UUID, now: datetime, version: int | None = None
) -> Case:
    """Closes the case as a duplicate of `into_id`, which takes its turns.

    Both are of one kind, and the other was received no later and is due no later. An entry in the
    story of each.
    Sent a second time it changes nothing.
    """
    with transaction():
        case, target = pair(actor, case_id, into_id, "into")
        if case.merged_into_id == target.id:
            return case
        with change("merge", case.id, actor, now, text=target.code, version=version):
            if reason := mergeable.why_not(case, target, local_date(now)):
                raise Refused(reason, "into")
            end(case, Outcome.DUPLICATE, local_date(now))
            case.merged_into_id = target.id
        merged = CaseMerge(case_id=case.id, into_id=target.id, user_id=actor.user_id, merged_at=now)
        db.session.add(merged)
        db.session.flush()
        # A turn that came here by an earlier merge keeps the code that it came under.
        db.session.execute(
            update(Submission)
            .where(Submission.case_id == case.id)
            .values(case_id=target.id, merge_id=func.coalesce(Submission.merge_id, merged.id))
        )
        _tell(target, "merge_in", case, actor, now)
    return case


def undo_merge(case_id: UUID, *, actor: Viewer, now: datetime, version: int | None = None) -> Case:
    """Takes the turns back and leaves the case as it was before its merge, suspended if it was.

    An entry in the story of each. Refused where the case was worked on since, or where the
    other one has been merged in its turn.
    """
    with transaction():
        found = queries.find(actor, case_id)
        if found is None:
            raise NotAllowed(_("Không tìm thấy vụ việc."))
        if found.merged_into_id is None:
            raise Refused(_("Vụ việc không gộp vào vụ việc nào."))
        case, target = pair(actor, case_id, found.merged_into_id, "into")
        merged = _standing_merge(case, target)
        if target.merged_into_id is not None:
            raise Refused(
                _("%(code)s đã được gộp tiếp; hãy hoàn tác lần gộp ấy trước.", code=target.code)
            )
        before = _before_merge(case)
        assert before.from_state is not None  # only what was there before is merged
        with change("unmerge", case.id, actor, now, text=target.code, version=version):
            case.state = before.from_state
            case.outcome = case.closed_on = case.ended_on = case.merged_into_id = None
            if "suspended_on" in before.changes:
                due_dates.undo_end_of_pause(case)
            to_successor(case, local_date(now))
            due_dates.recount(case)
        merged.undone_at = now
        _take_turns_back(merged, case, target)
        _tell(target, "unmerge", case, actor, now)
    return case


def _standing_merge(case: Case, target: Case) -> CaseMerge:
    merged = db.session.scalars(
        select(CaseMerge).where(
            CaseMerge.case_id == case.id,
            CaseMerge.into_id == target.id,
            CaseMerge.undone_at.is_(None),
        )
    ).one_or_none()
    if merged is None:
        raise OutOfDate(_("Việc gộp vừa được người khác hoàn tác."))
    return merged


def _before_merge(case: Case) -> Entry:
    """The entry of the merge; Refused where more than notes has been written down since."""
    last = db.session.scalars(
        select(Entry)
        .where(Entry.case_id == case.id, Entry.action.not_in(QUIET_ACTIONS))
        .order_by(Entry.sequence.desc())
        .limit(1)
    ).one()
    if last.action != "merge":
        raise Refused(_("Vụ việc đã được xử lý tiếp sau khi gộp; không hoàn tác được nữa."))
    return last


def _take_turns_back(merged: CaseMerge, case: Case, target: Case) -> None:
    """The turns that came with the merge, those that `case` had from merges of its own too."""
    earlier = (
        select(CaseMerge.id, CaseMerge.case_id)
        .where(CaseMerge.into_id == case.id, CaseMerge.undone_at.is_(None))
        .cte("earlier", recursive=True)
    )
    earlier = earlier.union(
        select(CaseMerge.id, CaseMerge.case_id).where(
            CaseMerge.into_id == earlier.c.case_id, CaseMerge.undone_at.is_(None)
        )
    )
    came = Submission.merge_id.in_(select(earlier.c.id)) | (Submission.merge_id == merged.id)
    own = sql_case((Submission.merge_id == merged.id, null()), else_=Submission.merge_id)
    db.session.execute(
        update(Submission)
        .where(Submission.case_id == target.id, came)
        .values(case_id=case.id, merge_id=own)
        .execution_options(synchronize_session=False)
    )


def _tell(target: Case, action: str, case: Case, actor: Viewer, now: datetime) -> None:
    record(target, action, story.reportable(target), actor, local_date(now), now, case.code)
