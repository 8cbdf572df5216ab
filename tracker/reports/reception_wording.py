"""The report on receptions in words, and its figures for a terminal and for other programs."""

import json
from typing import Any

from flask_babel import gettext as _

from tracker.core.clock import VIET_NAM
from tracker.core.web import number
from tracker.reception.event_days import OfPeriod
from tracker.reports.plain import aligned
from tracker.reports.reception import (
    MEETING_LABELS,
    RECEPTION,
    SATISFACTION_LABELS,
    ReceptionReport,
)
from tracker.reports.reception_queries import RECEPTION_BREAKDOWNS
from tracker.reports.wording import span_in_words
from tracker.rules.labels import mark as _m
from tracker.rules.reception_counting import RECEPTION_MEASURES

HEAD_COLUMNS = {
    "days": _m("Đã tiếp"),
    "required": _m("Luật định"),
    "missing": _m("Còn thiếu"),
    "unscheduled": _m("Đột xuất"),
    "delegated": _m("Ủy quyền"),
}


def paragraph(report: ReceptionReport) -> str:
    """The report in the sentences that offices write."""
    said = {name: number(count) for name, count in report.total.items()}
    said["period"] = span_in_words(report.first, report.last)
    said["meeting"] = _(MEETING_LABELS[report.kind]).lower()
    text = _("%(period)s, tổ chức %(sessions)s buổi %(meeting)s") % said
    text = text[:1].upper() + text[1:]
    if not report.total["turns"]:
        return str(text + _("; chưa ghi nhận lượt nào."))
    text += _(", tiếp %(turns)s lượt với %(persons)s người") % said
    if report.total["groups"]:
        text += _(", trong đó có %(groups)s đoàn đông người với %(group_persons)s người") % said
    text += _(", về %(matters)s vụ việc (%(begun)s vụ việc mới)") % said
    text += (
        _(
            "; đến nay đã giải quyết %(resolved)s, hướng dẫn, chuyển, không thụ lý hoặc lưu"
            " %(outside)s, đang giải quyết %(pending)s vụ việc."
        )
        % said
    )
    return str(text)


def head_figures(head: OfPeriod) -> dict[str, int | None]:
    """What is told of a unit's head; None where the law asks for nothing, or for no whole month."""
    figures = head.figures
    standing = figures.standing
    return {
        "days": figures.days,
        "required": standing.required if standing else None,
        "missing": standing.missing if standing else None,
        "unscheduled": figures.unscheduled,
        "delegated": figures.delegated,
    }


def satisfaction_figures(report: ReceptionReport) -> dict[str, int]:
    """What citizens said, by the names of `SATISFACTION_LABELS`."""
    return {name: getattr(report.satisfaction, name) for name in SATISFACTION_LABELS}


def as_json(report: ReceptionReport) -> str:
    """The report as JSON."""
    said: dict[str, Any] = {
        "report": RECEPTION,
        "meetings": report.kind,
        "from": report.first.isoformat(),
        "to": report.last.isoformat(),
        "as_of": report.asked_at.astimezone(VIET_NAM).isoformat(),
        "total": dict(report.total),
        "rows": [{"key": row.key, **row.values} for row in report.rows],
        "heads": [{"unit": head.unit.name, **head_figures(head)} for head in report.heads],
        "satisfaction": satisfaction_figures(report),
        "notes": report.notes,
    }
    return json.dumps(said, ensure_ascii=False, indent=2)


def as_text(report: ReceptionReport) -> str:
    """The report for a terminal: the paragraph, aligned tables, the notes."""
    first = _(RECEPTION_BREAKDOWNS[report.by].label) if report.by else ""
    lines = [[first, *(_(measure.label) for measure in RECEPTION_MEASURES.values())]]
    told = [*((row.key, row.values) for row in report.rows), (_("Tổng cộng"), report.total)]
    lines += [
        [key, *(_figure(values[name]) for name in RECEPTION_MEASURES)] for key, values in told
    ]
    parts = [[paragraph(report)], aligned(lines)]
    if report.heads:
        heads = [[_("Người đứng đầu"), *(_(label) for label in HEAD_COLUMNS.values())]]
        heads += [
            [head.unit.name, *(_figure(each) for each in head_figures(head).values())]
            for head in report.heads
        ]
        parts.append(aligned(heads))
    parts.append(
        [
            f"{_(SATISFACTION_LABELS[name])}: {number(count)}"
            for name, count in satisfaction_figures(report).items()
        ]
    )
    parts.append([f"- {note}" for note in report.notes])
    return "\n\n".join("\n".join(part) for part in parts)


def _figure(value: Any) -> str:
    return "–" if value is None else number(value)
