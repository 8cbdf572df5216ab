"""Looking at every clock, and making the reminders whose step has been reached."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, cast
from uuid import UUID

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import Row, insert, select

from tracker.cases import clocks, story
from tracker.cases.models import Case
from tracker.chasing import recipients, subjects
from tracker.chasing.models import MovedStep, Notice, Reminder
from tracker.chasing.recipients import People, Recipient
from tracker.chasing.service.reminding_others import (
    is_made,
    reached_by_others,
    remind_of_others,
)
from tracker.core.clock import local_date
from tracker.core.db import db, new_id, transaction
from tracker.rules import chasing
from tracker.rules.calendar import OutsideCalendar, WorkingCalendar
from tracker.rules.chasing import CLOCKS, LEVEL_LABELS, Clock, Place, Setting
from tracker.rules.conditions import Condition
from tracker.rules.vietnamese import format_date

CHUNK = 1_000
"""Cases that one transaction holds: nobody waits long for them."""
ACTION = "remind"


@dataclass(frozen=True, slots=True)
class Reached:
    """A step that all subjects of these three have reached, and on which working day."""

    began_on: date
    kind: str
    condition: str
    due_on: date
    place: Place
    on: date


class Foreseen(NamedTuple):
    """A reminder that isn't made yet: of what, a case or not, and who would hear it."""

    clock: Clock
    case_id: UUID | None
    due_on: date
    user_ids: Collection[UUID]


def remind(now: datetime) -> int:
    """Makes every reminder whose step is reached on the local day of `now`; how many.

    Nothing is made on a day of rest. What was made already, by whomever, isn't made again.
    """
    people = recipients.people(local_date(now))
    made = remind_of_others(people, moved_steps(), now)
    for clock, reached, rows in _due(local_date(now)):
        for some in _chunks(rows):
            made += _make(clock, [row.subject_id for row in some], reached, people, now)
    return made


def foresee(now: datetime) -> Iterator[Foreseen]:
    """What `remind` would make, without making it."""
    today = local_date(now)
    people = recipients.people(today)
    for other in reached_by_others(people, moved_steps(), today):
        if not is_made(other):
            yield Foreseen(other.clock, None, other.due_on, other.heard)
    for clock, reached, rows in _due(today):
        by_kind = _by_kind(reached)
        for row in rows:
            each = by_kind[row.began_on, row.kind, row.condition]
            heard = _heard(clock, each, row, people)
            yield Foreseen(clock, row.case_id, each.due_on, [one.user_id for one in heard])


def _due(
    today: date,
) -> Iterator[tuple[Clock, Sequence[Reached], Sequence[Row[Any]]]]:
    """What is to be made on a local date: by clock the steps reached, and the subjects."""
    calendar = clocks.calendar()
    if not calendar.is_working(today):
        return
    moved = moved_steps()
    for name in subjects.OF_CASES:
        for some in _chunks(list(_reached(CLOCKS[name], today, calendar, moved))):
            yield CLOCKS[name], some, _unmade(name, some)


def moved_steps() -> Mapping[Setting, int]:
    """The steps that administrators moved, with their offsets."""
    rows = db.session.scalars(select(MovedStep))
    return {(row.clock, row.kind, row.priority, row.step): row.offset for row in rows}


