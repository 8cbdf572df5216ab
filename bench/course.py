"""The course of one generated case: the workflow's steps at believable intervals.

It stops at the present day, so that old cases are closed and new ones are open.
"""

import json
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID

from bench import words
from bench.office import Office
from tracker.cases import clocks, search, story
from tracker.cases.models import FOREVER, REPORTABLE
from tracker.rules import access, counting
from tracker.rules.workflow import Kind, Outcome, State

Rows = dict[str, list[tuple[Any, ...]]]

ENTRY = (
    "case_id", "sequence", "action", "from_state", "to_state", "happened_on", "recorded_at",
    "user_id", "unit_id", "text",
)  # fmt: skip
COLUMNS: dict[str, tuple[str, ...]] = {
    "entry": ("id", *ENTRY, "changes", "digest"),
    "case_version": ("case_id", "recorded_from", "recorded_to", *REPORTABLE),
    "submission": ("id", "case_id", "received_on", "channel_id", "persons", "recorded_at"),
    "assignment": (
        "id", "case_id", "unit_id", "part", "asked", "assigned_on", "due_on", "ended_on",
    ),
    "answer": (
        "id", "case_id", "unit_id", "answered_on", "outcome", "text", "document_number",
        "document_date", "promised_on", "recorded_at",
    ),
}  # fmt: skip

OUTCOMES = [Outcome.RESOLVED] * 52 + [Outcome.EXPLAINED] * 42 + [Outcome.PROMISED] * 6
DIRECTLY = (
    ("guide", Outcome.GUIDED),
    ("forward", Outcome.FORWARDED),
    ("refuse", Outcome.REFUSED),
    ("file", Outcome.FILED),
)
WORKDAY = 8 * 3600 * 1000


