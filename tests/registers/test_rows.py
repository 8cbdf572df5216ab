"""Each row of a register becomes a case, is passed over, or is an error; none disappears."""

import unicodedata
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import tracker.registers
from tests.registers.workbooks import HEADING, case, register, with_member, workbook
from tracker.registers.rows import (
    PassedOver,
    Reading,
    RegisterRow,
    RowError,
    UnreadableWorkbook,
    read_register,
)

TODAY = date(2021, 3, 10)
SAMPLE = Path(tracker.registers.__file__).parent / "sample" / "so-theo-doi-dlxh.xlsx"
Told = RegisterRow | PassedOver | RowError


def read(*rows: Any) -> list[Told]:
    """Return what is told of the rows below a heading."""
    return list(read_register(register(*rows), today=TODAY))[1:]


def errors_of(**cells: Any) -> list[tuple[str, str, str]]:
    """Return (column, value, why) of each error of one case."""
    told = read(case(**cells))
    return [(each.column, each.value, str(each.why)) for each in told if isinstance(each, RowError)]


def only_case(**cells: Any) -> RegisterRow:
    (told,) = read(case(**cells))
    assert isinstance(told, RegisterRow)
    return told


def rows_of(reading: Reading) -> list[int]:
    return sorted({told.row for told in reading})


@pytest.fixture(scope="module")
def sample() -> tuple[Reading, list[Told]]:
    reading = read_register(SAMPLE, today=TODAY)
    return reading, list(reading)


def test_the_sample_gives_the_published_figures(sample: tuple[Reading, list[Told]]) -> None:
    reading, told = sample
    cases = [each for each in told if isinstance(each, RegisterRow)]
    outcomes = Counter(each.result.outcome for each in cases)
    assert reading.kind == "opinion"
    assert len(cases) == 608
    assert outcomes == {"resolved": 425, "explained": 168, None: 15}
    assert all((each.answered_on is None) == (each.result.state == "open") for each in cases)
    assert min(each.received_on for each in cases) >= date(2016, 5, 16)
    assert max(each.received_on for each in cases) <= TODAY


def test_the_sample_says_what_it_passes_over(sample: tuple[Reading, list[Told]]) -> None:
    reading, told = sample
    passed_over = Counter(each.reason for each in told if isinstance(each, PassedOver))
    assert passed_over == {"subtotal": 16, "blank": 7, "repeated": 4, "heading": 4}
    assert not [each for each in told if isinstance(each, RowError)]
    assert [each.row for each in told] == list(range(1, 640))
    assert reading.rows == 639
    # All 16 subtotals agree with the cases, so only the sheet of remarks is noted.
    assert [str(note) for note in reading.notes] == [
        "Trang “Ghi chú” không có tiêu đề cột của sổ nên không đọc"
    ]


def test_the_sample_names_what_differs_in_its_copies(sample: tuple[Reading, list[Told]]) -> None:
    copies = {
        each.row: str(each.detail)
        for each in sample[1]
        if isinstance(each, PassedOver) and each.reason == "repeated"
    }
    assert copies == {
        22: "trùng số và nội dung với dòng 21; khác ở Địa bàn: “Thạch Bàn” – “Phường Thạch Bàn”; "
        "Kết quả giải quyết: “Đã trả lời, định hướng dư luận” – “Đã giải quyết, trả lời bằng "
        "văn bản”",
        300: "trùng số và nội dung với dòng 299",
        515: "trùng số và nội dung với dòng 514; khác ở Địa bàn: “Phúc Lợi” – “Phường Phúc Lợi”",
        564: "trùng số và nội dung với dòng 563; khác ở Kết quả giải quyết: “Đã xử lý xong” – "
        "“Đã trả lời, định hướng dư luận”",
    }


def test_a_reading_can_be_iterated_again_and_says_the_same() -> None:
    reading = read_register(SAMPLE, today=TODAY)
    assert (list(reading), list(reading.notes)) == (list(reading), list(reading.notes))


def test_a_case_is_read_with_every_column() -> None:
    heading = [*HEADING, "Số văn bản", "Ngày văn bản", "Biên bản họp tổ", ""]
    row = [*case(note="hai\ndòng"), "12/UBND", "19/5/2020", 7, "ghi thêm"]
    told = list(read_register(workbook([heading, row]), today=TODAY))[1]
    assert isinstance(told, RegisterRow)
    assert (told.sheet, told.row, told.number) == ("Sheet1", 2, "1")
    assert (told.received_on, told.assigned_on) == (date(2020, 5, 4), date(2020, 5, 5))
    assert (told.due_on, told.answered_on) == (date(2020, 6, 1), date(2020, 5, 20))
    assert (told.channel, told.field, told.area) == ("Đường dây nóng", "Giáo dục", "Bồ Đề")
    assert (told.unit, told.content) == ("Phòng Giáo dục và Đào tạo", "Trường mầm non quá tải")
    assert (told.result.outcome, told.result_text) == ("resolved", "Đã giải quyết")
    assert told.note == "hai\ndòng"
    assert (told.document_number, told.document_date) == ("12/UBND", date(2020, 5, 19))
    assert told.extra == {"Biên bản họp tổ": "7", "P": "ghi thêm"}


