"""Files sent to cases, and what comes of it."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.application import Client
from tests.cases import samples
from tests.factories import Office
from tracker.cases.models import Attachment, Case
from tracker.core.db import db
from tracker.rules.workflow import Role

Send = Callable[..., TestResponse]
PAPER = samples.pdf()


def sender(client: Client, office: Office) -> Send:
    """`send(case, role, content, name)`: what comes of sending a file."""

    def send(
        case: Case,
        role: Role = Role.AGENCY_WORKER,
        content: bytes = PAPER,
        name: str = "Bản đồ.pdf",
        **given: Any,
    ) -> TestResponse:
        client.sign_in(office.user(role))
        return client.post(
            f"/cases/{case.id}/files", data={"file": (BytesIO(content), name), **given}
        )

    return send


def page_of(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def complaint(answer: TestResponse) -> str:
    """What stands beside the field of the file."""
    found = page_of(answer).select_one("#file-error")
    assert found is not None, answer.text
    return found.get_text(strip=True)


def sent(answer: TestResponse) -> Attachment:
    """The file that was just sent."""
    assert answer.status_code == 302, answer.text
    newest = select(Attachment).order_by(Attachment.recorded_at.desc(), Attachment.id.desc())
    return db.session.scalars(newest.limit(1)).one()


def count(table: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def contents(app: Flask) -> list[Path]:
    """What lies in the storage."""
    folder = app.extensions["settings"].instance / "files"
    return [path for path in folder.rglob("*") if path.is_file()]
