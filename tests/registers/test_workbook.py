"""Files that mean harm, or are no register at all: one clear line each, and at once."""

import re
import struct
import tracemalloc
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from tests.registers.workbooks import (
    HEADING,
    case,
    openpyxl_register,
    register,
    with_member,
    workbook,
)
from tracker.registers import safety
from tracker.registers.rows import (
    Reading,
    RegisterRow,
    RowError,
    UnreadableWorkbook,
    read_register,
)

TODAY = date(2021, 3, 10)
SHEET = "xl/worksheets/sheet1.xml"
SHARED = "xl/sharedStrings.xml"


def read(source: bytes | Path) -> Reading:
    return read_register(source, today=TODAY)


def refusal(source: bytes | Path) -> str:
    """Return the one line that a file is refused with."""
    with pytest.raises(UnreadableWorkbook) as caught:
        list(read(source))
    line = str(caught.value)
    assert "\n" not in line
    return line


def zipped(**members: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def sheet_of(rows: str) -> bytes:
    """Return a workbook with `rows` as the raw XML below its heading."""
    return with_member(
        register(case()),
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", rows.encode() + b"</sheetData>"),
    )


@pytest.mark.parametrize(
    "data",
    [b"STT;Ng\xc3\xa0y;N\xe1\xbb\x99i dung", b"%PDF-1.7", b"\x00" * 4096, zipped(word=b"<a/>")],
    ids=["csv", "pdf", "zeros", "zip of something else"],
)
def test_what_is_no_workbook(data: bytes) -> None:
    assert refusal(data) == "Tệp không phải là sổ Excel (.xlsx)"


def test_an_empty_file() -> None:
    assert refusal(b"") == "Tệp rỗng, không có gì để đọc"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path / "so.xlsx") == "Không mở được tệp so.xlsx"
    assert refusal(tmp_path) == f"Không mở được tệp {tmp_path.name}"


def test_a_file_on_disk_reads_like_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "so.xlsx"
    path.write_bytes(register(case()))
    assert list(read(path)) == list(read(path.read_bytes()))


