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
    _listed(document, "items", WIDTHS, COLUMNS, _named(*CELLS))
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


def briefing(paper: str) -> Any:
    """The template of what is read at a briefing, in the form of `paper`."""
    document = begin(paper, "BC")
    _title(document, paper, "TÀI LIỆU GIAO BAN", "Dư luận xã hội, ngày {{ day }}")
    sentence(
        document,
        "1. Kỳ trước ({{ before_period }}) có {{ before_count }} nội dung: đã giải quyết"
        " {{ resolved }}, hẹn thực hiện {{ promised }}, ngoài thẩm quyền {{ outside }}, đang giải"
        " quyết {{ pending }}, trong đó quá hạn {{ overdue }}. Theo cấp chịu trách nhiệm:",
        before=6,
    )
    counted = ("received", "resolved", "promised", "outside", "pending", "overdue")
    headings = ("Cấp", "Tiếp nhận", "Đã giải quyết", "Hẹn", "Ngoài", "Đang giải quyết", "Quá hạn")
    _listed(document, "levels", (45, 20, 20, 20, 20, 20, 20), headings, _named("level", *counted))
    say(document, "", SMALL)
    _items(document, "before_items")
    sentence(document, "2. Còn lại từ các kỳ trước nữa: {{ older_count }} nội dung.", before=8)
    _items(document, "older_items")
    sentence(
        document,
        "3. Mới trong kỳ này ({{ since_period }}): {{ since_count }} nội dung.",
        before=8,
    )
    _items(document, "since_items")
    sentence(document, "4. Đơn vị còn nợ trả lời:", before=8)
    _listed(
        document,
        "owing",
        (95, 35, 35),
        ("Đơn vị", "Đang giải quyết", "Quá hạn"),
        _named("unit", "pending", "overdue"),
    )
    sentence(document, "{{ unread }}", italic=True, before=8)
    return document


def reception(paper: str) -> Any:
    """The template of the report on receptions, in the form of `paper`."""
    document = begin(paper, "BC")
    _title(document, paper, "BÁO CÁO", "Kết quả tiếp công dân {{ period }}")
    sentence(document, "{{ paragraph }}", before=6)
    _listed(
        document,
        "figures",
        (115, 50),
        ("Chỉ tiêu", "Số liệu"),
        _named("label", "figure"),
    )
    say(document, "{%p if rows %}", SMALL)
    sentence(document, "Phân theo {{ breakdown|lower }}:", before=8)
    counted = (
        "sessions", "turns", "persons", "groups", "matters", "resolved", "outside", "pending",
    )  # fmt: skip
    _listed(
        document,
        "rows",
        (45, *(15,) * len(counted)),
        ("", "Buổi", "Lượt", "Người", "Đoàn", "Vụ việc", "Xong", "Ngoài", "Còn"),
        _named("key", *counted),
    )
    say(document, "{%p endif %}", SMALL)
    say(document, "{%p if heads %}", SMALL)
    sentence(document, "Số ngày người đứng đầu trực tiếp tiếp công dân:", before=8)
    _listed(
        document,
        "heads",
        (65, 20, 20, 20, 20, 20),
        ("Đơn vị", "Đã tiếp", "Luật định", "Còn thiếu", "Đột xuất", "Ủy quyền"),
        _named("unit", "days", "required", "missing", "unscheduled", "delegated"),
    )
    say(document, "{%p endif %}", SMALL)
    sentence(
        document,
        "Ý kiến công dân về kết quả: {{ satisfied }} lượt hài lòng, {{ unsatisfied }} lượt chưa hài"
        " lòng, trong đó {{ waiting }} lượt chưa được xem xét.",
        before=8,
    )
    say(document, "{%p for note in notes %}", SMALL)
    sentence(document, "{{ note }}", italic=True, size=12)
    say(document, "{%p endfor %}", SMALL)
    say(document, "", SMALL)
    left, right = two_cells(document, 80, 85)
    say(left, "Nơi nhận:", 12, bold=True, italic=True, align=ALIGN.LEFT)
    say(left, "- Lưu Văn phòng." if paper == "party" else "- Lưu: VT.", SMALL, align=ALIGN.LEFT)
    _sign(right, "THỦ TRƯỞNG CƠ QUAN" if paper == "party" else "THỦ TRƯỞNG ĐƠN VỊ")
    return document


def _items(document: Any, name: str) -> None:
    _listed(
        document,
        name,
        (11, 62, 37, 55),
        ("TT", "Nội dung", "Chịu trách nhiệm", "Kết quả, thời hạn"),
        (
            "{{ item.number }}",
            "{{ item.content }} ({{ item.about }}; {{ item.code }})",
            "{{ item.lead }} ({{ item.level }})",
            "{{ item.result }} ({{ item.due }})",
        ),
    )


def _listed(
    document: Any,
    name: str,
    widths: tuple[int, ...],
    headings: tuple[str, ...],
    cells: tuple[str, ...],
) -> None:
    """A table with a row for each of the list `name`."""
    table = table_of(document, widths)
    fill(table.rows[0], headings, bold=True, size=SMALL)
    repeat(table.rows[0])
    blanks = ("",) * (len(headings) - 1)
    fill(table.add_row(), (f"{{%tr for item in {name} %}}", *blanks))
    fill(table.add_row(), cells, size=SMALL)
    fill(table.add_row(), ("{%tr endfor %}", *blanks))


def _named(*names: str) -> tuple[str, ...]:
    return tuple(f"{{{{ item.{name} }}}}" for name in names)


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
        briefing(form).save(str(PAPERS / f"briefing.{form}.docx"))
        reception(form).save(str(PAPERS / f"reception.{form}.docx"))
        for name, given in LETTERS.items():
            letter(form, given).save(str(PAPERS / f"{name}.{form}.docx"))
