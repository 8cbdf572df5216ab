"""Generated cases are such as the application itself could have written."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import func, select

from bench.load import fill
from tracker.cases.models import (
    FOREVER,
    Answer,
    Assignment,
    Case,
    CaseSearch,
    CaseVersion,
    Counter,
    Entry,
    Submission,
)
from tracker.cases.search import hits, scope, searchable
from tracker.cases.story import FIRST_DIGEST, reportable, sealed
from tracker.core.db import db
from tracker.rules.workflow import ACTIONS
from tracker.units.queries import command_line

TODAY = date(2021, 3, 10)
COUNT = 400


@pytest.fixture
def filled(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        fill(COUNT, TODAY)
        yield app


def test_the_story_of_each_case_leads_to_where_it_stands(filled: Flask) -> None:
    cases = db.session.scalars(select(Case)).all()
    assert len(cases) == COUNT
    for case in cases:
        previous, state = FIRST_DIGEST, None
        for entry in case.entries:
            said = {
                column.name: getattr(entry, column.name)
                for column in Entry.__table__.columns
                if column.name not in ("id", "digest")
            }
            assert entry.digest == sealed(previous, said)["digest"]
            assert entry.from_state == state
            assert entry.action == "receive" or state in ACTIONS[entry.action].sources
            previous, state = entry.digest, entry.to_state
        assert state == case.state
        assert case.entries[-1].recorded_at.date() <= TODAY


def test_the_last_version_says_what_the_case_says(filled: Flask) -> None:
    versions = {
        version.case_id: version
        for version in db.session.scalars(
            select(CaseVersion).where(CaseVersion.recorded_to == FOREVER)
        )
    }
    for case in db.session.scalars(select(Case)):
        assert reportable(case) == reportable(versions[case.id])


def test_nothing_hangs_in_the_air(filled: Flask) -> None:
    for table in (CaseVersion, Entry, Submission, Assignment, Answer):
        owners = select(table.case_id).where(table.case_id.not_in(select(Case.id)))
        assert db.session.scalars(owners).all() == []
        assert db.session.scalar(select(func.count()).select_from(table)) > COUNT / 2


def test_whoever_has_to_do_with_a_case_is_among_its_words(filled: Flask) -> None:
    for case, words in db.session.execute(
        select(Case, CaseSearch).join(CaseSearch, CaseSearch.case_id == Case.id)
    ):
        desks = [each.unit_id for each in case.assignments if each.ended_on is None]
        known = scope(case.serial, case.unit_id, case.lead_unit_id, case.logged_by_id, *desks)
        assert set(known.split()) <= set(words.scope.split())


def test_cases_are_found_by_their_words_and_new_ones_get_new_numbers(filled: Flask) -> None:
    found = db.session.scalars(select(Case).where(hits(command_line(), "ngap ung").condition)).all()
    assert found
    assert all("ngap ung" in searchable(case.code, case.content) for case in found)
    serial = select(Counter.value).where(Counter.name == "serial")
    assert db.session.scalar(serial) == COUNT
