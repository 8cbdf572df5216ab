"""Accounts: adding people, signing in, passwords, sessions, language."""

import re
from datetime import date, datetime, timedelta
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.core.errors import Refused
from tracker.rules.vietnamese import clean
from tracker.rules.workflow import Role
from tracker.units import passwords
from tracker.units.models import Membership, Unit, User
from tracker.units.queries import Viewer, viewer

FAILURES_BEFORE_LOCK = 5
LOCK = timedelta(minutes=15)

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")


def add_user(
    login: str, *, name: str, role: Role, unit_code: str, password: str, today: date
) -> User:
    """Adds a person who signs in as `login`, with `role` at the unit from the date `today` on.

    Raises Refused for a login that is taken or malformed, an unknown unit, a weak password.
    """
    user = make_account(login, name, password)
    with transaction():
        must_be_free(user.login)
        unit = db.session.scalar(select(Unit).where(Unit.code == unit_code))
        if unit is None:
            raise Refused(_("Không có đơn vị nào mang mã %(code)s.", code=unit_code), "unit")
        user.memberships = [Membership(unit=unit, role=role, valid_from=today)]
        db.session.add(user)
    return user


def make_account(login: str, name: str, password: str) -> User:
    """An account, not yet written. Raises Refused for a malformed login or a weak password."""
    login, name = _folded(login), clean(name)
    if not _LOGIN.fullmatch(login):
        raise Refused(_("Tên đăng nhập gồm 2 đến 64 chữ cái không dấu, chữ số, dấu . _ -"), "login")
    if not name:
        raise Refused(_("Hãy ghi họ tên."), "name")
    passwords.check(password, login)
    return User(id=new_id(), login=login, name=name, password_hash=passwords.hashed(password))


def must_be_free(login: str) -> None:
    """Raises Refused where somebody has the login, inside the caller's transaction."""
    if _find(login):
        raise Refused(_("Tên đăng nhập %(login)s đã có người dùng.", login=login), "login")


def sign_in(login: str, password: str, now: datetime) -> Viewer:
    """The person behind `login` and `password`.

    Five failures in a row lock the account for a quarter of an hour. Raises Refused, with the
    same words whatever was wrong, so that nobody learns which logins exist; with other words
    only to whoever knows the password of an account without a role.
    """
    user = _find(_folded(login))
    matches = passwords.matches(password, user.password_hash if user else None)
    if user is None or _is_locked(user, now):
        raise _unknown()
    if not matches:
        _note_failure(user.id, now)
        raise _unknown()
    person = viewer(user.id, local_date(now))
    if person is None:
        raise _unknown()
    if not person.roles:
        raise Refused(_("Tài khoản chưa được giao vai trò nào. Hãy liên hệ quản trị."))
    _note_success(user, password)
    return person


def change_password(actor: Viewer, old: str, new: str, now: datetime) -> Viewer:
    """Gives the actor a new password and ends the sessions that began with the old one.

    Returns the actor as from now on. Raises Refused for a wrong old password or a weak new one.
    """
    user = _account(actor)
    matches = passwords.matches(old, user.password_hash)
    if _is_locked(user, now) or not matches:
        if not _is_locked(user, now):
            _note_failure(user.id, now)
        raise Refused(
            _("Mật khẩu hiện tại không đúng; sai 5 lần thì tài khoản bị khóa 15 phút."),
            "old_password",
        )
    _keep(user, new)
    return _present(user, now)


def set_password(login: str, password: str) -> None:
    """Gives an account a new password, ends its sessions and its lock; for administrators.

    Raises Refused for an unknown login or a weak password.
    """
    user = _find(_folded(login))
    if user is None:
        raise Refused(_("Không có tài khoản %(login)s.", login=_folded(login)), "login")
    _keep(user, password)


def end_all_sessions(actor: Viewer) -> None:
    """Ends every session of the actor, this one as well."""
    with transaction():
        _account(actor).session_epoch += 1


def set_language(actor: Viewer, language: str) -> None:
    """Remembers the language ("vi" or "en") in which whoever sits at the pages wants to read."""
    with transaction():
        db.session.get_one(User, actor.seen_by or actor.user_id).language = language


def _folded(login: str) -> str:
    return login.strip().lower()


def _find(login: str) -> User | None:
    return db.session.scalar(select(User).where(User.login == login))


def _account(actor: Viewer) -> User:
    return db.session.get_one(User, actor.user_id, populate_existing=True, with_for_update=True)


def _is_locked(user: User, now: datetime) -> bool:
    return user.locked_until is not None and now < user.locked_until


def _unknown() -> Refused:
    return Refused(
        _(
            "Sai tên đăng nhập hoặc mật khẩu. Sai 5 lần liên tiếp thì tài khoản bị khóa 15 phút,"
            " trong lúc ấy mật khẩu đúng cũng không vào được."
        )
    )


def _note_failure(user_id: UUID, now: datetime) -> None:
    with transaction():
        user = db.session.get_one(User, user_id, populate_existing=True, with_for_update=True)
        user.failed_attempts += 1
        if user.failed_attempts >= FAILURES_BEFORE_LOCK:
            user.failed_attempts = 0
            user.locked_until = now + LOCK


def _note_success(user: User, password: str) -> None:
    is_outdated = passwords.is_outdated(user.password_hash)
    if not (is_outdated or user.failed_attempts or user.locked_until):
        return
    kept = passwords.hashed(password) if is_outdated else user.password_hash
    with transaction():
        user.password_hash = kept
        user.failed_attempts = 0
        user.locked_until = None


def _keep(user: User, password: str) -> None:
    passwords.check(password, user.login)
    kept = passwords.hashed(password)
    with transaction():
        user.password_hash = kept
        user.must_change_password = False
        user.session_epoch += 1
        user.failed_attempts = 0
        user.locked_until = None


def _present(user: User, now: datetime) -> Viewer:
    person = viewer(user.id, local_date(now))
    if person is None:
        raise _unknown()
    return person
