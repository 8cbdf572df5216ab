"""Contents kept once by their digest: in a folder, and in a bucket over HTTP."""

import stat
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO

import pytest
from flask import Flask
from flask_babel import Babel

from tests.bucket import bucket, settings
from tracker.core.storage import (
    BucketStorage,
    FolderStorage,
    Storage,
    StorageFailure,
    digest_of,
    storage,
)

CONTENT = b"\x89PNG" * 100_000
DIGEST, _SIZE = digest_of(BytesIO(CONTENT))


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    """The address of a store that speaks S3, with an empty bucket."""
    with bucket() as address:
        yield address


@pytest.fixture(params=["folder", "bucket"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    if request.param == "folder":
        return FolderStorage(tmp_path / "files")
    return BucketStorage(settings(tmp_path, request.getfixturevalue("endpoint")))


@pytest.fixture
def words() -> Iterator[Flask]:
    plain = Flask(__name__)
    Babel(plain, default_locale="vi")
    with plain.test_request_context():
        yield plain


def test_a_digest_is_that_of_the_whole_content() -> None:
    content = BytesIO(b"abc")
    content.seek(2)
    digest, size = digest_of(content)
    assert digest == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (size, content.tell()) == (3, 0)


def test_what_is_put_comes_back_and_may_be_put_again(kept: Storage) -> None:
    for _time in range(2):
        kept.put(DIGEST, BytesIO(CONTENT))
    with kept.open(DIGEST) as content:
        assert content.read(4) + content.read() == CONTENT


def test_what_isn_t_there_is_a_failure(kept: Storage, words: Flask) -> None:
    with pytest.raises(StorageFailure) as failure:
        kept.open("0" * 64)
    assert failure.value.status == 503


def test_a_folder_keeps_for_its_owner_only_and_holds_no_halves(
    tmp_path: Path, words: Flask
) -> None:
    class Breaking(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            if self.tell() > 0:
                raise OSError("the line was cut")
            return super().read(10)

    kept = FolderStorage(tmp_path / "files")
    with pytest.raises(StorageFailure):
        kept.put(DIGEST, Breaking(CONTENT))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    kept.put(DIGEST, BytesIO(CONTENT))
    [file] = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert kept.has(DIGEST)


def test_a_content_that_is_there_isn_t_written_again(tmp_path: Path) -> None:
    class Unread(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("it is there")

    kept = FolderStorage(tmp_path)
    kept.put(DIGEST, BytesIO(CONTENT))
    kept.put(DIGEST, Unread())


@pytest.mark.parametrize("wrong", ["bucket", "address"])
def test_a_store_that_fails_says_so(
    tmp_path: Path, endpoint: str, words: Flask, wrong: str
) -> None:
    given = (
        settings(tmp_path, endpoint, bucket="elsewhere")
        if wrong == "bucket"
        else settings(tmp_path, "http://127.0.0.1:9")
    )
    content: IO[bytes] = BytesIO(CONTENT)
    with pytest.raises(StorageFailure, match="Kho tệp"):
        BucketStorage(given).put(DIGEST, content)


def test_the_settings_say_where(tmp_path: Path, endpoint: str, words: Flask) -> None:
    words.extensions["settings"] = settings(tmp_path, endpoint)
    storage().put(DIGEST, BytesIO(CONTENT))
    assert list(tmp_path.rglob("*")) == []
    words.extensions["settings"] = settings(tmp_path, endpoint, bucket="")
    del words.extensions["storage"]
    storage().put(DIGEST, BytesIO(CONTENT))
    assert (tmp_path / "files" / DIGEST[:2] / DIGEST).read_bytes() == CONTENT
