"""Sessions: who a cookie stands for, until when."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import Flask, session
from flask_login import LoginManager, login_user, logout_user

from tracker.core.clock import local_date, now
from tracker.units.queries import Viewer, viewer

STARTED = "started_at"


def init_sessions(app: Flask) -> None:
    """Lets Flask-Login find the person behind a session, while the session is good."""
    login = LoginManager(app)
    lifetime: timedelta = app.config["PERMANENT_SESSION_LIFETIME"]

    @login.user_loader
    def load(session_id: str) -> Viewer | None:
        started_at = datetime.fromtimestamp(session.get(STARTED, 0), UTC)
        if now() - started_at > lifetime:
            return None
        return _viewer_of(session_id)


def start(person: Viewer) -> None:
    """Begins a session for `person`; what an earlier one held is gone."""
    session.clear()
    session[STARTED] = int(now().timestamp())
    login_user(person)


def end() -> None:
    """Ends the session of this browser."""
    logout_user()
    session.clear()


def _viewer_of(session_id: str) -> Viewer | None:
    user_id, _, epoch = session_id.partition(".")
    person = viewer(UUID(user_id), local_date(now()))
    if person is None or str(person.session_epoch) != epoch:
        return None
    return person
