"""Every setting: its name in the environment, type, default and meaning. Read once, at start."""

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args

from tracker.core.crypto import fresh_keys
from tracker.core.errors import ConfigurationError

PROJECT = Path(__file__).resolve().parent.parent
Mode = Literal["local", "production", "test"]
MailSecurity = Literal["starttls", "tls", "none"]

# What has to be set where something else is.
NEEDED_WITH = {
    "s3_key_id": "s3_bucket",
    "s3_secret_key": "s3_bucket",
    "mail_from": "mail_server",
    "gateway_key": "gateway_url",
}


def setting(name: str, meaning: str, default: Any) -> Any:
    """A field of `Settings` that is read from the environment variable `name`."""
    return field(default=default, metadata={"name": name, "meaning": meaning})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The settings in force. `docs/settings.md` lists them; a test holds the two together."""

    instance: Path = setting(
        "TRACKER_INSTANCE", "folder of the database, files and keys", PROJECT / "instance"
    )
    database_url: str = setting(
        "DATABASE_URL", "SQLAlchemy URL; empty: SQLite in the instance folder", ""
    )
    mode: Mode = setting(
        "TRACKER_MODE", "local (one machine) or production (keys must be given)", "local"
    )
    secret_key: str = setting(
        "TRACKER_SECRET_KEY", "signs sessions and forms; made at the first start if local", ""
    )
    key_file: Path | None = setting(
        "TRACKER_KEY_FILE",
        "file of the keys that seal persons' data; made at the first start if local",
        None,
    )
    host: str = setting("TRACKER_HOST", "address that `tracker serve` listens on", "127.0.0.1")
    port: int = setting("TRACKER_PORT", "port that `tracker serve` listens on", 8000)
    secure_cookies: bool = setting(
        "TRACKER_SECURE_COOKIES", "send cookies over HTTPS only; always so in production", False
    )
    trusted_proxies: int = setting(
        "TRACKER_TRUSTED_PROXIES", "number of reverse proxies whose X-Forwarded headers count", 0
    )
    session_hours: int = setting(
        "TRACKER_SESSION_HOURS", "hours after which one must sign in again", 12
    )
    max_upload_megabytes: int = setting(
        "TRACKER_MAX_UPLOAD_MEGABYTES", "largest file that is taken in", 30
    )
    s3_bucket: str = setting(
        "TRACKER_S3_BUCKET", "bucket that keeps the files; empty: a folder of the instance", ""
    )
    s3_endpoint: str = setting(
        "TRACKER_S3_ENDPOINT", "URL of the store; empty: Amazon's of the region", ""
    )
    s3_region: str = setting("TRACKER_S3_REGION", "region of the bucket", "us-east-1")
    s3_key_id: str = setting("TRACKER_S3_KEY_ID", "name of the key to the bucket", "")
    s3_secret_key: str = setting("TRACKER_S3_SECRET_KEY", "the key to the bucket", "")
    address: str = setting(
        "TRACKER_ADDRESS",
        "where people open the application; links in messages begin with it",
        "http://127.0.0.1:8000",
    )
    mail_server: str = setting(
        "TRACKER_MAIL_SERVER", "host:port of the SMTP server; empty: no mail leaves", ""
    )
    mail_security: MailSecurity = setting(
        "TRACKER_MAIL_SECURITY",
        "starttls, tls or none, how the SMTP server is spoken to",
        "starttls",
    )
    mail_user: str = setting("TRACKER_MAIL_USER", "name at the SMTP server", "")
    mail_password: str = setting("TRACKER_MAIL_PASSWORD", "password at the SMTP server", "")
    mail_from: str = setting("TRACKER_MAIL_FROM", "who the mail is from", "")
    gateway_url: str = setting(
        "TRACKER_GATEWAY_URL", "the office's own gateway (SMS, Zalo); empty: none", ""
    )
    gateway_key: str = setting("TRACKER_GATEWAY_KEY", "signs what the gateway is sent", "")
    metrics_key: str = setting(
        "TRACKER_METRICS_KEY", "who asks for /metrics has to show it; empty: nobody may", ""
    )
    statement_log: bool = setting(
        "TRACKER_STATEMENT_LOG", "write each SQL statement, without values, to the log", False
    )

    @classmethod
    def load(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Settings from the environment; makes the instance folder and the key where allowed.

        Raises ConfigurationError with one line that names the variable.
        """
        return cls.given(environment).completed()

    @classmethod
    def given(cls, environment: Mapping[str, str] | None = None) -> "Settings":
        """Settings as the environment gives them, with nothing made or filled in yet."""
        environment = os.environ if environment is None else environment
        given = {
            item.name: _parse(item.metadata["name"], environment[item.metadata["name"]], item.type)
            for item in fields(cls)
            if environment.get(item.metadata["name"], "") != ""
        }
        return cls(**given)

    @property
    def key_path(self) -> Path:
        """The file of the keys that seal persons' data, whether it is there or not."""
        return (self.key_file or self.instance / "data.keys").resolve()

    def completed(self) -> "Settings":
        """The same settings with the database's URL and the key filled in, folders made."""
        if self.mode not in ("local", "production", "test"):
            raise ConfigurationError("TRACKER_MODE: local hoặc production")
        try:
            self.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(
                f"TRACKER_INSTANCE: {self.instance}: {error.strerror}"
            ) from error
        names = {item.name: item.metadata["name"] for item in fields(self)}
        for needed, reason in NEEDED_WITH.items():
            if getattr(self, reason) and not getattr(self, needed):
                raise ConfigurationError(f"{names[needed]}: cần được đặt khi có {names[reason]}")
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        values["instance"] = self.instance.resolve()
        values["database_url"] = _database_url(self.database_url, values["instance"])
        values["secret_key"] = self.secret_key or self._key_on_disk("secret.key")
        values["key_file"] = self._key_file()
        values["secure_cookies"] = self.secure_cookies or self.mode == "production"
        return Settings(**values)

    def _key_on_disk(self, name: str) -> str:
        path = self.instance / name
        if not path.exists():
            if self.mode == "production":
                raise ConfigurationError(
                    "TRACKER_SECRET_KEY: cần được đặt khi TRACKER_MODE=production"
                )
            write_once(path, secrets.token_urlsafe(48))
        return path.read_text().strip()

    def _key_file(self) -> Path:
        path = self.key_path
        if not path.exists():
            if self.mode == "production":
                raise ConfigurationError(
                    f"TRACKER_KEY_FILE: chưa có {path}; tạo một lần bằng tracker keys create"
                )
            write_once(path, fresh_keys())
        return path


def write_once(path: Path, text: str) -> bool:
    """Writes `text`, unless a whole file is there already; whether it did."""
    with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:  # made with mode 0600
        draft.write(text)
        draft.flush()
        try:
            os.link(draft.name, path)
        except FileExistsError:
            return False
    return True


def _database_url(url: str, instance: Path) -> str:
    if not url:
        return f"sqlite:///{instance / 'tracker.db'}"
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def _parse(name: str, text: str, kind: Any) -> Any:
    try:
        if kind is bool:
            return {"0": False, "1": True}[text]
        if kind is int:
            return int(text)
        if (choices := get_args(kind)) and text not in choices and Path not in choices:
            raise ValueError(text)
        return Path(text) if kind in (Path, Path | None) else text
    except (KeyError, ValueError) as error:
        wanted = {bool: "0 hoặc 1", int: "một số"}.get(kind) or " hoặc ".join(get_args(kind))
        raise ConfigurationError(f"{name}={text}: cần {wanted}") from error