def _chunks(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (items[start : start + CHUNK] for start in range(0, len(items), CHUNK))


def _reached(
    clock: Clock, today: date, calendar: WorkingCalendar, moved: Mapping[Setting, int]
) -> Iterator[Reached]:
    """What the clock's subjects have reached, by what decides it: most share few dates."""
    running = subjects.running(clock.name).subquery()
    kinds = select(running.c.began_on, running.c.kind, running.c.condition).distinct()
    if clock.stage is None:
        # What no step can look ahead to isn't read at all.
        ahead = max(-min(step.lowest for step in clock.steps), 1)
        kinds = kinds.where(running.c.began_on <= calendar.add_working_days(today, ahead))
    for began_on, kind, condition in db.session.execute(kinds):
        steps = chasing.steps_of(clock, kind, chasing.priority(condition), moved)
        try:
            due_on = chasing.due_on(clock, began_on, kind, cast(Condition, condition), calendar)
            if due_on is None:
                continue
            found = chasing.place(clock, steps, chasing.position(due_on, today, calendar))
            if found is not None:
                on = chasing.reached_on(found, due_on, calendar)
                yield Reached(began_on, kind, condition, due_on, found, on)
        except OutsideCalendar:
            # A date of a register from before all calendars: nothing can be counted from it.
            continue


def _unmade(
    clock: str, reached: Sequence[Reached], narrowed: Collection[UUID] | None = None
) -> Sequence[Row[Any]]:
    """The subjects that have reached a step of which nobody was reminded, by case.

    The steps are compared here: as rows of a statement they took longer to write down than to
    compare.
    """
    by_kind = _by_kind(reached)
    running = subjects.running(clock).subquery()
    if narrowed is None:
        asked = running.c.began_on.in_({each.began_on for each in reached})
    else:
        asked = running.c.subject_id.in_(narrowed)
    rows = db.session.execute(select(running).where(asked).order_by(running.c.case_id))
    found = []
    for some in rows.partitions(CHUNK):
        steps = {row: by_kind.get((row.began_on, row.kind, row.condition)) for row in some}
        made = _made(clock, {row.subject_id for row in some})
        found += [
            row
            for row, each in steps.items()
            if each is not None
            and row.since < each.on
            and (row.subject_id, row.began_on, each.place.key) not in made
        ]
    return found


def _made(clock: str, subject_ids: Collection[UUID]) -> set[tuple[UUID, date, str]]:
    """What was made already for some subjects of a clock: of whom, by which date, the step."""
    rows = db.session.execute(
        select(Reminder.subject_id, Reminder.began_on, Reminder.step).where(
            Reminder.clock == clock, Reminder.subject_id.in_(subject_ids)
        )
    )
    return {(subject_id, began_on, step) for subject_id, began_on, step in rows}


def _make(
    clock: Clock,
    subject_ids: Sequence[UUID],
    reached: Sequence[Reached],
    people: People,
    now: datetime,
) -> int:
    """Writes the reminders of some subjects, whose they are, and the cases' stories; how many."""
    by_kind = _by_kind(reached)
    reminders: list[dict[str, Any]] = []
    notices: list[dict[str, Any]] = []
    notes: list[story.Note] = []
    with transaction():
        _hold(clock.name, subject_ids)
        # Once more, now that nobody else changes the cases.
        for row in _unmade(clock.name, reached, subject_ids):
            each = by_kind[row.began_on, row.kind, row.condition]
            reminder = _reminder(clock, row, each, now)
            reminders.append(reminder)
            notices += _notices(reminder["id"], _heard(clock, each, row, people))
            text = _told(clock, each)
            notes.append(story.Note(row.case_id, row.state, ACTION, text, reminder["unit_id"]))
        _write(reminders, notices)
        story.note(notes, local_date(now), now)
    return len(reminders)


def _by_kind(reached: Sequence[Reached]) -> dict[tuple[date, str, str], Reached]:
    return {(each.began_on, each.kind, each.condition): each for each in reached}


def _heard(clock: Clock, reached: Reached, row: Row[Any], people: People) -> Collection[Recipient]:
    level = reached.place.step.level
    return people.hear(clock, level, row.unit_id, row.office_id, row.confidentiality)


def _hold(clock: str, subject_ids: Sequence[UUID]) -> None:
    running = subjects.running(clock).subquery()
    case_ids = select(running.c.case_id).where(running.c.subject_id.in_(subject_ids))
    db.session.execute(
        select(Case.id).where(Case.id.in_(case_ids)).order_by(Case.id).with_for_update()
    )


def _reminder(clock: Clock, row: Row[Any], reached: Reached, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "clock": clock.name,
        "subject_id": row.subject_id,
        "began_on": row.began_on,
        "step": reached.place.key,
        "due_on": reached.due_on,
        "case_id": row.case_id,
        "unit_id": row.unit_id or row.office_id,
        "reminded_on": local_date(now),
        "is_pressing": chasing.leaves_at_once(clock, reached.place, row.kind, row.condition),
        "recorded_at": now,
    }


def _notices(reminder_id: UUID, heard: Collection[Recipient]) -> list[dict[str, Any]]:
    return [
        {
            "id": new_id(),
            "user_id": each.user_id,
            "reminder_id": reminder_id,
            "stands_in_for_id": each.stands_in_for_id,
        }
        for each in heard
    ]


def _write(reminders: list[dict[str, Any]], notices: list[dict[str, Any]]) -> None:
    connection = db.session.connection()
    if reminders:
        connection.execute(insert(Reminder), reminders)
    if notices:
        connection.execute(insert(Notice), notices)


def _told(clock: Clock, reached: Reached) -> str:
    """What the story says of a reminder: offices write Vietnamese."""
    with force_locale("vi"):
        return _(
            "%(clock)s, hạn %(day)s: %(step)s (đến %(level)s)",
            clock=_(clock.label),
            day=format_date(reached.due_on),
            step=_(reached.place.step.label),
            level=_(LEVEL_LABELS[reached.place.step.level]),
        )
