"""Nothing twice, nothing lost: workers that die, a mail server that fails, people who work on.

What is expected is counted here from the cases' lives alone, by the numbers of working days.
"""

import asyncio
import email
import re
import time as real_time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from email.message import EmailMessage
from email.policy import default
from random import Random

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Flask
from sqlalchemy import func, select

from tests.chasing.conftest import AtAnyPort
from tests.chasing.working import Workers
from tests.factories import Office
from tracker.cases import clocks, service
from tracker.chasing.jobs import JOBS
from tracker.chasing.models import Correspondent, Message, Reminder, WorkerRun
from tracker.core.clock import VIET_NAM
from tracker.core.db import db
from tracker.rules.workflow import Kind, Outcome, Role

START = date(2026, 3, 2)
BEFORE = 45
"""Working days before the first on which the oldest case came in."""
HOURS = {Role.AGENCY_WORKER: 8, Role.AGENCY_HEAD: 9, Role.COORDINATOR: 10, Role.LEADER: 16}
AGENCY = [Role.AGENCY_WORKER, Role.AGENCY_HEAD, Role.COORDINATOR, Role.LEADER]
OFFICE = [Role.COORDINATOR, Role.LEADER]
# Working days after the due day, the step, and who hears it.
WEEKLY = [(12 + 5 * time, f"again:{time}") for time in range(100)]
STEPS = {
    "reply": [(-1, "soon", AGENCY[:1]), (0, "on_the_day", AGENCY[:2])],
    "answer": [
        (-5, "early", AGENCY[:1]), (-2, "soon", AGENCY[:1]), (0, "on_the_day", AGENCY[:1]),
        (1, "late", AGENCY[:2]), (3, "later", AGENCY[:3]), (7, "long_late", AGENCY),
        *((offset, step, AGENCY) for offset, step in WEEKLY),
    ],
    "check": [
        (0, "on_the_day", OFFICE[:1]), (1, "late", OFFICE[:1]), (3, "later", OFFICE[:1]),
        (7, "long_late", OFFICE), *((offset, step, OFFICE) for offset, step in WEEKLY),
    ],
}  # fmt: skip
DUE_AFTER = {"reply": 2, "answer": 20, "check": 2}
NEVER = 10**6


@dataclass(frozen=True)
class Numbers:
    """How much of it: working days, cases, kills; on which days no worker runs."""

    days: int
    cases: int
    kills: int
    stopped: range


QUICK = Numbers(days=10, cases=20, kills=10, stopped=range(4, 7))
DEEP = Numbers(days=245, cases=5_000, kills=200, stopped=range(100, 103))


@dataclass
class Life:
    """One case, by the numbers of working days; `early`: settled in the morning, not at night."""

    received: int
    accepted: int
    answered: int
    closed: int
    is_early: bool
    code: str = ""
    id: object = None

    def runs(self, clock: str) -> tuple[int, int]:
        """After which day and up to which the clock runs in the night."""
        return {
            "reply": (self.received, min(self.accepted, self.received + 2, self.answered)),
            "answer": (self.received, self.answered),
            "check": (self.answered, self.closed),
        }[clock]


