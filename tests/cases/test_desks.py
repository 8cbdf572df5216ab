"""What waits for each role: which cases are in which list, in which order, beside which page."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from bs4 import BeautifulSoup

from tests.cases.conftest import Visitor
from tests.factories import Office, make_office
from tracker.cases import desks, service
from tracker.cases.models import Assignment
from tracker.core.db import db, transaction
from tracker.rules.workflow import Kind, Role, State

Visit = Callable[[Role], Visitor]


def codes(page: BeautifulSoup) -> list[str]:
    """The codes in the list, in its order."""
    return [cell.text for cell in page.select("table.cases tbody th")]


def labels(page: BeautifulSoup) -> list[str]:
    """The names of the lists that home shows."""
    return [each.select("span")[1].text for each in page.select(".counts a")]


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.RECEPTION_OFFICER, ["Tôi ghi nhận"]),
        (
            Role.AGENCY_WORKER,
            ["Mới giao cho đơn vị", "Đơn vị đang làm", "Đơn vị sắp đến hạn", "Đơn vị quá hạn"],
        ),
        (
            Role.LEADER,
            [
                "Mới tiếp nhận", "Bị trả lại", "Chờ giao", "Chờ kiểm tra kết quả",
                "Chờ ý kiến lãnh đạo", "Sắp đến hạn", "Quá hạn",
            ],
        ),
    ],
)  # fmt: skip
def test_each_role_has_its_lists_on_home_and_on_the_left(
    office: Office, now: datetime, visit: Visit, role: Role, expected: list[str]
) -> None:
    office.case_in(State.ASSIGNED, now, actor=office.viewer(Role.RECEPTION_OFFICER))
    visitor = visit(role)
    home = visitor.get("/")
    assert labels(home) == expected
    beside = home.select("nav.side .desks a")
    assert [" ".join(each.text.split()[:-1]) for each in beside] == expected
    for each in beside:
        page = visitor.get(str(each["href"]))
        assert len(codes(page)) == int(each.text.split()[-1])
        # The list doesn't wait for the counts: they come to it.
        lists = page.select_one("nav.side .desks")
        assert lists is not None
        assert [link.get_text(strip=True) for link in lists.select("a")] == expected
        counted = visitor.get(str(lists["hx-get"]))
        assert [link["href"] for link in counted.select("[aria-current]")] == [each["href"]]
        assert [link.text for link in counted.select(".desks a")] == [link.text for link in beside]


def test_what_an_agency_returned_waits_for_the_coordinator(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.case_in(State.ASSIGNED, now)
    plain = office.case_in(State.VERIFYING, now)
    service.send_back(
        case.id, actor=office.viewer(Role.AGENCY_WORKER), reason="Không thuộc", now=now
    )
    visitor = visit(Role.COORDINATOR)
    assert codes(visitor.get("/cases?list=returned")) == [case.code]
    assert codes(visitor.get("/cases?list=to_assign")) == [plain.code]


def test_an_agency_sees_what_is_new_and_what_it_has_taken_on(
    office: Office, now: datetime, visit: Visit
) -> None:
    new, taken = (office.case_in(State.ASSIGNED, now) for _ in range(2))
    office.case_in(State.ANSWERED, now)
    with transaction():
        held = db.session.query(Assignment).filter_by(case_id=taken.id).one()
        held.accepted_on = held.assigned_on
    visitor = visit(Role.AGENCY_HEAD)
    assert codes(visitor.get("/cases?list=assigned_to_us")) == [new.code]
    assert codes(visitor.get("/cases?list=in_hand")) == [taken.code]


def test_silence_takes_a_case_on(office: Office, now: datetime, visit: Visit) -> None:
    case = office.case_in(State.ASSIGNED, now - timedelta(days=5))
    new = office.case_in(State.ASSIGNED, now - timedelta(days=4))
    # Wednesday has until Friday, Thursday until Monday.
    assert [case.assigned_on, new.assigned_on] == [date(2026, 2, 25), date(2026, 2, 26)]
    visitor = visit(Role.AGENCY_WORKER)
    assert codes(visitor.get("/cases?list=assigned_to_us")) == [new.code]
    assert codes(visitor.get("/cases?list=in_hand")) == [case.code]


def test_an_agency_s_lists_go_by_its_own_date(office: Office, now: datetime, visit: Visit) -> None:
    citizens, own = (
        office.case_in(State.ASSIGNED, now, received_on=date(2025, 6, 2)) for _ in range(2)
    )
    with transaction():
        held = db.session.query(Assignment).filter_by(case_id=own.id).one()
        held.assigned_on, held.due_on = date(2026, 2, 2), date(2026, 2, 27)
    visitor = visit(Role.AGENCY_WORKER)
    page = visitor.get("/cases?list=in_hand_overdue")
    assert codes(page) == [own.code]
    assert "27/02/2026" in page.text
    # By the citizens' dates the two stand the other way round, or are alike.
    for order in ("order=due", "order=newest"):
        page = visitor.get(f"/cases?{order}")
        assert set(codes(page)) == {own.code, citizens.code}
        assert "27/02/2026" in page.text
    assert codes(visitor.get("/cases?order=due")) == [own.code, citizens.code]
    assert codes(visit(Role.COORDINATOR).get("/cases?list=overdue")) == [citizens.code, own.code]


def test_what_an_agency_asks_for_goes_by_its_own_date(
    office: Office, now: datetime, visit: Visit
) -> None:
    """Each of the two is overdue to one of them alone, wherever the list was asked for."""
    citizens = office.case_in(State.VERIFYING, now, received_on=date(2025, 6, 2))
    own = office.case_in(State.VERIFYING, now - timedelta(days=4))
    actor = office.viewer(Role.COORDINATOR)
    service.assign(citizens.id, actor=actor, lead_id=office.agency.id, now=now)
    service.assign(
        own.id,
        actor=actor,
        lead_id=office.agency.id,
        due_on=date(2026, 2, 27),
        reason="Gấp",
        now=now - timedelta(days=4),
    )
    agency = visit(Role.AGENCY_WORKER)
    for question in ("due=overdue", "due=overdue&q=den", "due=overdue&list=assigned_to_us"):
        assert codes(agency.get(f"/cases?{question}")) == [own.code], question
    found = agency.get("/cases?q=den")
    shown = [each.text.split()[0] for each in found.select("td[data-label=Hạn]")]
    assert shown == ["27/02/2026", "30/03/2026"]
    coordinator = visit(Role.COORDINATOR)
    assert codes(coordinator.get("/cases?due=overdue")) == [citizens.code]


def test_whoever_logged_a_case_finds_it_again(office: Office, now: datetime, visit: Visit) -> None:
    mine = office.log(now, actor=office.viewer(Role.RECEPTION_OFFICER))
    office.log(now)
    assert codes(visit(Role.RECEPTION_OFFICER).get("/cases?list=mine")) == [mine.code]


def test_a_colleagues_address_is_asked_within_ones_own_sight(
    office: Office, now: datetime, visit: Visit
) -> None:
    """ "Send the link and the colleague sees the same question", of his own cases."""
    case = office.case_in(State.ASSIGNED, now)
    office.log(now, kind=Kind.DENUNCIATION)
    agency, coordinator = office.viewer(Role.AGENCY_WORKER), office.viewer(Role.COORDINATOR)
    service.send_back(case.id, actor=agency, reason="Không thuộc", now=now)
    service.verify(office.log(now).id, actor=coordinator, now=now)
    assert codes(visit(Role.RECEPTION_OFFICER).get("/cases?list=returned")) == [case.code]
    assert codes(visit(Role.AUDITOR).get("/cases?list=new")) == []
    assert codes(visit(Role.AGENCY_HEAD).get("/cases?list=returned")) == []
    assert codes(visit(Role.RECEPTION_OFFICER).get("/cases?list=in_hand")) == []
    assert codes(visit(Role.COORDINATOR).get("/cases?list=nowhere", status=400)) == []


def test_oldest_stand_first_and_overdue_by_their_date(
    office: Office, now: datetime, visit: Visit
) -> None:
    days = [date(2025, 6, 2), date(2025, 1, 6), date(2025, 9, 8)]
    found = {day: office.log(now, received_on=day) for day in days}
    with transaction():
        late = db.session.merge(found[days[1]])
        late.due_on = date(2025, 12, 1)
    visitor = visit(Role.COORDINATOR)
    oldest = [found[day].code for day in sorted(days)]
    assert codes(visitor.get("/cases?list=new")) == oldest
    assert codes(visitor.get("/cases?list=new&order=newest")) == oldest[::-1]
    assert codes(visitor.get("/cases?list=overdue")) == [
        each.code for each in sorted(found.values(), key=lambda case: case.due_on or date.max)
    ]


def test_only_what_waits_is_soon_due_or_overdue(
    office: Office, now: datetime, visit: Visit
) -> None:
    coordinator = office.viewer(Role.COORDINATOR)
    old, near = date(2025, 6, 2), date(2026, 1, 29)
    waiting = [office.case_in(State.ASSIGNED, now, received_on=day) for day in (old, near)]
    for day in (old, near):
        office.case_in(State.ANSWERED, now, received_on=day)
        suspended = office.case_in(State.VERIFYING, now, received_on=day)
        service.suspend(suspended.id, actor=coordinator, reason="Chờ giám định", now=now)
    visitor = visit(Role.COORDINATOR)
    for name, case in zip(("overdue", "soon"), waiting, strict=True):
        assert codes(visitor.get(f"/cases?list={name}")) == [case.code]
        assert codes(visitor.get(f"/cases?due={name}")) == [case.code]


def test_due_first_goes_on_with_what_has_no_date_and_with_what_is_done(
    office: Office, now: datetime, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.cases.listing.PAGE_SIZE", 2)
    closed = office.case_in(State.CLOSED, now)
    undated, later, sooner = (
        office.log(now - timedelta(minutes=3), received_on=day)
        for day in (date(2026, 2, 2), date(2026, 2, 3), date(2026, 2, 2))
    )
    with transaction():
        db.session.merge(undated).due_on = None
    expected = [sooner.code, later.code, undated.code, closed.code]
    visitor = visit(Role.COORDINATOR)
    first = visitor.get("/cases?order=due")
    link = first.select_one("a[rel=next]")
    assert link is not None
    second = visitor.get(str(link["href"]))
    assert codes(first) + codes(second) == expected
    back = second.select_one("a[rel=prev]")
    assert back is not None
    assert codes(visitor.get(str(back["href"]))) == expected[:2]


def test_counts_stop_at_a_limit_and_say_so(
    office: Office, now: datetime, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desks, "COUNTED_UP_TO", 1)
    for _ in range(2):
        office.log(now)
    count = visit(Role.COORDINATOR).get("/").select_one(".counts .count")
    assert count is not None
    assert count.text == "hơn 1"


def test_counts_keep_to_what_one_may_see(office: Office, now: datetime, visit: Visit) -> None:
    make_office("Huyện ủy Gia Lâm").log(now)
    office.log(now)
    count = visit(Role.COORDINATOR).get("/").select_one(".counts .count")
    assert count is not None
    assert count.text == "1"


def test_an_administrator_is_shown_the_next_step(visit: Visit) -> None:
    page = visit(Role.ADMINISTRATOR).get("/")
    step = page.select_one("main .btn-primary")
    assert step is not None
    assert step["href"] not in ("/", "/cases")
