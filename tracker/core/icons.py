"""Icons: those of Bootstrap, written into the page one by one."""

import importlib.util
import re
from functools import cache
from pathlib import Path

from markupsafe import Markup

SPRITE = ("flask_bootstrap", "static/bootstrap5/icons/bootstrap-icons.svg")

_SYMBOL = re.compile(
    r'<symbol\b[^>]*\bviewBox="([^"]+)"[^>]*\bid="([^"]+)"[^>]*>(.*?)</symbol>', re.S
)


def icon(name: str) -> Markup:
    """The icon `name` of Bootstrap Icons as SVG, for eyes only: a word stands beside it.

    Raises KeyError if there is no such icon.
    """
    return _icons()[name]


@cache
def _icons() -> dict[str, Markup]:
    return {
        name: Markup(  # noqa: S704 - the sprite is a file of the package, not of a user
            f'<svg class="icon" width="16" height="16" fill="currentColor" viewBox="{box}"'
            f' aria-hidden="true">{shapes}</svg>'
        )
        for box, name, shapes in _SYMBOL.findall(_sprite().read_text(encoding="utf-8"))
    }


def _sprite() -> Path:
    # Finds the folder without running the package.
    package, path = SPRITE
    spec = importlib.util.find_spec(package)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0]) / path
