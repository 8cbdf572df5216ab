"""The row of a meeting and the entries of its story, written inside the caller's transaction."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from flask_babel import gettext as _

from tracker.core.db import db
from tracker.core.errors import NotAllowed, Refused
from tracker.reception import queries
from tracker.reception.models import Event, EventEntry
from tracker.rules.meetings import Sort
from tracker.rules.vietnamese import clean
from tracker.units import unit_queries
from tracker.units.queries import Viewer

LONGEST_LINE = 200
LONGEST_TEXT = 2000
MOST_ATTENDING = 100_000
# What the story of a meeting tells.
TOLD = (
    "held_on",
    "starts_at",
    "title",
    "place",
    "chair",
    "is_delegated",
    "present",
    "attendance",
    "note",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """Where a meeting is held and by whom.

    chair: who receives; is_delegated: in the place of the head, of receptions by the head only.
    present: the others who take part, a line each. starts_at: local time.
    """

    title: str = ""
    place: str = ""
    chair: str = ""
    is_delegated: bool = False
    present: str = ""
    starts_at: time | None = None

    def checked(self, sort: Sort) -> "Particulars":
        """The clean texts; raises Refused beside the field that is too long."""
        return replace(
            self,
            title=line(self.title, "title"),
            place=line(self.place, "place"),
            chair=line(self.chair, "chair"),
            present=paragraph(self.present, "present"),
            is_delegated=self.is_delegated and sort.is_by_head,
        )

    def given(self) -> dict[str, Any]:
        """Column -> value."""
        return {each.name: getattr(self, each.name) for each in fields(self)}


def new_event(
    event_id: UUID,
    unit_id: UUID,
    sort: Sort,
    held_on: date,
    particulars: Particulars,
    **more: Any,
) -> Event:
    """A planned meeting; more: of its other columns."""
    event = Event(
        id=event_id,
        unit_id=unit_id,
        kind=sort.kind,
        form=sort.form,
        state="planned",
        held_on=held_on,
        **particulars.given(),
        **more,
    )
    db.session.add(event)
    db.session.flush()
    return event


def note(
    event: Event,
    action: str,
    actor: Viewer,
    now: datetime,
    *,
    changes: dict[str, Any] | None = None,
    text: str = "",
) -> None:
    """One entry in the story of a meeting."""
    assert actor.user_id is not None
    db.session.add(
        EventEntry(
            event_id=event.id,
            action=action,
            recorded_at=now,
            user_id=actor.user_id,
            changes=changes or {},
            text=text,
        )
    )


def check_unit(unit_id: UUID, actor: Viewer, day: date) -> None:
    """Refuses a unit for which the actor holds no meetings, or that doesn't stand on `day`."""
    unit = unit_queries.find(unit_id)
    if actor.user_id is None or unit_id not in queries.units_for(actor, "event:manage"):
        raise NotAllowed(_("Bạn không tổ chức buổi tiếp dân của đơn vị này."))
    if unit is None or not unit_queries.exists_on(unit, day):
        raise Refused(_("Đơn vị này không còn hoặc chưa có vào ngày ấy."), "unit_id")


def line(text: str, field: str) -> str:
    """One clean line; raises Refused beside `field`."""
    return _not_too_long(clean(text), LONGEST_LINE, field)


def paragraph(text: str, field: str) -> str:
    """Clean lines; raises Refused beside `field`."""
    return _not_too_long(clean(text, keep_lines=True), LONGEST_TEXT, field)


def written(reason: str) -> str:
    """The clean reason, which has to be there."""
    if not (reason := paragraph(reason, "reason")):
        raise Refused(_("Hãy ghi lý do."), "reason")
    return reason


def counted(attendance: int) -> int:
    """How many came, as far as a hall holds them."""
    if not 0 <= attendance <= MOST_ATTENDING:
        raise Refused(_("Số người dự từ 0 đến 100.000."), "attendance")
    return attendance


def _not_too_long(text: str, most: int, field: str) -> str:
    if len(text) > most:
        raise Refused(_("Không quá %(max)d ký tự.", max=most), field)
    return text


def snapshot(event: Event) -> dict[str, Any]:
    """What the story tells of a meeting."""
    return {name: getattr(event, name) for name in TOLD}


def differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What differs: column -> [old, new], as JSON keeps it."""
    return {
        name: [_plain(before[name]), _plain(value)]
        for name, value in after.items()
        if before[name] != value
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | time) else value
