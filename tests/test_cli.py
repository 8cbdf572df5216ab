"""The command `tracker` as a person types it: its own process, an instance of its own."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from tracker.cli import commands
from tracker.registers.demo import SAMPLE

TRACKER = Path(sys.executable).with_name("tracker")
PERIOD = ("--from", "2016-05-16", "--to", "2021-03-10")

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """`run("init")`: the command with these words, over an instance of its own."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("TRACKER_") and name != "DATABASE_URL"
    }

    def run(*words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [TRACKER, *words],
            env={**environment, "TRACKER_INSTANCE": str(tmp_path / "instance"), **settings},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def one_line(process: "subprocess.CompletedProcess[str]") -> str:
    """What a failed command says: one line, and nothing on standard output."""
    assert process.returncode != 0
    assert process.stdout == ""
    [line] = process.stderr.splitlines()
    assert line.startswith("tracker: ")
    return line.removeprefix("tracker: ")


def test_from_nothing_to_the_published_figures(run: Run) -> None:
    assert run("init").returncode == 0
    imported = run("import", str(SAMPLE), "--create", "--json")
    assert (imported.returncode, imported.stderr) == (0, "")
    assert json.loads(imported.stdout)["cases"] == 608
    assert run("init").returncode == 0
    reported = run("report", "opinion", *PERIOD, "--format", "json")
    assert (reported.returncode, reported.stderr) == (0, "")
    total = json.loads(reported.stdout)["total"]
    assert (total["received"], total["resolved"], total["pending"]) == (608, 593, 15)
    assert total["rate_of_received"] == 97.5
    by_area = run("report", "opinion", *PERIOD, "--format", "json", "--by", "area")
    keys = {row["key"] for row in json.loads(by_area.stdout)["rows"]}
    assert "Bồ Đề" in keys
    assert not [key for key in keys if "hường" in key or key.startswith("P.")]


def test_the_demo_shows_its_passwords_once(run: Run) -> None:
    run("init")
    first = run("demo")
    assert first.returncode == 0
    assert "Sổ mẫu: đã nhập 608 vụ việc." in first.stdout
    listed = run("user", "list").stdout
    logins = [line.split("\t")[0] for line in listed.splitlines()]
    assert len(logins) == 7
    for login in logins:
        [shown] = [line for line in first.stdout.splitlines() if line.split()[0] == login]
        assert len(shown.split()[1]) >= 16
    again = run("demo")
    assert again.returncode == 0
    assert "không nạp cơ quan mẫu" in again.stdout


def _every_command(command: click.Command, *words: str) -> Iterator[tuple[str, ...]]:
    yield words
    if isinstance(command, click.Group):
        for name, below in command.commands.items():
            yield from _every_command(below, *words, name)


@pytest.mark.parametrize("words", list(_every_command(commands)), ids=" ".join)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(commands, [*words, "--help"])
    assert (result.exit_code, result.stderr) == (0, "")
    described = result.stdout.split("\n\n")[1]
    assert described.strip()
    assert not described.startswith("Options")


def test_errors_are_one_line_and_not_zero(run: Run, tmp_path: Path) -> None:
    assert "tracker init" in one_line(run("import", str(SAMPLE)))
    run("init")
    assert "khong-co.xlsx" in one_line(run("import", str(tmp_path / "khong-co.xlsx")))
    text = tmp_path / "thu.xlsx"
    text.write_text("không phải sổ")
    assert one_line(run("import", str(text))) == "thu.xlsx: Tệp không phải là sổ Excel (.xlsx)"
    assert "KHAC" in one_line(run("import", str(SAMPLE), "--unit", "KHAC"))
    assert "TRACKER_PORT" in one_line(run("user", "list", TRACKER_PORT="tám nghìn"))
    assert "TRACKER_SECRET_KEY" in one_line(
        run("init", TRACKER_MODE="production", TRACKER_INSTANCE=str(tmp_path / "new"))
    )


def test_production_starts_with_keys_that_were_made_for_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "persons.keys"
    given = {
        "TRACKER_MODE": "production",
        "TRACKER_SECRET_KEY": "only for this test",
        "TRACKER_KEY_FILE": str(path),
    }
    assert "tracker keys create" in one_line(run("init", **given))
    assert str(path) in run("keys", "create", **given).stdout
    made = path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    assert "đã có" in one_line(run("keys", "create", **given))
    assert path.read_text() == made
    assert run("init", **given).returncode == 0
    assert run("keys", "list", **given).stdout == "1\thiện hành\t0\n"


def test_an_address_that_is_taken_is_told(run: Run) -> None:
    run("init")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        assert "in use" in one_line(run("serve", "--host", "127.0.0.1", "--port", port))


def test_the_instance_is_its_owner_s_alone(run: Run, tmp_path: Path) -> None:
    run("init")
    instance = tmp_path / "instance"
    assert instance.stat().st_mode & 0o077 == 0
    assert (instance / "secret.key").stat().st_mode & 0o777 == 0o600
