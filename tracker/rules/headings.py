"""The words by which registers name their columns: one table, a row for each register.

A heading is compared folded, without punctuation and without what stands in brackets, so the
table writes each synonym once, as an office would.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.rules.vietnamese import clean, fold

FEWEST_COLUMNS = 3
"""Fewer known columns than this aren't a heading: "Ngày" and "Nội dung" stand in any letter."""

_BRACKETED = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_PUNCTUATION = re.compile(r"[\W_]+")


def plain(title: str) -> str:
    """Return a heading as it is compared: folded words and single spaces, nothing else."""
    bare = _BRACKETED.sub(" ", fold(clean(title)))
    return _PUNCTUATION.sub(" ", bare).strip()


@dataclass(frozen=True, slots=True)
class Column:
    """A column that registers have: our name for it and the titles that offices give it."""

    name: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Register:
    """A kind of register: its columns, and those without which it isn't this register."""

    kind: str
    columns: tuple[Column, ...]
    required: frozenset[str]
    names: Mapping[str, str] = field(init=False)
    """Plain title -> column name."""

    def __post_init__(self) -> None:
        names = {plain(title): column.name for column in self.columns for title in column.titles}
        object.__setattr__(self, "names", names)


NUMBER = Column(
    "number",
    ("STT", "TT", "Số TT", "Số thứ tự", "Thứ tự", "No", "Số vào sổ", "Số sổ"),
)
RECEIVED_ON = Column(
    "received_on",
    (
        "Ngày tiếp nhận",
        "Ngày nhận",
        "Ngày phản ánh",
        "Ngày tiếp nhận phản ánh",
        "Ngày tiếp nhận thông tin",
        "Ngày nhận phản ánh",
        "Ngày tháng tiếp nhận",
        "Ngày, tháng, năm tiếp nhận",
        "Thời gian tiếp nhận",
        "Thời điểm tiếp nhận",
        "Ngày vào sổ",
        "Ngày đến",
        "Ngày tháng",
        "Ngày, tháng, năm",
        "Ngày",
    ),
)
CHANNEL = Column(
    "channel",
    (
        "Nguồn phản ánh",
        "Nguồn tin",
        "Nguồn thông tin",
        "Nguồn tiếp nhận",
        "Nguồn dư luận",
        "Nguồn cung cấp",
        "Nguồn",
        "Kênh tiếp nhận",
        "Kênh phản ánh",
        "Kênh thông tin",
        "Hình thức tiếp nhận",
        "Hình thức phản ánh",
    ),
)
FIELD = Column(
    "field",
    (
        "Lĩnh vực",
        "Lĩnh vực phản ánh",
        "Nhóm lĩnh vực",
        "Nhóm vấn đề",
        "Loại vấn đề",
        "Lĩnh vực liên quan",
        "Chuyên đề",
        "Phân loại lĩnh vực",
    ),
)
AREA = Column(
    "area",
    (
        "Địa bàn",
        "Địa bàn phản ánh",
        "Địa bàn phát sinh",
        "Địa điểm",
        "Nơi phát sinh",
        "Khu vực",
        "Phường",
        "Xã, phường",
        "Phường, xã",
        "Phường, xã, thị trấn",
        "Địa phương",
    ),
)
UNIT = Column(
    "unit",
    (
        "Đơn vị được giao",
        "Đơn vị giải quyết",
        "Đơn vị xử lý",
        "Đơn vị chủ trì",
        "Đơn vị thực hiện",
        "Đơn vị được giao giải quyết",
        "Đơn vị được giao chủ trì",
        "Cơ quan được giao",
        "Cơ quan giải quyết",
        "Cơ quan chủ trì",
        "Cơ quan xử lý",
        "Cơ quan, đơn vị giải quyết",
        "Cơ quan, đơn vị được giao",
        "Trách nhiệm giải quyết",
    ),
)
ASSIGNED_ON = Column(
    "assigned_on",
    (
        "Ngày giao",
        "Ngày giao việc",
        "Ngày giao đơn vị",
        "Ngày chuyển",
        "Ngày chuyển đơn vị",
        "Ngày chuyển xử lý",
        "Ngày giao giải quyết",
        "Ngày phân công",
    ),
)
DUE_ON = Column(
    "due_on",
    (
        "Hạn trả lời",
        "Hạn giải quyết",
        "Hạn xử lý",
        "Thời hạn",
        "Thời hạn trả lời",
        "Thời hạn giải quyết",
        "Thời hạn xử lý",
        "Hạn",
        "Ngày hết hạn",
        "Hạn hoàn thành",
    ),
)
ANSWERED_ON = Column(
    "answered_on",
    (
        "Ngày trả lời",
        "Ngày giải quyết",
        "Ngày giải quyết xong",
        "Ngày hoàn thành",
        "Ngày báo cáo kết quả",
        "Ngày có kết quả",
        "Ngày xử lý xong",
        "Ngày kết thúc",
        "Thời gian trả lời",
        "Ngày phản hồi",
    ),
)
RESULT = Column(
    "result",
    (
        "Kết quả",
        "Kết quả giải quyết",
        "Kết quả xử lý",
        "Kết quả trả lời",
        "Tình trạng",
        "Tình trạng giải quyết",
        "Tình trạng xử lý",
        "Trạng thái",
        "Tình hình giải quyết",
        "Theo dõi kết quả giải quyết",
    ),
)
NOTE = Column("note", ("Ghi chú", "Chú thích", "Ghi chú khác", "Lưu ý", "Diễn giải", "Ý kiến khác"))
DOCUMENT_NUMBER = Column(
    "document_number",
    (
        "Số văn bản",
        "Số văn bản trả lời",
        "Số công văn",
        "Số công văn trả lời",
        "Số hiệu văn bản",
        "Số, ký hiệu văn bản",
        "Văn bản trả lời",
        "Văn bản số",
        "Số ký hiệu",
    ),
)
DOCUMENT_DATE = Column(
    "document_date",
    (
        "Ngày văn bản",
        "Ngày công văn",
        "Ngày ban hành",
        "Ngày ký văn bản",
        "Ngày của văn bản",
        "Ngày văn bản trả lời",
        "Ngày tháng văn bản",
    ),
)

