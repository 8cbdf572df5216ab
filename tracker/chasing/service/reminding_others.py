"""Reminders of what is no case's: next year's calendar, an import that waits."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects import postgresql, sqlite

from tracker.cases import clocks
from tracker.chasing.models import Notice, Reminder
from tracker.chasing.others import OF_OTHERS, Waiting
from tracker.chasing.recipients import People
from tracker.core.clock import local_date
from tracker.core.db import db, is_sqlite, new_id, transaction
from tracker.rules import chasing
from tracker.rules.chasing import CLOCKS, ORDINARY, Clock, Setting
from tracker.rules.workflow import Kind, Role


class Reached(NamedTuple):
    """A step that something has reached, and who hears of it."""

    clock: Clock
    waiting: Waiting
    due_on: date
    step: str
    heard: Collection[UUID]


def reached_by_others(
    people: People, moved: Mapping[Setting, int], today: date
) -> Iterator[Reached]:
    """What has reached a step on the local date `today`, made already or not.

    Nothing on a day of rest.
    """
    calendar = clocks.calendar()
    if not calendar.is_working(today):
        return
    for name, question in OF_OTHERS.items():
        clock = CLOCKS[name]
        steps = chasing.steps_of(clock, None, ORDINARY, moved)
        for each in question.waiting(today):
            due_on = chasing.due_on(clock, each.began_on, Kind.OPINION, "ordinary", calendar)
            assert due_on is not None
            place = chasing.place(clock, steps, chasing.position(due_on, today, calendar))
            if place is not None:
                yield Reached(clock, each, due_on, place.key, _heard(each, people))


def remind_of_others(people: People, moved: Mapping[Setting, int], now: datetime) -> int:
    """Makes each reminder whose step is reached on the local day of `now`; how many.

    What was made already isn't made again.
    """
    found = list(reached_by_others(people, moved, local_date(now)))
    return sum(_make(each, now) for each in found)


def is_made(each: Reached) -> bool:
    """Whether somebody was reminded of it already."""
    made = exists().where(
        Reminder.clock == each.clock.name,
        Reminder.subject_id == each.waiting.subject_id,
        Reminder.began_on == each.waiting.began_on,
        Reminder.step == each.step,
    )
    return bool(db.session.scalar(select(made)))


def _heard(each: Waiting, people: People) -> Collection[UUID]:
    if each.user_id is not None:
        return [each.user_id]
    # All units count with one calendar, which somebody of a topmost one keeps.
    return {
        one
        for (role, at), ids in people.holders.items()
        if role == Role.ADMINISTRATOR and people.parents.get(at) is None
        for one in ids
    }


def _make(each: Reached, now: datetime) -> int:
    into = sqlite.insert(Reminder) if is_sqlite() else postgresql.insert(Reminder)
    reminder = {
        "id": new_id(),
        "clock": each.clock.name,
        "subject_id": each.waiting.subject_id,
        "began_on": each.waiting.began_on,
        "step": each.step,
        "due_on": each.due_on,
        "reminded_on": local_date(now),
        "is_pressing": each.clock.at_once,
        "recorded_at": now,
    }
    with transaction():
        written = db.session.scalar(
            into.values(reminder).on_conflict_do_nothing().returning(Reminder.id)
        )
        if written is None:
            return 0
        db.session.add_all(
            Notice(id=new_id(), user_id=user_id, reminder_id=written)
            for user_id in sorted(each.heard)
        )
    return 1
