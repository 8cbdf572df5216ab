"""`tracker check-files`: the store beside the database."""

import shutil
from datetime import datetime
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from tests.factories import Office
from tracker.cases import service
from tracker.cases.commands import check_files
from tracker.rules.workflow import Role


@pytest.fixture
def kept(app: Flask, office: Office, now: datetime) -> dict[bytes, Path]:
    """Two files of a case: their content and where it lies."""
    folder = app.extensions["settings"].instance / "files"
    shutil.rmtree(folder, ignore_errors=True)
    case, places = office.log(now), {}
    for text in (b"one", b"two"):
        attachment = service.attach(
            case.id,
            actor=office.viewer(Role.COORDINATOR),
            file=BytesIO(text),
            name="a.txt",
            now=now,
        )
        places[text] = folder / attachment.digest[:2] / attachment.digest
    return places


def run() -> Result:
    return CliRunner().invoke(check_files)


def test_what_is_whole_is_said_to_be(kept: dict[bytes, Path]) -> None:
    result = run()
    assert (result.exit_code, result.output) == (0, "Đã đối chiếu 2 tệp: đủ và nguyên vẹn.\n")


def test_each_file_that_is_lost_or_changed_is_named(kept: dict[bytes, Path]) -> None:
    kept[b"one"].unlink()
    kept[b"two"].chmod(0o600)
    kept[b"two"].write_bytes(b"three")
    result = run()
    assert result.exit_code == 1
    assert f"{kept[b'one'].name}: không có trong kho\n" in result.stderr
    assert f"{kept[b'two'].name}: nội dung đã bị thay đổi\n" in result.stderr
    assert "2 trong 2 tệp bị mất hoặc hỏng." in result.stderr
