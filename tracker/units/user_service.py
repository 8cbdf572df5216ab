"""Administering accounts: inviting, disabling, roles with their dates, passwords for one use."""

from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import or_, select

from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import NotAllowed, Refused
from tracker.rules.workflow import Role
from tracker.units import passwords, service, staffing, user_queries
from tracker.units.administration import must_manage, note
from tracker.units.models import Membership, Unit, User
from tracker.units.queries import Viewer
from tracker.units.unit_queries import exists_on


class Invited(NamedTuple):
    """An account with its password, which is told once and must be changed at the first use."""

    user: User
    password: str


def invite(
    login: str,
    *,
    actor: Viewer,
    name: str,
    unit_id: UUID,
    role: Role,
    valid_from: date,
    valid_to: date | None,
    now: datetime,
) -> Invited:
    """Adds an account with one role, from a local date, to another one if it is known.

    Raises Refused for a login that is taken or malformed, a missing name, wrong dates.
    """
    must_manage(actor, unit_id)
    password = passwords.generated()
    user = service.make_account(login, name, password)
    user.must_change_password = True
    with transaction():
        service.must_be_free(user.login)
        db.session.add(user)
        db.session.flush()
        note(actor, "invite", "user", user.id, now)
        _give_role(user, actor, unit_id, role, valid_from, valid_to, now)
    return Invited(user, password)


def reset_password(user_id: UUID, *, actor: Viewer, now: datetime) -> Invited:
    """Gives an account a password for one use, ends its sessions and its lock."""
    password = passwords.generated()
    kept = passwords.hashed(password)
    with transaction():
        user = _account(user_id, actor, now)
        user.password_hash = kept
        user.must_change_password = True
        user.session_epoch += 1
        user.failed_attempts = 0
        user.locked_until = None
        note(actor, "reset_password", "user", user_id, now)
    return Invited(user, password)


class NobodyLeft(Refused):
    """Open cases would be left to nobody: it has to be said again that this is meant."""


def disable(user_id: UUID, *, actor: Viewer, now: datetime, is_sure: bool = False) -> User:
    """Closes an account and ends its sessions; what the person did stays.

    Raises Refused for one's own account and for the last administrator of a unit, and unless
    `is_sure` NobodyLeft where nobody else works on open cases of a unit.
    """
    if user_id == actor.user_id:
        raise Refused(_("Không thể tự khóa tài khoản của mình."))
    with transaction():
        user = _account(user_id, actor, now)
        if user.disabled_at is None:
            for role in _standing(user_id, local_date(now)):
                if role.role == Role.ADMINISTRATOR:
                    _must_leave_an_administrator(role.unit_id, user_id, None)
            _must_be_sure(_standing(user_id, local_date(now)), now, is_sure=is_sure)
            user.disabled_at = now
            user.session_epoch += 1
            note(actor, "disable", "user", user_id, now)
    return user


def enable(user_id: UUID, *, actor: Viewer, now: datetime) -> User:
    """Opens a closed account again, with the password that it had."""
    with transaction():
        user = _account(user_id, actor, now)
        if user.disabled_at is not None:
            user.disabled_at = None
            note(actor, "enable", "user", user_id, now)
    return user


def add_role(
    user_id: UUID,
    *,
    actor: Viewer,
    unit_id: UUID,
    role: Role,
    valid_from: date,
    valid_to: date | None,
    now: datetime,
) -> Membership:
    """Gives an account a role at a unit that the actor administers.

    Raises Refused for a role for oneself, for wrong dates and for a role that the person has
    there in that time.
    """
    must_manage(actor, unit_id)
    # Who runs the system sees no case: they would open all of them with a role of their own.
    if user_id == actor.user_id:
        raise Refused(_("Không thể tự trao vai trò cho mình; hãy nhờ người quản trị khác."))
    with transaction():
        user = _account(user_id, actor, now)
        return _give_role(user, actor, unit_id, role, valid_from, valid_to, now)


