"""A list worked through without going back to it, by keyboard and without scripts."""

import os
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.places import log_case
from tracker.rules.workflow import Role

SignIn = Callable[[Page, Role], None]
CONTENTS = ("Nắp cống số 1 phố Ngọc Lâm bị vỡ", "Đèn hỏng ở ngõ 22")


def test_enter_opens_the_first_and_the_next_comes_by_itself(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.COORDINATOR)
    for content in CONTENTS:
        log_case(page, content)
    page.goto("/cases?list=new")
    page.keyboard.press("Enter")
    for content in CONTENTS:
        expect(page.locator("main")).to_contain_text(content)
        page.locator(".next-step button.btn-primary").focus()
        take_picture(page, f"triage-{CONTENTS.index(content)}")
        page.keyboard.press("Enter")
        expect(page.locator("#notices")).to_contain_text("bắt đầu xác minh")
    expect(page.get_by_text("Hết việc trong danh sách này.")).to_be_visible()
    take_picture(page, "triage-done")
    page.set_viewport_size({"width": 360, "height": 800})
    take_picture(page, "triage-done-360")


def test_without_scripts_as_well(plain_page: Page, sign_in: SignIn) -> None:
    sign_in(plain_page, Role.COORDINATOR)
    for content in CONTENTS:
        log_case(plain_page, content)
    plain_page.goto("/cases?list=new")
    plain_page.locator("table.cases tbody th a").first.click()
    for content in CONTENTS:
        expect(plain_page.locator("main")).to_contain_text(content)
        plain_page.locator(".next-step button.btn-primary").click()
    expect(plain_page.get_by_text("Hết việc trong danh sách này.")).to_be_visible()


def take_picture(page: Page, name: str) -> None:
    if folder := os.environ.get("TRIAGE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")
