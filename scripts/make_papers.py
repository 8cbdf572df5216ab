"""Makes the Word templates of reports, one in each form of papers, anew.

Government: decree 30/2020/NĐ-CP, annex I. Party: instruction 36-HD/VPTW. The templates are
kept in git, so that whoever wants another wording may also change them in a word processor.
"""

from pathlib import Path
from typing import Any

from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.shared import Mm
from paper_parts import (
    BODY,
    SMALL,
    TABLE,
    begin,
    fill,
    repeat,
    rule,
    say,
    sentence,
    table_of,
    two_cells,
)

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


def make(paper: str) -> Any:
    """The template of `paper`: party or government."""
    document = begin(paper, "BC")
    _title(document, paper)
    _body(document)
    _foot(document, paper)
    _appendix(document)
    return document


def _title(document: Any, paper: str) -> None:
    say(document, "BÁO CÁO", 16 if paper == "party" else BODY, bold=True, before=18)
    say(document, "Kết quả tiếp nhận, giải quyết dư luận xã hội", BODY, bold=True)
    say(document, "{{ period }}", BODY, italic=True)
    if paper == "party":
        say(document, "-----", BODY)
    else:
        rule(document, 60)


def _body(document: Any) -> None:
    sentence(document, "{{ paragraph }}", before=12)
    table = table_of(document, (15, 110, 40))
    fill(table.rows[0], ("STT", "Chỉ tiêu", "Số liệu"), bold=True)
    repeat(table.rows[0])
    fill(table.add_row(), ("{%tr for row in totals %}", "", ""))
    fill(table.add_row(), ("{{ loop.index }}", "{{ row.label }}", "{{ row.figure }}"))
    fill(table.add_row(), ("{%tr endfor %}", "", ""))
    sentence(document, "{%p for note in notes %}")
    sentence(document, "{{ note }}", size=TABLE, italic=True, before=4)
    sentence(document, "{%p endfor %}")


def _foot(document: Any, paper: str) -> None:
    say(document, "", SMALL)
    left, right = two_cells(document, 80, 85)
    say(left, "Nơi nhận:", 12, bold=True, italic=True, align=ALIGN.LEFT)
    kept = "- Lưu Văn phòng." if paper == "party" else "- Lưu: VT."
    for line in ("- ……………………;", kept):
        say(left, line, SMALL, align=ALIGN.LEFT)
    head = "THỦ TRƯỞNG CƠ QUAN" if paper == "party" else "THỦ TRƯỞNG ĐƠN VỊ"
    say(right, head, BODY, bold=True)
    for _line in range(4):
        say(right, "", BODY)


def _appendix(document: Any) -> None:
    """The figures by row, on pages of their own; `reports.word` drops them if there are none."""
    section = document.add_section(WD_SECTION.NEW_PAGE)
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(20)
    section.different_first_page_header_footer = False
    say(document, "PHỤ LỤC", BODY, bold=True)
    say(document, "Số liệu phân theo {{ breakdown }}", BODY, bold=True)
    say(document, "({{ period }})", BODY, italic=True, after=6)
    table = table_of(document, (57, *(20 for _ in FIGURES)))
    headings = [f"{{{{ labels.{name} }}}}" for name in FIGURES]
    fill(table.rows[0], ("{{ breakdown_heading }}", *headings), bold=True, size=SMALL)
    repeat(table.rows[0])
    blanks = ("",) * len(FIGURES)
    fill(table.add_row(), ("{%tr for row in rows %}", *blanks))
    fill(
        table.add_row(),
        ("{{ row.key }}", *(f"{{{{ row.{name} }}}}" for name in FIGURES)),
        first=ALIGN.LEFT,
    )
    fill(table.add_row(), ("{%tr endfor %}", *blanks))
    fill(
        table.add_row(),
        ("Tổng cộng", *(f"{{{{ total.{name} }}}}" for name in FIGURES)),
        first=ALIGN.LEFT,
        bold=True,
    )


if __name__ == "__main__":
    PAPERS.mkdir(exist_ok=True)
    for name in ("party", "government"):
        make(name).save(str(PAPERS / f"{name}.docx"))
