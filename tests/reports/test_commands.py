"""`tracker report opinion`: figures on standard output, files, one clear line on an error."""

import json
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import click
import pytest
from click.testing import CliRunner, Result

from tests.reports.office import Office, Standing
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.reports import commands
from tracker.rules.workflow import Outcome

PERIOD = ("--from", "1/1/2025", "--to", "2025-12-31")
RECEIVED = date(2025, 5, 6)


def run(*words: str) -> Result:
    return CliRunner().invoke(commands.report, ["opinion", *words])


@pytest.fixture
def cases(office: Office) -> None:
    for area in office.areas.values():
        office.put([Standing(RECEIVED, area_id=area.id)])
    office.put(
        [Standing(RECEIVED, outcome=Outcome.RESOLVED, answered_on=RECEIVED, closed_on=RECEIVED)]
    )
    db.session.commit()


def test_json_and_nothing_else(cases: None) -> None:
    result = run(*PERIOD, "--by", "area", "--format", "json")
    assert result.exit_code == 0
    said = json.loads(result.stdout)
    assert said["total"]["received"] == 4
    assert said["total"]["rate_of_received"] == 25.0
    assert [row["key"] for row in said["rows"]] == ["Ái Mộ", "Bồ Đề", "Đức Giang", "(không ghi)"]
    assert result.stderr == ""


def test_text_is_a_paragraph_and_a_table_in_line(cases: None) -> None:
    result = run(*PERIOD, "--by", "area")
    paragraph, _blank, heading, *rows = result.stdout.splitlines()
    assert paragraph.startswith("Từ ngày 1/1/2025 đến ngày 31/12/2025, tiếp nhận 4 nội dung")
    assert heading.startswith("Địa bàn")
    assert rows[0].split() == ["Ái", "Mộ", "1", *["0"] * 6, "1", "0", "0%"]
    assert rows[4].split()[:3] == ["Tổng", "cộng", "4"]
    assert len({len(row) for row in [heading, *rows[:5]]}) == 1


@pytest.mark.parametrize("written", ["docx", "xlsx"])
def test_files_are_written_or_piped_but_not_to_a_terminal(
    cases: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: str
) -> None:
    out = tmp_path / f"report.{written}"
    assert run(*PERIOD, "--format", written, "--out", str(out)).exit_code == 0
    assert out.read_bytes().startswith(b"PK")
    assert run(*PERIOD, "--format", written).stdout_bytes.startswith(b"PK")
    terminal = SimpleNamespace(stdout=SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(commands, "sys", terminal)
    refused = run(*PERIOD, "--format", written)
    assert refused.exit_code == 2
    assert refused.stdout == ""
    assert "--out" in refused.stderr


def test_what_can_not_be_written_is_said_in_one_line(cases: None, tmp_path: Path) -> None:
    result = run(*PERIOD, "--out", str(tmp_path / "none" / "report.txt"))
    assert result.exit_code == 1
    assert "không ghi được" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words, reason",
    [
        (("--from", "31/11/2025", "--to", "2025-12-31"), "không có trong lịch"),
        (("--from", "2025-12-31", "--to", "2025-01-01"), "Ngày đầu kỳ sau ngày cuối kỳ."),
        ((*PERIOD, "--unit", "XYZ"), "Không có đơn vị mã “XYZ”."),
        ((*PERIOD, "--as-of", "2039-01-01"), "không được sau hiện tại"),
    ],
)
def test_what_can_not_be_asked_is_refused(cases: None, words: tuple[str, ...], reason: str) -> None:
    result = run(*words)
    assert isinstance(result.exception, Refused)
    assert reason in result.exception.reason
    assert result.stdout == ""


def test_help_names_every_option() -> None:
    shown = run("--help").stdout
    for option in commands.opinion.params:
        assert isinstance(option, click.Option)
        assert option.opts[0] in shown
        assert option.help