def test_texts_are_made_good() -> None:
    told = only_case(
        content=unicodedata.normalize("NFD", "  Ngập  úng\u00a0kéo dài "),
        channel=" Đường   dây nóng ",
        number=16.0,
    )
    assert (told.content, told.channel, told.number) == (
        "Ngập úng kéo dài",
        "Đường dây nóng",
        "16",
    )


@pytest.mark.parametrize(
    "text", ["4/5/2020", "04/05/2020", "04.05.2020", "04-05-2020", " 4/5/2020 "]
)
def test_dates_as_text_in_every_style_of_the_sample(text: str) -> None:
    assert only_case(received_on=text).received_on == date(2020, 5, 4)


def test_a_date_cell_with_an_hour_is_that_day() -> None:
    told = only_case(received_on=datetime(2020, 5, 4, 23, 30))  # noqa: DTZ001 - a cell has no zone
    assert told.received_on == date(2020, 5, 4)


@pytest.mark.parametrize(
    ("cells", "column", "value", "why"),
    [
        ({"received_on": "31/11/2019"}, "Ngày tiếp nhận", "31/11/2019", "không có trong lịch"),
        ({"received_on": "4/5/20"}, "Ngày tiếp nhận", "4/5/20", "hai chữ số"),
        ({"received_on": "đầu tháng 5"}, "Ngày tiếp nhận", "đầu tháng 5", "không phải là ngày"),
        ({"received_on": "11/3/2021"}, "Ngày tiếp nhận", "11/3/2021", "muộn hơn ngày 10/03/2021"),
        ({"received_on": date(2106, 5, 4)}, "Ngày tiếp nhận", "04/05/2106", "muộn hơn ngày"),
        ({"received_on": date(1916, 5, 4)}, "Ngày tiếp nhận", "04/05/1916", "sớm hơn ngày"),
        ({"received_on": 43955}, "Ngày tiếp nhận", "43955", "không phải là ngày"),
        ({"received_on": ""}, "Ngày tiếp nhận", "", "thiếu ngày tiếp nhận"),
        ({"received_on": " "}, "Ngày tiếp nhận", "", "thiếu ngày tiếp nhận"),
        ({"content": " "}, "Nội dung dư luận", "", "thiếu nội dung"),
        ({"content": "\u200b"}, "Nội dung dư luận", "", "thiếu nội dung"),
        ({"answered_on": date(2020, 5, 3)}, "Ngày trả lời", "03/05/2020", "sớm hơn ngày tiếp nhận"),
        ({"answered_on": "11/3/2021"}, "Ngày trả lời", "11/3/2021", "muộn hơn ngày"),
        ({"assigned_on": "3/5/2020"}, "Ngày giao", "3/5/2020", "sớm hơn ngày tiếp nhận"),
        ({"due_on": "3/5/2020"}, "Hạn trả lời", "3/5/2020", "sớm hơn ngày tiếp nhận"),
        ({"due_on": "1/6/2106"}, "Hạn trả lời", "1/6/2106", "muộn hơn ngày"),
        ({"answered_on": ""}, "Ngày trả lời", "", "thiếu ngày trả lời"),
        ({"result": ""}, "Ngày trả lời", "20/05/2020", "kết quả chưa kết thúc"),
        ({"result": "Chưa giải quyết"}, "Ngày trả lời", "20/05/2020", "kết quả chưa kết thúc"),
        ({"result": "Xong?"}, "Kết quả giải quyết", "Xong?", "không rõ kết quả"),
    ],
)
def test_a_doubt_is_one_error_beside_its_cell(
    cells: dict[str, Any], column: str, value: str, why: str
) -> None:
    ((told_column, told_value, told_why),) = errors_of(**cells)
    assert (told_column, told_value) == (column, value)
    assert why in told_why


@pytest.mark.parametrize(
    "cells",
    [
        {"received_on": TODAY, "assigned_on": TODAY, "due_on": TODAY, "answered_on": TODAY},
        {"due_on": date(2021, 12, 31)},
        {"assigned_on": "", "due_on": ""},
        {"result": "", "answered_on": ""},
        {"number": ""},
    ],
    ids=["all today", "due after today", "no dates but two", "open", "no number"],
)
def test_what_is_not_doubtful_is_taken_in(cells: dict[str, Any]) -> None:
    assert errors_of(**cells) == []


