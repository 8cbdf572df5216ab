"""The SQL of each measure and its pure predicate, held together on generated histories."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlalchemy.orm import scoped_session

from tests.reports.office import Office, Standing, make_office
from tracker.cases.models import Case, CaseVersion
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.reports import service
from tracker.reports.breakdowns import BREAKDOWNS
from tracker.reports.queries import CONCERNED
from tracker.rules.counting import MEASURES, Question, holds
from tracker.rules.workflow import Kind, Outcome
from tracker.units.queries import command_line

EARLIEST, LATEST = date(2019, 11, 1), date(2021, 2, 28)
NOW = datetime(2021, 6, 1, 2, 0, tzinfo=UTC)
DAYS = st.dates(EARLIEST, LATEST)
# Few instants, so that questions fall before, on and between recordings.
INSTANTS = st.integers(0, 24).map(lambda hours: NOW - timedelta(days=30 * hours))
LATER = st.integers(0, 200).map(timedelta)


@pytest.fixture
def office(session: scoped_session[Any]) -> Office:
    return make_office()


def chosen(table: dict[str, Any]) -> st.SearchStrategy[Any]:
    return st.sampled_from([None, *(row.id for row in table.values())])


@st.composite
def histories(draw: st.DrawFn, office: Office) -> list[Standing]:
    """What was recorded of one case, one word after the other."""
    received_on = draw(DAYS)
    history = []
    for recorded_at in sorted(draw(st.sets(INSTANTS, min_size=1, max_size=3))):
        outcome = draw(st.sampled_from([None, None, *Outcome]))
        answered_on = received_on + draw(LATER)
        history.append(
            Standing(
                # The register's date may be corrected later.
                received_on=received_on if draw(st.booleans()) else draw(DAYS),
                recorded_at=recorded_at,
                due_on=draw(st.none() | LATER.map(lambda days: received_on + days)),
                outcome=outcome,
                kind=draw(st.sampled_from([Kind.OPINION, Kind.OPINION, Kind.COMPLAINT])),
                lead_unit_id=draw(chosen(office.units)),
                area_id=draw(chosen(office.areas)),
                field_id=draw(chosen(office.fields)),
                channel_id=draw(chosen(office.channels)),
            )
        )
        if outcome is None:
            history[-1] = replace(
                history[-1],
                answered_on=max(answered_on, history[-1].received_on)
                if draw(st.booleans())
                else None,
                suspended_on=draw(st.none() | DAYS),
            )
        else:
            history[-1] = _closed(history[-1], answered_on, draw(LATER), draw(st.booleans()))
    return history


def _closed(standing: Standing, answered_on: date, later: timedelta, is_answered: bool) -> Standing:
    answered_on = max(answered_on, standing.received_on)
    return replace(
        standing,
        answered_on=answered_on if is_answered else None,
        closed_on=answered_on + later,
    )


def recorded_at(told: list[list[Standing]], instant: datetime) -> list[Standing]:
    """What the system would have shown of opinion cases at `instant`."""
    standings = []
    for history in told:
        so_far = [each for each in history if each.recorded_at <= instant]
        if so_far and so_far[-1].kind == Kind.OPINION:
            standings.append(so_far[-1])
    return standings


@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_figures_and_lists_are_those_of_the_pure_rules(data: st.DataObject, office: Office) -> None:
    # All is drawn before anything is put: a draw that is broken off must leave nothing behind.
    drawn = data.draw(st.lists(histories(office), max_size=8))
    first, last = sorted((data.draw(DAYS), data.draw(DAYS)))
    as_of = data.draw(st.none() | INSTANTS)
    told = [office.put(each) for each in drawn]
    standings = recorded_at(told, as_of or NOW)
    question = Question(first, last, local_date(as_of or NOW))
    asked = {"first": first, "last": last, "as_of": as_of, "now": NOW}
    expected = {
        name: {each.code for each in standings if holds(measure.condition, each, question)}
        for name, measure in MEASURES.items()
    }
    try:
        for by in (None, *BREAKDOWNS):
            report = service.opinion_report(command_line(), **asked, by=by)
            for name, codes in expected.items():
                assert report.total[name] == len(codes)
                assert listed(name, **asked) == codes
                if by:
                    lists = [listed(name, key=row.key_id, by=by, **asked) for row in report.rows]
                    assert [len(each) for each in lists] == [
                        row.values[name] for row in report.rows
                    ]
                    assert set().union(*lists) == codes
                    assert sum(map(len, lists)) == len(codes)
    finally:
        db.session.rollback()
        db.session.execute(delete(CaseVersion))
        db.session.execute(delete(Case))
        db.session.commit()


def listed(measure: str, **asked: Any) -> set[str]:
    """The codes of the cases that the figure's link shows."""
    behind = service.opinion_cases(command_line(), measure=measure, **asked)
    codes = db.session.scalars(select(behind.table.code).where(*behind.conditions)).all()
    assert len(codes) == len(set(codes))
    return set(codes)


@pytest.mark.pure
@given(
    received_on=DAYS,
    due_on=st.none() | DAYS,
    outcome=st.none() | st.sampled_from(Outcome),
    days=st.integers(0, 400),
    period=st.tuples(DAYS, DAYS).map(sorted),
)
def test_no_measure_counts_a_case_that_the_query_passes_over(
    received_on: date, due_on: date | None, outcome: Outcome | None, days: int, period: list[date]
) -> None:
    closed_on = received_on + timedelta(days) if outcome else None
    standing = Standing(received_on, due_on=due_on, outcome=outcome, closed_on=closed_on)
    question = Question(*period, as_of=LATEST)
    if any(holds(measure.condition, standing, question) for measure in MEASURES.values()):
        assert holds(CONCERNED, standing, question)
