"""A list worked through by keyboard, and one action for those ticked."""

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.places import log_case
from tracker.rules.workflow import Role

SignIn = Callable[[Page, Role], None]
AGENCY = "Phòng Quản lý đô thị"


def test_keys_go_through_a_list_and_act_on_what_is_ticked(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.COORDINATOR)
    for number in range(3):
        log_case(page, f"Nắp cống số {number} phố Ngọc Lâm bị vỡ")
    page.goto("/cases?list=new")
    rows = page.locator("table.cases tbody tr")
    expect(rows).to_have_count(3)
    page.keyboard.press("j")
    expect(rows.nth(0).locator("th a")).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("k")
    expect(rows.nth(1).locator("th a")).to_be_focused()
    expect(page.locator("table.cases :checked")).to_have_count(2)
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*-*")
    page.go_back()
    page.locator("table.cases input").nth(1).set_checked(True)
    page.locator("table.cases input").nth(2).set_checked(True)
    page.locator("#bulk").get_by_role("button", name="Giao giải quyết").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Giao giải quyết: 2 vụ việc")
    page.get_by_label("Đơn vị chủ trì").select_option(AGENCY)
    page.locator("main form button.btn-primary").click()
    expect(page.locator("#done")).to_contain_text("2 vụ việc")
    page.goto("/cases?list=new")
    expect(rows).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.wait_for_url("**/cases/*#next")


def test_a_list_is_kept_and_found_on_home(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.COORDINATOR)
    page.goto("/cases?state=assigned&order=due")
    page.locator(".kept > summary").click()
    page.get_by_label("Tên danh sách").fill("Đang ở đơn vị")
    page.get_by_role("button", name="Lưu danh sách này").click()
    page.goto("/")
    page.get_by_role("link", name="Đang ở đơn vị").click()
    page.wait_for_url("**/cases?state=assigned&order=due")


def test_a_list_on_a_telephone_is_cards_with_named_dates(page: Page, sign_in: SignIn) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    sign_in(page, Role.COORDINATOR)
    page.goto("/cases")
    first = page.locator("table.cases tbody tr").first
    told = first.locator("td.day").first.evaluate(
        "cell => getComputedStyle(cell, '::before').content"
    )
    assert "Tiếp nhận" in told
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 360
    if folder := os.environ.get("LISTS_PICTURES"):
        page.screenshot(path=Path(folder) / "list-360.png")
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto("/cases?list=overdue")
        page.screenshot(path=Path(folder) / "list-1280.png", full_page=False)
        page.goto("/")
        page.screenshot(path=Path(folder) / "home-1280.png")
        page.goto("/cases?state=assigned")
        page.locator("main details").evaluate_all("all => all.forEach(each => each.open = true)")
        page.locator("#bulk").scroll_into_view_if_needed()
        page.screenshot(path=Path(folder) / "bulk-1280.png")
