"""Look-alikes: open cases about the same matter, as far as the person sees them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from tests.cases.conftest import Visitor
from tests.factories import Office, make_named, make_office
from tracker.cases import lookalikes, service
from tracker.cases.lookalikes import likeness
from tracker.cases.models import Area, Case
from tracker.rules.workflow import Kind, Role, State

Visit = Callable[[Role], Visitor]

LAMP = "Đèn đường hỏng ở ngõ 20 phố Ngọc Lâm, tối rất nguy hiểm"
OTHERS = (
    "Rác thải không thu gom tại chợ Gia Lâm",
    "Đề nghị xây thêm trường mầm non công lập",
    "Chậm cấp giấy chứng nhận quyền sử dụng đất",
)


def found(office: Office, content: str, role: Role = Role.COORDINATOR) -> list[str]:
    return [each.code for each in lookalikes.lookalikes(office.viewer(role), content)]


@pytest.mark.parametrize(
    "content",
    [
        "Đèn đường ở ngõ 20 phố Ngọc Lâm bị hỏng",
        "den duong ngo 20 pho ngoc lam hong",
        "Ngõ 20 phố Ngọc Lâm: đèn đường hỏng, đi lại rất tối và nguy hiểm, đề nghị sửa",
        "ĐÈN ĐƯỜNG HỎNG Ở NGÕ 20 PHỐ NGỌC LÂM",
    ],
)
def test_the_same_matter_in_other_words(office: Office, now: datetime, content: str) -> None:
    lamp = office.log(now, content=LAMP)
    for other in OTHERS:
        office.log(now, content=other)
    assert found(office, content) == [lamp.code]


def test_the_likest_stands_first(office: Office, now: datetime) -> None:
    elsewhere = office.log(now, content="Đèn đường hỏng ở ngõ 7 phố Cổ Linh, tối rất nguy hiểm")
    same = office.log(now, content=LAMP)
    assert found(office, LAMP) == [same.code, elsewhere.code]


def test_of_two_alike_the_one_nearby_stands_first(office: Office, now: datetime) -> None:
    area = make_named(Area, "Bồ Đề")
    content = "Đèn chiếu sáng công cộng hỏng nhiều tháng"
    near = office.log(now, content=content + " rồi", area_id=area)
    office.log(now, content=content)
    person = office.viewer(Role.COORDINATOR)
    likest = lookalikes.lookalikes(person, content, area_id=area)
    assert (likest[0].code, likest[0].area) == (near.code, "Bồ Đề")
    assert all(each.likeness <= 100 for each in likest)


def test_only_open_cases_within_sight_and_not_the_case_itself(
    office: Office, now: datetime
) -> None:
    office.case_in(State.CLOSED, now, content=LAMP)
    make_office("Quận ủy Hoàn Kiếm").log(now, content=LAMP)
    secret = office.log(now, content=LAMP, kind=Kind.DENUNCIATION)
    case = office.case_in(State.ASSIGNED, now, content=LAMP)
    assert sorted(found(office, LAMP)) == sorted([case.code, secret.code])
    assert found(office, LAMP, Role.AUDITOR) == [case.code]
    assert found(office, LAMP, Role.ADMINISTRATOR) == []
    person = office.viewer(Role.COORDINATOR)
    assert [each.id for each in lookalikes.lookalikes(person, LAMP, but=case.id)] == [secret.id]


@pytest.mark.parametrize("content", ["", " \n ", "…!?", "xyz", "“';--" + "\\" * 5])
def test_what_has_no_words_is_like_nothing(office: Office, now: datetime, content: str) -> None:
    office.log(now)
    assert found(office, content) == []


def test_five_are_enough_and_few_queries(
    office: Office, now: datetime, statements: list[str]
) -> None:
    for number in range(9):
        office.log(now + timedelta(minutes=number), content=f"{LAMP} lần {number}")
    person = office.viewer(Role.COORDINATOR)
    statements.clear()
    assert len(lookalikes.lookalikes(person, LAMP)) == 5
    assert len(statements) == 2


def test_a_part_is_like_the_whole_but_less_than_its_like() -> None:
    whole = "den duong hong o ngo 20 pho ngoc lam toi rat nguy hiem cho tre em va nguoi gia"
    part = "den duong hong o ngo 20 pho ngoc lam"
    assert 60 < likeness(part, whole) < likeness(part, part) == 100


def links_to_merge(office: Office, case: Case, visit: Visit, role: Role) -> int:
    page = visit(role).get(f"/cases/{case.id}/look-alikes")
    return len(page.select(f"main a[href^='/cases/{case.id}/merge?into=']"))


def test_the_page_leads_to_merging_whoever_may_merge(
    office: Office, now: datetime, visit: Visit
) -> None:
    case, other = office.log(now, content=LAMP), office.log(now, content=LAMP)
    page = visit(Role.AUDITOR).get(f"/cases/{case.id}/look-alikes")
    assert other.code in page.text
    assert "giống 100%" in page.text
    assert links_to_merge(office, case, visit, Role.AUDITOR) == 0
    assert links_to_merge(office, case, visit, Role.COORDINATOR) == 1
    person = office.viewer(Role.COORDINATOR)
    service.assign(case.id, actor=person, lead_id=office.agency.id, now=now)
    assert links_to_merge(office, case, visit, Role.COORDINATOR) == 0


def test_no_merge_is_offered_that_would_be_refused(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.log(now, content=LAMP)
    later = office.log(now, content=LAMP)
    person = office.viewer(Role.COORDINATOR)
    service.extend(later.id, actor=person, due_on=date(2026, 4, 6), reason="Khó", now=now)
    office.log(now, content=LAMP, kind=Kind.VOTER)
    office.log(now, content=LAMP, kind=Kind.DENUNCIATION)
    assert links_to_merge(office, case, visit, Role.COORDINATOR) == 0
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}/merge?into={later.code}")
    assert "30/03/2026, sớm hơn hạn của vụ việc nhận" in page.text
    assert not page.select("main form[method=post] [type=submit]")
    # The other way round nobody waits longer.
    assert links_to_merge(office, later, visit, Role.COORDINATOR) == 1


def test_the_case_page_fetches_them_and_works_without_scripts(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.log(now, content=LAMP)
    address = f"/cases/{case.id}/look-alikes"
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}")
    assert page.select_one(f"[hx-get='{address}'][hx-trigger=load] a[href='{address}']")
    page = visit(Role.LEADER).get(f"/cases/{case.id}")
    assert page.select_one(f"a[href='{address}']")
    assert not page.select_one("main [hx-get]")
