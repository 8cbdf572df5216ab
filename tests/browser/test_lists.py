"""A list on a telephone."""

from collections.abc import Callable

from playwright.sync_api import Page

from tracker.rules.workflow import Role

SignIn = Callable[[Page, Role], None]


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
