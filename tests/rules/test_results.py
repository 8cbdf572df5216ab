"""Words of the result column, as registers write them."""

import unicodedata

import pytest

from tracker.rules.results import BEGINNINGS, UnknownResult, read_result

ENDED = {
    "Đã giải quyết": "resolved",
    "  Đã giải quyết, trả lời bằng văn bản ": "resolved",
    "ĐÃ XỬ LÝ XONG": "resolved",
    "Đã xử lí xong": "resolved",
    "Da giai quyet xong": "resolved",
    "Đã giải quyết, đã sửa chữa mặt đường": "resolved",
    "Đã giải quyết tại Công văn số 12/UBND ngày 5/6/2020": "resolved",
    "Đã trả lời, định hướng dư luận": "explained",
    "Đã trả lời": "explained",
    "Đã giải thích cho nhân dân": "explained",
    "Đã trả lời đúng nội dung phản ánh": "explained",
    "Đã trả lời, hẹn hoàn thành trong quý III": "promised",
    "Đã trả lời bằng văn bản, hẹn quý III/2021": "promised",
    "Hướng dẫn đến Tòa án nhân dân": "guided",
    "Chuyển đơn": "forwarded",
    "Đã chuyển Thanh tra thành phố": "forwarded",
    "Không đủ điều kiện thụ lý": "refused",
    "Không thụ lý": "refused",
    "Lưu": "filed",
    "Lưu đơn nặc danh": "filed",
    "Rút đơn": "withdrawn",
    "Công dân đã rút đơn": "withdrawn",
    "Trùng": "duplicate",
    "Trùng nội dung số 15": "duplicate",
}
OPEN = [
    "",
    "   ",
    "-",
    "Đang giải quyết",
    "Dang giai quyet",
    "Đang xác minh",
    "Đã giao đơn vị",
    "Đã chuyển đơn vị giải quyết",
    "Chưa giải quyết",
    "chưa trả lời",
    "Chua giai quyet",
    "Đã giải quyết một phần",
    "Tạm đình chỉ",
]
UNKNOWN = [
    "Xong?",
    "OK",
    "x",
    "Đã giải quyết, người dân chưa đồng ý",
    "Da giai quyet, dan chua dong y",
    "Đã trả lời nhưng không đúng nội dung",
    "Đã trả lời trễ hẹn",
    "Đã xử lý được một phần",
    "Lưu ý đơn vị trả lời",
    "Trung tâm y tế trả lời",
    "Đảng ủy đã giải quyết",
    "Dang uy da giai quyet",
    "Đã giải quyếttt",
]


@pytest.mark.parametrize(("text", "outcome"), ENDED.items())
def test_words_of_an_ending(text: str, outcome: str) -> None:
    for form in (text, unicodedata.normalize("NFD", text)):
        result = read_result(form)
        assert (result.outcome, result.state) == (outcome, "ended")


@pytest.mark.parametrize("text", OPEN)
def test_words_of_what_is_still_open(text: str) -> None:
    result = read_result(text)
    assert (result.outcome, result.state) == (None, "open")


@pytest.mark.parametrize("text", UNKNOWN)
def test_unknown_or_contradictory_words_are_never_guessed(text: str) -> None:
    with pytest.raises(UnknownResult):
        read_result(text)


def test_every_beginning_of_the_table_is_reached() -> None:
    for outcome, beginnings in BEGINNINGS:
        for beginning in beginnings:
            assert read_result(beginning).outcome == outcome, beginning
