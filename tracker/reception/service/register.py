"""Taking the reception register away, with who came or without: either is on record."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import ColumnElement

from tracker.cases import service as cases
from tracker.core.db import transaction
from tracker.core.errors import NotAllowed
from tracker.people import service as people
from tracker.people.sealing import held_ring
from tracker.reception import brought, register03
from tracker.reception.brought import Turn
from tracker.reception.register03 import Asked
from tracker.rules.directions import Tallies
from tracker.units.queries import Viewer


def take_register(
    target: IO[bytes],
    asked: Asked,
    turns: ColumnElement[bool],
    *,
    actor: Viewer,
    named: bool,
    now: datetime,
) -> Tallies:
    """Writes the register of the `turns` as an Excel file to `target`.

    named: with name, address and identity paper of who came, each of them noted as read; whoever
    brought a denunciation stays protected. Raises NotAllowed where `actor` may not read persons.
    """
    protected: set[UUID] = set()

    def watched() -> Iterator[Turn]:
        # Asked for as late as it is needed: a transaction that begins would close it.
        for turn in brought.turns(actor, turns):
            if cases.is_protected(turn.confidentiality):
                protected.add(turn.case_id)
            yield turn

    if named:
        tallies = _named(target, asked, turns, watched(), actor, now)
    else:
        tallies = register03.write(target, asked, watched(), {})
    cases.note_export(tallies.total.matters, protected, reader=actor, now=now)
    return tallies


def _named(
    target: IO[bytes],
    asked: Asked,
    turns: ColumnElement[bool],
    found: Iterable[Turn],
    actor: Viewer,
    now: datetime,
) -> Tallies:
    if not actor.may("person:read"):
        raise NotAllowed(_("Bạn không có quyền làm việc này."))
    with transaction():
        held_ring()
        came = brought.who_came(actor, turns)
        read: dict[tuple[UUID, UUID], None] = {}

        def noted(turn: Turn) -> Turn:
            if turn.person_id in came:
                read[turn.person_id, turn.case_id] = None
            return turn

        rows = map(noted, found)
        tallies = register03.write(target, asked, rows, came)
        for person_id, case_id in read:
            people.note_reading(
                person_id, case_id=case_id, user_id=actor.user_id, reason="", now=now
            )
    return tallies
