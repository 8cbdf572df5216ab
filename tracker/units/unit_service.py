"""Changing units: adding one, and the details of one. Mergers and ends are `cases`' business,
as open cases go with them."""

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import Refused
from tracker.rules.vietnamese import clean, fold
from tracker.units.administration import differences, must_manage, note
from tracker.units.models import Unit
from tracker.units.queries import Viewer
from tracker.units.unit_queries import exists_on

LONGEST_NAME = 200
DETAILS = ("name", "paper", "level", "letterhead", "place", "parent_id")
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,31}")


def add_unit(
    *,
    actor: Viewer,
    code: str,
    name: str,
    parent_id: UUID,
    valid_from: date,
    now: datetime,
    paper: str = "government",
    level: str = "",
    letterhead: str = "",
    place: str = "",
) -> Unit:
    """Adds a unit below one that the actor administers.

    Raises Refused for a code that is taken or malformed, for a name that is missing or that another
    unit has there, and for a place below a unit that has ended.
    """
    must_manage(actor, parent_id)
    with transaction():
        _must_stand(parent_id, now)
        _must_differ(name, parent_id, None)
        unit = make_unit(code, name, parent_id, valid_from)
        unit.paper, unit.letterhead, unit.place = paper, _lines(letterhead), _lines(place)
        unit.level = level or None
        db.session.add(unit)
        note(actor, "add", "unit", unit.id, now, changes=differences({}, _details(unit)))
    return unit


def make_unit(code: str, name: str, parent_id: UUID | None, valid_from: date) -> Unit:
    """A unit, checked and not yet written, inside the caller's transaction."""
    code, name = clean(code), _named(name)
    if not _CODE.fullmatch(code):
        raise Refused(_("Mã gồm 1 đến 32 chữ cái không dấu, chữ số, dấu . _ -"), "code")
    if db.session.scalar(select(Unit.id).where(Unit.code == code)):
        raise Refused(_("Mã %(code)s đã có đơn vị dùng.", code=code), "code")
    return Unit(
        id=new_id(),
        code=code,
        name=name,
        folded_name=fold(name),
        parent_id=parent_id,
        valid_from=valid_from,
        paper="government",
        letterhead="",
        place="",
    )


def change_unit(
    unit_id: UUID,
    *,
    actor: Viewer,
    name: str,
    paper: str,
    letterhead: str,
    place: str,
    level: str = "",
    parent_id: UUID | None,
    now: datetime,
) -> Unit:
    """Corrects the details of a unit that the actor administers. A new name by a decision is
    a change of units instead: papers of earlier days keep the old one.

    Raises Refused for a name that is missing or that another unit has there, and for a place in
    the tree below itself or below a unit that has ended.
    """
    must_manage(actor, unit_id)
    with transaction():
        unit = db.session.get_one(Unit, unit_id, populate_existing=True, with_for_update=True)
        if parent_id != unit.parent_id:
            must_manage(actor, parent_id)
            _must_not_stand_below(parent_id, unit_id)
            _must_stand(parent_id, now)
        _must_differ(name, parent_id, unit_id)
        before = _details(unit)
        unit.name = _named(name)
        unit.folded_name = fold(unit.name)
        unit.paper, unit.letterhead, unit.place = paper, _lines(letterhead), _lines(place)
        unit.level = level or None
        unit.parent_id = parent_id
        if changes := differences(before, _details(unit)):
            note(actor, "change", "unit", unit_id, now, changes=changes)
    return unit


def _details(unit: Unit) -> dict[str, Any]:
    return {name: getattr(unit, name) for name in (*DETAILS, "code", "valid_from", "valid_to")}


def _named(name: str) -> str:
    name = clean(name)
    if not name:
        raise Refused(_("Hãy ghi tên đơn vị."), "name")
    if len(name) > LONGEST_NAME:
        raise Refused(_("Không quá %(max)d ký tự.", max=LONGEST_NAME), "name")
    return name


def _must_stand(parent_id: UUID | None, now: datetime) -> None:
    parent = db.session.get(Unit, parent_id) if parent_id else None
    if parent is not None and not exists_on(parent, local_date(now)):
        raise Refused(_("Đơn vị cấp trên này đã kết thúc hoặc chưa có."), "parent_id")


def _must_differ(name: str, parent_id: UUID | None, unit_id: UUID | None) -> None:
    """Refuses the name of another unit that stands in the same place: in lists nobody could tell
    the two apart, and a case would go to the wrong one."""
    same = select(Unit.id).where(
        Unit.folded_name == fold(clean(name)),
        Unit.parent_id == parent_id,
        Unit.valid_to.is_(None),
    )
    if any(other_id != unit_id for other_id in db.session.scalars(same)):
        raise Refused(_("Ở đây đã có đơn vị tên này."), "name")


def _lines(text: str) -> str:
    return clean(text, keep_lines=True)[:LONGEST_NAME]


def _must_not_stand_below(parent_id: UUID | None, unit_id: UUID) -> None:
    while parent_id is not None:
        if parent_id == unit_id:
            raise Refused(_("Đơn vị không thể thuộc chính nó."), "parent_id")
        parent_id = db.session.scalar(select(Unit.parent_id).where(Unit.id == parent_id))
