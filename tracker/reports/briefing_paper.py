"""The briefing as a Word paper, from the office's own template or ours."""

from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from tracker.core.clock import local_date
from tracker.core.web import number
from tracker.reception.paper_contents import template_of
from tracker.reception.printing import render
from tracker.reports.briefing import Briefing, Item, Part
from tracker.reports.service import Row
from tracker.reports.wording import figure, span_in_words
from tracker.rules.papers import BRIEFING
from tracker.rules.vietnamese import format_date
from tracker.units.letterhead import head

COUNTED = ("resolved", "promised", "outside", "pending", "overdue")


def paper(told: Briefing) -> bytes:
    """The document's bytes. Papers are Vietnamese, whatever the language of their reader."""
    with force_locale("vi"):
        unit = told.unit
        said = {"unit": unit.name} | head(unit, local_date(told.asked_at)) | _context(told)
        return render(template_of(BRIEFING, unit), said)


def _context(told: Briefing) -> dict[str, Any]:
    before, since, older = told.before, told.since, told.older
    return {
        "day": format_date(since.span.last),
        "before_period": span_in_words(*before.span),
        "since_period": span_in_words(*since.span),
        "before_count": figure(before.report.total, "received"),
        "since_count": figure(since.report.total, "received"),
        "older_count": figure(older.report.total, "pending"),
        **_figures(before.report.total),
        "levels": [_level(row) for row in before.report.rows],
        "owing": [_owing(row) for row in told.debts],
        "before_items": _items(before),
        "since_items": _items(since),
        "older_items": _items(older),
        "unread": _unread(before, since, older),
    }


def _figures(values: dict[str, Any]) -> dict[str, str]:
    return {name: figure(values, name) for name in COUNTED}


def _level(row: Row) -> dict[str, str]:
    return {"level": row.key, "received": figure(row.values, "received")} | _figures(row.values)


def _owing(row: Row) -> dict[str, str]:
    counted = {name: figure(row.values, name) for name in ("pending", "overdue")}
    return {"unit": row.key} | counted


def _items(part: Part) -> list[dict[str, str]]:
    return [_item(str(place), item) for place, item in enumerate(part.items, start=1)]


def _item(place: str, item: Item) -> dict[str, str]:
    said = ". ".join(filter(None, (item.answer.rstrip("."), item.document)))
    return {
        "number": place,
        "code": item.read.code,
        "level": item.level,
        "lead": item.lead,
        "about": item.about,
        "content": item.content,
        "result": f"{item.standing}: {said}" if said else item.standing,
        "due": item.due.words,
    }


def _unread(*parts: Part) -> str:
    count = sum(part.unread for part in parts)
    if not count:
        return ""
    return str(_("Còn %(count)s nội dung không in ở đây.", count=number(count)))