def end_role(
    user_id: UUID,
    role_id: UUID,
    *,
    actor: Viewer,
    last_day: date,
    now: datetime,
    is_sure: bool = False,
) -> Membership:
    """Lets a role end with the local date `last_day`.

    Raises Refused for a day before the role began, a role that has ended, and where a unit would
    be left without an administrator; unless `is_sure` NobodyLeft where nobody else works on open
    cases of a unit.
    """
    with transaction():
        _account(user_id, actor, now)
        held = db.session.get_one(Membership, role_id, populate_existing=True, with_for_update=True)
        if held.user_id != user_id:
            raise NotAllowed(_("Không tìm thấy vai trò."))
        must_manage(actor, held.unit_id)
        if held.valid_to is not None and held.valid_to < local_date(now):
            raise Refused(_("Vai trò này đã kết thúc."), "last_day")
        if last_day < held.valid_from:
            raise Refused(_("Ngày này trước khi vai trò bắt đầu."), "last_day")
        if held.role == Role.ADMINISTRATOR:
            _must_leave_an_administrator(held.unit_id, user_id, role_id)
        _must_be_sure([held], now, is_sure=is_sure)
        before, held.valid_to = held.valid_to, last_day
        changes = {"valid_to": [str(before) if before else None, str(last_day)]}
        note(actor, "end_role", "user", user_id, now, changes=_said(held) | changes)
    return held


def _give_role(
    user: User,
    actor: Viewer,
    unit_id: UUID,
    role: Role,
    valid_from: date,
    valid_to: date | None,
    now: datetime,
) -> Membership:
    unit = db.session.get(Unit, unit_id)
    if unit is None or not exists_on(unit, max(valid_from, local_date(now))):
        raise Refused(_("Đơn vị không có trong thời gian này."), "unit_id")
    if valid_to is not None and valid_to < valid_from:
        raise Refused(_("Ngày cuối trước ngày đầu."), "valid_to")
    if _overlapping(user.id, unit_id, role, valid_from, valid_to):
        raise Refused(_("Người này đã có vai trò ấy ở đơn vị trong thời gian này."), "role")
    held = Membership(
        id=new_id(),
        user_id=user.id,
        unit_id=unit_id,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    db.session.add(held)
    changes = _said(held) | {"valid_from": [None, str(valid_from)]}
    if valid_to is not None:
        changes["valid_to"] = [None, str(valid_to)]
    note(actor, "add_role", "user", user.id, now, changes=changes)
    return held


def _said(held: Membership) -> dict[str, list[str | None]]:
    return {"role": [None, str(held.role)], "unit_id": [None, str(held.unit_id)]}


def _overlapping(
    user_id: UUID, unit_id: UUID, role: Role, valid_from: date, valid_to: date | None
) -> bool:
    found = select(Membership.id).where(
        Membership.user_id == user_id,
        Membership.unit_id == unit_id,
        Membership.role == role,
        or_(Membership.valid_to.is_(None), Membership.valid_to >= valid_from),
    )
    if valid_to is not None:
        found = found.where(Membership.valid_from <= valid_to)
    return db.session.scalar(found.limit(1)) is not None


def _account(user_id: UUID, actor: Viewer, now: datetime) -> User:
    """The account, kept from other writers; raises NotAllowed where it is not the actor's."""
    if user_queries.find(actor, user_id, local_date(now)) is None:
        raise NotAllowed(_("Bạn chỉ quản trị người của đơn vị mình và các đơn vị trực thuộc."))
    return db.session.get_one(User, user_id, populate_existing=True, with_for_update=True)


def _standing(user_id: UUID, today: date) -> list[Membership]:
    return list(
        db.session.scalars(
            select(Membership).where(
                Membership.user_id == user_id,
                or_(Membership.valid_to.is_(None), Membership.valid_to >= today),
            )
        )
    )


def _must_be_sure(lost: list[Membership], now: datetime, *, is_sure: bool) -> None:
    alone = [] if is_sure else staffing.left_alone(lost, local_date(now))
    if alone:
        raise NobodyLeft(
            " ".join(
                ngettext(
                    "Ở %(unit)s không còn ai khác xử lý %(cases)s vụ việc đang mở, chưa kể vụ việc"
                    " được bảo vệ nếu có.",
                    "Ở %(unit)s không còn ai khác xử lý %(cases)s vụ việc đang mở, chưa kể vụ việc"
                    " được bảo vệ nếu có.",
                    each.cases,
                    unit=each.unit,
                    cases=each.cases,
                )
                for each in alone
            )
        )


def _must_leave_an_administrator(unit_id: UUID, user_id: UUID, role_id: UUID | None) -> None:
    if not user_queries.is_administered_without(unit_id, user_id, role_id):
        unit = db.session.get_one(Unit, unit_id)
        raise Refused(
            _(
                "Đây là người quản trị cuối cùng của %(unit)s; hãy thêm người khác trước.",
                unit=unit.name,
            )
        )
