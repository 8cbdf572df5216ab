"""The application as tests use it, and a browser without a screen."""

from contextvars import Context
from pathlib import Path
from typing import Any

from flask import Flask, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from werkzeug.test import TestResponse

from tests.database import Database
from tracker import create_app
from tracker.cases import reference
from tracker.core import clock
from tracker.core.db import db
from tracker.settings import PROJECT, Settings
from tracker.units.models import User
from tracker.units.sessions import STARTED


class Client(FlaskClient):
    """A browser without a screen. Its requests stand in contexts of their own, as on a server,
    see what the test has written, and the test sees afterwards what they wrote."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if has_app_context():
            db.session.commit()
            db.session.expire_all()
        return Context().run(super().open, *args, **kwargs)

    def sign_in(self, user: User) -> None:
        """Let the requests that follow come from `user`, without asking for the password."""
        identity = f"{user.id}.{user.session_epoch}"
        Context().run(self._start_session, identity)

    def _start_session(self, identity: str) -> None:
        with self.session_transaction() as session:
            session.update({"_user_id": identity, STARTED: int(clock.now().timestamp())})


def make_application(database: Database, instance: Path) -> Flask:
    """The application over `database` as `tracker init` leaves it, its files in `instance`."""
    settings = Settings(
        mode="test", instance=instance, database_url=database.url, secret_key="only for tests"
    )
    application = create_app(settings.completed())
    with application.app_context():
        upgrade(directory=str(PROJECT / "migrations"))
        reference.load()
        db.session.remove()
    return application
