"""What stands at the head of an office's papers."""

from datetime import date
from typing import Any

from tracker.rules.vietnamese import long_date
from tracker.units.models import Unit

NO_PLACE = "…………"


def unit_lines(unit: Unit | None) -> list[str]:
    """What stands at the head of the office's papers, line by line; the last is its own name."""
    if unit is None:
        return []
    return [line for line in unit.letterhead.splitlines() if line.strip()] or [unit.name.upper()]


def head(unit: Unit | None, on: date) -> dict[str, Any]:
    """What Word templates name in the head of a paper dated on a local date."""
    *superiors, office = unit_lines(unit) or [""]
    return {
        "superiors": superiors,
        "office": office,
        "place": unit.place if unit and unit.place else NO_PLACE,
        "date": long_date(on),
    }