class Course:
    """One case on its way. Each step adds an entry and a version to `rows`."""

    def __init__(self, rows: Rows, office: Office, today: date, rng: Random) -> None:
        self.rows, self.office, self.today, self.rng = rows, office, today, rng
        self.standing: dict[str, Any] = dict.fromkeys(REPORTABLE)
        self.sequence = 0
        self._parts: list[tuple[str, str]] = []
        self._digest = story.FIRST_DIGEST

    def receive(
        self, kind: Kind, code: str, received_on: date, matter: words.Matter, area: str, text: str
    ) -> None:
        """The first step, with the turn that brought the case."""
        office, rng = self.office, self.rng
        self._open(received_on)
        ward = office.wards[area]
        unit_id = office.district if rng.random() < 0.4 else ward
        self._lead_id = ward if rng.random() < 0.5 else office.departments[matter.department]
        self._actor = office.coordinator if rng.random() < 0.02 else office.officers[unit_id]
        channel_id = rng.choice(office.channels)
        due_on = _due_on(kind, received_on)
        self._step(
            "receive",
            received_on,
            text,
            code=code,
            kind=kind.value,
            confidentiality=access.confidentiality_of(kind).value,
            state=State.RECEIVED.value,
            received_on=received_on.isoformat(),
            due_on=due_on,
            original_due_on=due_on,
            round=1,
            return_count=0,
            redo_count=0,
            unit_id=unit_id,
            logged_by_id=self._actor,
            field_id=office.fields[matter.field],
            area_id=office.areas[area],
            channel_id=channel_id,
        )
        persons = 1 if rng.random() < 0.9 else rng.randrange(2, 30)
        self._put("submission", received_on.isoformat(), channel_id, persons, _text(self._instant))

    def run(self) -> None:
        """All further steps up to the present day."""
        self._proceed()
        opened_at = [version[0] for version in self._versions]
        for version, recorded_to in zip(
            self._versions, [*opened_at[1:], _text(FOREVER)], strict=True
        ):
            self.rows["case_version"].append((self.case_id, version[0], recorded_to, *version[1:]))

    def scope(self, serial: int) -> str:
        """The words of who has to do with the case, by which search leaves out what others have."""
        owners = [self.standing[name] for name in ("unit_id", "lead_unit_id", "logged_by_id")]
        owners += [unit_id for unit_id, _part in self._parts]
        return search.scope(serial, *(UUID(each) for each in owners if each))

    def _open(self, received_on: date) -> None:
        self._day = received_on
        self._instant = datetime.combine(received_on, time(1), UTC)
        self._instant += timedelta(milliseconds=self.rng.randrange(WORKDAY))
        self.case_id = self._new_id()
        self._versions: list[tuple[Any, ...]] = []

    def _proceed(self) -> None:
        rng = self.rng
        if rng.random() < 0.1:
            action, outcome = rng.choice(DIRECTLY)
            self._close(action, outcome, self._after(2), words.REASON)
            return
        if rng.random() < 0.15 and not self._step(
            "verify", self._after(1), state=State.VERIFYING.value
        ):
            return
        if not self._assign(self._after(3)):
            return
        if rng.random() < 0.02:
            self._close("withdraw", Outcome.WITHDRAWN, self._after(9), words.WITHDRAWN)
        elif rng.random() < 0.99:  # one in a hundred is never answered
            outcome = rng.choice(OUTCOMES)
            if self._answer(outcome, self._after(11)):
                self._close("close", outcome, self._after(2), "")

    def _after(self, mean: float) -> date:
        """A day after the last step: soon as a rule, late at times."""
        return self._day + timedelta(days=int(self.rng.expovariate(1 / mean)))

    def _assign(self, day: date) -> bool:
        if not self._step(
            "assign",
            day,
            words.ASKED,
            state=State.ASSIGNED.value,
            lead_unit_id=self._lead_id,
            assigned_on=day.isoformat(),
        ):
            return False
        supporting = self.rng.choice(tuple(self.office.departments.values()))
        self._parts = [(self._lead_id, "lead")]
        if self.rng.random() < 0.15 and supporting != self._lead_id:
            self._parts.append((supporting, "supporting"))
        self._assignments_from = len(self.rows["assignment"])
        self._put_assignments(None)
        return True

    def _put_assignments(self, ended_on: str | None) -> None:
        """The open assignments, or in their place the ended ones."""
        del self.rows["assignment"][self._assignments_from :]
        given_on, due_on = self.standing["assigned_on"], self.standing["due_on"]
        for unit_id, part in self._parts:
            self._put("assignment", unit_id, part, words.ASKED, given_on, due_on, ended_on)

    def _answer(self, outcome: Outcome, day: date) -> bool:
        promised = outcome is Outcome.PROMISED
        promised_on = (day + timedelta(days=90)).isoformat() if promised else None
        text = words.PROMISE if promised else self.rng.choice(words.ANSWERS)
        if not self._step(
            "answer",
            day,
            text,
            state=State.ANSWERED.value,
            answered_on=day.isoformat(),
            promised_on=promised_on,
        ):
            return False
        number = f"{self.rng.randrange(1, 2000)}/UBND"
        self._put(
            "answer", self._lead_id, day.isoformat(), outcome.value, text, number,
            day.isoformat(), promised_on, _text(self._instant),
        )  # fmt: skip
        return True

    def _close(self, action: str, outcome: Outcome, day: date, text: str) -> None:
        answered = self.standing["answered_on"]
        ended_on = counting.ended_on(
            outcome, date.fromisoformat(answered) if answered else None, day
        )
        closed = self._step(
            action,
            day,
            text,
            state=State.CLOSED.value,
            outcome=outcome.value,
            closed_on=day.isoformat(),
            ended_on=ended_on.isoformat() if ended_on else None,
        )
        if closed and self.standing["lead_unit_id"]:
            self._put_assignments(day.isoformat())

    def _step(self, action: str, day: date, text: str = "", **changed: Any) -> bool:
        """One entry and one version on `day`; nothing, and False, where that is yet to come."""
        if day > self.today:
            return False
        self._advance(day)
        before, self.standing = self.standing, {**self.standing, **changed}
        self.sequence += 1
        entry = {
            "case_id": self.case_id,
            "sequence": self.sequence,
            "action": action,
            "from_state": before["state"],
            "to_state": self.standing["state"],
            "happened_on": day.isoformat(),
            "recorded_at": self._instant,
            "user_id": self._actor,
            "unit_id": self.standing["unit_id"],
            "changes": story.changes(before, self.standing),
            "text": text,
            "import_id": None,
            "import_row": None,
        }
        self._digest = story.sealed(self._digest, entry)["digest"]
        entry["recorded_at"] = _text(self._instant)
        columns = [entry[name] for name in ENTRY]
        changes = json.dumps(entry["changes"])
        self.rows["entry"].append((self._new_id(), *columns, changes, self._digest))
        self._versions.append((entry["recorded_at"], *self.standing.values()))
        return True

    def _advance(self, day: date) -> None:
        """Moves the clock to working hours of `day`, or a little on where it is that day."""
        if day == self._day and self.sequence:
            self._instant += timedelta(milliseconds=self.rng.randrange(60_000, 1_200_000))
        elif day != self._day:
            self._instant = datetime.combine(day, time(1), UTC)
            self._instant += timedelta(milliseconds=self.rng.randrange(WORKDAY))
            self._day = day

    def _put(self, table: str, *columns: Any) -> None:
        self.rows[table].append((self._new_id(), self.case_id, *columns))

    def _new_id(self) -> str:
        """A UUID of version 7 at the present instant of the course, as text."""
        instant = int(self._instant.timestamp() * 1000)
        low = self.rng.getrandbits(74)
        digits = f"{instant:012x}7{low >> 62:03x}{0x8000000000000000 | low & (1 << 62) - 1:016x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


@cache
def _due_on(kind: Kind, received_on: date) -> str | None:
    due_on = clocks.answer_due_on(kind, received_on, working=clocks.calendar_with(()))
    return due_on.isoformat() if due_on else None


def _text(instant: datetime) -> str:
    """An instant in UTC as SQLite keeps it; a PostgreSQL session in UTC reads it alike."""
    return instant.strftime("%Y-%m-%d %H:%M:%S.%f")
