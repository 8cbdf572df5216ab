"""Every page for everybody: nothing that axe finds, at any width, in light and in darkness."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pictures import keep
from tests.browser.places import PLACES, Place
from tracker.rules.workflow import Role

HEIGHT = 800
COLOURS = ("color-contrast", "link-in-text-block")
DESKTOP, NARROW, TABLET, ZOOMED, TELEPHONE = 1280, 1200, 1024, 640, 360
"""Widths in CSS pixels; ZOOMED is what 200% leaves of a desktop."""


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_page_is_accessible(
    page: Page,
    sign_in: Callable[[Page, Role], None],
    assert_accessible: Callable[..., None],
    place: Place,
) -> None:
    if place.role:
        sign_in(page, place.role)
    page.set_viewport_size({"width": DESKTOP, "height": HEIGHT})
    place.go(page)
    keep(page, place.name)

    assert_accessible(page)
    page.emulate_media(color_scheme="dark")
    assert_accessible(page, COLOURS)
    for width in (DESKTOP, NARROW, TABLET, ZOOMED, TELEPHONE):
        assert_fits(page, width)
    assert_accessible(page, COLOURS)
    page.emulate_media(color_scheme="light")
    assert_accessible(page)


def assert_fits(page: Page, width: int) -> None:
    """At that width nothing makes the page scroll sideways."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    shown, whole = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
    )
    assert (shown, whole) == (width, width)
