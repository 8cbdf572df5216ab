"""The report as a Word document in the form of papers that its unit uses."""

from io import BytesIO
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate
from flask_babel import gettext as _
from jinja2.sandbox import SandboxedEnvironment

from tracker.core.clock import local_date
from tracker.reports.breakdowns import BREAKDOWNS
from tracker.reports.service import Report, Value
from tracker.reports.wording import COLUMNS, figure, paragraph, period
from tracker.units.letterhead import head
from tracker.units.models import Unit

PAPERS = Path(__file__).parent / "papers"


def paper(report: Report, unit: Unit | None) -> bytes:
    """The document's bytes, headed by `unit` and dated on the day on which it was made."""
    template = DocxTemplate(PAPERS / f"{unit.paper if unit else 'government'}.docx")
    template.render(
        _context(report, unit), jinja_env=SandboxedEnvironment(autoescape=True), autoescape=True
    )
    if not report.rows:
        _drop_appendix(template.docx)
    written = BytesIO()
    template.save(written)
    return written.getvalue()


def _context(report: Report, unit: Unit | None) -> dict[str, Any]:
    label = _(BREAKDOWNS[report.by].label) if report.by else ""
    return {
        **head(unit, local_date(report.asked_at)),
        "period": period(report),
        "paragraph": paragraph(report),
        "notes": report.notes,
        "labels": {name: _(measure.label) for name, measure in COLUMNS.items()},
        "totals": [
            {"label": _(measure.label), "figure": figure(report.total, name)}
            for name, measure in COLUMNS.items()
        ],
        "total": _figures(report.total),
        "rows": [{"key": row.key} | _figures(row.values) for row in report.rows],
        "breakdown": label[:1].lower() + label[1:],
        "breakdown_heading": label,
    }


def _figures(values: dict[str, Value]) -> dict[str, str]:
    return {name: figure(values, name) for name in COLUMNS}


def _drop_appendix(document: Any) -> None:
    """Takes out the second section and lets the first one end the document."""
    body = document.element.body
    [section_end] = body.xpath("./w:p[w:pPr/w:sectPr]")
    for element in [section_end, *section_end.itersiblings()]:
        if element is not body.sectPr:
            body.remove(element)
    body.replace(body.sectPr, section_end.pPr.sectPr)
