"""Word and Excel, opened again: figures, form of papers, nothing that runs."""

from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any

import pytest
from docx import Document
from docx.enum.section import WD_ORIENT
from openpyxl import load_workbook

from tests.reports.office import Office, Standing
from tracker.reports import excel, word
from tracker.reports.service import Report, opinion_report
from tracker.rules.counting import MEASURES, percentage
from tracker.rules.workflow import Outcome
from tracker.units.queries import command_line

RECEIVED, ANSWERED = date(2025, 5, 6), date(2025, 5, 10)
HOSTILE = "{{ 7*7 }} <b>&</b> =1+1"


@pytest.fixture
def report(office: Office, now: datetime) -> Report:
    """Three received, two resolved; one channel bears a formula's name."""
    for name in office.channels:
        office.put(
            [
                Standing(
                    RECEIVED,
                    outcome=Outcome.RESOLVED,
                    answered_on=ANSWERED,
                    closed_on=ANSWERED,
                    channel_id=office.channels[name].id,
                )
            ]
        )
    office.put([Standing(RECEIVED)])
    return ask(now, by="channel")


def ask(now: datetime, by: str | None) -> Report:
    return opinion_report(
        command_line(), first=date(2025, 1, 1), last=date(2025, 12, 31), by=by, now=now
    )


def texts(document: Any) -> list[str]:
    """All that the document says outside its appendix's table, in no promised order."""
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return [line.text for place in (document, *cells) for line in place.paragraphs]


def test_word_says_the_figures(report: Report, office: Office) -> None:
    document = Document(BytesIO(word.paper(report, office.unit)))
    figures = document.tables[1]
    assert [row.cells[0].text for row in figures.rows][1:] == [str(n) for n in range(1, 11)]
    said = {row.cells[1].text: row.cells[2].text for row in figures.rows}
    assert said["Tiếp nhận"] == "3"
    assert said["Đã giải quyết"] == "2"
    assert said["Tỷ lệ giải quyết"] == "66,7%"
    assert any("tiếp nhận 3 nội dung" in line for line in texts(document))
    appendix = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert appendix[0][0] == "Kênh tiếp nhận"
    assert [row[0] for row in appendix[1:]] == [*(row.key for row in report.rows), "Tổng cộng"]
    assert appendix[-1][1:4] == ["3", "0", "2"]


def test_party_paper_has_the_partys_form(report: Report, office: Office) -> None:
    said = texts(Document(BytesIO(word.paper(report, office.units["BTG"]))))
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in said
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" not in said
    assert said.index("QUẬN ỦY LONG BIÊN") < said.index("BAN TUYÊN GIÁO") < said.index("*")
    assert "Long Biên, ngày 02 tháng 3 năm 2026" in said
    assert any(line.startswith("Số ") for line in said)


def test_government_paper_has_the_governments_form(report: Report, office: Office) -> None:
    said = texts(Document(BytesIO(word.paper(report, office.units["BD"]))))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in said
    assert "Độc lập - Tự do - Hạnh phúc" in said
    assert "ĐẢNG CỘNG SẢN VIỆT NAM" not in said
    assert "BỒ ĐỀ" in said
    assert any(line.startswith("Số: ") for line in said)


@pytest.mark.parametrize("code", ["BTG", "BD"])
def test_word_is_set_on_a4_with_page_numbers_from_the_second(
    report: Report, office: Office, code: str
) -> None:
    document = Document(BytesIO(word.paper(report, office.units[code])))
    first, appendix = document.sections
    for margin, least, most in (
        (first.left_margin, 30, 35),
        (first.right_margin, 15, 20),
        (first.top_margin, 20, 25),
        (first.bottom_margin, 20, 25),
    ):
        assert least <= round(margin.mm) <= most
    assert (round(first.page_width.mm), round(first.page_height.mm)) == (210, 297)
    assert first.different_first_page_header_footer
    assert "PAGE" in first.header._element.xml
    assert "PAGE" not in first.first_page_header._element.xml
    assert appendix.orientation == WD_ORIENT.LANDSCAPE
    assert document.styles["Normal"].font.name == "Times New Roman"


