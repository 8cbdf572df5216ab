"""An office that keeps registers, and registers as files."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import scoped_session

from tests.factories import Office, make_office
from tests.registers.workbooks import register

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
