"""The report by unit, as the units were and as they are today."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.factories import Office, make_office, make_unit
from tracker.cases import service, succession
from tracker.cases.models import Case
from tracker.cases.service.handover import change_units
from tracker.cases.succession import NewUnit, Wanted
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.reports.service import Report, opinion_cases, opinion_report
from tracker.rules.workflow import Role, State
from tracker.units.models import Unit
from tracker.units.queries import command_line


@pytest.fixture
def office(session) -> Office:
    return make_office()


def change(office: Office, kind: str, old: list[Unit], codes: list[str], now: datetime) -> None:
    wanted = Wanted(
        kind=kind,
        unit_ids=tuple(unit.id for unit in old),
        happened_on=local_date(now),
        document="Quyết định 12/QĐ-UBND",
        new_units=tuple(NewUnit(code, f"Đơn vị {code}") for code in codes),
    )
    actor = office.viewer(Role.ADMINISTRATOR)
    plan = succession.plan(wanted, actor=actor, today=local_date(now))
    change_units(wanted, seen=plan.token, actor=actor, now=now)


def asked(now: datetime, by: str) -> Report:
    return opinion_report(
        command_line(), first=date(2016, 1, 1), last=local_date(now), by=by, now=now
    )


def received(report: Report) -> dict[str, object]:
    return {row.key: row.values["received"] for row in report.rows}


@pytest.fixture
def later(office: Office, now: datetime) -> datetime:
    """When the agency had closed one case, become P1 with another unit, and P1 become P2."""
    office.case_in(State.CLOSED, now)
    other = make_unit("Phòng Khác", office.committee)
    case = office.case_in(State.VERIFYING, now)
    service.assign(case.id, actor=office.viewer(Role.COORDINATOR), lead_id=other.id, now=now)
    at = now + timedelta(days=1)
    change(office, "merge", [office.agency, other], ["P1"], at)
    p1 = db.session.scalars(select(Unit).where(Unit.code == "P1")).one()
    at += timedelta(days=1)
    change(office, "rename", [p1], ["P2"], at)
    return at + timedelta(days=1)


def test_as_then_each_case_stands_with_who_has_it(office: Office, later: datetime) -> None:
    assert received(asked(later, "unit")) == {office.agency.name: 1, "Đơn vị P2": 1}


def test_as_now_the_successor_has_all_of_it(office: Office, later: datetime) -> None:
    report = asked(later, "unit_now")
    assert received(report) == {"Đơn vị P2": 2}
    assert report.total == asked(later, "unit").total
    assert report.notes == asked(later, "unit").notes


def test_behind_the_figure_are_the_cases_of_all(office: Office, later: datetime) -> None:
    [row] = asked(later, "unit_now").rows
    behind = opinion_cases(
        command_line(),
        measure="received",
        key=row.key_id,
        first=date(2016, 1, 1),
        last=local_date(later),
        by="unit_now",
        now=later,
    )
    assert behind.key == "Đơn vị P2"
    found = db.session.scalars(select(Case.id).where(*behind.conditions)).all()
    assert len(found) == 2


def test_a_unit_that_was_split_stays_and_a_note_says_so(office: Office, now: datetime) -> None:
    office.case_in(State.CLOSED, now)
    at = now + timedelta(days=1)
    change(office, "split", [office.agency], ["A", "B"], at)
    report = asked(at, "unit_now")
    assert received(report) == {office.agency.name: 1}
    assert any("vẫn đứng tên cũ" in note for note in report.notes)
    assert not any("vẫn đứng tên cũ" in note for note in asked(at, "unit").notes)


def test_cases_without_a_unit_are_a_row_too(office: Office, now: datetime) -> None:
    office.log(datetime(2026, 1, 5, 3, tzinfo=UTC))
    assert received(asked(now, "unit_now")) == {"(không ghi)": 1}
