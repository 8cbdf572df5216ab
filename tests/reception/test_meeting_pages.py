"""The pages of meetings: today's, a month's, one, a series; planned and put right there."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event as events
from sqlalchemy.orm import scoped_session

from tests.cases.conftest import Visitor
from tests.factories import Office
from tracker.cases.service import calendar
from tracker.core.db import db, new_id
from tracker.reception import service
from tracker.reception.models import Event, EventSeries
from tracker.reception.service import Entered, Particulars, Pattern
from tracker.rules.meetings import Sort
from tracker.rules.workflow import Kind, Role

Visit = Callable[[Role], Visitor]
MOST_QUERIES = 8


@pytest.fixture
def statements(session: scoped_session[Any]) -> Iterator[list[str]]:
    """The SQL statements sent; BEGIN isn't one."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    events.listen(db.engine, "before_cursor_execute", note)
    yield sent
    events.remove(db.engine, "before_cursor_execute", note)


def fields(office: Office, **given: str) -> dict[str, str]:
    return {
        "made_id": str(new_id()),
        "unit_id": str(office.committee.id),
        "sort": "reception-periodic",
        "held_on": "02/03/2026",
        "chair": "Bí thư Quận ủy",
        "place": "Trụ sở tiếp công dân",
    } | given


def test_planned_begun_and_ended_on_the_pages(office: Office, visit: Visit) -> None:
    officer = visit(Role.RECEPTION_OFFICER)
    sent = fields(office, starts_at="08:30")
    for _click in range(2):
        page = officer.post("/events/new", **sent)
    [event] = db.session.query(Event)
    assert "Đã lên lịch" in page.text
    assert "Bí thư Quận ủy" in officer.get("/events").text
    page = officer.post(f"/events/{event.id}/begin", version="1")
    assert "Đang diễn ra" in page.text
    assert page.select_one(f"a[href='/events/{event.id}/entry']")
    page = officer.post(f"/events/{event.id}/close", version="2", attendance="30")
    assert "Đã kết thúc" in page.text
    page = officer.post(f"/events/{event.id}/reopen", version="3", status=422, reason=" ")
    assert page.select_one("#reopen[open] [aria-invalid=true]")
    page = officer.post(f"/events/{event.id}/reopen", version="3", reason="Ghi thiếu một lượt")
    assert "Ghi thiếu một lượt" in page.select_one(".story").text


def test_a_planned_day_that_becomes_a_day_of_rest_says_so_and_why(
    office: Office, visit: Visit, now: datetime
) -> None:
    officer = visit(Role.RECEPTION_OFFICER)
    officer.post("/events/new", **fields(office, held_on="05/03/2026"))
    [event] = db.session.query(Event)
    places = (f"/events/{event.id}", "/events", "/events/list")
    assert not any("ngày nghỉ" in officer.get(place).text for place in places)
    calendar.correct(
        event.held_on,
        "rest",
        "Công văn 100/VPCP ngày 2/3/2026",
        actor=office.viewer(Role.COORDINATOR),
        now=now,
    )
    for place in places:
        assert "ngày nghỉ: Công văn 100/VPCP ngày 2/3/2026" in officer.get(place).main.text
    officer.post(f"/events/{event.id}/move", version="1", held_on="06/03/2026", reason="Ngày nghỉ")
    assert "ngày nghỉ:" not in officer.get(f"/events/{event.id}").main.text


def test_one_click_begins_as_last_time(office: Office, event: Event, visit: Visit) -> None:
    event.held_on -= timedelta(days=7)
    event.state, event.closed_at = "closed", event.opened_at
    db.session.commit()
    officer = visit(Role.RECEPTION_OFFICER)
    form = officer.get("/events").select_one(f"form[action='/events/{event.id}/again']")
    sent = {each["name"]: each.get("value", "") for each in form.select("input")}
    for _click in range(2):
        page = officer.post(form["action"], **sent)
    assert "Trụ sở tiếp công dân" in page.text
    assert db.session.query(Event).count() == 2


def test_what_was_typed_stays_where_planning_is_refused(office: Office, visit: Visit) -> None:
    officer = visit(Role.RECEPTION_OFFICER)
    page = officer.post("/events/new", status=422, **fields(office, held_on="01/03/2026"))
    assert page.select_one("[name=held_on][aria-invalid=true]")["value"] == "01/03/2026"
    assert page.select_one("[name=chair]")["value"] == "Bí thư Quận ủy"
    page = officer.post("/events/new", begin="1", **fields(office, held_on="01/03/2026"))
    assert "Đang diễn ra" in page.text


def test_a_series_is_planned_changed_and_ended(office: Office, visit: Visit) -> None:
    officer = visit(Role.RECEPTION_OFFICER)
    sent = fields(office, month_days="10, 25", starts_on="02/03/2026")
    page = officer.post("/events/series/new", status=422, **sent | {"week_days": "1"})
    assert page.select_one("[name=month_days][aria-invalid=true]")
    page = officer.post("/events/series/new", **sent)
    assert "Ngày 10, 25 hằng tháng" in page.text
    assert "dời từ 10/05/2026: Chủ nhật" in page.text
    [series] = db.session.query(EventSeries)
    changed = sent | {"made_id": str(new_id()), "month_days": "", "week_days": "2"}
    changed["starts_on"] = "01/04/2026"
    page = officer.post(f"/events/series/{series.id}/change", **changed)
    assert "Thứ Ba hằng tuần" in page.text
    page = officer.post(f"/events/series/{changed['made_id']}/end", ends_from="01/05/2026")
    assert "đến hết 30/04/2026" in page.text
    calendar = visit(Role.LEADER).get("/events/month?month=2026-04")
    assert calendar.select("table td a")
    assert not calendar.select("main .btn-primary")


def test_a_meeting_shows_what_it_brought(
    office: Office, event: Event, visit: Visit, now: datetime
) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    first = Entered(id=new_id(), kind=Kind.RECOMMENDATION, content="Cống tắc", persons=7)
    case = service.enter(event.id, first, actor=officer, now=now)
    service.enter(event.id, Entered(id=new_id(), joins=case.id), actor=officer, now=now)
    page = visit(Role.RECEPTION_OFFICER).get(f"/events/{event.id}")
    figures = [cell.text for cell in page.select("tfoot td")]
    assert figures == ["2", "8", "1", "1"]


def test_who_only_reads_gets_no_buttons(office: Office, event: Event, visit: Visit) -> None:
    for role in (Role.LEADER, Role.AUDITOR):
        page = visit(role).get(f"/events/{event.id}")
        assert page.select("main form") == []
        assert visit(role).send(f"/events/{event.id}/close") == 403
    assert visit(Role.AGENCY_WORKER).status("/events") == 403


@pytest.mark.parametrize(
    "address",
    ["/events", "/events/month?month=2026-03", "/events/{id}", "/events/series", "/events/days"],
)
def test_pages_ask_little(
    office: Office,
    event: Event,
    visit: Visit,
    now: datetime,
    statements: list[str],
    address: str,
) -> None:
    actor = office.viewer(Role.RECEPTION_OFFICER)
    for days in ((1, 2), (3, 4, 5)):
        service.plan_series(
            new_id(),
            actor=actor,
            unit_id=office.committee.id,
            sort=Sort("dialogue"),
            pattern=Pattern(every="week", days=days, starts_on=office.on),
            particulars=Particulars(chair="Chủ tịch"),
            now=now,
        )
    officer = visit(Role.RECEPTION_OFFICER)
    statements.clear()
    officer.get(address.format(id=event.id))
    assert len(statements) <= MOST_QUERIES
