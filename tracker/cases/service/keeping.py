"""Lists kept under a name, one's own or a unit's, and the columns that one wants to see."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, func, or_, select

from tracker.cases.models import SavedView
from tracker.core.db import db, transaction
from tracker.core.errors import NotAllowed, Refused
from tracker.rules.vietnamese import clean
from tracker.units.models import User
from tracker.units.queries import Viewer

LONGEST_NAME, LONGEST_QUERY = 80, 2_000
MOST_VIEWS = 50


class NoSuchList(Refused):
    """A kept list that isn't there, or isn't for this person."""

    status = 404


def keep_view(*, actor: Viewer, name: str, query: str, is_shared: bool, now: datetime) -> SavedView:
    """Keeps a list's question under a name, for oneself or with `is_shared` for one's unit.

    query: the address's part after the question mark. Under a name that is there already the
    question is replaced.
    """
    name = _name(name)
    if len(query) > LONGEST_QUERY:
        raise Refused(_("Bộ lọc này dài quá, không lưu được."))
    shared_by = next(iter(actor.units_for("list:share")), None)
    if is_shared and shared_by is None:
        raise NotAllowed(_("Bạn không có quyền lưu danh sách cho cả đơn vị."))
    user_id, unit_id = (None, shared_by) if is_shared else (actor.user_id, None)
    own = SavedView.unit_id == unit_id if is_shared else SavedView.user_id == user_id
    with transaction():
        view = db.session.scalar(select(SavedView).where(own, SavedView.name == name))
        if view is None:
            if (db.session.scalar(select(func.count()).where(own)) or 0) >= MOST_VIEWS:
                raise Refused(_("Đã có 50 danh sách; hãy xóa bớt trước khi lưu thêm."), "name")
            view = SavedView(user_id=user_id, unit_id=unit_id, name=name)
            db.session.add(view)
        view.query, view.recorded_at = query, now
    return view


def rename_view(view_id: UUID, *, actor: Viewer, name: str) -> SavedView:
    """Gives a kept list another name."""
    name = _name(name)
    with transaction():
        view = _changeable(view_id, actor)
        view.name = name
    return view


def remove_view(view_id: UUID, *, actor: Viewer) -> None:
    """Forgets a kept list; no case changes by it."""
    with transaction():
        db.session.delete(_changeable(view_id, actor))


def choose_columns(*, actor: Viewer, columns: Iterable[str]) -> None:
    """Keeps with the account which columns its lists have."""
    with transaction():
        user = db.session.get_one(User, actor.user_id)
        user.list_columns = ",".join(columns)


def may_change(view: SavedView, actor: Viewer) -> bool:
    """Whether `actor` may rename or remove the list: its owner, or who shares for the unit."""
    if view.user_id is not None:
        return view.user_id == actor.user_id
    return view.unit_id in actor.units_for("list:share")


def usable_by(actor: Viewer) -> ColumnElement[bool]:
    """The kept lists that `actor` is shown: the own ones and those of the unit."""
    units = {post.unit_id for post in actor.posts}
    return or_(SavedView.user_id == actor.user_id, SavedView.unit_id.in_(units))


def _changeable(view_id: UUID, actor: Viewer) -> SavedView:
    view = db.session.scalar(
        select(SavedView).where(SavedView.id == view_id, usable_by(actor)).with_for_update()
    )
    if view is None:
        raise NoSuchList(_("Không tìm thấy danh sách này."))
    if not may_change(view, actor):
        raise NotAllowed(_("Danh sách này của cả đơn vị; bạn không sửa được."))
    return view


def _name(name: str) -> str:
    name = clean(name)
    if not name:
        raise Refused(_("Hãy đặt tên."), "name")
    if len(name) > LONGEST_NAME:
        raise Refused(_("Tên dài quá: tối đa 80 ký tự."), "name")
    return name
