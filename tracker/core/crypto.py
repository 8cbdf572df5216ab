"""What is sealed with keys that stand outside the database, and digests that only they can make.

The key file is JSON: `{"current": "1", "sealing": {"1": …}, "lookup": …}`, each key 32 bytes in
base64. New things are sealed under `current`; what older keys sealed stays readable.
"""

import base64
import hmac
import json
import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import Flask, current_app

from tracker.core.errors import ConfigurationError

KEY_BYTES, NONCE_BYTES = 32, 12


class Unreadable(Exception):
    """What is sealed can't be opened: its key is missing, or it was changed or moved."""


@dataclass(frozen=True, slots=True)
class KeyRing:
    """The keys in force."""

    current: str
    sealing: Mapping[str, bytes]
    lookup: bytes

    def seal(self, plain: bytes, owner: bytes) -> tuple[str, bytes]:
        """The name of the key, and `plain` sealed under it (AES-256-GCM) for `owner` alone."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        key = AESGCM(self.sealing[self.current])
        return self.current, nonce + key.encrypt(nonce, plain, owner)

    def unseal(self, key_name: str, sealed: bytes, owner: bytes) -> bytes:
        """What `seal` was given; raises Unreadable."""
        if key_name not in self.sealing:
            raise Unreadable(f"no key {key_name}")
        try:
            nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
            return AESGCM(self.sealing[key_name]).decrypt(nonce, rest, owner)
        except (InvalidTag, ValueError) as error:
            raise Unreadable(f"key {key_name} doesn't open it") from error

    def digest(self, purpose: str, message: bytes) -> bytes:
        """32 bytes that stand for `message` under the lookup key, others for each `purpose`."""
        return hmac.digest(self.lookup, purpose.encode() + b"\0" + message, "sha256")

    def with_new_key(self) -> "KeyRing":
        """The same with one sealing key more, which is the current one from now on."""
        name = str(max(map(int, self.sealing)) + 1)
        added = {**self.sealing, name: secrets.token_bytes(KEY_BYTES)}
        return KeyRing(name, added, self.lookup)

    def without(self, names: set[str]) -> "KeyRing":
        """The same without the keys of these `names`; the current one stays."""
        left = {name: key for name, key in self.sealing.items() if name not in names}
        return KeyRing(
            self.current, {**left, self.current: self.sealing[self.current]}, self.lookup
        )


def new_ring() -> KeyRing:
    """A ring with fresh keys."""
    return KeyRing("1", {"1": secrets.token_bytes(KEY_BYTES)}, secrets.token_bytes(KEY_BYTES))


class KeyFile:
    """The ring in its file; read again when another process has written it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ring: KeyRing | None = None
        self._stamp: tuple[int, int] | None = None

    def ring(self) -> KeyRing:
        """The keys in force; raises ConfigurationError where the file can't be read."""
        try:
            found = self.path.stat()
            stamp = (found.st_mtime_ns, found.st_ino)
            if self._ring is None or stamp != self._stamp:
                self._ring, self._stamp = _parsed(self.path.read_text()), stamp
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigurationError(f"TRACKER_KEY_FILE: không đọc được {self.path}") from error
        return self._ring

    def write(self, ring: KeyRing) -> None:
        """Replaces the ring by `ring`, whole, readable by its owner alone.

        It is on the disk when this returns: what a key seals must never be older than the key.
        """
        with tempfile.NamedTemporaryFile("w", dir=self.path.parent, delete=False) as draft:
            draft.write(_written(ring))
            draft.flush()
            os.fsync(draft.fileno())
        Path(draft.name).replace(self.path)
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def init_crypto(app: Flask, path: Path) -> None:
    """Lets `key_file` find the keys in `path`; raises ConfigurationError where it can't."""
    keys = KeyFile(path)
    keys.ring()
    app.extensions["keys"] = keys


def key_file() -> KeyFile:
    """The key file of the application."""
    found: KeyFile = current_app.extensions["keys"]
    return found


def key_ring() -> KeyRing:
    """The keys in force."""
    return key_file().ring()


def fresh_keys() -> str:
    """What a new key file holds."""
    return _written(new_ring())


def _written(ring: KeyRing) -> str:
    sealing = {name: base64.b64encode(key).decode() for name, key in ring.sealing.items()}
    lookup = base64.b64encode(ring.lookup).decode()
    return json.dumps({"current": ring.current, "sealing": sealing, "lookup": lookup}) + "\n"


def _parsed(text: str) -> KeyRing:
    found = json.loads(text)
    sealing = {name: _key(value) for name, value in found["sealing"].items()}
    if found["current"] not in sealing:
        raise ValueError("the current key is missing")
    return KeyRing(found["current"], sealing, _key(found["lookup"]))


def _key(text: str) -> bytes:
    key = base64.b64decode(text, validate=True)
    if len(key) != KEY_BYTES:
        raise ValueError("a key has 32 bytes")
    return key
