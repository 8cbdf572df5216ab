"""Headings of registers, as offices write them."""

import unicodedata

import pytest

from tracker.rules.headings import REGISTERS, Column, Register, plain, recognise

ALL_TITLES = [
    pytest.param(register.kind, column, title, id=f"{register.kind}-{title}")
    for register in REGISTERS.values()
    for column in register.columns
    for title in column.titles
]


@pytest.mark.parametrize(("kind", "column", "title"), ALL_TITLES)
def test_each_synonym_names_its_column(kind: str, column: Column, title: str) -> None:
    others = [other.titles[0] for other in REGISTERS[kind].columns if other is not column]
    found = recognise([*others, title])
    assert found is not None
    assert found.columns[len(others)] == column.name


@pytest.mark.parametrize("register", REGISTERS.values(), ids=lambda register: register.kind)
def test_a_column_has_five_synonyms_and_shares_none(register: Register) -> None:
    titles = [plain(title) for column in register.columns for title in column.titles]
    assert len(titles) == len(set(titles))
    assert all(len(column.titles) >= 5 for column in register.columns)


@pytest.mark.parametrize(
    "cells",
    [
        ["Ngày tiếp nhận", "Nội dung dư luận", "Kết quả"],
        ["  NGÀY   TIẾP NHẬN ", "NỘI DUNG DƯ LUẬN:", "KẾT\nQUẢ"],
        ["ngay tiep nhan", "noi dung du luan", "ket qua"],
        ["Ngày tiếp nhận (ngày/tháng/năm)", "Nội dung dư luận (tóm tắt)", "Kết quả (1)"],
        [unicodedata.normalize("NFD", text) for text in ("Ngày nhận", "Nội dung", "Kết quả")],
    ],
)
def test_case_marks_spaces_and_brackets_do_not_matter(cells: list[str]) -> None:
    found = recognise(cells)
    assert found is not None
    assert (found.kind, dict(found.columns)) == (
        "opinion",
        {0: "received_on", 1: "content", 2: "result"},
    )


def test_order_does_not_matter_and_titles_are_kept_as_written() -> None:
    found = recognise(["Kết  quả", "", "Nội dung", "STT", "Ngày"])
    assert found is not None
    assert dict(found.columns) == {0: "result", 2: "content", 3: "number", 4: "received_on"}
    assert found.titles["result"] == "Kết quả"
    assert found.places["received_on"] == 4


def test_unknown_titles_are_kept() -> None:
    found = recognise(["STT", "Ngày", "Nội dung", "Số biên bản họp tổ"])
    assert found is not None
    assert dict(found.unknown) == {3: "Số biên bản họp tổ"}


def test_of_two_columns_with_one_meaning_the_second_is_unknown() -> None:
    found = recognise(["STT", "Ngày", "Nội dung", "Kết quả", "Tình trạng"])
    assert found is not None
    assert found.places["result"] == 3
    assert dict(found.unknown) == {4: "Tình trạng"}


@pytest.mark.parametrize(
    "cells",
    [
        [],
        ["", "  "],
        ["SỔ THEO DÕI DƯ LUẬN XÃ HỘI"],
        ["Ngày", "Nội dung"],
        ["STT", "Nội dung", "Kết quả", "Ghi chú"],
        ["STT", "Ngày", "Kết quả", "Ghi chú"],
        ["STT", "Họ và tên", "Lương", "Phụ cấp"],
        # The voters' register isn't one of opinion, though most of its columns are.
        ["STT", "Ngày", "Hình thức", "Nội dung kiến nghị của cử tri", "Địa bàn", "Hạn trả lời"],
    ],
)
def test_what_lacks_a_required_column_is_no_heading(cells: list[str]) -> None:
    assert recognise(cells) is None


def test_a_kind_that_does_not_exist_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        recognise(["STT", "Ngày", "Nội dung"], "menu")
