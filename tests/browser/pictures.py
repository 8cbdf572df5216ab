"""Pictures of the pages for docs/: `PICTURES=docs/pictures make test-browser` keeps them.

`STEPS=<folder>` keeps a picture of each whole page that a story passes, to be looked at.
"""

import os
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

FOLDER = os.environ.get("PICTURES")
STEPS = os.environ.get("STEPS")
WIDTH = 1280
COLOURS = 64  # enough for a page, whose picture becomes a third as heavy
HEIGHTS = {
    "officer-new-case": 860,
    "officer-own-list": 560,
    "officer-today": 700,
    "officer-case": 860,
    "entry": 1050,
    "coordinator-home": 420,
    "coordinator-assign": 900,
    "coordinator-due-date": 760,
    "coordinator-merge": 420,
    "coordinator-bulk-done": 400,
    "coordinator-both": 700,
    "agency-new": 720,
    "agency-case": 1000,
    "leader-ruling": 780,
    "leader-report": 1000,
    "auditor-case": 900,
    "administrator-password": 400,
    "administrator-merge": 1050,
    "administrator-seeing": 560,
    "administrator-calendar": 900,
    "preview": 880,
}
"""The places whose pictures are kept, and how much of the page they show, in CSS pixels."""


def keep(page: Page, name: str) -> None:
    """Saves the beginning of the page as `name`.png if it is wanted."""
    width = page.evaluate("innerWidth")
    if FOLDER and name in HEIGHTS and width == WIDTH:
        page.evaluate("document.fonts.ready")
        picture = page.screenshot(
            full_page=True,
            clip={"x": 0, "y": 0, "width": WIDTH, "height": HEIGHTS[name]},
        )
        few = Image.open(BytesIO(picture)).convert("RGB").quantize(COLOURS)
        few.save(Path(FOLDER) / f"{name}.png", optimize=True)
    if STEPS:
        page.screenshot(path=Path(STEPS) / f"{name}-{width}.png", full_page=True)
