"""The briefing before a projector: keys go from one slide to the next, and so do its links."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.places import BRIEFING
from tracker.rules.workflow import Role

SignIn = Callable[[Page, Role], None]
SLIDES = f"/reports/briefing/slides?{BRIEFING}"


def test_keys_go_on_and_back(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.LEADER)
    page.goto(SLIDES)
    slides = page.locator("section.slide")
    expect(slides.nth(0)).to_be_in_viewport(ratio=0.9)
    for key, place in (("ArrowRight", 1), ("PageDown", 2), (" ", 3), ("ArrowLeft", 2)):
        page.keyboard.press(key)
        expect(slides.nth(place)).to_be_in_viewport(ratio=0.9)

    assert page.url.endswith("#s3")


def test_links_go_on_without_scripts(plain_page: Page, sign_in: SignIn) -> None:
    sign_in(plain_page, Role.LEADER)
    plain_page.goto(SLIDES)
    slides = plain_page.locator("section.slide")
    slides.nth(0).get_by_role("link", name="Tiếp").click()
    expect(slides.nth(1)).to_be_in_viewport(ratio=0.9)
    slides.nth(1).get_by_role("link", name="Trước").click()
    expect(slides.nth(0)).to_be_in_viewport(ratio=0.9)
