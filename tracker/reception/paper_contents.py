"""What papers say of a case or a meeting, and from which template they are printed."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import IO, Any
from uuid import UUID

from flask import Response
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cases.models import Case, Entry
from tracker.core.clock import local_date, local_time
from tracker.core.db import db
from tracker.core.storage import storage
from tracker.people.sealing import Particulars
from tracker.reception.brought import Turn
from tracker.reception.event_telling import name_of
from tracker.reception.models import Event, PaperTemplate
from tracker.reception.printing import render
from tracker.rules.access import NORMAL
from tracker.rules.directions import DIRECTION_LABELS, direction, tallied
from tracker.rules.papers import BLANK, MINUTES, Paper, papers_of_case
from tracker.rules.vietnamese import format_date, format_number
from tracker.rules.workflow import KIND_LABELS, Kind
from tracker.units.letterhead import head
from tracker.units.models import Unit

TEMPLATES = Path(__file__).parent / "papers"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def papers_of(case: Case) -> tuple[Paper, ...]:
    """The papers that the case may have as it stands."""
    return papers_of_case(
        kind=case.kind,
        outcome=case.outcome,
        is_admitted=case.accepted_on is not None,
        is_assigned=case.assigned_on is not None,
    )


def letter(paper: Paper, case: Case, citizen: Particulars, now: datetime) -> bytes:
    """A paper of the case in Word. citizen: who it names; what is empty stays open for the pen.

    Papers are Vietnamese, whatever the language of their reader.
    """
    unit = db.session.get_one(Unit, case.unit_id)
    with force_locale("vi"):
        said = _case(paper, case, citizen) | {"unit": unit.name} | head(unit, local_date(now))
        return render(template_of(paper, unit), said)


def minutes(event: Event, turns: Iterable[Turn], now: datetime) -> bytes:
    """The minutes of the meeting in Word; nobody who came is named."""
    unit = db.session.get_one(Unit, event.unit_id)
    with force_locale("vi"):
        said = _meeting(event, list(turns)) | {"unit": unit.name} | head(unit, local_date(now))
        return render(template_of(MINUTES, unit), said)


def template_of(paper: Paper, unit: Unit) -> str | IO[bytes]:
    """The template from which the unit prints the paper: its own, that of the nearest unit above
    which uses the same form of papers, or ours."""
    found = own_template(paper, unit)
    if found is None:
        return str(ours(paper, unit.paper))
    with storage().open(found.digest) as content:
        return BytesIO(content.read())


def ours(paper: Paper, form: str) -> Path:
    """The template that comes with the system. form: party or government."""
    return TEMPLATES / f"{paper.name}.{form}.docx"


def own_template(paper: Paper, unit: Unit) -> PaperTemplate | None:
    """The office's own template from which the unit prints the paper, if there is one."""
    at: Unit | None = unit
    while at is not None:
        if at.paper == unit.paper and (found := template_in_use(paper, at.id)) is not None:
            return found
        at = db.session.get(Unit, at.parent_id) if at.parent_id else None
    return None


def template_in_use(paper: Paper, unit_id: UUID) -> PaperTemplate | None:
    """The template that was put in for the very unit and holds."""
    return db.session.scalars(
        select(PaperTemplate)
        .where(
            PaperTemplate.unit_id == unit_id,
            PaperTemplate.paper == paper.name,
            PaperTemplate.retired_at.is_(None),
        )
        .order_by(PaperTemplate.recorded_at.desc(), PaperTemplate.id.desc())
        .limit(1)
    ).first()


def _case(paper: Paper, case: Case, citizen: Particulars) -> dict[str, Any]:
    entry = db.session.scalars(
        select(Entry)
        .where(Entry.case_id == case.id, Entry.action.in_(paper.actions))
        .order_by(Entry.sequence.desc())
        .limit(1)
    ).first()
    # A case that came from a register has no such entry: its columns say when.
    decided_on = case.accepted_on or case.assigned_on if paper.outcome is None else case.closed_on
    return {
        "code": case.code,
        "kind": _(KIND_LABELS[Kind(case.kind)]).lower(),
        "content": case.content,
        "received_on": format_date(case.received_on),
        "decided_on": _day(decided_on),
        "due_on": _day(case.due_on),
        "sent_to": case.sent_to or BLANK,
        "reason": (entry.text if entry else "") or BLANK,
        "citizen": citizen.name or BLANK,
        "address": citizen.address or BLANK,
    }


def _meeting(event: Event, turns: list[Turn]) -> dict[str, Any]:
    total = tallied(turns).total
    return {
        "meeting": name_of(event),
        "held_on": format_date(event.held_on),
        "begins": _hour(event.opened_at),
        "ends": _hour(event.closed_at),
        "venue": event.place or BLANK,
        "chair": event.chair or BLANK,
        "present": "; ".join(event.present.splitlines()) or BLANK,
        "attendance": BLANK if event.attendance is None else format_number(event.attendance),
        "turns": format_number(total.turns),
        "persons": format_number(total.persons),
        "groups": format_number(total.groups),
        "matters": format_number(total.matters),
        "items": [_item(number, turn) for number, turn in enumerate(turns, start=1)],
    }


def _item(number: int, turn: Turn) -> Mapping[str, str]:
    is_kept_back = turn.confidentiality not in NORMAL
    return {
        "number": str(number),
        "code": turn.code,
        "kind": _(KIND_LABELS[turn.kind]),  # type: ignore[index]
        # Minutes go from hand to hand.
        "content": _("(nội dung được bảo vệ)") if is_kept_back else turn.content,
        "persons": format_number(turn.persons),
        "direction": _(DIRECTION_LABELS[direction(turn)]),
    }


def _day(day: date | None) -> str:
    return format_date(day) if day else BLANK


def _hour(instant: datetime | None) -> str:
    return f"{local_time(instant):%H giờ %M}" if instant else "…… giờ ……"


def download(content: bytes, name: str, media_type: str = MEDIA_TYPE) -> Response:
    """The answer that carries a paper; it is kept nowhere on its way."""
    return Response(
        content,
        mimetype=media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
