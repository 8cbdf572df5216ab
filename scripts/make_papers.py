"""Makes the Word templates of reports, one in each form of papers, anew.

Government: decree 30/2020/NĐ-CP, annex I. Party: instruction 36-HD/VPTW. The templates are
kept in git, so that whoever wants another wording may also change them in a word processor.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

PAPERS = Path(__file__).resolve().parents[1] / "tracker" / "reports" / "papers"
FIGURES = (
    "received",
    "carried_over",
    "resolved",
    "explained",
    "promised",
    "resolved_late",
    "outside",
    "pending",
    "overdue",
    "rate_of_received",
)
BODY, SMALL, TABLE = 14, 11, 12


def make(paper: str) -> Any:
    """The template of `paper`: party or government."""
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(BODY)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    style.paragraph_format.space_after = Pt(0)
    _portrait(document.sections[0])
    (_party_head if paper == "party" else _government_head)(document)
    _title(document, paper)
    _body(document)
    _foot(document, paper)
    _appendix(document)
    return document


def _portrait(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.top_margin = section.bottom_margin = Mm(20)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = ALIGN.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        part.text = text
        run._r.append(part)


def _government_head(document: Any) -> None:
    left, right = _two_cells(document, 65, 100)
    _office(left, 13)
    _say(left, "Số:         /BC-", 13)
    _say(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, bold=True)
    _say(right, "Độc lập - Tự do - Hạnh phúc", 14, bold=True)
    _rule(right, 17)
    _say(right, "{{ place }}, {{ date }}", 13, italic=True)


def _party_head(document: Any) -> None:
    left, right = _two_cells(document, 80, 85)
    _office(left, 14)
    _say(left, "*", 14)
    _say(left, "Số         -BC/", 14)
    _say(right, "ĐẢNG CỘNG SẢN VIỆT NAM", 15, bold=True)
    _rule(right, 5)
    _say(right, "{{ place }}, {{ date }}", 14, italic=True)


def _office(cell: Any, size: int) -> None:
    _say(cell, "{%p for line in superiors %}", size)
    _say(cell, "{{ line }}", size)
    _say(cell, "{%p endfor %}", size)
    _say(cell, "{{ office }}", size, bold=True)


def _title(document: Any, paper: str) -> None:
    _say(document, "BÁO CÁO", 16 if paper == "party" else BODY, bold=True, before=18)
    _say(document, "Kết quả tiếp nhận, giải quyết dư luận xã hội", BODY, bold=True)
    _say(document, "{{ period }}", BODY, italic=True)
    if paper == "party":
        _say(document, "-----", BODY)
    else:
        _rule(document, 60)


def _body(document: Any) -> None:
    _sentence(document, "{{ paragraph }}", before=12)
    table = _table(document, (15, 110, 40))
    _fill(table.rows[0], ("STT", "Chỉ tiêu", "Số liệu"), bold=True)
    _repeat(table.rows[0])
    _fill(table.add_row(), ("{%tr for row in totals %}", "", ""))
    _fill(table.add_row(), ("{{ loop.index }}", "{{ row.label }}", "{{ row.figure }}"))
    _fill(table.add_row(), ("{%tr endfor %}", "", ""))
    _sentence(document, "{%p for note in notes %}")
    _sentence(document, "{{ note }}", size=TABLE, italic=True, before=4)
    _sentence(document, "{%p endfor %}")


def _foot(document: Any, paper: str) -> None:
    _say(document, "", SMALL)
    left, right = _two_cells(document, 80, 85)
    _say(left, "Nơi nhận:", 12, bold=True, italic=True, align=ALIGN.LEFT)
    kept = "- Lưu Văn phòng." if paper == "party" else "- Lưu: VT."
    for line in ("- ……………………;", kept):
        _say(left, line, SMALL, align=ALIGN.LEFT)
    head = "THỦ TRƯỞNG CƠ QUAN" if paper == "party" else "THỦ TRƯỞNG ĐƠN VỊ"
    _say(right, head, BODY, bold=True)
    for _line in range(4):
        _say(right, "", BODY)


def _appendix(document: Any) -> None:
    """The figures by row, on pages of their own; `reports.word` drops them if there are none."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.different_first_page_header_footer = False
    _say(document, "PHỤ LỤC", BODY, bold=True)
    _say(document, "Số liệu phân theo {{ breakdown }}", BODY, bold=True)
    _say(document, "({{ period }})", BODY, italic=True, after=6)
    table = _table(document, (57, *(20 for _ in FIGURES)))
    headings = [f"{{{{ labels.{name} }}}}" for name in FIGURES]
    _fill(table.rows[0], ("{{ breakdown_heading }}", *headings), bold=True, size=SMALL)
    _repeat(table.rows[0])
    blanks = ("",) * len(FIGURES)
    _fill(table.add_row(), ("{%tr for row in rows %}", *blanks))
    _fill(
        table.add_row(),
        ("{{ row.key }}", *(f"{{{{ row.{name} }}}}" for name in FIGURES)),
        first=ALIGN.LEFT,
    )
    _fill(table.add_row(), ("{%tr endfor %}", *blanks))
    _fill(
        table.add_row(),
        ("Tổng cộng", *(f"{{{{ total.{name} }}}}" for name in FIGURES)),
        first=ALIGN.LEFT,
        bold=True,
    )


def _two_cells(document: Any, left: int, right: int) -> tuple[Any, Any]:
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    for column, width in zip(table.columns, (left, right), strict=True):
        column.width = Mm(width)
    return table.rows[0].cells[0], table.rows[0].cells[1]


def _table(document: Any, widths: tuple[int, ...]) -> Any:
    table = document.add_table(rows=1, cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _fill(
    row: Any,
    texts: tuple[str, ...],
    *,
    bold: bool = False,
    size: int = TABLE,
    first: Any = ALIGN.CENTER,
) -> None:
    for index, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        is_label = text == "{{ row.label }}"
        align = ALIGN.LEFT if is_label else first if index == 0 else ALIGN.CENTER
        _say(cell, text, size, bold=bold, align=align, before=2, after=2)
    cannot_split = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(cannot_split)


def _repeat(row: Any) -> None:
    """Lets the row stand at the top of each page of its table."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _say(
    place: Any,
    text: str,
    size: int,
    *,
    bold: bool = False,
    italic: bool = False,
    align: Any = ALIGN.CENTER,
    before: int = 0,
    after: int = 0,
) -> Any:
    """Adds a paragraph to a document, or to a cell, whose own empty one is used first."""
    is_unused = hasattr(place, "_tc") and len(place.paragraphs) == 1 and not place.text
    paragraph = place.paragraphs[0] if is_unused and text else place.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_before = Pt(before)
    paragraph.paragraph_format.space_after = Pt(after)
    run = paragraph.add_run(text)
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    return paragraph


def _sentence(
    document: Any, text: str, *, size: int = BODY, italic: bool = False, before: int = 0
) -> None:
    paragraph = _say(
        document, text, size, italic=italic, align=ALIGN.JUSTIFY, before=before, after=6
    )
    paragraph.paragraph_format.first_line_indent = Mm(10)


def _rule(place: Any, indent: int) -> None:
    """Draws the line under a head: as wide as its place less `indent` mm on both sides."""
    paragraph = _say(place, "", 4, after=4)
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(indent)
    paragraph.paragraph_format.line_spacing = Pt(4)
    borders = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "auto")):
        top.set(qn(f"w:{name}"), value)
    borders.append(top)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


if __name__ == "__main__":
    PAPERS.mkdir(exist_ok=True)
    for name in ("party", "government"):
        make(name).save(str(PAPERS / f"{name}.docx"))
