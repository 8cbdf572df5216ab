"""The page of who received how often: each figure opens exactly its meetings."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from tests.cases.conftest import Visitor
from tests.factories import Office, make_office
from tracker.core.db import db
from tracker.reception.models import Event
from tracker.rules.workflow import Role

Visit = Callable[[Role], Visitor]


@pytest.fixture
def held(office: Office, now: datetime) -> Callable[..., None]:
    """`held(day, form, is_delegated, unit)`: a reception that took place."""
    office.committee.paper, office.committee.level = "party", "commune"
    db.session.commit()

    def held(
        day: date, form: str = "periodic", is_delegated: bool = False, state: str = "closed"
    ) -> None:
        event = Event(
            unit_id=office.committee.id,
            kind="reception",
            form=form,
            state=state,
            held_on=day,
            opened_at=now,
            is_delegated=is_delegated,
            chair="Bí thư",
        )
        db.session.add(event)
        db.session.commit()

    return held


def row(page) -> list[str]:
    return [" ".join(cell.text.split()) for cell in page.select("tbody tr td")]


def test_days_of_the_month_and_the_year_with_gaps(
    office: Office, visit: Visit, held: Callable[..., None]
) -> None:
    held(date(2026, 1, 12))
    held(date(2026, 2, 10))
    held(date(2026, 2, 25))
    held(date(2026, 3, 2))
    held(date(2026, 3, 2), form="unscheduled")
    held(date(2026, 2, 26), is_delegated=True)
    held(date(2026, 2, 27), form="regular")
    held(date(2026, 2, 27), state="cancelled")
    leader = visit(Role.LEADER)
    page = leader.get("/events/days?month=2026-03")
    assert row(page) == [
        "1 / 2",
        "còn thiếu 1 ngày",
        "1",
        "0",
        "4 / 6",
        "còn thiếu 2 ngày",
        "1",
        "1",
    ]
    page = leader.get("/events/days?month=2026-02")
    assert row(page) == ["2 / 2", "đủ", "0", "1", "3 / 4", "thiếu 1 ngày", "0", "1"]
    opened = 0
    for link in page.select("tbody td a"):
        listed = leader.get(link["href"])
        assert len(listed.select("tbody tr")) == int(link.text)
        opened += 1
    assert opened == 4


def test_the_year_is_judged_from_the_first_meeting_on_record(
    office: Office, visit: Visit, held: Callable[..., None]
) -> None:
    held(date(2026, 2, 10))
    page = visit(Role.LEADER).get("/events/days?month=2026-03")
    assert row(page)[4:6] == ["1 / 4", "còn thiếu 3 ngày"]
    assert "cả năm tính từ 02/2026" in page.text


def test_without_a_level_nothing_is_claimed(office: Office, event: Event, visit: Visit) -> None:
    page = visit(Role.COORDINATOR).get("/events/days")
    assert page.select("tbody tr") == []
    assert "chưa so được với luật định" in page.text


def test_others_meetings_are_in_no_list(office: Office, event: Event, visit: Visit) -> None:
    stranger = make_office("Huyện ủy Gia Lâm")
    event.unit_id = stranger.committee.id
    event.title = "Buổi của đơn vị khác"
    stranger.committee.level = "commune"
    db.session.commit()
    officer = visit(Role.RECEPTION_OFFICER)
    for address in ("/events", "/events/month?month=2026-03", "/events/list", "/events/days"):
        page = officer.get(address)
        assert "Buổi của đơn vị khác" not in page.text
        assert "Huyện ủy Gia Lâm" not in page.text
    assert officer.status(f"/events/{event.id}") == 404


def test_a_list_says_what_is_wrong_with_its_question(office: Office, visit: Visit) -> None:
    page = visit(Role.LEADER).get("/events/list?first=31/02/2026", status=422)
    assert page.select_one("[name=first][aria-invalid=true]")