def test_a_row_with_several_doubts_tells_each() -> None:
    told = errors_of(received_on="31/11/2019", content="", result="Xong?")
    assert [column for column, _, _ in told] == [
        "Ngày tiếp nhận",
        "Nội dung dư luận",
        "Kết quả giải quyết",
    ]


def test_a_register_without_a_column_of_answers_names_the_missing_column() -> None:
    table = [["STT", "Ngày", "Nội dung", "Kết quả"], [1, "4/5/2020", "Ngập úng", "Đã giải quyết"]]
    (error,) = list(read_register(workbook(table), today=TODAY))[1:]
    assert isinstance(error, RowError)
    assert (error.column, str(error.why)) == (
        "Ngày trả lời",
        "đã kết thúc nhưng thiếu ngày trả lời",
    )


@pytest.mark.parametrize(
    "row",
    [
        ["Cộng tháng 5/2016", "", "", "", 6],
        ["", "TỔNG CỘNG", "", "", "608"],
        ["", "", "", "", "Cộng:"],
        ["Tổng số", 12],
        ["Lũy kế"],
        ["Cộng chuyển trang sau", "", "", "", 20],
        ["Lũy kế từ đầu năm 2020", "", "", "", 20],
        [unicodedata.normalize("NFD", "Cộng quý II/2020"), "", "", "", 20],
    ],
)
def test_subtotals_are_passed_over(row: list[Any]) -> None:
    (told,) = [each for each in read(case(), row) if not isinstance(each, RegisterRow)]
    assert isinstance(told, PassedOver)
    assert (told.row, told.reason) == (3, "subtotal")


@pytest.mark.parametrize(
    "row",
    [
        case(content="Cộng tháng 5/2016"),
        case(number="Tổng cộng"),
        ["", "", "", "", "Cộng đồng dân cư phản ánh ngập úng"],
        ["Tổng cộng", "", "", "", "Đề nghị làm đường"],
        ["Cộng", date(2020, 5, 4)],
    ],
)
def test_a_row_with_a_text_or_a_date_of_its_own_is_no_subtotal(row: list[Any]) -> None:
    told = read(row)
    assert not [each for each in told if isinstance(each, PassedOver)]


def test_a_subtotal_that_does_not_agree_is_noted_and_no_error() -> None:
    rows = [
        case(),
        case(number=2, received_on="4/5/2020"),
        case(number=3, received_on=date(2019, 5, 1), assigned_on="", answered_on="1/6/2019"),
        ["Cộng tháng 5/2020", "", "", "", 3],
        ["Cộng tháng 5/2019", "", "", "", 1],
        ["Cộng năm 2020", "", "", "", 2],
        ["Lũy kế", "", "", "", 99],
        ["Tổng cộng", "", "", "", 4],
    ]
    reading = read_register(register(*rows), today=TODAY)
    told = list(reading)
    assert not [each for each in told if isinstance(each, RowError)]
    assert [str(note) for note in reading.notes] == [
        "Dòng 5 “Cộng tháng 5/2020” ghi 3, trong sổ có 2",
        "Dòng 9 “Tổng cộng” ghi 4, trong sổ có 3",
    ]


def test_blank_rows_are_told() -> None:
    told = read(case(), ["", "  ", "\u200b"], [], case(number=2))
    assert [getattr(each, "reason", "case") for each in told] == ["case", "blank", "blank", "case"]


def test_headings_that_come_again_and_column_numbers_are_told() -> None:
    numbers = [f"({column})" for column in range(1, len(HEADING) + 1)]
    rows = [
        ["SỔ THEO DÕI DƯ LUẬN"],
        [],
        HEADING,
        numbers,
        case(),
        [title.upper() for title in HEADING],
        ["A", "B", *range(1, 11)],
        ["Tháng 6/2020"],
        case(number=2),
    ]
    told = list(read_register(workbook(rows), today=TODAY))
    assert [getattr(each, "reason", "case") for each in told] == [
        *["heading"] * 4,
        "case",
        *["heading"] * 3,
        "case",
    ]


def test_a_row_of_a_few_numbers_is_not_taken_for_column_numbers() -> None:
    told = read(case(), [3, 5, 9, 2])
    assert {each.row for each in told if isinstance(each, RowError)} == {3}


