"""The reception register as form 03 of circular 04/2021/TT-TTCP has it, in Excel."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import IO
from uuid import UUID

from flask_babel import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tracker.cases.shown import standings
from tracker.people.sealing import Particulars
from tracker.reception.brought import Turn
from tracker.rules.directions import DIRECTION_LABELS, Direction, Tallies, direction
from tracker.rules.vietnamese import format_date, format_number
from tracker.rules.workflow import KIND_LABELS

MOST_ROWS = 20_000
LONGEST_CELL = 32_767  # Excel's own limit
WIDTHS = (6, 11, 24, 14, 36, 15, 18, 10, 10, 12, 24, 15)
LINE_HEIGHT = 15
HEADINGS = (
    "Số TT",
    "Ngày tiếp",
    "Họ tên - Địa chỉ của công dân",
    "CMND/Hộ chiếu của công dân",
    "Nội dung vụ việc",
    "Phân loại đơn/Số người",
    "Cơ quan đã giải quyết",
    "Hướng xử lý",
    "",
    "",
    "Theo dõi kết quả giải quyết",
    "Ghi chú",
)
DIRECTIONS = (Direction.ACCEPTED, Direction.GUIDED, Direction.FORWARDED)
FIRST_DIRECTION = HEADINGS.index("Hướng xử lý")
LAST = len(HEADINGS) - 1
TITLE, PERIOD, HEADING, FIRST_ROW = 0, 1, 2, 5
PROTECTED = "Bảo vệ người tố cáo"
FONT = {"font_name": "Times New Roman", "font_size": 11, "text_wrap": True, "valign": "top"}
CENTRED = FONT | {"bold": True, "align": "center", "valign": "vcenter"}
STYLES = {
    "title": CENTRED | {"font_size": 14, "text_wrap": False},
    "period": FONT | {"italic": True, "align": "center", "text_wrap": False},
    "heading": CENTRED | {"border": 1},
    # A row is written once and for all: the two of the heading aren't merged, they look it.
    "heading above": CENTRED | {"left": 1, "right": 1, "top": 1, "valign": "bottom"},
    "heading below": CENTRED | {"left": 1, "right": 1, "bottom": 1},
    "number": FONT | {"border": 1, "align": "center", "italic": True},
    "cell": FONT | {"border": 1},
    "mark": FONT | {"border": 1, "align": "center"},
    "day": FONT | {"border": 1, "num_format": "dd/mm/yyyy", "align": "center"},
    "total": FONT | {"border": 1, "bold": True},
    "total mark": FONT | {"border": 1, "bold": True, "align": "center"},
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose register, and for which local dates, both included. unit: empty for several."""

    unit: str
    first: date
    last: date


def write(
    target: IO[bytes], asked: Asked, turns: Iterable[Turn], people: Mapping[UUID, Particulars]
) -> Tallies:
    """Writes the turns row by row; returns what they count, which stands below them.

    people: who may be named, by id; a denouncer never is. Text is written as text: what people
    typed is never to be taken for a formula.
    """
    # Each row goes to the disk at once, so that a long register takes no more memory.
    book = Workbook(target, {"constant_memory": True})
    styles = {name: book.add_format(style) for name, style in STYLES.items()}
    sheet = book.add_worksheet("Sổ")
    _set_up(sheet)
    _head(sheet, asked, styles)
    tallies, words, row = Tallies(), standings(), FIRST_ROW - 1
    for row, turn in enumerate(islice(turns, MOST_ROWS), start=FIRST_ROW):
        tallies.add(turn)
        _line(
            sheet, row, turn, people.get(turn.person_id) if turn.person_id else None, words, styles
        )
    _total(sheet, row + 1, tallies, styles)
    book.close()
    return tallies


def _set_up(sheet: Worksheet) -> None:
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(FIRST_ROW, 0)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING, FIRST_ROW - 1)
    sheet.set_footer("&C&P/&N")


