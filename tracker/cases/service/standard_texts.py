"""Keeping standard texts: a unit's administrator adds, changes and retires them.

Nothing is ever removed, and what was written in a case from a text is the case's own.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.cases.models import StandardText
from tracker.cases.service.cataloguing import must_be_a_new_name, put_away, take_out_again
from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import Refused
from tracker.rules.standard_texts import FIELDS, unknown
from tracker.rules.vietnamese import clean, fold
from tracker.units.administration import differences, must_manage, note
from tracker.units.models import Unit
from tracker.units.queries import Viewer
from tracker.units.unit_queries import exists_on

LONGEST_BODY = 5_000
COLUMNS = ("name", "unit_id", "actions", "body")


def add(
    *,
    actor: Viewer,
    unit_id: UUID,
    name: str,
    actions: Iterable[str],
    body: str,
    now: datetime,
) -> StandardText:
    """Adds a text for a unit that `actor` administers, and for the units below it.

    actions: names of the workflow. Raises Refused beside the field that is wrong.
    """
    must_manage(actor, unit_id)
    with transaction():
        _must_exist(unit_id, now)
        text = StandardText(id=new_id(), **_checked(None, unit_id, name, actions, body))
        db.session.add(text)
        changes = differences({}, _columns(text))
        note(actor, "add", StandardText.__tablename__, text.id, now, changes=changes)
    return text


def change(
    text_id: UUID,
    *,
    actor: Viewer,
    unit_id: UUID,
    name: str,
    actions: Iterable[str],
    body: str,
    now: datetime,
) -> StandardText:
    """Changes a text; `unit_id` may be another unit of the actor's. Refuses what `add` refuses."""
    must_manage(actor, unit_id)
    with transaction():
        text = _text(text_id, actor)
        if unit_id != text.unit_id:
            _must_exist(unit_id, now)
        before = _columns(text)
        for column, value in _checked(text_id, unit_id, name, actions, body).items():
            setattr(text, column, value)
        if changes := differences(before, _columns(text)):
            note(actor, "change", StandardText.__tablename__, text_id, now, changes=changes)
    return text


def retire(text_id: UUID, *, actor: Viewer, now: datetime) -> StandardText:
    """From today on the text is offered no more."""
    with transaction():
        text = _text(text_id, actor)
        put_away(text, actor, now)
    return text


def offer_again(text_id: UUID, *, actor: Viewer, now: datetime) -> StandardText:
    """A retired text may be chosen again."""
    with transaction():
        text = _text(text_id, actor)
        take_out_again(text, actor, now)
    return text


def _text(text_id: UUID, actor: Viewer) -> StandardText:
    """The text, kept from other writers; raises NotAllowed where it is not the actor's."""
    text = db.session.get_one(StandardText, text_id, populate_existing=True, with_for_update=True)
    must_manage(actor, text.unit_id)
    return text


def _columns(text: StandardText) -> dict[str, Any]:
    return {name: getattr(text, name) for name in COLUMNS}


def _must_exist(unit_id: UUID, now: datetime) -> None:
    unit = db.session.get(Unit, unit_id)
    if unit is None or not exists_on(unit, local_date(now)):
        raise Refused(_("Đơn vị không có trong thời gian này."), "unit_id")


def _checked(
    text_id: UUID | None, unit_id: UUID, name: str, actions: Iterable[str], body: str
) -> dict[str, Any]:
    """The columns as they are kept."""
    name = clean(name)
    folded = fold(name)
    same = select(StandardText).where(
        StandardText.unit_id == unit_id, StandardText.folded_name == folded
    )
    must_be_a_new_name(name, folded, db.session.scalars(same).first(), text_id)
    return {
        "unit_id": unit_id,
        "name": name,
        "folded_name": folded,
        "actions": checked_actions(actions),
        "body": checked_body(body),
    }


def checked_actions(actions: Iterable[str]) -> str:
    """The actions as they are kept. Raises Refused where there is none."""
    chosen = set(actions)
    if not chosen or not chosen <= set(FIELDS):
        raise Refused(_("Hãy chọn ít nhất một việc."), "actions")
    return " ".join(action for action in FIELDS if action in chosen)


def checked_body(body: str) -> str:
    """What a text says, as it is kept. Raises Refused for nothing, too much, and for a placeholder
    that there isn't."""
    body = clean(body, keep_lines=True)
    if not body:
        raise Refused(_("Hãy ghi nội dung."), "body")
    if len(body) > LONGEST_BODY:
        raise Refused(_("Không quá %(max)d ký tự.", max=LONGEST_BODY), "body")
    if (wrong := unknown(body)) is not None:
        raise Refused(
            _("“%(wrong)s” không phải chỗ điền sẵn nào; hãy xem danh sách.", wrong=wrong), "body"
        )
    return body
