"""An office with cases on their way, and a calendar in which the days can be counted by hand."""

import email
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy.orm import scoped_session

from tests.factories import Office, make_office
from tracker.chasing.models import Correspondent
from tracker.core.clock import VIET_NAM
from tracker.core.db import db
from tracker.rules.workflow import Role

WORKER = "chuyen-vien@long-bien.vn"


@pytest.fixture
def office(session: scoped_session[Any]) -> Office:
    """A committee, its agencies, somebody in each role."""
    return make_office()


def at(day: date, hour: int = 8) -> datetime:
    """The instant of a local day at a full hour."""
    return datetime.combine(day, time(hour), tzinfo=VIET_NAM).astimezone(UTC)


class MailServer:
    """Takes mail, or refuses it as it is told: by the answers that it gives, in order."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answers: list[str] = []

    async def handle_DATA(  # noqa: N802 (aiosmtpd calls it by this name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            content = envelope.content
            assert isinstance(content, bytes)
            message = email.message_from_bytes(content, policy=default)
            assert isinstance(message, EmailMessage)
            self.taken.append(message)
        return answer


class AtAnyPort(Controller):
    """Listens at a port that is free, and knows which."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def mail(app: Flask) -> Iterator[MailServer]:
    """A mail server to which the application sends."""
    server = MailServer()
    controller = AtAnyPort(server, hostname="127.0.0.1", port=0)
    controller.start()
    settings = app.extensions["settings"]
    app.extensions["settings"] = replace(
        settings,
        mail_server=f"127.0.0.1:{controller.port}",
        mail_security="none",
        mail_from="Dân Nguyện <dan-nguyen@long-bien.vn>",
    )
    yield server
    app.extensions["settings"] = settings
    controller.stop()


@pytest.fixture
def worker(office: Office, mail: MailServer) -> Correspondent:
    """The agency's worker, who reads mail at ten."""
    person = Correspondent(user_id=office.user(Role.AGENCY_WORKER).id, mail=WORKER, hour=10)
    db.session.add(person)
    db.session.commit()
    return person