OPINION = Register(
    "opinion",
    (
        NUMBER,
        RECEIVED_ON,
        CHANNEL,
        FIELD,
        Column(
            "content",
            (
                "Nội dung dư luận",
                "Nội dung dư luận xã hội",
                "Nội dung DLXH",
                "Nội dung phản ánh",
                "Nội dung phản ánh, kiến nghị",
                "Nội dung thông tin",
                "Nội dung thông tin dư luận",
                "Nội dung ý kiến",
                "Nội dung vấn đề",
                "Vấn đề dư luận quan tâm",
                "Ý kiến phản ánh",
                "Ý kiến nhân dân",
                "Nội dung",
            ),
        ),
        AREA,
        UNIT,
        ASSIGNED_ON,
        DUE_ON,
        ANSWERED_ON,
        RESULT,
        NOTE,
        DOCUMENT_NUMBER,
        DOCUMENT_DATE,
    ),
    required=frozenset({"received_on", "content"}),
)

REGISTERS: dict[str, Register] = {register.kind: register for register in (OPINION,)}


@dataclass(frozen=True, slots=True)
class Recognised:
    """A heading that was understood. Indexes count columns of the sheet from 0."""

    kind: str
    columns: Mapping[int, str]
    """Index -> our column name."""
    unknown: Mapping[int, str]
    """Index -> title as written, for the columns that no table names."""
    places: Mapping[str, int]
    """Our column name -> index."""
    titles: Mapping[str, str]
    """Our column name -> title as written."""


def recognise(cells: Sequence[str], kind: str | None = None) -> Recognised | None:
    """Return which register `cells`, the texts of one sheet row, are the heading of.

    The register that knows the most of the columns is taken, or only `kind` is tried. Of two
    columns with titles of one meaning the first is taken and the other kept as unknown.
    Returns None where the row isn't a heading; raises KeyError for a kind that doesn't exist.
    """
    registers = REGISTERS.values() if kind is None else (REGISTERS[kind],)
    titles = {index: plain(cell) for index, cell in enumerate(cells) if cell and not cell.isspace()}
    candidates = (_match(register, titles, cells) for register in registers)
    fitting = [candidate for candidate in candidates if candidate is not None]
    return max(fitting, key=lambda candidate: len(candidate.columns), default=None)


def _match(
    register: Register, titles: Mapping[int, str], cells: Sequence[str]
) -> Recognised | None:
    """Return the heading read as `register`'s, or None when it isn't that."""
    columns: dict[int, str] = {}
    for index, title in titles.items():
        name = register.names.get(title)
        if name is not None and name not in columns.values():
            columns[index] = name
    if len(columns) < FEWEST_COLUMNS or not register.required <= set(columns.values()):
        return None
    return Recognised(
        kind=register.kind,
        columns=columns,
        unknown={index: clean(cells[index]) for index in titles if index not in columns},
        places={name: index for index, name in columns.items()},
        titles={name: clean(cells[index]) for index, name in columns.items()},
    )
