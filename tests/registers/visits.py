"""A visit to the pages of importing: what is sent, and what is seen."""

import threading
from io import BytesIO
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.application import Client
from tracker.cases.models import Case
from tracker.core.db import db


def wait() -> None:
    """Lets the work in the background come to its end."""
    for thread in threading.enumerate():
        if thread.name.startswith("import-"):
            thread.join(timeout=60)


def send(client: Client, content: bytes, name: str = "so.xlsx", **given: Any) -> TestResponse:
    return client.post("/imports", data={"file": (BytesIO(content), name)} | given)


def upload(client: Client, path: Path, name: str = "so.xlsx") -> str:
    """The address of the job, once the file was read."""
    answer = send(client, path.read_bytes(), name)
    assert answer.status_code == 303, answer.text
    wait()
    return answer.location


def page(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == status, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def confirm(client: Client, address: str, **given: Any) -> TestResponse:
    answer = client.post(f"{address}/confirmations", data=given)
    assert answer.status_code == 303, answer.text
    return answer


def names(found: BeautifulSoup) -> dict[str, list[str]]:
    """The names that the page asks about, for each catalogue."""
    asked: dict[str, list[str]] = {}
    for box in found.select("input[type=checkbox]"):
        if box["name"] != "skip_errors":
            asked.setdefault(str(box["name"]), []).append(str(box["value"]))
    return asked


def pairs(found: BeautifulSoup) -> dict[str, str]:
    """The figures of the preview."""
    titles = [title.get_text(strip=True) for title in found.select("dl dt")]
    values = [" ".join(value.get_text(" ").split()) for value in found.select("dl dd")]
    return dict(zip(titles, values, strict=True))


def case_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def folder(app: Flask, address: str) -> Path:
    """Where the job of this address is kept."""
    instance: Path = app.extensions["settings"].instance
    return instance / "imports" / address.rpartition("/")[2]
