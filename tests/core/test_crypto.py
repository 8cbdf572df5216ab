"""What is sealed opens with its key, for its owner, unchanged; and not otherwise."""

from pathlib import Path

import pytest

from tracker.core.crypto import KeyFile, Unreadable, fresh_keys, new_ring
from tracker.core.errors import ConfigurationError

pytestmark = pytest.mark.pure
PLAIN = "Nguyễn Thị Hồng Nhung".encode()


def test_opens_what_it_sealed_and_hides_it() -> None:
    ring = new_ring()
    name, sealed = ring.seal(PLAIN, b"owner")
    assert PLAIN not in sealed
    assert ring.unseal(name, sealed, b"owner") == PLAIN
    assert ring.seal(PLAIN, b"owner")[1] != sealed


def test_what_was_changed_moved_or_sealed_elsewhere_stays_shut() -> None:
    ring = new_ring()
    name, sealed = ring.seal(PLAIN, b"owner")
    changed = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for keys, content, owner in (
        (ring, changed, b"owner"),
        (ring, sealed, b"another"),
        (ring, b"", b"owner"),
        (new_ring(), sealed, b"owner"),
    ):
        with pytest.raises(Unreadable):
            keys.unseal(name, content, owner)
    with pytest.raises(Unreadable):
        ring.unseal("2", sealed, b"owner")


def test_a_new_key_seals_and_old_ones_still_open() -> None:
    old = new_ring()
    name, sealed = old.seal(PLAIN, b"owner")
    both = old.with_new_key()
    assert both.unseal(name, sealed, b"owner") == PLAIN
    assert both.seal(PLAIN, b"owner")[0] != name
    assert both.digest("telephone", b"0912345678") == old.digest("telephone", b"0912345678")
    with pytest.raises(Unreadable):
        both.without({name}).unseal(name, sealed, b"owner")
    assert both.without({both.current}).current in both.sealing


def test_digests_differ_by_purpose_and_by_key() -> None:
    ring = new_ring()
    digests = {
        ring.digest("telephone", b"0912345678"),
        ring.digest("identity", b"0912345678"),
        new_ring().digest("telephone", b"0912345678"),
    }
    assert len(digests) == 3


def test_the_file_is_read_again_when_another_process_wrote_it(tmp_path: Path) -> None:
    path = tmp_path / "data.keys"
    path.write_text(fresh_keys())
    ours, theirs = KeyFile(path), KeyFile(path)
    name, sealed = ours.ring().seal(PLAIN, b"owner")
    theirs.write(theirs.ring().with_new_key())
    assert ours.ring().current != name
    assert ours.ring().unseal(name, sealed, b"owner") == PLAIN
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"current": "2", "sealing": {}}'])
def test_a_file_that_holds_no_keys_is_told_in_one_line(tmp_path: Path, text: str) -> None:
    path = tmp_path / "data.keys"
    path.write_text(text)
    with pytest.raises(ConfigurationError, match=r"^TRACKER_KEY_FILE: ") as refusal:
        KeyFile(path).ring()
    assert "\n" not in str(refusal.value)
