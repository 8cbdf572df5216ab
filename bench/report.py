"""The report of one year by unit, beside the bare SQL aggregate of the same figures."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from bench.databases import Place, filled
from bench.figures import Figure, median_milliseconds, show
from tracker.core import clock
from tracker.core.db import db
from tracker.reports.service import Report, opinion_report
from tracker.rules.workflow import Role
from tracker.units.models import User
from tracker.units.queries import Viewer, viewer

TIMES = 7
MOST = 5.0
MEASURES = (
    "received", "carried_over", "resolved", "explained", "promised", "resolved_late", "outside",
    "pending", "overdue",
)  # fmt: skip
IN_PERIOD = "received_on >= '{first}'"
RESOLVED = f"{IN_PERIOD} AND outcome IN ('resolved', 'explained', 'withdrawn')"
# Written as one would by hand for these figures and no others; it asks for nobody's permission.
BARE = f"""
SELECT lead_unit_id,
  count(*) FILTER (WHERE {IN_PERIOD} AND outcome IS DISTINCT FROM 'duplicate'),
  count(*) FILTER (WHERE received_on < '{{first}}' AND outcome IS DISTINCT FROM 'duplicate'),
  count(*) FILTER (WHERE {RESOLVED}),
  count(*) FILTER (WHERE {IN_PERIOD} AND outcome = 'explained'),
  count(*) FILTER (WHERE {IN_PERIOD} AND outcome = 'promised'),
  count(*) FILTER (WHERE {RESOLVED} AND ended_on > due_on),
  count(*) FILTER (WHERE {IN_PERIOD} AND outcome IN ('guided', 'forwarded', 'refused', 'filed')),
  count(*) FILTER (WHERE {IN_PERIOD} AND ended_on IS NULL),
  count(*) FILTER (WHERE {IN_PERIOD} AND ended_on IS NULL AND outcome IS NULL
                   AND answered_on IS NULL AND suspended_on IS NULL AND due_on < '{{today}}')
FROM {{table}}
WHERE kind = 'opinion' AND received_on <= '{{last}}'
  AND (received_on >= '{{first}}' OR ended_on IS NULL OR ended_on >= '{{first}}')
  AND {{recorded}}
GROUP BY lead_unit_id
"""


def run(database: str, cases: int, explain: bool) -> bool:
    """Prints the ratios on `cases` generated cases; returns whether they are within the target."""
    with filled(database, cases) as place:
        return measure(place, cases, explain)


def measure(place: Place, cases: int, explain: bool) -> bool:
    """The same on a database that is there already."""
    now = clock.now()
    year = clock.local_date(now).year - 1
    middle = clock.end_of_day(date(year, 12, 31))
    with place.app.app_context(), place.app.test_request_context():
        person = _leader(now)
        figures = []
        for name, as_of in (("today's records", None), ("as recorded at the year's end", middle)):
            figures += _compared(name, person, year, as_of, now, explain)
    heading = f"Report of {year} by unit, {cases:,} cases, {place.describe()}, medians of {TIMES}"
    return show(heading, figures)


def _compared(
    name: str, person: Viewer, year: int, as_of: datetime | None, now: datetime, explain: bool
) -> list[Figure]:
    bare = _bare_sql(year, as_of, now)
    report_took, report = median_milliseconds(
        _fresh(lambda: opinion_report(
            person, first=date(year, 1, 1), last=date(year, 12, 31), as_of=as_of, by="unit", now=now
        )), TIMES,
    )  # fmt: skip
    bare_took, rows = median_milliseconds(_fresh(lambda: _all(bare)), TIMES)
    _hold_together(report, rows)
    if explain:
        _explain(bare)
    return [
        Figure(f"report, {name}", report_took, "ms"),
        Figure("bare SQL aggregate of the same", bare_took, "ms"),
        Figure("ratio", report_took / bare_took, "times", MOST),
    ]


def _fresh(measured: Callable[[], Any]) -> Callable[[], Any]:
    """The call with a session of its own, as each request has."""

    def call() -> Any:
        try:
            return measured()
        finally:
            db.session.remove()

    return call


def _bare_sql(year: int, as_of: datetime | None, now: datetime) -> str:
    recorded = "1 = 1"
    if as_of is not None:
        zone = "" if db.engine.dialect.name == "sqlite" else "+00"
        instant = f"'{as_of:%Y-%m-%d %H:%M:%S.%f}{zone}'"
        recorded = f"recorded_from <= {instant} AND recorded_to > {instant}"
    return BARE.format(
        first=date(year, 1, 1),
        last=date(year, 12, 31),
        today=clock.local_date(as_of or now),
        table="case_file" if as_of is None else "case_version",
        recorded=recorded,
    )


def _all(statement: str) -> list[Any]:
    return list(db.session.connection().exec_driver_sql(statement))


def _leader(now: datetime) -> Viewer:
    user_id = db.session.scalars(select(User.id).where(User.login == Role.LEADER.value)).one()
    person = viewer(user_id, clock.local_date(now))
    assert person is not None
    return person


def _hold_together(report: Report, rows: list[Any]) -> None:
    """Raises where the two don't say the same: then neither time means anything."""
    said = {row.key_id: [row.values[name] for name in MEASURES] for row in report.rows}
    counted = {str(UUID(str(key))) if key else "none": list(values) for key, *values in rows}
    if said != counted:
        raise RuntimeError("the report and the bare SQL differ")


def _explain(statement: str) -> None:
    sqlite = db.engine.dialect.name == "sqlite"
    prefix = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN (ANALYZE, BUFFERS)"
    for row in _all(f"{prefix} {statement}"):
        print("   ", row[-1])
