"""Splitting a case that turned out to be several matters, each with its own deadline."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from tracker.cases import numbering, queries, search
from tracker.cases.models import Case, CaseLink
from tracker.cases.service.step import change, record, written
from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import NotAllowed, Refused
from tracker.rules.workflow import Kind
from tracker.units.queries import Viewer

FEWEST_PARTS, MOST_PARTS = 2, 20

# What a part has from the case that it was split from. The clock runs from the same day and stood
# still on the same days: a date of a register or of a decision holds for every part of what it was
# given for.
INHERITED = (
    "kind",
    "condition",
    "confidentiality",
    "state",
    "received_on",
    "accepted_on",
    "due_on",
    "original_due_on",
    "due_basis",
    "decided_due_on",
    "pauses",
    "pauses_before_decision",
    "round",
    "return_count",
    "redo_count",
    "unit_id",
    "logged_by_id",
    "channel_id",
    "event_id",
)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the matters: its words, its field, its area."""

    content: str
    field_id: UUID | None = None
    area_id: UUID | None = None


def split(
    case_id: UUID,
    *,
    actor: Viewer,
    parts: Sequence[Part],
    now: datetime,
    version: int | None = None,
    form_id: UUID | None = None,
) -> list[Case]:
    """Leaves the first part to the case and makes a new case of every other one.

    The turn stays where it is: one submission, n matters. An entry in every story; the case's
    own keeps the words that it had. form_id: the id that the form carried; sent a second time
    it gives the cases of the first. Returns the new cases.
    """
    if not FEWEST_PARTS <= len(parts) <= MOST_PARTS:
        raise Refused(_("Hãy ghi từ 2 đến 20 nội dung."), "parts")
    missing = _("Hãy ghi nội dung.")
    words = [
        written(part.content, f"parts-{place}-content", missing) for place, part in enumerate(parts)
    ]
    with transaction():
        case = queries.find(actor, case_id, for_update=True)
        if case is None:
            raise NotAllowed(_("Không tìm thấy vụ việc."))
        if form_id is not None and _is_done(case, form_id):
            return _parts_of(case)
        serial = numbering.take("serial", len(parts) - 1)
        kind, year = Kind(case.kind), case.received_on.year
        codes = [numbering.next_code(kind, year) for _part in parts[1:]]
        text = "\n".join((", ".join(codes), *([case.content] if words[0] != case.content else [])))
        with change("split", case.id, actor, now, text=text, version=version):
            case.content = words[0]
            case.field_id, case.area_id = parts[0].field_id, parts[0].area_id
            # A second form must find a version that isn't its own, whatever was changed.
            flag_modified(case, "content")
        search.index(case)
        new = [
            Case(
                **{name: getattr(case, name) for name in INHERITED},
                id=form_id if form_id and place == 0 else new_id(),
                serial=serial + place,
                code=code,
                content=words[place + 1],
                field_id=part.field_id,
                area_id=part.area_id,
            )
            for place, (code, part) in enumerate(zip(codes, parts[1:], strict=True))
        ]
        db.session.add_all(new)
        db.session.flush()
        for each in new:
            _record_part(each, case, actor, now)
    return new


def _record_part(part: Case, whole: Case, actor: Viewer, now: datetime) -> None:
    db.session.add(
        CaseLink(
            case_id=part.id, other_id=whole.id, kind="part", user_id=actor.user_id, recorded_at=now
        )
    )
    search.index(part)
    record(part, "part", None, actor, local_date(now), now, whole.code)


def _is_done(case: Case, form_id: UUID) -> bool:
    """Whether the form made its cases already. Refused where its id is another case's."""
    if db.session.get(Case, form_id) is None:
        return False
    if form_id not in {part.id for part in _parts_of(case)}:
        raise Refused(_("Mã biểu mẫu đã được dùng; hãy mở lại trang tách."))
    return True


def _parts_of(case: Case) -> list[Case]:
    return list(
        db.session.scalars(
            select(Case)
            .join(CaseLink, CaseLink.case_id == Case.id)
            .where(CaseLink.other_id == case.id, CaseLink.kind == "part")
            .order_by(Case.serial)
        )
    )
