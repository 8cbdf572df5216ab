"""What an administrator changes: when each step comes, and what of the outbox is tried again."""

from collections.abc import Mapping
from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from flask_babel import gettext as _
from sqlalchemy import delete, update

from tracker.chasing.models import Message, MovedStep
from tracker.chasing.service.reminding import moved_steps
from tracker.core.db import db, transaction
from tracker.core.errors import Refused
from tracker.rules.chasing import CLOCKS, Clock, Step, steps_of
from tracker.units.administration import note
from tracker.units.queries import Viewer


def subject_id(name: str) -> UUID:
    """Under which id the record of administration keeps what was changed of a clock or a way."""
    return uuid5(NAMESPACE_OID, name)


def standard(clock: Clock, kind: str, pressing: str) -> dict[str, Step]:
    """The steps as they are where nothing is set for this kind and priority, by name.

    Of one kind these are the steps of all kinds, moved or not.
    """
    own = (clock.name, kind, pressing)
    moved = {setting: days for setting, days in moved_steps().items() if setting[:3] != own}
    return {step.name: step for step in steps_of(clock, kind, pressing, moved)}


def change_steps(
    clock_name: str,
    kind: str,
    pressing: str,
    offsets: Mapping[str, int],
    *,
    actor: Viewer,
    now: datetime,
) -> None:
    """Moves steps of a clock, for one kind of case ("" for all), by priority.

    offsets: step -> working days after the due date, before it negative. Those not given stay as
    is the standard. Raises Refused, beside the step, for what is out of its bounds or before an
    earlier step.
    """
    clock = CLOCKS[clock_name]
    usual = standard(clock, kind, pressing)
    wanted = {step.name: offsets.get(step.name, usual[step.name].offset) for step in clock.steps}
    _check(clock, wanted)
    with transaction():
        before = moved_steps()
        changes = {}
        for name, days in wanted.items():
            was = before.get((clock.name, kind, pressing, name), usual[name].offset)
            if was != days:
                changes[name] = [str(was), str(days)]
        if not changes:
            return
        db.session.execute(
            delete(MovedStep).where(
                MovedStep.clock == clock.name,
                MovedStep.kind == kind,
                MovedStep.priority == pressing,
            )
        )
        db.session.add_all(
            MovedStep(clock=clock.name, kind=kind, priority=pressing, step=name, offset=days)
            for name, days in wanted.items()
            if days != usual[name].offset
        )
        text = f"{kind} {pressing}".strip()
        note(actor, "move", "clock", subject_id(clock.name), now, changes=changes, text=text)


def _check(clock: Clock, wanted: Mapping[str, int]) -> None:
    earlier = None
    for step in clock.steps:
        days = wanted[step.name]
        if not step.lowest <= days <= step.highest:
            reason = _(
                "Cần từ %(lowest)s đến %(highest)s.", lowest=step.lowest, highest=step.highest
            )
            raise Refused(reason, step.name)
        if earlier is not None and days <= earlier:
            raise Refused(_("Bước này phải sau bước trước."), step.name)
        earlier = days


def send_again(way: str, *, actor: Viewer, now: datetime) -> int:
    """Lets what was given up on one way be tried anew; how many messages."""
    with transaction():
        found = db.session.execute(
            update(Message)
            .where(Message.way == way, Message.given_up_at.is_not(None))
            .values(given_up_at=None, attempts=0, next_at=now)
            .returning(Message.id)
            .execution_options(synchronize_session=False)
        ).all()
        if found:
            note(actor, "send_again", "way", subject_id(way), now, text=str(len(found)))
    return len(found)
