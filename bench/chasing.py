"""A day's chasing as `tracker worker --once` does it, in a process of its own."""

import os
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import text

from bench.databases import Place, filled
from bench.figures import Figure, show
from tracker.cases import clocks
from tracker.chasing.subjects import OF_CASES, running
from tracker.core import clock
from tracker.core.db import db
from tracker.settings import PROJECT

MOST_SECONDS, MOST_MEGABYTES = 30.0, 300.0


def run(database: str, cases: int, explain: bool) -> bool:
    """Prints the figures on `cases` generated cases; returns whether they are within the target."""
    with filled(database, cases) as place:
        return measure(place, cases, explain)


def measure(place: Place, cases: int, explain: bool) -> bool:
    """The same on a database that is there already: two days, one after the other."""
    with place.app.app_context():
        before, today = _last_working_days()
        db.session.remove()
    # Nobody was reminded of anything yet: the first day isn't like the others.
    figures = [*_day("the first day", place, before), *_day("the next day", place, today)]
    if explain:
        with place.app.app_context():
            _explain()
    return show(f"Chasing over {cases:,} cases, {place.describe()}", figures)


def _last_working_days() -> tuple[date, date]:
    calendar = clocks.calendar()
    today = clock.local_date(clock.now())
    while not calendar.is_working(today):
        today -= timedelta(days=1)
    return calendar.working_days_before(today, 1), today


def _day(name: str, place: Place, day: date) -> list[Figure]:
    command = [str(Path(sys.executable).with_name("tracker")), "worker", "--once", str(day)]
    began = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=PROJECT, env=place.environment, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    said = process.stdout.read().strip()
    _id, status, used = os.wait4(process.pid, 0)
    spent = time.perf_counter() - began
    if status:
        raise RuntimeError(f"{name}: the worker failed")
    print(f"{name}, {day}: {said}", flush=True)
    return [
        Figure(f"{name}: time", spent, "s", MOST_SECONDS),
        Figure(f"{name}: most memory", used.ru_maxrss / 1024, "MB", MOST_MEGABYTES),
    ]


def _explain() -> None:
    """What each clock's first question reads."""
    prefix = "EXPLAIN QUERY PLAN" if db.engine.dialect.name == "sqlite" else "EXPLAIN (ANALYZE)"
    for name in OF_CASES:
        bare = running(name).compile(db.engine, compile_kwargs={"literal_binds": True})
        print(name, flush=True)
        for row in db.session.execute(text(f"{prefix} {bare}".replace(":", r"\:"))):
            print("   ", row[-1])