def _head(sheet: Worksheet, asked: Asked, styles: dict[str, Format]) -> None:
    period = f"Từ ngày {format_date(asked.first)} đến ngày {format_date(asked.last)}"
    for row, text, style in (
        (TITLE, " ".join(("SỔ TIẾP CÔNG DÂN", asked.unit.upper())).strip(), "title"),
        (PERIOD, period, "period"),
    ):
        sheet.merge_range(row, 0, row, LAST, "", styles[style])
        sheet.write_string(row, 0, text, styles[style])
    sheet.set_row(HEADING, 2 * LINE_HEIGHT)
    last_direction = FIRST_DIRECTION + len(DIRECTIONS) - 1
    for column, heading in enumerate(HEADINGS):
        if heading and column != FIRST_DIRECTION:
            sheet.write_string(HEADING, column, heading, styles["heading above"])
    sheet.merge_range(HEADING, FIRST_DIRECTION, HEADING, last_direction, "", styles["heading"])
    sheet.write_string(HEADING, FIRST_DIRECTION, HEADINGS[FIRST_DIRECTION], styles["heading"])
    sheet.set_row(HEADING + 1, 4 * LINE_HEIGHT)
    for column in range(len(HEADINGS)):
        if FIRST_DIRECTION <= column <= last_direction:
            label = DIRECTION_LABELS[DIRECTIONS[column - FIRST_DIRECTION]]
            sheet.write_string(HEADING + 1, column, label, styles["heading"])
        else:
            sheet.write_blank(HEADING + 1, column, None, styles["heading below"])
    for column in range(len(HEADINGS)):
        sheet.write_string(HEADING + 2, column, f"({column + 1})", styles["number"])


def _line(
    sheet: Worksheet,
    row: int,
    turn: Turn,
    who: Particulars | None,
    words: Mapping[str, str],
    styles: dict[str, Format],
) -> None:
    kind = _(KIND_LABELS[turn.kind])  # type: ignore[index]
    if turn.persons > 1:
        kind = f"{kind}/{format_number(turn.persons)} người"
    went = direction(turn)
    texts = (
        _name(turn, who),
        who.identity if who and not turn.is_denunciation else "",
        turn.content,
        kind,
        turn.lead or "",
        *("x" if went is each else "" for each in DIRECTIONS),
        _follow_up(turn, words),
        turn.code,
    )
    # Not every program that opens the register sees by itself how high a row has to be.
    lines = max(_lines(text, WIDTHS[column]) for column, text in enumerate(texts, start=2))
    sheet.set_row(row, LINE_HEIGHT * lines)
    sheet.write_number(row, 0, row - FIRST_ROW + 1, styles["mark"])
    sheet.write_datetime(row, 1, datetime.combine(turn.held_on, datetime.min.time()), styles["day"])
    for column, text in enumerate(texts, start=2):
        is_mark = FIRST_DIRECTION <= column < FIRST_DIRECTION + len(DIRECTIONS)
        style = styles["mark" if is_mark else "cell"]
        if text:
            sheet.write_string(row, column, text[:LONGEST_CELL], style)
        else:
            sheet.write_blank(row, column, None, style)


def _lines(text: str, width: int) -> int:
    return max(1, sum(1 + len(line) // width for line in text.splitlines()))


def _name(turn: Turn, who: Particulars | None) -> str:
    if turn.is_denunciation:
        return PROTECTED
    return "\n".join(filter(None, (who.name, who.address))) if who else ""


def _follow_up(turn: Turn, words: Mapping[str, str]) -> str:
    said = words[turn.outcome or turn.state]
    if turn.sent_to:
        said = f"{said}: {turn.sent_to}"
    return f"{said}, ngày {format_date(turn.ended_on)}" if turn.ended_on else said


def _total(sheet: Worksheet, row: int, tallies: Tallies, styles: dict[str, Format]) -> None:
    total = tallies.total
    counted = (
        f"{format_number(total.turns)} lượt, {format_number(total.persons)} người,"
        f" {format_number(total.groups)} đoàn từ 5 người, {format_number(total.matters)} vụ việc"
    )
    if total.turns == MOST_ROWS:
        counted += "; sổ dừng ở 20.000 lượt đầu, hãy chọn kỳ ngắn hơn"
    sheet.set_row(row, LINE_HEIGHT * _lines(counted, WIDTHS[4]))
    for column in range(len(HEADINGS)):
        sheet.write_blank(row, column, None, styles["total"])
    sheet.write_string(row, 2, "Tổng cộng", styles["total"])
    sheet.write_string(row, 4, counted, styles["total"])
    for column, each in enumerate(DIRECTIONS, start=FIRST_DIRECTION):
        tally = tallies.by_direction.get(each)
        sheet.write_number(row, column, tally.turns if tally else 0, styles["total mark"])
