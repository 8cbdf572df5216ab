"""Parts of the Word templates: page, head in each form of papers, paragraphs and tables.

Government: decree 30/2020/NĐ-CP, annex I. Party: instruction 36-HD/VPTW.
"""

from typing import Any

from docx import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

BODY, SMALL, TABLE = 14, 11, 12
# What is read as a sentence stands left in its cell.
SENTENCES = (
    "{{ row.label }}",
    *(
        f"{{{{ item.{name}"
        for name in ("content", "result", "lead", "label", "level", "unit", "key")
    ),
)


def begin(paper: str, sign: str) -> Any:
    """A document in the form of `paper`, party or government, up to its head.

    sign: what stands in its number, such as BC for a report.
    """
    document = Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(BODY)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    style.paragraph_format.space_after = Pt(0)
    _portrait(document.sections[0])
    (_party_head if paper == "party" else _government_head)(document, sign)
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


def _government_head(document: Any, sign: str) -> None:
    left, right = two_cells(document, 65, 100)
    _office(left, 13)
    say(left, f"Số:         /{sign}-", 13)
    say(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, bold=True)
    say(right, "Độc lập - Tự do - Hạnh phúc", 14, bold=True)
    rule(right, 17)
    say(right, "{{ place }}, {{ date }}", 13, italic=True)


def _party_head(document: Any, sign: str) -> None:
    left, right = two_cells(document, 80, 85)
    _office(left, 14)
    say(left, "*", 14)
    say(left, f"Số         -{sign}/", 14)
    say(right, "ĐẢNG CỘNG SẢN VIỆT NAM", 15, bold=True)
    rule(right, 5)
    say(right, "{{ place }}, {{ date }}", 14, italic=True)


def _office(cell: Any, size: int) -> None:
    say(cell, "{%p for line in superiors %}", size)
    say(cell, "{{ line }}", size)
    say(cell, "{%p endfor %}", size)
    say(cell, "{{ office }}", size, bold=True)


def two_cells(document: Any, left: int, right: int) -> tuple[Any, Any]:
    table = document.add_table(rows=1, cols=2)
    table.autofit = False
    for column, width in zip(table.columns, (left, right), strict=True):
        column.width = Mm(width)
    return table.rows[0].cells[0], table.rows[0].cells[1]


def table_of(document: Any, widths: tuple[int, ...]) -> Any:
    table = document.add_table(rows=1, cols=len(widths), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def fill(
    row: Any,
    texts: tuple[str, ...],
    *,
    bold: bool = False,
    size: int = TABLE,
    first: Any = ALIGN.CENTER,
) -> None:
    for index, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        align = ALIGN.LEFT if text.startswith(SENTENCES) else first if index == 0 else ALIGN.CENTER
        say(cell, text, size, bold=bold, align=align, before=2, after=2)
    cannot_split = OxmlElement("w:cantSplit")
    row._tr.get_or_add_trPr().append(cannot_split)


def repeat(row: Any) -> None:
    """Lets the row stand at the top of each page of its table."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def say(
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


def sentence(
    document: Any, text: str, *, size: int = BODY, italic: bool = False, before: int = 0
) -> None:
    paragraph = say(
        document, text, size, italic=italic, align=ALIGN.JUSTIFY, before=before, after=6
    )
    paragraph.paragraph_format.first_line_indent = Mm(10)


def rule(place: Any, indent: int) -> None:
    """Draws the line under a head: as wide as its place less `indent` mm on both sides."""
    paragraph = say(place, "", 4, after=4)
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
