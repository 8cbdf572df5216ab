"""Pictures of the pages for docs/: `PICTURES=docs/pictures make test-browser` keeps them."""

import os
from pathlib import Path

from playwright.sync_api import Page

FOLDER = os.environ.get("PICTURES")
PLACES = ("home", "list", "case", "preview", "report")


def keep(page: Page, name: str) -> None:
    """Saves what is seen as `name`.png if it is wanted."""
    if FOLDER and name in PLACES:
        page.evaluate("document.fonts.ready")
        page.screenshot(path=Path(FOLDER) / f"{name}.png")
