"""Links between cases that belong together without being the same matter."""

from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select

from tracker.cases import story
from tracker.cases.belonging import LINKS_BY_HAND, words_of
from tracker.cases.models import Case, CaseLink
from tracker.cases.service.pair import pair
from tracker.cases.service.step import change, record
from tracker.core.clock import local_date
from tracker.core.db import db, transaction
from tracker.core.errors import NotAllowed, Refused
from tracker.units.queries import Viewer


def link(case_id: UUID, *, actor: Viewer, other_id: UUID, kind: str, now: datetime) -> Case:
    """Ties the case to another one that the actor sees too; an entry in the story of each.

    kind: 'related', 'earlier' (the other came before), or 'same_document' (one document
    answers both).
    """
    if kind not in LINKS_BY_HAND:
        raise Refused(_("Hãy chọn quan hệ giữa hai vụ việc."), "kind")
    with transaction():
        case, other = pair(actor, case_id, other_id, "code")
        if _between(case, other, kind) is not None:
            raise Refused(_("Hai vụ việc đã được liên kết như vậy."), "code")
        with change("link", case.id, actor, now, text=_said(other, kind, "to")):
            pass
        db.session.add(
            CaseLink(
                case_id=case.id,
                other_id=other.id,
                kind=kind,
                user_id=actor.user_id,
                recorded_at=now,
            )
        )
        _tell(other, "link", _said(case, kind, "from"), actor, now)
    return case


def unlink(case_id: UUID, *, actor: Viewer, link_id: UUID, now: datetime) -> Case:
    """Takes back a link of the case that was made by hand; an entry in the story of each."""
    with transaction():
        tie = db.session.get(CaseLink, link_id)
        if tie is None or case_id not in (tie.case_id, tie.other_id):
            raise NotAllowed(_("Không tìm thấy liên kết."))
        if tie.kind not in LINKS_BY_HAND:
            raise Refused(_("Liên kết do tách vụ việc mà có thì không bỏ được."))
        there, back = ("to", "from") if tie.case_id == case_id else ("from", "to")
        other_id = tie.other_id if tie.case_id == case_id else tie.case_id
        case, other = pair(actor, case_id, other_id, "code")
        with change("unlink", case.id, actor, now, text=_said(other, tie.kind, there)):
            pass
        db.session.delete(tie)
        _tell(other, "unlink", _said(case, tie.kind, back), actor, now)
    return case


def _between(case: Case, other: Case, kind: str) -> CaseLink | None:
    there = and_(CaseLink.case_id == case.id, CaseLink.other_id == other.id)
    back = and_(CaseLink.case_id == other.id, CaseLink.other_id == case.id)
    return db.session.scalars(
        select(CaseLink).where(or_(there, back), CaseLink.kind == kind)
    ).first()


def _said(other: Case, kind: str, direction: str) -> str:
    """What the story says; the code is shown to who may see the other one (`cases.naming`)."""
    return f"{words_of(kind, direction)}: {other.code}"


def _tell(case: Case, action: str, text: str, actor: Viewer, now: datetime) -> None:
    record(case, action, story.reportable(case), actor, local_date(now), now, text)