class Unreliable:
    """Refuses, hangs, drops the connection before and after it took a message."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._tried: dict[str, int] = defaultdict(int)
        self.workers: Workers | None = None
        self.taken: list[tuple[datetime, EmailMessage]] = []

    async def handle_DATA(  # noqa: N802 (aiosmtpd calls it by this name)
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        assert self.workers is not None
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self._tried[message["Message-ID"]] += 1
        does = self._rng.choice([*["take", "refuse", "drop", "drop after"] * 3, "hang"])
        if self._tried[message["Message-ID"]] > 3:
            does = "take"
        if does in ("take", "drop after", "hang"):
            self.taken.append((self.workers.now, message))
        if does == "hang":
            await asyncio.sleep(3)
        if does.startswith("drop"):
            assert server.transport is not None
            server.transport.close()
        return "451 later" if does == "refuse" else "250 OK"


class World:
    """An office at work, a few working days long."""

    def __init__(self, office: Office, numbers: Numbers, workers: Workers, rng: Random) -> None:
        self.office, self.numbers, self.workers, self.rng = office, numbers, workers, rng
        calendar = clocks.calendar()
        first = calendar.working_days_before(START, BEFORE)
        days = (first + timedelta(days=number) for number in range(500))
        self.days = [day for day in days if day.year == 2026 and calendar.is_working(day)]
        self.lives = sorted((self._life() for _ in range(numbers.cases)), key=lambda o: o.received)
        busy = [number for number in range(numbers.days) if number not in numbers.stopped]
        self._kills = [rng.choice(busy) for _ in range(numbers.kills)]

    def _life(self) -> Life:
        rng = self.rng
        received = rng.randrange(BEFORE + self.numbers.days)
        answered = rng.choice([received + rng.randrange(1, 45), NEVER])
        closed = answered + rng.randrange(1, 15) if answered < NEVER else NEVER
        accepted = rng.choice([received + rng.randrange(1, 3), NEVER])
        return Life(received, accepted, answered, closed, rng.random() < 0.5)

    def at(self, day: int, hour: int, minute: int = 0) -> datetime:
        moment = datetime.combine(self.days[day], time(hour, minute), tzinfo=VIET_NAM)
        return moment.astimezone(UTC)

    def live(self) -> None:
        """All days, one after the other: first those before any worker ran."""
        for day in range(BEFORE + self.numbers.days):
            runs = day >= BEFORE and day - BEFORE not in self.numbers.stopped
            kills = self._kills.count(day - BEFORE)
            if runs:
                self.turn(self.at(day, 0, 10), kills)
            self.settle(day, self.at(day, 7, 20), is_early=True)
            if runs:
                for hour in sorted(HOURS.values()):
                    self.send_until(self.at(day, hour))
                    self.turn(self.at(day, hour))
                self.send_until(self.at(day, 17))
                # The clock is put back, to a moment that was there already.
                self.turn(self.at(day, 9, self.rng.randrange(1, 50)))
                self.turn(self.at(day, 18))
            self.receive(day, self.at(day, 19))
            self.settle(day, self.at(day, 20), is_early=False)

    def receive(self, day: int, now: datetime) -> None:
        coordinator = self.office.viewer(Role.COORDINATOR)
        for life in self.lives:
            if life.received != day:
                continue
            case = service.log(
                actor=coordinator,
                kind=Kind.OPINION,
                content="Đèn đường hỏng",
                received_on=self.days[day],
                now=now,
            )
            service.verify(case.id, actor=coordinator, now=now)
            service.assign(case.id, actor=coordinator, lead_id=self.office.agency.id, now=now)
            life.id, life.code = case.id, case.code

    def settle(self, day: int, now: datetime, *, is_early: bool) -> None:
        worker, coordinator = (
            self.office.viewer(role) for role in (Role.AGENCY_WORKER, Role.COORDINATOR)
        )
        for life in self.lives:
            if life.is_early != is_early or life.id is None:
                continue
            if life.accepted == day < life.answered:
                service.accept(life.id, actor=worker, now=now)
            if life.answered == day:
                service.answer(
                    life.id,
                    actor=worker,
                    text="Đã sửa",
                    answered_on=self.days[day],
                    outcome=Outcome.RESOLVED,
                    now=now,
                )
            if life.closed == day:
                service.close(life.id, actor=coordinator, outcome=Outcome.RESOLVED, now=now)

    def send_until(self, end: datetime) -> None:
        """Turns at each instant for which a message waits."""
        while (next_at := self._next_at()) is not None and next_at < end:
            self.turn(max(next_at, self.workers.now + timedelta(seconds=10)))

    def _next_at(self) -> datetime | None:
        waits = select(func.min(Message.next_at)).where(
            Message.sent_at.is_(None), Message.given_up_at.is_(None)
        )
        found = db.session.scalar(waits)
        db.session.rollback()
        return found

    def turn(self, now: datetime, kills: int = 0) -> None:
        """The clock stands at `now` until whoever leads has done all that is due."""
        self.workers.now = now
        for _ in range(kills):
            real_time.sleep(self.rng.random() * 0.3)  # the moment is random, nothing waits for it
            self.workers.kill_leader()
        ends = real_time.monotonic() + 120
        while not self._is_done(now):
            assert real_time.monotonic() < ends, f"nobody did what is due at {now}"
            real_time.sleep(0.01)

    def _is_done(self, now: datetime) -> bool:
        rows = db.session.execute(select(WorkerRun.job, WorkerRun.ended_at, WorkerRun.error)).all()
        db.session.rollback()
        assert [row.job for row in rows if row.error] == []
        # Sending alone says nothing: it may have begun before the others saw the clock move.
        is_sent = any(row.job == "send" and row.ended_at == now for row in rows)
        return is_sent and all(
            row.ended_at <= now < row.ended_at + timedelta(seconds=JOBS[row.job].seconds)
            for row in rows
        )

    def expected(self) -> Iterator[tuple[int, Life, str, str, list[Role]]]:
        """Each reminder that is due: on which day, of what, the step, who hears it."""
        ran = [BEFORE + day for day in range(self.numbers.days) if day not in self.numbers.stopped]
        for life in self.lives:
            for clock, steps in STEPS.items():
                after, until = life.runs(clock)
                due = after + DUE_AFTER[clock]
                made = set()
                for day in ran:
                    reached = [each for each in steps if each[0] <= day - due]
                    if after < day <= until and reached and reached[-1][1] not in made:
                        made.add(reached[-1][1])
                        yield day, life, clock, reached[-1][1], reached[-1][2]


@pytest.fixture
def numbers(request: pytest.FixtureRequest) -> Numbers:
    """A few weeks, or with `--hypothesis-profile deep` a year."""
    return DEEP if request.config.getoption("--hypothesis-profile") == "deep" else QUICK


@pytest.fixture
def world(app: Flask, office: Office, numbers: Numbers) -> Iterator[tuple[World, Unreliable]]:
    """The office with three workers and a mail server, all of it over now."""
    rng = Random(20260302)
    server = Unreliable(Random(7))
    controller = AtAnyPort(server, hostname="127.0.0.1", port=0)
    controller.start()
    for role, hour in HOURS.items():
        mail = f"{role}@long-bien.vn"
        db.session.add(Correspondent(user_id=office.user(role).id, mail=mail, hour=hour))
    db.session.commit()
    settings = replace(
        app.extensions["settings"],
        mail_server=f"127.0.0.1:{controller.port}",
        mail_security="none",
        mail_from="Dân Nguyện <dan-nguyen@long-bien.vn>",
    )
    # Before the first of the cases; until the first working day nobody moves the clock.
    workers = server.workers = Workers(settings, 3, datetime(2025, 12, 20, tzinfo=UTC))
    try:
        world = World(office, numbers, workers, rng)
        world.live()
        yield world, server
    finally:
        workers.end()
        controller.stop()


def test_nothing_twice_nothing_lost(world: tuple[World, Unreliable]) -> None:
    lived, server = world
    expected = list(lived.expected())
    _each_reminder_was_made_once(lived, expected)
    _each_message_left_under_one_name(server)
    _everybody_heard_in_time_what_is_theirs(lived, server, expected)


def _each_reminder_was_made_once(
    lived: World, expected: list[tuple[int, Life, str, str, list[Role]]]
) -> None:
    made = sorted(
        (row.reminded_on, row.case_id, row.clock, row.step)
        for row in db.session.scalars(select(Reminder).where(Reminder.case_id.is_not(None)))
    )
    assert len(expected) > lived.numbers.cases
    assert made == sorted(
        (lived.days[day], life.id, clock, step) for day, life, clock, step, _roles in expected
    )


def _each_message_left_under_one_name(server: Unreliable) -> None:
    messages = db.session.scalars(select(Message)).all()
    assert all(each.sent_at is not None for each in messages)
    left = {f"<{each.id}@long-bien.vn>" for each in messages if not each.is_empty}
    assert {mail["Message-ID"] for _at, mail in server.taken} == left
    assert len(server.taken) > len(left), "none was sent twice: it wasn't tried hard"


def _everybody_heard_in_time_what_is_theirs(
    lived: World, server: Unreliable, expected: list[tuple[int, Life, str, str, list[Role]]]
) -> None:
    theirs: dict[tuple[date, str], set[str]] = defaultdict(set)
    for day, life, clock, _step, roles in expected:
        # What was settled in the morning is in nobody's message.
        _after, until = life.runs(clock)
        is_settled = life.is_early and day == until and _ends_by_hand(life, clock, until)
        for role in [] if is_settled else roles:
            theirs[lived.days[day], f"{role}@long-bien.vn"].add(life.code)
    names: dict[tuple[date, str], set[str]] = defaultdict(set)
    hours = {f"{role}@long-bien.vn": hour for role, hour in HOURS.items()}
    for at, mail in server.taken:
        local = at.astimezone(VIET_NAM)
        names[local.date(), mail["To"]].add(mail["Message-ID"])
        opens = datetime.combine(local.date(), time(hours[mail["To"]]), tzinfo=VIET_NAM)
        assert opens <= local <= opens + timedelta(hours=1), (local, mail["To"])
        part = mail.get_body(("plain",))
        assert part is not None
        told = set(re.findall("|".join(life.code for life in lived.lives), part.get_content()))
        ours = theirs[local.date(), mail["To"]]
        assert told <= ours
        assert len(told) == min(len(ours), 40)
    assert set(names) == {key for key, codes in theirs.items() if codes}
    assert all(len(each) == 1 for each in names.values())


def _ends_by_hand(life: Life, clock: str, until: int) -> bool:
    """Whether somebody did it on that day, and not only the time ran out."""
    return clock != "reply" or until in (life.accepted, life.answered)
