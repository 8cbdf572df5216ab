"""Settings: read from the environment, refused in one line, written down for people."""

import re
import stat
from dataclasses import fields
from pathlib import Path

import pytest

from tracker.core.crypto import fresh_keys
from tracker.core.errors import ConfigurationError
from tracker.settings import PROJECT, Settings

PAGE = PROJECT / "docs" / "settings.md"
ROW = re.compile(r"^\| `(\w+)` \| (.+?) \| (.+?) \|$", re.MULTILINE)
# Defaults that the page tells in words.
IN_WORDS = (
    {
        "TRACKER_INSTANCE",
        "DATABASE_URL",
        "TRACKER_SECRET_KEY",
        "TRACKER_KEY_FILE",
        "TRACKER_METRICS_KEY",
    }
    | {f"TRACKER_MAIL_{part}" for part in ("SERVER", "USER", "PASSWORD", "FROM")}
    | {
        "TRACKER_GATEWAY_URL",
        "TRACKER_GATEWAY_KEY",
    }
    | {f"TRACKER_S3_{part}" for part in ("BUCKET", "ENDPOINT", "KEY_ID", "SECRET_KEY")}
)


def load(tmp_path: Path, **environment: str) -> Settings:
    return Settings.load({"TRACKER_INSTANCE": str(tmp_path / "instance"), **environment})


def test_the_page_lists_every_setting_with_its_default() -> None:
    written = {name: default for name, _meaning, default in ROW.findall(PAGE.read_text("utf-8"))}
    assert list(written) == [item.metadata["name"] for item in fields(Settings)]
    for item in fields(Settings):
        name, default = item.metadata["name"], item.default
        shown = str(int(default)) if isinstance(default, bool) else str(default)
        assert name in IN_WORDS or written[name] == f"`{shown}`", name


def test_nothing_need_be_set(tmp_path: Path) -> None:
    settings = load(tmp_path)
    folder = tmp_path / "instance"
    assert settings.database_url == f"sqlite:///{folder / 'tracker.db'}"
    assert settings.mode == "local"
    assert not settings.secure_cookies
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_the_key_is_made_once_and_for_its_owner_only(tmp_path: Path) -> None:
    first = load(tmp_path)
    assert len(first.secret_key) >= 32
    assert load(tmp_path).secret_key == first.secret_key
    assert stat.S_IMODE((tmp_path / "instance" / "secret.key").stat().st_mode) == 0o600


def test_a_given_key_is_used_and_not_written(tmp_path: Path) -> None:
    assert load(tmp_path, TRACKER_SECRET_KEY="given").secret_key == "given"
    assert not (tmp_path / "instance" / "secret.key").exists()


def test_production_asks_for_its_key_and_safe_cookies(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^TRACKER_SECRET_KEY: ") as refusal:
        load(tmp_path, TRACKER_MODE="production")
    assert "\n" not in str(refusal.value)
    given = {"TRACKER_MODE": "production", "TRACKER_SECRET_KEY": "given"}
    with pytest.raises(ConfigurationError, match=r"^TRACKER_KEY_FILE: ") as refusal:
        load(tmp_path, **given)
    assert "\n" not in str(refusal.value)
    (tmp_path / "own.keys").write_text(fresh_keys())
    assert load(tmp_path, TRACKER_KEY_FILE=str(tmp_path / "own.keys"), **given).secure_cookies


def test_keys_of_persons_are_made_once_and_for_their_owner_only(tmp_path: Path) -> None:
    path = load(tmp_path).key_file
    assert path == tmp_path / "instance" / "data.keys"
    before = path.read_text()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load(tmp_path).key_file == path
    assert path.read_text() == before


def test_a_bucket_needs_its_key(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"^TRACKER_S3_KEY_ID: "):
        load(tmp_path, TRACKER_S3_BUCKET="files")
    with pytest.raises(ConfigurationError, match=r"^TRACKER_S3_SECRET_KEY: "):
        load(tmp_path, TRACKER_S3_BUCKET="files", TRACKER_S3_KEY_ID="key")


@pytest.mark.parametrize("prefix", ["postgres", "postgresql"])
def test_the_driver_of_postgresql_needn_t_be_named(tmp_path: Path, prefix: str) -> None:
    settings = load(tmp_path, DATABASE_URL=f"{prefix}://me@host/name")
    assert settings.database_url == "postgresql+psycopg://me@host/name"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_PORT", "eighty"),
        ("TRACKER_SESSION_HOURS", "1,5"),
        ("TRACKER_SECURE_COOKIES", "yes"),
        ("TRACKER_MODE", "staging"),
        ("TRACKER_INSTANCE", "/proc/nowhere"),
    ],
)
def test_a_wrong_value_is_refused_in_one_line_that_names_it(
    tmp_path: Path, name: str, value: str
) -> None:
    with pytest.raises(ConfigurationError, match=f"^{name}") as refusal:
        load(tmp_path, **{name: value})
    assert "\n" not in str(refusal.value)


def test_values_take_their_type(tmp_path: Path) -> None:
    settings = load(tmp_path, TRACKER_PORT="80", TRACKER_SECURE_COOKIES="1", TRACKER_HOST="")
    assert (settings.port, settings.secure_cookies, settings.host) == (80, True, "127.0.0.1")
