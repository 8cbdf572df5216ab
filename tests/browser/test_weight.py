"""What pages cost a bad line, and whether they stay where they are while they load."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.places import PERIOD
from tracker.rules.workflow import Role

FIRST_PAGE, LATER_PAGE = 150_000, 12_000  # bytes over the wire
STILL = 0.05  # cumulative layout shift
LIST, REPORT = "/cases", f"/reports/opinion?{PERIOD}&by=area"

OBSERVE = """
    window.shifted = 0;
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) window.shifted += entry.value;
    }).observe({type: "layout-shift", buffered: true});
"""
SETTLED = """
    document.fonts.ready.then(() => new Promise(
        done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))
    ))
"""


@pytest.mark.parametrize("first", [LIST, REPORT])
def test_weight(page: Page, sign_in: Callable[[Page, Role], None], first: str) -> None:
    sign_in(page, Role.COORDINATOR)
    weigh = scales(page)
    cold = weigh(first)
    warm = {address: weigh(address) for address in (LIST, REPORT, "/cases/new", "/", "/imports")}
    assert LATER_PAGE < cold < FIRST_PAGE
    assert {address: size for address, size in warm.items() if size >= LATER_PAGE} == {}


def scales(page: Page) -> Callable[[str], int]:
    """`weigh(address)` opens a page and gives the bytes that came over the wire for it."""
    protocol = page.context.new_cdp_session(page)
    protocol.send("Network.enable")
    received: list[float] = []
    protocol.on(
        "Network.loadingFinished", lambda event: received.append(event["encodedDataLength"])
    )

    def weigh(address: str) -> int:
        received.clear()
        page.goto(address, wait_until="networkidle")
        return round(sum(received))

    return weigh


@pytest.mark.parametrize("place", [LIST, REPORT])
@pytest.mark.parametrize("width", [1280, 360])
def test_page_does_not_jump(
    page: Page, sign_in: Callable[[Page, Role], None], place: str, width: int
) -> None:
    sign_in(page, Role.COORDINATOR)
    page.set_viewport_size({"width": width, "height": 800})
    page.add_init_script(OBSERVE)
    page.goto(place, wait_until="networkidle")
    page.evaluate(SETTLED)
    assert page.evaluate("window.shifted") < STILL
