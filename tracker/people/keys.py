"""New keys for what is sealed: all of it is sealed anew, batch by batch, while others work on."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select, union_all, update

from tracker.core.crypto import KeyRing, Unreadable, key_file, key_ring
from tracker.core.db import db, transaction
from tracker.people.models import Person, PersonCorrection
from tracker.people.sealing import held_ring

# Every table with something sealed: each row for its own id, under the key that it names.
SEALED = (Person, PersonCorrection)
BATCH = 200


class Key(NamedTuple):
    """A sealing key. state: current, old, or missing in the key file; sealed: by it, so many."""

    name: str
    state: str
    sealed: int


def all_keys() -> list[Key]:
    """Those of the key file, and those that something is sealed under without their being there."""
    ring = key_ring()
    used = _used()
    names = sorted({*ring.sealing, *used}, key=lambda name: (len(name), name))
    return [Key(name, _state(name, ring), used.get(name, 0)) for name in names]


def _state(name: str, ring: KeyRing) -> str:
    if name not in ring.sealing:
        return "missing"
    return "current" if name == ring.current else "old"


def begin_rotation() -> str:
    """Makes a new current key, and returns its name.

    Where an earlier rotation didn't come to its end, that one's key stays the current one: what
    is left to do is done with it.
    """
    with transaction():
        ring = held_ring(to_change=True)
        if not _left(ring):
            ring = ring.with_new_key()
            key_file().write(ring)
    return ring.current


def reseal() -> Iterator[tuple[int, int]]:
    """Seals under the current key what isn't; after each batch how many were sealed and couldn't.

    Each batch is a transaction of its own: stopped at any point and begun again, it goes on
    where it was. Several processes may do it at once.
    """
    done = unreadable = 0
    for table in SEALED:
        last: UUID | None = None
        while batch := _reseal_batch(table, last):
            last, sealed, failed = batch
            done, unreadable = done + sealed, unreadable + failed
            yield done, unreadable


def forget_old() -> list[str]:
    """Drops the keys that nothing is sealed under any more; returns their names."""
    with transaction():
        ring = held_ring(to_change=True)
        dropped = set(ring.sealing) - set(_used()) - {ring.current}
        if dropped:
            key_file().write(ring.without(dropped))
    return sorted(dropped)


def _reseal_batch(
    table: type[Person] | type[PersonCorrection], after: UUID | None
) -> tuple[UUID, int, int] | None:
    """The last row of the batch, how many were sealed, how many couldn't be opened."""
    with transaction():
        ring = held_ring()
        statement = (
            select(table.id, table.key_name, table.sealed)
            .where(table.key_name != ring.current)
            .order_by(table.id)
            .limit(BATCH)
            .with_for_update()
        )
        if after is not None:
            statement = statement.where(table.id > after)
        rows = db.session.execute(statement).all()
        failed = sum(not _reseal(table, ring, *row) for row in rows)
    return (rows[-1].id, len(rows) - failed, failed) if rows else None


def _reseal(
    table: type[Person] | type[PersonCorrection],
    ring: KeyRing,
    row_id: UUID,
    key_name: str,
    sealed: bytes,
) -> bool:
    try:
        plain = ring.unseal(key_name, sealed, row_id.bytes)
    except Unreadable:
        return False
    name, anew = ring.seal(plain, row_id.bytes)
    db.session.execute(update(table).where(table.id == row_id).values(key_name=name, sealed=anew))
    return True


def _left(ring: KeyRing) -> bool:
    """Whether something is sealed under another key that is there."""
    others = set(ring.sealing) - {ring.current}
    return not others.isdisjoint(_used())


def _used() -> dict[str, int]:
    counts = union_all(
        *(
            select(table.key_name, func.count().label("n")).group_by(table.key_name)
            for table in SEALED
        )
    ).subquery()
    rows = db.session.execute(
        select(counts.c.key_name, func.sum(counts.c.n)).group_by(counts.c.key_name)
    )
    return {name: int(number) for name, number in rows}
