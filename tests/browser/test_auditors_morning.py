"""A morning of an auditor: what was done, by whom, who looked as whom; nothing is changed."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.stories import AT_A_DESK, Morning, others
from tests.cases import circumstances
from tracker.core import clock
from tracker.rules.workflow import Role
from tracker.units import seeing

LATE = "Đèn đường ngõ 20 phố Ngọc Lâm hỏng đã ba tháng"
REASON = "Chị Chuyên Viên báo không thấy vụ việc"


@pytest.mark.parametrize("morning", AT_A_DESK, indirect=True, ids=lambda way: way.name)
def test_an_auditors_morning(app: Flask, morning: Morning) -> None:
    with others(app) as office:
        now = clock.now()
        circumstances.returned_often(office, now, content=LATE)
        worker, administrator = office.user(Role.AGENCY_WORKER), office.viewer(Role.ADMINISTRATOR)
        seeing.end(seeing.start(administrator, worker.id, REASON, now), now)
    morning.sign_in(app, Role.AUDITOR)
    morning.look("auditor-home")
    nothing_to_write(morning.page)
    read_a_story(morning)
    see_who_looked(morning)
    change_nothing(morning.page)


def read_a_story(morning: Morning) -> None:
    """Each step has its day, its instant, its person; and who may read all this."""
    morning.follow("Bị trả lại")
    morning.follow("DLXH", morning.page.locator("table.cases tr", has_text=LATE))
    story = morning.page.get_by_role("region", name="Diễn biến")
    told = story.locator("li > p > strong").all_inner_texts()
    assert told == ["Trả lại", "Giao giải quyết"] * 3 + ["Bắt đầu xác minh", "Tiếp nhận"]
    expect(story).to_contain_text("Lê Thị Chuyên Viên · Phòng Quản lý đô thị")
    morning.unfold("Thay đổi", story)
    expect(story).to_contain_text("Số lần trả lại: 2 → 3")
    morning.unfold("Ai được xem")
    expect(morning.page.locator("main details[open]").last).to_contain_text("thanh tra, kiểm tra")
    morning.look("auditor-case")
    nothing_to_write(morning.page)


def see_who_looked(morning: Morning) -> None:
    morning.go_to("Xem như người khác")
    row = morning.page.locator("main tbody tr")
    expect(row).to_contain_text("Đặng Thị Quản Trị")
    expect(row).to_contain_text("Lê Thị Chuyên Viên")
    expect(row).to_contain_text(REASON)
    morning.look("auditor-seeing")
    nothing_to_write(morning.page)


def nothing_to_write(page: Page) -> None:
    """There is no form on the page that would change anything."""
    assert page.locator("main form[method=post]:not(#bulk)").count() == 0


def change_nothing(page: Page) -> None:
    """Nor do the places where others write let an auditor in."""
    for address in ("/cases/new", "/imports", "/administration", "/units/changes/new"):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 403, address
