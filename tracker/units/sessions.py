"""Sessions: who a cookie stands for, until when."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Flask, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, current_user, login_user, logout_user
from werkzeug.wrappers import Response

from tracker.core.clock import local_date, now
from tracker.core.errors import NotAllowed
from tracker.units import seeing
from tracker.units.queries import Viewer, viewer

STARTED = "started_at"
SEEING = "seeing_as"
READING = frozenset({"GET", "HEAD", "OPTIONS"})
# What an administrator who sees as somebody else may send: it concerns the administrator alone.
OPEN_AS_ANOTHER = frozenset({"seeing.end", "units.sign_out", "units.set_language"})
# What somebody with a password for one use may open before it is changed.
OPEN_BEFORE_CHANGE = frozenset(
    f"units.{name}" for name in ("account", "change_password", "sign_out", "set_language")
)


def init_sessions(app: Flask) -> None:
    """Lets Flask-Login find the person behind a session, while the session is good.

    Where an administrator looks as somebody else it is that person, and nothing can be written.
    """
    login = LoginManager(app)
    lifetime: timedelta = app.config["PERMANENT_SESSION_LIFETIME"]

    @login.user_loader
    def load(session_id: str) -> Viewer | None:
        started_at = datetime.fromtimestamp(session.get(STARTED, 0), UTC)
        if now() - started_at > lifetime:
            return None
        return _viewer_of(session_id)

    app.before_request(_refuse_to_write_as_another)
    app.before_request(_ask_for_a_new_password)


def start(person: Viewer) -> None:
    """Begins a session for `person`; what an earlier one held is gone."""
    session.clear()
    session[STARTED] = int(now().timestamp())
    login_user(person)


def end() -> None:
    """Ends the session of this browser."""
    logout_user()
    session.clear()


def look_as(seeing_id: UUID) -> None:
    """From the next request on this browser sees what the record `seeing_id` says."""
    session[SEEING] = str(seeing_id)


def look_as_oneself() -> UUID | None:
    """Ends that, and returns the record's id, None where there was none."""
    seeing_id = session.pop(SEEING, None)
    return UUID(seeing_id) if seeing_id else None


def _refuse_to_write_as_another() -> None:
    if request.method in READING or request.endpoint in OPEN_AS_ANOTHER:
        return
    if current_user.is_authenticated and current_user.seen_by is not None:
        raise NotAllowed(_("Bạn đang xem như người khác: chỉ xem, không ghi được gì."))


def _ask_for_a_new_password() -> Response | None:
    """Leads whoever came in with a password for one use to where it is changed."""
    if not current_user.is_authenticated or not current_user.must_change_password:
        return None
    if current_user.seen_by is not None or request.endpoint in OPEN_BEFORE_CHANGE:
        return None
    flash(_("Mật khẩu này chỉ dùng một lần; hãy đổi mật khẩu rồi làm tiếp."), "warning")
    address = url_for("units.account", _anchor="password")
    if request.headers.get("HX-Request"):
        return Response(headers={"HX-Redirect": address})
    return redirect(address)


def _viewer_of(session_id: str) -> Viewer | None:
    user_id, _dot, epoch = session_id.partition(".")
    instant = now()
    person = viewer(UUID(user_id), local_date(instant))
    if person is None or str(person.session_epoch) != epoch:
        return None
    seeing_id = session.get(SEEING)
    return seeing.as_seen(person, UUID(seeing_id), instant) if seeing_id else person