def test_word_without_rows_has_no_appendix(report: Report, office: Office, now: datetime) -> None:
    document = Document(BytesIO(word.paper(ask(now, None), office.unit)))
    assert len(document.sections) == 1
    assert round(document.sections[0].page_width.mm) == 210
    assert document.sections[0].different_first_page_header_footer
    assert not any("PHỤ LỤC" in line for line in texts(document))


def test_word_on_the_past_is_dated_on_the_day_it_was_made(office: Office, now: datetime) -> None:
    past = opinion_report(
        command_line(),
        first=date(2025, 1, 1),
        last=date(2025, 12, 31),
        as_of=datetime(2025, 6, 1, tzinfo=UTC),
        now=now,
    )
    said = texts(Document(BytesIO(word.paper(past, office.unit))))
    assert "Long Biên, ngày 02 tháng 3 năm 2026" in said
    assert any("đã ghi đến 01/06/2025 07:00" in line for line in said)


def test_names_are_text_in_word(report: Report, office: Office) -> None:
    unit = office.units["BD"]
    unit.letterhead, unit.place = HOSTILE, HOSTILE
    said = texts(Document(BytesIO(word.paper(report, unit))))
    assert HOSTILE in said
    assert f"{HOSTILE}, ngày 02 tháng 3 năm 2026" in said


def test_excel_has_real_numbers(report: Report, office: Office) -> None:
    sheet, meanings = load_workbook(BytesIO(excel.paper(report, office.unit))).worksheets
    rows = {row[0].value: row[1:] for row in sheet.iter_rows()}
    total = rows["Tổng cộng"]
    assert [cell.value for cell in total] == [3, 0, 2, 0, 0, 0, 0, 1, 0, 0.667]
    assert total[-1].number_format == "0.0%"
    assert total[0].number_format == "#,##0"
    assert rows["(không ghi)"][0].value == 1
    assert sheet["A1"].value == "QUẬN ỦY LONG BIÊN"
    sentences = {row[0].value: row[1].value for row in meanings.iter_rows()}
    assert sentences["Tiếp nhận"] == MEASURES["received"].sentence
    assert len(sentences) == 11


def test_excel_never_rounds_to_all(report: Report, office: Office) -> None:
    counted = {"received": 2000, "resolved": 1999, "rate_of_received": percentage(1999, 2000)}
    nearly_all = replace(report, total=report.total | counted)
    sheet = load_workbook(BytesIO(excel.paper(nearly_all, office.unit))).worksheets[0]
    rates = [row[10].value for row in sheet.iter_rows() if row[0].value == "Tổng cộng"]
    assert rates == [0.999]


def test_nothing_in_excel_is_a_formula(report: Report, office: Office) -> None:
    office.unit.letterhead = HOSTILE.replace("{{ 7*7 }} <b>&</b> ", "")
    workbook = load_workbook(BytesIO(excel.paper(report, office.unit)))
    cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert '=HYPERLINK("http://x")' in [cell.value for cell in cells]
    assert "=1+1" in [cell.value for cell in cells]
    assert not any(cell.hyperlink for cell in cells)


def test_excel_is_set_for_printing(report: Report, office: Office) -> None:
    sheet = load_workbook(BytesIO(excel.paper(report, office.unit))).worksheets[0]
    [heading] = [row for row in sheet.iter_rows() if row[1].value == "Tiếp nhận"]
    number = heading[0].row
    assert sheet.freeze_panes == f"B{number + 1}"
    assert sheet.print_title_rows == f"${number}:${number}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToWidth in (None, 1)  # the format leaves 1 out
    assert sheet.page_setup.fitToHeight == 0  # as many pages as it takes
