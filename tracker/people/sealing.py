"""What is known of a person, sealed into one value and opened again.

Whoever seals holds the keys until the transaction ends: `tracker keys rotate` waits, so that
nothing is written under a key that was forgotten meanwhile. On SQLite the one writer's lock does.
"""

from dataclasses import asdict, dataclass
from uuid import UUID

import orjson
from sqlalchemy import func, select

from tracker.core.crypto import KeyRing, key_ring
from tracker.core.db import db, is_sqlite
from tracker.people.models import Person, PersonCorrection
from tracker.rules import persons
from tracker.rules.vietnamese import clean

LONGEST = 200
# The number of PostgreSQL's advisory lock on the key file.
KEYS = 7_310_001


@dataclass(frozen=True, slots=True)
class Particulars:
    """Who somebody is. Any of it may be empty."""

    name: str = ""
    telephone: str = ""
    identity: str = ""
    address: str = ""

    def tidied(self) -> "Particulars":
        """The same as it is kept: clean texts, numbers in one way of writing."""
        return Particulars(
            clean(self.name)[:LONGEST],
            persons.telephone(clean(self.telephone))[:LONGEST],
            persons.identity(clean(self.identity))[:LONGEST],
            clean(self.address)[:LONGEST],
        )

    def is_empty(self) -> bool:
        """Whether nothing is known."""
        return not any(asdict(self).values())


def held_ring(*, to_change: bool = False) -> KeyRing:
    """The keys in force, which stay so until the caller's writing transaction ends.

    to_change: the caller is going to write the key file, and has the keys alone.
    """
    if not is_sqlite():
        lock = func.pg_advisory_xact_lock if to_change else func.pg_advisory_xact_lock_shared
        db.session.execute(select(lock(KEYS)))
    return key_ring()


def seal(person: Person, particulars: Particulars) -> None:
    """Writes `particulars`, tidied, into `person`, with the digests that find it again."""
    ring = held_ring()
    person.key_name, person.sealed = ring.seal(orjson.dumps(particulars), person.id.bytes)
    person.telephone_digest = telephone_digest(particulars.telephone)
    person.identity_digest = identity_digest(particulars.identity)


def unseal(person: Person) -> Particulars:
    """What `person` holds; raises core.crypto.Unreadable."""
    return unsealed(person.id, person.key_name, person.sealed)


def unsealed(person_id: UUID, key_name: str, sealed: bytes) -> Particulars:
    """The same from a row's columns."""
    return Particulars(**orjson.loads(key_ring().unseal(key_name, sealed, person_id.bytes)))


def seal_correction(correction: PersonCorrection, old: Particulars, new: Particulars) -> None:
    """Writes what was known and what is known now into `correction`."""
    plain = orjson.dumps({"old": old, "new": new})
    correction.key_name, correction.sealed = held_ring().seal(plain, correction.id.bytes)


def unseal_correction(correction: PersonCorrection) -> tuple[Particulars, Particulars]:
    """What was known before it and after it; raises core.crypto.Unreadable."""
    ring = key_ring()
    found = orjson.loads(ring.unseal(correction.key_name, correction.sealed, correction.id.bytes))
    return Particulars(**found["old"]), Particulars(**found["new"])


def telephone_digest(number: str) -> bytes | None:
    """What stands for a tidied telephone number; None for none."""
    return key_ring().digest("telephone", number.encode()) if number else None


def identity_digest(number: str) -> bytes | None:
    """What stands for a tidied number of an identity paper; None for none."""
    return key_ring().digest("identity", number.encode()) if number else None
