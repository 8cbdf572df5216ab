"""What is known of a person, sealed into one value and opened again."""

from dataclasses import asdict, dataclass
from uuid import UUID

import orjson

from tracker.core.crypto import key_ring
from tracker.people.models import Person
from tracker.rules import persons
from tracker.rules.vietnamese import clean

LONGEST = 200


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


def seal(person: Person, particulars: Particulars) -> None:
    """Writes `particulars`, tidied, into `person`, with the digests that find it again."""
    ring = key_ring()
    person.key_name, person.sealed = ring.seal(orjson.dumps(particulars), person.id.bytes)
    person.telephone_digest = telephone_digest(particulars.telephone)
    person.identity_digest = identity_digest(particulars.identity)


def unseal(person: Person) -> Particulars:
    """What `person` holds; raises core.crypto.Unreadable."""
    return unsealed(person.id, person.key_name, person.sealed)


def unsealed(person_id: UUID, key_name: str, sealed: bytes) -> Particulars:
    """The same from a row's columns."""
    return Particulars(**orjson.loads(key_ring().unseal(key_name, sealed, person_id.bytes)))


def telephone_digest(number: str) -> bytes | None:
    """What stands for a tidied telephone number; None for none."""
    return key_ring().digest("telephone", number.encode()) if number else None


def identity_digest(number: str) -> bytes | None:
    """What stands for a tidied number of an identity paper; None for none."""
    return key_ring().digest("identity", number.encode()) if number else None
