"""The clocks on a case's page: the citizen's, each agency's, the stages, and what moved them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup

from tests.cases.conftest import Visitor
from tests.factories import Office
from tracker.cases import service
from tracker.cases.models import Case
from tracker.cases.service import calendar
from tracker.rules.workflow import Kind, Role, State

Visit = Callable[[Role], Visitor]

REASON = "Chờ kết luận giám định"


def later(days: int, now: Any) -> Any:
    return now + timedelta(days=days)


def words(page: BeautifulSoup, selector: str) -> str:
    found = page.select_one(selector)
    assert found is not None
    return " ".join(found.text.split())


def ledger(page: BeautifulSoup) -> list[list[str]]:
    return [
        [cell.text for cell in row.select("th, td")] for row in page.select(".due-account tbody tr")
    ]


def milestones(page: BeautifulSoup) -> dict[str, list[str]]:
    """Of each stage: its source, when it is due, when it was done, how it stands."""
    table = next(
        each for each in page.select("table") if "Mốc thời hạn" in (each.caption or each).text
    )
    return {
        next(row.th.strings): [" ".join(each.text.split()) for each in row.select("td, small")]
        for row in table.select("tbody tr")
        if row.th
    }


def paused(office: Office, now: Any, case: Case) -> None:
    """Suspended on 10 March, taken up again on the 20th."""
    actor = office.viewer(Role.COORDINATOR)
    service.suspend(case.id, actor=actor, reason=REASON, now=later(8, now))
    service.resume(case.id, actor=actor, reason="Đã có kết luận", now=later(18, now))


def test_the_ledger_shows_the_pause_and_ends_on_the_due_date(
    office: Office, now: Any, visit: Visit
) -> None:
    case = office.log(now)
    paused(office, now, case)
    with time_machine.travel(later(18, now)):
        page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    rows = {row[0]: row[1:] for row in ledger(page)}
    assert rows["10/03/2026"] == ["6", ""]
    for day in range(11, 21):
        assert rows[f"{day}/03/2026"] == ["–", "Tạm đình chỉ"]
    assert rows["23/03/2026"] == ["7", ""]
    assert ledger(page)[-1][:2] == ["09/04/2026", "20"]
    assert case.due_on == date(2026, 4, 9)
    text = words(page, ".due-account")
    name = office.user(Role.COORDINATOR).name
    assert f"Tạm đình chỉ ngày 10/03/2026 bởi {name} – {REASON}" in text
    assert "30/03/2026 → 09/04/2026" in text
    assert "Hạn ban đầu: 30/03/2026." in text
    assert "theo sổ" not in text


def test_extension_and_correction_say_who_moved_the_date(
    office: Office, now: Any, visit: Visit
) -> None:
    case = office.log(now)
    coordinator = office.viewer(Role.COORDINATOR)
    administrator = office.viewer(Role.ADMINISTRATOR)
    day = date(2026, 3, 18)
    calendar.correct(day, "rest", "1234/VPCP", actor=administrator, now=later(1, now))
    service.extend(
        case.id, actor=coordinator, due_on=date(2026, 4, 15), reason=REASON, now=later(2, now)
    )
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    text = words(page, ".due-account")
    assert (
        f"Tính lại hạn ngày 03/03/2026 bởi {administrator.name}: 30/03/2026 → 31/03/2026"
        " – Điều chỉnh lịch: 18/03/2026 là ngày nghỉ theo 1234/VPCP" in text
    )
    assert f"Gia hạn ngày 04/03/2026 bởi {coordinator.name}: 31/03/2026 → 15/04/2026" in text
    assert ["18/03/2026", "–", "1234/VPCP"] in ledger(page)
    rows = ledger(page)
    assert ["31/03/2026", "20", ""] in rows
    assert ["01/04/2026", "–", "Thời gian được gia hạn"] in rows
    assert rows[-1][0] == "15/04/2026"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (Kind.OPINION, {"Phân loại, xử lý": "16/03/2026", "Trả lời": "30/03/2026"}),
        (
            Kind.COMPLAINT,
            {
                "Phân loại, xử lý": "16/03/2026",
                "Thụ lý hoặc không thụ lý": "12/03/2026",
                "Giải quyết lần đầu": "01/04/2026",
            },
        ),
        (
            Kind.DENUNCIATION,
            {
                "Phân loại, xử lý": "16/03/2026",
                "Thụ lý hoặc không thụ lý": "11/03/2026",
                "Kết luận nội dung tố cáo": "01/04/2026",
            },
        ),
    ],
)
def test_each_kind_has_the_stages_of_its_law(
    office: Office, now: Any, visit: Visit, kind: Kind, expected: dict[str, str]
) -> None:
    case = office.log(now, kind=kind)
    found = milestones(visit(Role.COORDINATOR).get(f"/cases/{case.id}"))
    assert {label: cells[1] for label, cells in found.items()} == expected
    assert all(cells[0] and cells[2] == "–" for cells in found.values())


def test_a_stage_is_done_in_time_or_late(office: Office, now: Any, visit: Visit) -> None:
    case = office.log(now, kind=Kind.COMPLAINT)
    actor = office.viewer(Role.COORDINATOR)
    service.assign(case.id, actor=actor, lead_id=office.agency.id, now=later(11, now))
    service.admit(case.id, actor=actor, accepted_on=date(2026, 3, 13), now=later(11, now))
    found = milestones(visit(Role.COORDINATOR).get(f"/cases/{case.id}"))
    assert found["Phân loại, xử lý"][2:] == ["13/03/2026", "đúng hạn"]
    assert found["Thụ lý hoặc không thụ lý"][2:] == ["13/03/2026", "trễ hạn 1 ngày làm việc"]
    assert found["Giải quyết lần đầu"][2] == "–"


def test_a_denunciation_of_before_2019_stands_under_its_own_law(
    office: Office, now: Any, visit: Visit
) -> None:
    case = office.log(now, kind=Kind.DENUNCIATION, received_on=date(2018, 12, 3))
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    found = milestones(page)
    assert found["Kết luận nội dung tố cáo"][0] == "Luật Tố cáo 2011, Điều 21"
    assert found["Thụ lý hoặc không thụ lý"][1] == "13/12/2018"
    assert "60 ngày kể từ" in words(page, ".due-account")
    assert "Được gia hạn đến 90 ngày" in words(page, ".due-account")


def test_the_agency_s_clock_begins_with_its_assignment(
    office: Office, now: Any, visit: Visit
) -> None:
    case = office.log(now)
    actor = office.viewer(Role.COORDINATOR)
    service.assign(case.id, actor=actor, lead_id=office.agency.id, now=later(7, now))
    for days, said in (
        (7, "nhận hoặc trả lại trước hết ngày 11/03/2026"),
        (10, "coi như đã nhận từ 11/03/2026"),
    ):
        with time_machine.travel(later(days, now)):
            page = visit(Role.AGENCY_WORKER).get(f"/cases/{case.id}")
        asked = page.select("section[aria-labelledby=asked] li")[0]
        assert said in " ".join(asked.text.split())
        lines = [[cell.text for cell in row.select("th, td")] for row in asked.select("tbody tr")]
        assert lines[0][:2] == ["10/03/2026", "1"]
        assert lines[-1][:2] == ["30/03/2026", "15"]
    service.accept(case.id, actor=office.viewer(Role.AGENCY_WORKER), now=later(9, now))
    page = visit(Role.AGENCY_WORKER).get(f"/cases/{case.id}")
    assert "nhận 11/03/2026" in words(page, "section[aria-labelledby=asked]")
    # The citizen's clock hasn't begun anew.
    assert ledger(page)[0][:2] == ["03/03/2026", "1"]
    assert ledger(page)[-1][:2] == ["30/03/2026", "20"]


def test_a_unit_s_own_date_stands_beside_the_citizen_s(
    office: Office, now: Any, visit: Visit
) -> None:
    case = office.case_in(State.VERIFYING, now)
    actor = office.viewer(Role.COORDINATOR)
    service.assign(
        case.id,
        actor=actor,
        lead_id=office.agency.id,
        due_on=date(2026, 3, 13),
        reason="Gấp",
        now=now,
    )
    with time_machine.travel(later(14, now)):
        page = visit(Role.AGENCY_WORKER).get(f"/cases/{case.id}")
        assert "Hạn của đơn vị bạn: 13/03/2026 quá hạn 1 ngày làm việc" in words(
            page, "main header"
        )
        assert "Hạn: 30/03/2026 còn 10 ngày làm việc" in words(page, "main header")
        assert "đơn vị bạn: 13" not in visit(Role.COORDINATOR).get(f"/cases/{case.id}").text


def test_a_closed_case_still_tells_its_clocks(office: Office, now: Any, visit: Visit) -> None:
    case = office.case_in(State.CLOSED, now)
    found = milestones(visit(Role.COORDINATOR).get(f"/cases/{case.id}"))
    assert [cells[3] for cells in found.values()] == ["đúng hạn", "đúng hạn"]


def test_where_no_limit_was_in_force_the_page_says_so(
    office: Office, now: Any, visit: Visit
) -> None:
    case = office.log(now, kind=Kind.COMPLAINT, received_on=date(2011, 1, 3))
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    assert "Không có thời hạn nào áp dụng" in words(page, ".due-account")