def test_a_damaged_workbook_at_every_place_of_the_cut() -> None:
    whole = register(*(case(number=number) for number in range(40)))
    for part in range(1, 20):
        assert refusal(whole[: len(whole) * part // 20]) == "Tệp Excel bị hỏng, không đọc được"


def test_a_flipped_byte_in_the_sheet_is_damage_and_never_other_data() -> None:
    whole = bytearray(register(*(case(number=number) for number in range(40))))
    start = whole.index(SHEET.encode()) + len(SHEET) + 40
    whole[start] ^= 0xFF
    assert refusal(bytes(whole)) == "Tệp Excel bị hỏng, không đọc được"


def test_an_encoding_that_does_not_exist() -> None:
    broken = with_member(
        register(case()), "xl/workbook.xml", lambda xml: xml.replace(b"UTF-8", b"UTF-9", 1)
    )
    assert refusal(broken) == "Tệp Excel bị hỏng, không đọc được"


def test_a_workbook_whose_tags_have_a_prefix_reads_like_any() -> None:
    def prefix(xml: bytes) -> bytes:
        tagged = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", xml)
        return tagged.replace(b" xmlns=", b" xmlns:x=")

    plain = register(*(case(number=number, content=f"Việc {number}") for number in range(8_000)))
    prefixed = with_member(with_member(plain, SHEET, prefix), SHARED, prefix)
    assert list(read(prefixed)) == list(read(plain))


def test_a_sheet_of_broken_xml() -> None:
    broken = with_member(register(case()), SHEET, lambda xml: xml[:-200])
    assert refusal(broken) == "Tệp Excel bị hỏng, không đọc được"


def test_a_shared_text_that_is_not_there() -> None:
    broken = with_member(register(case()), SHARED, lambda _: b"<sst></sst>")
    assert refusal(broken) == "Tệp Excel bị hỏng, không đọc được"


def test_entities_are_not_expanded() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb">]>'
    broken = with_member(register(case()), "xl/workbook.xml", lambda xml: bomb + xml[55:])
    assert refusal(broken) == "Tệp Excel bị hỏng, không đọc được"


def test_a_password_as_excel_sets_it() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1016
    directory = "EncryptedPackage".encode("utf-16-le")
    assert "có mật khẩu" in refusal(ole + directory.ljust(128, b"\x00"))


def test_a_password_of_the_zip() -> None:
    data = bytearray(register(case()))
    place = data.index(b"PK\x01\x02")
    flags = struct.unpack_from("<H", data, place + 8)[0]
    struct.pack_into("<H", data, place + 8, flags | 1)
    assert "có mật khẩu" in refusal(bytes(data))


def test_an_old_xls_says_what_to_do() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 1016 + "Workbook".encode("utf-16-le")
    assert "lưu lại thành .xlsx" in refusal(ole)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = BytesIO(register(case()))
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/media/image1.xml", b" " * 60_000_000)
    tracemalloc.start()
    assert "phình quá lớn" in refusal(bomb.getvalue())
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


def test_a_bomb_of_many_members() -> None:
    bomb = BytesIO(register(case()))
    with zipfile.ZipFile(bomb, "a") as archive:
        for number in range(safety.MOST_MEMBERS):
            archive.writestr(f"xl/media/{number}.xml", b"")
    assert "phình quá lớn" in refusal(bomb.getvalue())


def test_a_bomb_by_its_whole_size(monkeypatch: pytest.MonkeyPatch) -> None:
    data = register(case())
    with zipfile.ZipFile(BytesIO(data)) as archive:
        size = sum(member.file_size for member in archive.infolist())
    monkeypatch.setattr(safety, "MOST_UNPACKED_BYTES", size)
    assert list(read(data))
    monkeypatch.setattr(safety, "MOST_UNPACKED_BYTES", size - 1)
    assert "phình quá lớn" in refusal(data)


def test_a_bomb_whose_directory_lies_about_its_size() -> None:
    data = bytearray(register(case()))
    for place in range(len(data)):
        if data.startswith(b"PK\x01\x02", place) and data.startswith(SHEET.encode(), place + 46):
            struct.pack_into("<L", data, place + 24, 100)
    assert refusal(bytes(data)) == "Tệp Excel bị hỏng, không đọc được"


def test_a_bomb_of_one_long_text_in_many_cells() -> None:
    cells = "".join(
        f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(3, 20_003)
    )
    long_text = b"<sst><si><t>" + bytes(range(97, 123)) * 1_200 + b"</t></si>"
    bomb = with_member(sheet_of(cells), SHARED, lambda xml: long_text + xml[xml.index(b"<si>") :])
    assert "phình quá lớn" in refusal(bomb)


def test_a_million_empty_rows_below_the_heading_are_no_data() -> None:
    rows = "".join(f'<row r="{row}"/>' for row in range(3, 1_000_003))
    data = with_member(
        workbook([HEADING]),
        SHEET,
        lambda xml: xml.replace(b"</sheetData>", rows.encode() + b"</sheetData>"),
    )
    assert refusal(data) == "Có tiêu đề cột nhưng không có dòng dữ liệu nào"


def test_a_million_empty_styled_rows_are_no_heading() -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}" s="1"/></row>' for row in range(1, 1_000_001))
    data = with_member(
        workbook([[]]),
        SHEET,
        lambda xml: xml.replace(b"<sheetData/>", f"<sheetData>{rows}</sheetData>".encode()),
    )
    assert refusal(data).startswith("Không nhận ra tiêu đề cột")


@pytest.mark.parametrize("place", ["XFD1048576", "A1048576", "XFD3", "GR40001"])
def test_one_far_cell_does_not_make_a_grid_without_end(place: str) -> None:
    row = place.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    data = sheet_of(f'<row r="{row}"><c r="{place}"><v>1</v></c></row>')
    assert refusal(data).startswith("Trang tính quá lớn")


@pytest.mark.parametrize("cell", ["<c><v>1</v></c>", "<c r='A9'><v>1</v></c>"])
def test_cells_without_a_certain_place_are_refused(cell: str) -> None:
    assert "không ghi vị trí" in refusal(sheet_of(f'<row r="9">{cell}</row>'))


@pytest.mark.parametrize(
    "table",
    [
        [],
        [["Xin chào"]],
        [["STT", "Họ tên", "Lương"], [1, "An", 5]],
        [[""]] * 30 + [HEADING, case()],
    ],
    ids=["empty", "a word", "another table", "a heading too far below"],
)
def test_no_known_heading(table: list[list[Any]]) -> None:
    assert refusal(workbook(table)) == "Không nhận ra tiêu đề cột của loại sổ nào trong 30 dòng đầu"


def test_a_heading_in_the_last_row_looked_at() -> None:
    reading = read(workbook([[""]] * 29 + [HEADING, case()]))
    assert [type(told) for told in reading].count(RegisterRow) == 1


def test_a_cell_of_32000_characters_is_an_error_beside_it() -> None:
    first, second = list(read(register(case(content="x" * 32_000), case(number=2))))[1:]
    assert isinstance(first, RowError)
    assert (first.row, first.column, len(first.value)) == (2, "Nội dung dư luận", 80)
    assert str(first.why) == "ô dài 32000 ký tự, nhiều nhất 20000"
    assert isinstance(second, RegisterRow)


def test_text_like_a_command_stays_text() -> None:
    command = "=cmd|' /C calc'!A0"
    told = list(read(register(case(content=command, note="@SUM(A1)"))))[1]
    assert isinstance(told, RegisterRow)
    assert (told.content, told.note) == (command, "@SUM(A1)")


def test_a_formula_with_its_result_gives_the_result() -> None:
    data = with_member(
        register(case(number=41)),
        SHEET,
        lambda xml: xml.replace(b"<v>41</v>", b"<f>40+1</f><v>41</v>"),
    )
    computed = with_member(
        data, "xl/workbook.xml", lambda xml: xml.replace(b' fullCalcOnLoad="1"', b"")
    )
    told = list(read(computed))[1]
    assert isinstance(told, RegisterRow)
    assert told.number == "41"
    # A workbook that asks to be computed when it is opened doesn't vouch for its results.
    doubted = list(read(data))[1]
    assert isinstance(doubted, RowError)


@pytest.mark.parametrize(
    ("place", "column"),
    [("E2", "Nội dung dư luận"), ("B2", "Ngày tiếp nhận"), ("K2", "Kết quả giải quyết")],
)
def test_a_formula_that_was_never_computed_is_an_error_beside_it(place: str, column: str) -> None:
    def put_formula(sheet: Any) -> None:
        sheet[place] = '=CONCATENATE("a","b")'

    (error,) = list(read(openpyxl_register(put_formula, case())))[1:]
    assert isinstance(error, RowError)
    assert (error.row, error.column) == (2, column)
    assert "công thức chưa có kết quả" in str(error.why)


def test_a_row_of_nothing_but_formulas_is_not_lost() -> None:
    def put_formula(sheet: Any) -> None:
        sheet["E5"] = '=CONCATENATE("a","b")'

    reading = read(openpyxl_register(put_formula, case()))
    told = list(reading)
    assert reading.rows == 5
    assert {error.row for error in told if isinstance(error, RowError)} == {5}


def test_a_formula_error_is_an_error_beside_it() -> None:
    def put_error(sheet: Any) -> None:
        sheet["F2"] = "#REF!"

    (error,) = list(read(openpyxl_register(put_error, case())))[1:]
    assert isinstance(error, RowError)
    assert (error.column, str(error.why)) == ("Địa bàn", "ô là công thức báo lỗi")


def test_columns_stand_right_in_a_sheet_that_begins_at_column_c() -> None:
    told = list(read(workbook([[], ["", "", *HEADING], ["", "", *case()]])))
    assert isinstance(told[-1], RegisterRow)
    assert (told[-1].row, told[-1].content) == (3, "Trường mầm non quá tải")
