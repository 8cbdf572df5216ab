"""A list worked through without going back to it, without scripts."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.places import log_case
from tracker.rules.workflow import Role

SignIn = Callable[[Page, Role], None]
CONTENTS = ("Nắp cống số 1 phố Ngọc Lâm bị vỡ", "Đèn hỏng ở ngõ 22")


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