def test_a_heading_of_two_rows() -> None:
    upper = ["STT", "Ngày tiếp nhận", "Nội dung", "Giao giải quyết", "", "Kết quả giải quyết", ""]
    lower = ["", "", "", "Đơn vị được giao", "Ngày giao", "Ngày trả lời", "Kết quả"]
    row = [1, "4/5/2020", "Ngập úng", "Phòng Y tế", "5/5/2020", "20/5/2020", "Đã giải quyết"]
    told = list(read_register(workbook([["SỔ"], upper, lower, row]), today=TODAY))
    assert [getattr(each, "reason", "case") for each in told] == [*["heading"] * 3, "case"]
    assert isinstance(told[3], RegisterRow)
    assert (told[3].unit, told[3].answered_on) == ("Phòng Y tế", date(2020, 5, 20))


def test_a_row_pasted_twice_is_one_case_and_the_first_copy_wins() -> None:
    again = unicodedata.normalize("NFD", "  TRƯỜNG mầm non  quá tải ")
    told = read(case(), case(content=again, area="P. Bồ Đề"), case(number="1"))
    assert [getattr(each, "reason", "case") for each in told] == ["case", "repeated", "repeated"]
    assert isinstance(told[0], RegisterRow)
    assert told[0].area == "Bồ Đề"
    assert [str(each.detail) for each in told if isinstance(each, PassedOver)] == [
        "trùng số và nội dung với dòng 2; khác ở Địa bàn: “Bồ Đề” – “P. Bồ Đề”",
        "trùng số và nội dung với dòng 2",
    ]


@pytest.mark.parametrize(
    "second",
    [case(number=2), case(content="Trường mầm non quá tải lần 2"), case(number="1a")],
    ids=["other number", "other content", "other number as text"],
)
def test_number_or_content_alone_make_no_copy(second: list[Any]) -> None:
    assert all(isinstance(each, RegisterRow) for each in read(case(), second))


def test_without_numbers_nothing_is_taken_for_a_copy() -> None:
    assert all(isinstance(each, RegisterRow) for each in read(case(number=""), case(number="")))


def test_a_copy_of_a_row_with_an_error_is_judged_by_itself() -> None:
    first, second = read(case(received_on="31/11/2019"), case())
    assert isinstance(first, RowError)
    assert isinstance(second, RegisterRow)


def test_all_sheets_with_a_known_heading_are_read_in_their_order() -> None:
    data = workbook(
        [HEADING, case()],
        [["Danh bạ"], ["An", "0912"]],
        [HEADING, case(received_on="6/5/2020", assigned_on=""), case()],
        names=["2019", "Danh bạ", "2020"],
    )
    reading = read_register(data, today=TODAY)
    told = list(reading)
    assert [(each.sheet, each.row) for each in told if isinstance(each, RegisterRow)] == [
        ("2019", 2),
        ("2020", 2),  # numbers begin anew on each sheet: another day is another case
    ]
    (copy,) = [each for each in told if isinstance(each, PassedOver) and each.reason == "repeated"]
    assert (copy.sheet, copy.row) == ("2020", 3)
    assert str(copy.detail) == "trùng số và nội dung với dòng 2 (2019)"
    assert reading.rows == len(told) == 5
    assert [str(note) for note in reading.notes] == [
        "Trang “Danh bạ” không có tiêu đề cột của sổ nên không đọc"
    ]


def test_a_hidden_sheet_is_not_read_and_told() -> None:
    data = with_member(
        workbook([HEADING, case()], [HEADING, case(number=2)], names=["Sổ", "Nháp"]),
        "xl/workbook.xml",
        lambda xml: xml.replace(b'sheetId="2"', b'sheetId="2" state="hidden"'),
    )
    reading = read_register(data, today=TODAY)
    assert {each.sheet for each in reading} == {"Sổ"}
    assert [str(note) for note in reading.notes] == ["Trang “Nháp” đang ẩn nên không đọc"]


def test_a_register_of_another_kind_is_refused_when_one_is_asked_for() -> None:
    assert read_register(register(case()), today=TODAY, kind="opinion").kind == "opinion"
    with pytest.raises(KeyError):
        read_register(register(case()), today=TODAY, kind="menu")
    with pytest.raises(UnreadableWorkbook):
        read_register(workbook([["STT", "Ngày", "Ghi chú"]]), today=TODAY, kind="opinion")


def test_no_row_disappears_in_a_register_of_every_mess() -> None:
    rows = [
        case(),
        [],
        case(number=2, content=""),
        ["Cộng", "", "", "", 1],
        HEADING,
        case(),
        ["một dòng lạc"],
        case(number=3, received_on="31/2/2020", result="?"),
    ]
    reading = read_register(register(*rows), today=TODAY)
    assert rows_of(reading) == list(range(1, reading.rows + 1)) == list(range(1, 10))
