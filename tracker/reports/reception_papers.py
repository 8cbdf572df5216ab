"""The report on receptions in Word, from the office's own template or ours, and in Excel."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from flask_babel import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.core.clock import local_date
from tracker.core.web import instant, number
from tracker.reception.paper_contents import template_of
from tracker.reception.printing import render
from tracker.reports.excel import (
    NAME_WIDTH,
    ROW_HEIGHT,
    STYLES,
    definitions,
    heading_of_office,
    set_up,
)
from tracker.reports.reception import SATISFACTION_LABELS, ReceptionReport
from tracker.reports.reception_queries import RECEPTION_BREAKDOWNS
from tracker.reports.reception_wording import (
    HEAD_COLUMNS,
    head_figures,
    paragraph,
    satisfaction_figures,
)
from tracker.reports.wording import span_in_words
from tracker.rules import papers
from tracker.rules.reception_counting import RECEPTION_MEASURES
from tracker.units.letterhead import head as letterhead
from tracker.units.models import Unit

LAST = len(RECEPTION_MEASURES)


def word(report: ReceptionReport, unit: Unit) -> bytes:
    """The document's bytes, headed by `unit` and dated on the day on which it was made."""
    said = {
        "unit": unit.name,
        **letterhead(unit, local_date(report.asked_at)),
        "period": span_in_words(report.first, report.last),
        "paragraph": paragraph(report),
        "figures": [
            {"label": _(measure.label), "figure": number(report.total[name])}
            for name, measure in RECEPTION_MEASURES.items()
        ],
        "breakdown": _label(report),
        "rows": [
            {"key": row.key} | {name: _written(row.values[name]) for name in RECEPTION_MEASURES}
            for row in report.rows
        ],
        "heads": [
            {"unit": each.unit.name}
            | {name: _written(value) for name, value in head_figures(each).items()}
            for each in report.heads
        ],
        **{name: number(count) for name, count in satisfaction_figures(report).items()},
        "notes": report.notes,
    }
    return render(template_of(papers.RECEPTION, unit), said)


def excel(report: ReceptionReport, unit: Unit) -> bytes:
    """The workbook's bytes: the figures, the heads, what citizens said, what each figure means."""
    written = BytesIO()
    with Workbook(written, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": _("Báo cáo tiếp công dân")})
        styles = {name: workbook.add_format(style) for name, style in STYLES.items()}
        _figures(workbook.add_worksheet(_("Số liệu")), report, unit, styles)
        if report.heads:
            _heads(workbook.add_worksheet(_("Người đứng đầu")), report, styles)
        _satisfaction(workbook.add_worksheet(_("Ý kiến công dân")), report, styles)
        means = workbook.add_worksheet(_("Cách tính"))
        definitions(means, RECEPTION_MEASURES.values(), styles)
    return written.getvalue()


def _figures(
    sheet: Worksheet, report: ReceptionReport, unit: Unit, styles: dict[str, Format]
) -> None:
    span = span_in_words(report.first, report.last)
    titles = (
        _("BÁO CÁO TIẾP CÔNG DÂN"),
        span[:1].upper() + span[1:],
        _("Số liệu tính đến %(instant)s", instant=instant(report.asked_at)),
    )
    row = heading_of_office(sheet, titles, unit, styles, LAST)
    set_up(sheet, row, LAST)
    labels = [_(measure.label) for measure in RECEPTION_MEASURES.values()]
    _texts(sheet, row, [_label(report), *labels], styles["heading"])
    for each in report.rows:
        row += 1
        _line(sheet, row, each.key, each.values.values(), styles)
    row += 1
    _line(sheet, row, _("Tổng cộng"), report.total.values(), styles, "total ")
    for note in [paragraph(report), *report.notes]:
        row += 1
        sheet.set_row(row, 40)
        sheet.merge_range(row, 0, row, LAST, "", styles["wrapped"])
        sheet.write_string(row, 0, note, styles["wrapped"])


def _heads(sheet: Worksheet, report: ReceptionReport, styles: dict[str, Format]) -> None:
    set_up(sheet, 0, len(HEAD_COLUMNS))
    labels = [_(label) for label in HEAD_COLUMNS.values()]
    _texts(sheet, 0, [_("Đơn vị"), *labels], styles["heading"])
    for row, head in enumerate(report.heads, start=1):
        _line(sheet, row, head.unit.name, head_figures(head).values(), styles)


def _satisfaction(sheet: Worksheet, report: ReceptionReport, styles: dict[str, Format]) -> None:
    set_up(sheet, 0, 1)
    _texts(sheet, 0, [_("Ý kiến công dân"), _("Lượt")], styles["heading"])
    for row, (name, count) in enumerate(satisfaction_figures(report).items(), start=1):
        _line(sheet, row, _(SATISFACTION_LABELS[name]), [count], styles)


def _texts(sheet: Worksheet, row: int, texts: Iterable[str], style: Format) -> None:
    for column, text in enumerate(texts):
        sheet.write_string(row, column, text, style)


def _line(
    sheet: Worksheet,
    row: int,
    key: str,
    values: Iterable[Any],
    styles: dict[str, Format],
    kind: str = "",
) -> None:
    # Not every program that opens the file sees by itself how high a row has to be.
    sheet.set_row(row, ROW_HEIGHT * (1 + len(key) // NAME_WIDTH))
    # What people typed is never to be taken for a formula.
    sheet.write_string(row, 0, key, styles[f"{kind}name"])
    for column, value in enumerate(values, start=1):
        if value is None:
            sheet.write_blank(row, column, None, styles[f"{kind}number"])
        else:
            sheet.write_number(row, column, value, styles[f"{kind}number"])


def _label(report: ReceptionReport) -> str:
    return str(_(RECEPTION_BREAKDOWNS[report.by].label)) if report.by else ""


def _written(value: Any) -> str:
    return "–" if value is None else number(value)
