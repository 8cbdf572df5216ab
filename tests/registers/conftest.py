"""An office that keeps registers, and registers as files."""

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from sqlalchemy.orm import scoped_session

from tests.application import Client
from tests.factories import Office, make_office
from tests.registers.visits import wait
from tests.registers.workbooks import register
from tracker.registers import service
from tracker.rules.workflow import Role

Register = Callable[..., Path]


@pytest.fixture
def office(session: scoped_session[Any]) -> Office:
    """A committee, its agencies, somebody in each role."""
    return make_office()


@pytest.fixture
def file(tmp_path: Path) -> Register:
    """`file(*rows, name="so.xlsx")`: a register with these rows from row 2 on, as a file."""

    def write(*rows: Sequence[Any], name: str = "so.xlsx") -> Path:
        path = tmp_path / name
        path.write_bytes(register(*rows))
        return path

    return write


@pytest.fixture
def clock(now: datetime) -> Iterator[None]:
    """The clock at `now`, until the work in the background has come to its end."""
    with time_machine.travel(now, tick=True):
        yield
        wait()


@pytest.fixture
def officer(office: Office, client: Client, clock: None) -> Client:
    """The coordinator's browser."""
    client.sign_in(office.user(Role.COORDINATOR))
    return client


@pytest.fixture
def held_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The writing of an import waits in its middle until this event is set."""
    go_on = threading.Event()
    write = service._write

    def write_later(*given: Any) -> None:
        write(*given[:3], service.nobody_waits)
        given[3](1, 2)
        go_on.wait(timeout=30)
        given[3](2, 2)

    monkeypatch.setattr(service, "_write", write_later)
    yield go_on
    go_on.set()
