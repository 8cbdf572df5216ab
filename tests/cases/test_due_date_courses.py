"""Due dates after any course of a case, against a count of its story by hand, day by day."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random

import holidays
import pytest
from sqlalchemy import select

from tests.cases.stories import assert_chain, assert_versions
from tests.factories import Office
from tracker.cases import service
from tracker.cases.account import account
from tracker.cases.models import CalendarDay, Case
from tracker.cases.service import calendar
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.rules.access import Confidentiality
from tracker.rules.calendar import SHIPPED_CORRECTIONS
from tracker.rules.workflow import Kind, Outcome, Role, State
from tracker.units.queries import Viewer

VIET_NAM = holidays.country_holidays("VN", years=range(2025, 2028))
SHIPPED = {each.day: each.kind for each in SHIPPED_CORRECTIONS}
TOMORROW = timedelta(days=1)
FIRST = date(2026, 3, 2)
# Kind -> days of its limit, and whether they are working days.
LIMITS = {Kind.OPINION: (20, True), Kind.VOTER: (30, True), Kind.COMPLAINT: (30, False)}
REASON = "Có lý do"

Pause = tuple[date, date]
Worked = Callable[[date], bool]


@dataclass(frozen=True)
class Told:
    """What the story of a case says about its time. decided: the day, and the pauses since."""

    kind: Kind
    received_on: date
    suspended_on: date | None = None
    pauses: tuple[Pause, ...] = ()
    decided_on: date | None = None
    pauses_since: tuple[Pause, ...] = ()

    def resumed(self, day: date) -> "Told":
        if self.suspended_on is None:
            return self
        pause = (self.suspended_on, day)
        return replace(
            self,
            suspended_on=None,
            pauses=(*self.pauses, pause),
            pauses_since=(*self.pauses_since, pause),
        )

    def first_due(self, worked: Worked) -> date:
        return self._walk((), worked)

    def due(self, worked: Worked) -> date:
        if self.decided_on is None:
            return self._walk(days_of(self.pauses), worked)
        day = worked_from(self.decided_on, worked)
        by_working_days = LIMITS[self.kind][1]
        if not by_working_days:
            day = self.decided_on
        for pause in self.pauses_since:
            if pause[0] >= day:
                continue
            for stopped in days_of([pause]):
                if not by_working_days:
                    day += TOMORROW
                elif worked(stopped):
                    day = worked_from(day + TOMORROW, worked)
        return worked_from(day, worked)

    def _walk(self, stopped: Iterable[date], worked: Worked) -> date:
        left, by_working_days = LIMITS[self.kind]
        day, still = self.received_on, frozenset(stopped)
        while left:
            day += TOMORROW
            left -= day not in still and (worked(day) or not by_working_days)
        return worked_from(day, worked)


def days_of(pauses: Iterable[Pause]) -> list[date]:
    return [
        first + number * TOMORROW
        for first, last in pauses
        for number in range(1, (last - first).days + 1)
    ]


def worked_from(day: date, worked: Worked) -> date:
    while not worked(day):
        day += TOMORROW
    return day


@dataclass
class Course:
    """A few cases of an office, what is told of each, and one chance step after the other."""

    office: Office
    chance: Random
    today: date = FIRST
    told: dict[Case, Told] = field(default_factory=dict)
    before_merge: dict[Case, Told] = field(default_factory=dict)

    @property
    def now(self) -> datetime:
        return datetime(self.today.year, self.today.month, self.today.day, 2, tzinfo=UTC)

    def log(self) -> None:
        kind = self.chance.choice(list(LIMITS))
        self.told[self.office.log(self.now, kind=kind)] = Told(kind, self.today)

    def step(self) -> str:
        """Tries one step; gives its name, empty where it was refused."""
        self.today += self.chance.choice([0, 0, 1, 1, 2, 4, 7]) * TOMORROW
        name = self.chance.choice(STEPS)
        case = self.chance.choice(list(self.told))
        try:
            getattr(self, name)(case)
        except Refused:
            return ""
        return name

    def suspend(self, case: Case) -> None:
        service.suspend(case.id, actor=self._coordinator, reason=REASON, now=self.now)
        self.told[case] = replace(self.told[case], suspended_on=self.today)

    def resume(self, case: Case) -> None:
        service.resume(case.id, actor=self._coordinator, reason=REASON, now=self.now)
        self.told[case] = self.told[case].resumed(self.today)

    def extend(self, case: Case) -> None:
        day = self.today + self.chance.randrange(50) * TOMORROW
        service.extend(case.id, actor=self._coordinator, due_on=day, reason=REASON, now=self.now)
        self.told[case] = replace(self.told[case], decided_on=day, pauses_since=())

    def split(self, case: Case) -> None:
        parts = [service.Part("Một"), service.Part("Hai")]
        [part] = service.split(case.id, actor=self._coordinator, parts=parts, now=self.now)
        self.told[part] = self.told[case]

    def merge(self, case: Case) -> None:
        other = self.chance.choice(list(self.told))
        service.merge(case.id, actor=self._coordinator, into_id=other.id, now=self.now)
        self.before_merge[case] = self.told[case]

    def undo_merge(self, case: Case) -> None:
        service.undo_merge(case.id, actor=self._coordinator, now=self.now)
        self.told[case] = self.before_merge.pop(case)

    def close(self, case: Case) -> None:
        action = self.chance.choice(["refuse", "withdraw"])
        service.close_directly(
            action, case.id, actor=self._coordinator, reason=REASON, now=self.now
        )
        self.told[case] = self.told[case].resumed(self.today)

    def reopen(self, case: Case) -> None:
        service.reopen(
            case.id, actor=self._coordinator, reason=REASON, is_coerced=True, now=self.now
        )

    def work(self, case: Case) -> None:
        coordinator, worker = self._coordinator, self.office.viewer(Role.AGENCY_WORKER)
        if case.state in (State.RECEIVED, State.VERIFYING):
            service.assign(case.id, actor=coordinator, lead_id=self.office.agency.id, now=self.now)
        elif case.state == State.ASSIGNED:
            service.answer(
                case.id,
                actor=worker,
                text="Đã xong",
                answered_on=self.today,
                outcome=Outcome.RESOLVED,
                now=self.now,
            )
        else:
            service.close(case.id, actor=coordinator, outcome=Outcome.RESOLVED, now=self.now)
            self.told[case] = self.told[case].resumed(self.today)

    def correct_receipt(self, case: Case) -> None:
        day = self.today - self.chance.randrange(25) * TOMORROW
        service.correct(
            case.id,
            actor=self._coordinator,
            content=case.content,
            received_on=day,
            field_id=None,
            area_id=None,
            channel_id=None,
            persons=1,
            note="",
            reason=REASON,
            now=self.now,
        )
        self.told[case] = replace(self.told[case], received_on=day)

    def reclassify(self, case: Case) -> None:
        kind = self.chance.choice(list(LIMITS))
        service.reclassify(
            case.id,
            actor=self._coordinator,
            kind=kind,
            confidentiality=Confidentiality.NORMAL,
            field_id=None,
            reason=REASON,
            now=self.now,
        )
        self.told[case] = replace(self.told[case], kind=kind)

    def correct_calendar(self, _case: Case) -> None:
        day = FIRST + self.chance.randrange(90) * TOMORROW
        kind = "rest" if self.worked()(day) else "work"
        calendar.correct(day, kind, "Công văn 1", actor=self._coordinator, now=self.now)

    def undo_calendar(self, _case: Case) -> None:
        rows = db.session.scalars(
            select(CalendarDay).where(CalendarDay.removed_at.is_(None)).order_by(CalendarDay.day)
        ).all()
        if rows:
            row = self.chance.choice(rows)
            calendar.remove_correction(row.id, actor=self._coordinator, now=self.now)

    def worked(self) -> Worked:
        rows = db.session.execute(
            select(CalendarDay.day, CalendarDay.kind).where(CalendarDay.removed_at.is_(None))
        )
        kinds = {**SHIPPED, **{row.day: row.kind for row in rows}}
        return lambda day: kinds[day] == "work" if day in kinds else VIET_NAM.is_working_day(day)

    @property
    def _coordinator(self) -> Viewer:
        return self.office.viewer(Role.COORDINATOR)


# What stops and starts a clock, more often than what ends a case.
STEPS = (
    *("suspend", "resume", "split", "reopen") * 3,
    "extend", "merge", "undo_merge", "close", "work",
    "correct_receipt", "reclassify", "correct_calendar", "undo_calendar",
)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_an_open_case_is_always_due_as_its_story_says(office: Office, seed: int) -> None:
    course = Course(office, Random(seed))
    for _number in range(3):
        course.log()
    done = []
    for _number in range(50):
        done.append(course.step())
        worked = course.worked()
        for case, told in course.told.items():
            db.session.refresh(case)
            if case.state == State.CLOSED:
                continue
            assert case.suspended_on == told.suspended_on, done
            assert case.original_due_on == told.first_due(worked), done
            assert case.due_on == told.due(worked), done
            citizen = account(case, [], course.today).citizen
            assert citizen is not None
            assert citizen.lines[-1].day == case.due_on, done
            # What agencies were asked for isn't due on a day of rest.
            for asked in case.assignments:
                assert asked.ended_on or worked(asked.due_on), done
    assert len(set(done)) > 6
    for case in course.told:
        assert_chain(case)
        assert_versions(case)
