"""Pages as they are printed: the office's heading and the content, nothing to click."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.places import PLACES, Place
from tracker.rules.workflow import Role

MILLIMETRES_AN_INCH, PIXELS_AN_INCH = 25.4, 96
PRINTED = [place for place in PLACES if place.name in ("list", "case", "case-closed", "report")]


@pytest.mark.parametrize("place", PRINTED, ids=lambda place: place.name)
def test_printed_page(page: Page, sign_in: Callable[[Page, Role], None], place: Place) -> None:
    assert place.role
    sign_in(page, place.role)
    place.go(page)
    page.emulate_media(media="print")

    expect(page.locator("main .letterhead")).to_have_text("Quận ủy Long Biên")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    for kind in ("navigation", "search", "button", "textbox", "combobox", "banner", "contentinfo"):
        seen = page.get_by_role(kind).filter(visible=True)
        assert seen.count() == 0, kind


def test_printed_list_fits_the_paper(page: Page, sign_in: Callable[[Page, Role], None]) -> None:
    sign_in(page, Role.COORDINATOR)
    page.goto("/cases")
    page.emulate_media(media="print")
    # What A4, laid on its side, leaves between the margins.
    width = round((297 - 2 * 15) / MILLIMETRES_AN_INCH * PIXELS_AN_INCH)
    page.set_viewport_size({"width": width, "height": width})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    sheet = re.search(rb"/MediaBox \[0 0 (\d+)[.\d]* (\d+)", page.pdf(prefer_css_page_size=True))
    assert sheet is not None
    assert int(sheet[1]) > int(sheet[2])
