"""Pictures of the pages for docs/: `PICTURES=docs/pictures make test-browser` keeps them.

`STEPS=<folder>` keeps a picture of each whole page that a story passes, to be looked at.
"""

import os
from pathlib import Path

from playwright.sync_api import Page

FOLDER = os.environ.get("PICTURES")
STEPS = os.environ.get("STEPS")
WIDTH = 1280
HEIGHTS = {
    "home": 480,
    "list": 800,
    "case-agency": 1120,
    "case-coordinator": 960,
    "ruling": 820,
    "preview": 880,
    "report": 1000,
}
"""The places whose pictures are kept, and how much of the page they show, in CSS pixels."""


def keep(page: Page, name: str) -> None:
    """Saves the beginning of the page as `name`.png if it is wanted."""
    if FOLDER and name in HEIGHTS:
        page.evaluate("document.fonts.ready")
        page.screenshot(
            path=Path(FOLDER) / f"{name}.png",
            full_page=True,
            clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHTS[name]},
        )
    if STEPS:
        width = page.evaluate("innerWidth")
        page.screenshot(path=Path(STEPS) / f"{name}-{width}.png", full_page=True)
