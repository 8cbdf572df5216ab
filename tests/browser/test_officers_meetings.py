"""A day of reception before the browser: begun as planned and as last time, ended, reopened."""

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.stories import ANYWHERE, Morning, others
from tracker.core import clock
from tracker.core.db import new_id
from tracker.reception import service
from tracker.rules.meetings import Sort
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Role

REGULAR, PERIODIC = "Tiếp công dân thường xuyên", "Tiếp công dân định kỳ của người đứng đầu"


@pytest.mark.parametrize("morning", ANYWHERE, indirect=True, ids=lambda way: way.name)
def test_officers_day_of_reception(morning: Morning, app: Flask) -> None:
    morning.sign_in(app, Role.RECEPTION_OFFICER)
    begin_what_is_planned(morning)
    end_and_reopen(morning)
    begin_as_last_time(morning)
    plan_twice_a_month(morning)
    look_at_the_month(morning)


def begin_what_is_planned(morning: Morning) -> None:
    """Today's reception begins with one click: place and chair are those of last time."""
    morning.go_to("Buổi tiếp dân")
    expect(morning.page.get_by_role("heading", level=1)).to_contain_text("Hôm nay")
    morning.look("officer-today")
    morning.press("Bắt đầu", morning.page.locator(".next-step"))
    morning.told("Đã ghi: bắt đầu.")
    facts = morning.page.locator(".facts")
    expect(facts).to_contain_text("Trụ sở tiếp công dân")
    expect(facts).to_contain_text("Ban Tiếp công dân")
    morning.look("officer-meeting")


def end_and_reopen(morning: Morning) -> None:
    """It ends with a count of those who came; it goes on with a reason, or not at all."""
    page = morning.page
    morning.hand.write(page.locator("#close-attendance"), "17")
    morning.press("Kết thúc buổi")
    morning.told("Đã ghi: kết thúc buổi.")
    expect(page.locator(".facts")).to_contain_text("17")
    morning.unfold("Mở lại")
    morning.hand.write(page.locator("#reopen-reason"), "Còn hai công dân đang chờ")
    morning.press("Mở lại")
    morning.told("Đã ghi: mở lại.")
    expect(page.locator(".story")).to_contain_text("Còn hai công dân đang chờ")
    morning.follow("Ghi nhận tại buổi")
    page.go_back()


def begin_as_last_time(morning: Morning) -> None:
    """The head receives out of turn: a meeting that nobody planned begins in one click."""
    morning.go_to("Buổi tiếp dân")
    morning.press(PERIODIC)
    morning.told(f"Đã bắt đầu: {PERIODIC}.")
    facts = morning.page.locator(".facts")
    expect(facts).to_contain_text("Bí thư Quận ủy")
    expect(facts).to_contain_text("Chánh Thanh tra quận")
    morning.unfold("Hủy")
    morning.hand.write(morning.page.locator("#cancel-reason"), "Bấm nhầm")
    morning.press("Hủy")
    expect(morning.page.locator("main header")).to_contain_text("Đã hủy")


def plan_twice_a_month(morning: Morning) -> None:
    """Two meetings a month for a year; those on days of rest say where they went."""
    page = morning.page
    morning.go_to("Buổi tiếp dân")
    morning.follow("Lịch định kỳ mới")
    morning.hand.choose(page.get_by_label("Loại buổi"), "Hội nghị đối thoại")
    morning.hand.write(page.get_by_label("Các ngày trong tháng"), "1, 15")
    morning.hand.write(page.get_by_label("Địa điểm"), "Hội trường quận")
    morning.look("officer-series-new")
    morning.press("Lên lịch")
    expect(page.locator("main")).to_contain_text("Ngày 1, 15 hằng tháng")
    expect(page.locator("main")).to_contain_text("dời từ")
    morning.look("officer-series")


def look_at_the_month(morning: Morning) -> None:
    """The calendar, the list, and how often heads received."""
    morning.follow("Lịch tháng")
    expect(
        morning.page.get_by_role("link", name=REGULAR).filter(visible=True).first
    ).to_be_visible()
    morning.look("officer-month")
    morning.follow("Các buổi")
    morning.look("officer-meetings")
    morning.follow("Số ngày người đứng đầu tiếp")
    expect(morning.page.locator("main")).to_contain_text("còn thiếu")
    morning.look("officer-days")


def test_what_a_colleague_ended_meanwhile_stays_ended(
    page: Page, app: Flask, sign_in, address: str
) -> None:
    """Two at one meeting: who comes second is told, and nothing is done twice."""
    with others(app) as office:
        actor, now = office.viewer(Role.COORDINATOR), clock.now()
        event = service.start(
            new_id(),
            actor=actor,
            unit_id=office.committee.id,
            sort=Sort("supervision"),
            now=now,
        )
        event_id = event.id
    sign_in(page, Role.RECEPTION_OFFICER)
    page.goto(f"/events/{event_id}")
    expect(page.locator("main header")).to_contain_text(format_date(clock.local_date(now)))
    with others(app) as office:
        actor = office.viewer(Role.COORDINATOR)
        service.close(event_id, actor=actor, now=clock.now())
    page.locator("#cancel > summary").click()
    page.locator("#cancel-reason").fill("Mở nhầm")
    page.get_by_role("button", name="Hủy", exact=True).click()
    expect(page.locator("main [role=alert]")).to_be_visible()
    expect(page.locator("main header")).to_contain_text("Đã kết thúc")
