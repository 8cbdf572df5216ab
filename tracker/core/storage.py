"""Contents of files, each kept once under its SHA-256 digest, outside the database.

A folder of the instance, or a bucket of any store that speaks S3 where one is set. What was put
is never changed and never removed.
"""

import contextlib
import hashlib
import logging
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfileobj
from typing import IO, TYPE_CHECKING, Any, Protocol

from flask import current_app
from flask_babel import gettext as _

from tracker.core.errors import Refused

if TYPE_CHECKING:
    from tracker.settings import Settings

BLOCK_BYTES = 1 << 20
CONNECT_SECONDS, READ_SECONDS = 5, 30

log = logging.getLogger(__name__)


class StorageFailure(Refused):
    """The store didn't answer, or has no room. Nothing was changed."""

    status = 503


class Storage(Protocol):
    """Where contents are kept. Both methods raise StorageFailure."""

    def put(self, digest: str, content: IO[bytes]) -> None:
        """Keeps `content`, whose digest it is, from where it stands to its end."""

    def open(self, digest: str) -> IO[bytes]:
        """The content, to be read once and closed."""


class FolderStorage:
    """A folder: a content is written beside its place and moved there when it is whole."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, digest: str, content: IO[bytes]) -> None:
        path = self._path(digest)
        with _failures(OSError):
            if path.exists():
                return
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            # Made with mode 0600; a whole copy is linked, so that a half one is never found.
            with tempfile.NamedTemporaryFile(dir=path.parent) as draft:
                copyfileobj(content, draft, BLOCK_BYTES)
                draft.flush()
                os.fsync(draft.fileno())
                with contextlib.suppress(FileExistsError):
                    os.link(draft.name, path)

    def has(self, digest: str) -> bool:
        """Whether the content lies there."""
        return self._path(digest).exists()

    def open(self, digest: str) -> IO[bytes]:
        with _failures(OSError):
            return self._path(digest).open("rb")

    def _path(self, digest: str) -> Path:
        return self._root / digest[:2] / digest


class BucketStorage:
    """A bucket of a store that speaks S3."""

    def __init__(self, settings: "Settings") -> None:
        import boto3
        from botocore.config import Config
        from botocore.exceptions import BotoCoreError, ClientError

        self._bucket = settings.s3_bucket
        self._errors = (BotoCoreError, ClientError)
        self._client: Any = boto3.client(
            "s3",
            endpoint_url=settings.s3_endpoint or None,
            region_name=settings.s3_region,
            aws_access_key_id=settings.s3_key_id,
            aws_secret_access_key=settings.s3_secret_key,
            config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"mode": "standard", "total_max_attempts": 2},
            ),
        )

    def put(self, digest: str, content: IO[bytes]) -> None:
        with _failures(*self._errors):
            self._client.put_object(Bucket=self._bucket, Key=digest, Body=content)

    def open(self, digest: str) -> IO[bytes]:
        with _failures(*self._errors):
            body: IO[bytes] = self._client.get_object(Bucket=self._bucket, Key=digest)["Body"]
            return body


def storage() -> Storage:
    """The store that the settings name; made at its first use."""
    if "storage" not in current_app.extensions:
        settings = current_app.extensions["settings"]
        current_app.extensions["storage"] = (
            BucketStorage(settings)
            if settings.s3_bucket
            else FolderStorage(settings.instance / "files")
        )
    found: Storage = current_app.extensions["storage"]
    return found


def digest_of(content: IO[bytes]) -> tuple[str, int]:
    """The SHA-256 digest in hexadecimal and the size in bytes; leaves `content` at its start."""
    content.seek(0)
    digest, size = hashlib.sha256(), 0
    while block := content.read(BLOCK_BYTES):
        digest.update(block)
        size += len(block)
    content.seek(0)
    return digest.hexdigest(), size


@contextlib.contextmanager
def _failures(*errors: type[Exception]) -> Iterator[None]:
    try:
        yield
    except errors as error:
        log.error("storage of files: %s", error)
        reason = _("Kho tệp không trả lời, chưa có gì được lưu. Hãy thử lại hoặc báo quản trị.")
        raise StorageFailure(reason, "file") from error
