"""Makes the Word templates of reception anew: each paper in both forms.

Wording after the forms of circulars 04/2021 and 05/2021/TT-TTCP. The templates are kept in git;
what they may name is `tracker/rules/papers.py`.
"""

from pathlib import Path
from typing import Any, NamedTuple

from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from paper_parts import BODY, SMALL, begin, fill, repeat, rule, say, sentence, table_of, two_cells

PAPERS = Path(__file__).resolve().parents[1] / "tracker" / "reception" / "papers"
CAME = (
    "Ngày {{ received_on }}, {{ unit }} nhận được nội dung {{ kind }} của ông (bà) {{ citizen }};"
    " địa chỉ: {{ address }}; mã vụ việc {{ code }}."
)
CONTENT = "Nội dung: {{ content }}"


class Letter(NamedTuple):
    """sign: in the number. title, subtitle. to: to whom. sentences: what it says."""

    sign: str
    title: str
    subtitle: str
    to: str
    sentences: tuple[str, ...]
    copies: tuple[str, ...]


CITIZEN = "Ông (bà) {{ citizen }}"
LETTERS = {
    "acceptance": Letter(
        "TB",
        "THÔNG BÁO",
        "Về việc thụ lý {{ kind }}",
        CITIZEN,
        (
            CAME,
            CONTENT,
            "Sau khi xem xét, {{ unit }} thụ lý nội dung trên để giải quyết theo thẩm quyền từ ngày"
            " {{ decided_on }}. Thời hạn giải quyết: đến hết ngày {{ due_on }}.",
            "Vậy thông báo để ông (bà) biết.",
        ),
        ("- Như trên;",),
    ),
    "refusal": Letter(
        "TB",
        "THÔNG BÁO",
        "Về việc không thụ lý {{ kind }}",
        CITIZEN,
        (
            CAME,
            CONTENT,
            "Sau khi xem xét, ngày {{ decided_on }} {{ unit }} không thụ lý để giải quyết nội dung"
            " trên vì lý do sau: {{ reason }}",
            "Vậy thông báo để ông (bà) biết.",
        ),
        ("- Như trên;",),
    ),
    "guidance": Letter(
        "HD",
        "PHIẾU HƯỚNG DẪN",
        "Về việc gửi {{ kind }} đến cơ quan có thẩm quyền",
        CITIZEN,
        (
            CAME,
            CONTENT,
            "Nội dung trên không thuộc thẩm quyền giải quyết của {{ unit }}: {{ reason }}",
            "Ngày {{ decided_on }}, {{ unit }} hướng dẫn ông (bà) gửi đến {{ sent_to }} để được xem"
            " xét, giải quyết theo quy định của pháp luật.",
        ),
        ("- Như trên;",),
    ),
    "transfer": Letter(
        "PC",
        "PHIẾU CHUYỂN ĐƠN",
        "Chuyển {{ kind }} đến cơ quan có thẩm quyền",
        "{{ sent_to }}",
        (
            CAME,
            CONTENT,
            "Lý do chuyển: {{ reason }}",
            "Ngày {{ decided_on }}, {{ unit }} chuyển nội dung trên đến {{ sent_to }} để xem xét,"
            " giải quyết theo thẩm quyền và thông báo kết quả cho người gửi và {{ unit }}.",
        ),
        ("- Như trên;", "- Ông (bà) {{ citizen }} (để biết);"),
    ),
}
COLUMNS = ("STT", "Mã", "Loại", "Nội dung", "Số người", "Hướng xử lý")
CELLS = ("number", "code", "kind", "content", "persons", "direction")
WIDTHS = (13, 33, 25, 51, 15, 28)


def letter(paper: str, given: Letter) -> Any:
    """The template of a letter in the form of `paper`."""
    document = begin(paper, given.sign)
    _title(document, paper, given.title, given.subtitle)
    say(document, f"Kính gửi: {given.to}", BODY, before=12, after=12)
    for each in given.sentences:
        sentence(document, each)
    say(document, "", SMALL)
    left, right = two_cells(document, 80, 85)
    say(left, "Nơi nhận:", 12, bold=True, italic=True, align=ALIGN.LEFT)
    for line in (*given.copies, "- Lưu Văn phòng." if paper == "party" else "- Lưu: VT."):
        say(left, line, SMALL, align=ALIGN.LEFT)
    _sign(right, "THỦ TRƯỞNG CƠ QUAN" if paper == "party" else "THỦ TRƯỞNG ĐƠN VỊ")
    return document


def minutes(paper: str) -> Any:
    """The template of a meeting's minutes in the form of `paper`."""
    document = begin(paper, "BB")
    _title(document, paper, "BIÊN BẢN", "{{ meeting }}")
    for line in (
        "Thời gian: từ {{ begins }}, ngày {{ held_on }}.",
        "Địa điểm: {{ venue }}.",
        "Người chủ trì: {{ chair }}.",
        "Thành phần tham dự: {{ present }}.",
        "Số người dự: {{ attendance }}.",
    ):
        sentence(document, line)
    sentence(
        document,
        "Kết quả: tiếp {{ turns }} lượt với {{ persons }} người, trong đó có {{ groups }} đoàn từ 5"
        " người trở lên, về {{ matters }} vụ việc:",
    )
    table = table_of(document, WIDTHS)
    fill(table.rows[0], COLUMNS, bold=True, size=SMALL)
    repeat(table.rows[0])
    blanks = ("",) * (len(CELLS) - 1)
    fill(table.add_row(), ("{%tr for item in items %}", *blanks))
    fill(table.add_row(), tuple(f"{{{{ item.{name} }}}}" for name in CELLS), size=SMALL)
    fill(table.add_row(), ("{%tr endfor %}", *blanks))
    sentence(document, "Ý kiến kết luận của người chủ trì:", before=8)
    for _line in range(3):
        say(document, "…" * 30, BODY)
    sentence(
        document,
        "Biên bản kết thúc hồi {{ ends }} cùng ngày, đã đọc lại cho những người có mặt cùng nghe"
        " và thống nhất ký tên.",
    )
    left, right = two_cells(document, 82, 83)
    _sign(left, "NGƯỜI GHI BIÊN BẢN")
    _sign(right, "NGƯỜI CHỦ TRÌ")
    return document


def _title(document: Any, paper: str, title: str, subtitle: str) -> None:
    say(document, title, 16 if paper == "party" else BODY, bold=True, before=18)
    say(document, subtitle, BODY, bold=True)
    if paper == "party":
        say(document, "-----", BODY, after=6)
    else:
        rule(document, 60)


def _sign(cell: Any, head: str) -> None:
    say(cell, head, BODY, bold=True)
    say(cell, "(Ký, ghi rõ họ tên)", SMALL, italic=True)
    for _line in range(4):
        say(cell, "", BODY)


if __name__ == "__main__":
    PAPERS.mkdir(exist_ok=True)
    for form in ("party", "government"):
        minutes(form).save(str(PAPERS / f"minutes.{form}.docx"))
        for name, given in LETTERS.items():
            letter(form, given).save(str(PAPERS / f"{name}.{form}.docx"))
