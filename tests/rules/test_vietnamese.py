"""Text, names, numbers and dates as Vietnamese offices write and sort them."""

import random
import unicodedata
from datetime import date
from decimal import Decimal

import pytest

from tracker.rules import vietnamese as vn

pytestmark = pytest.mark.pure

EARLIEST, LATEST = date(2016, 5, 16), date(2021, 3, 10)


def decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    "written, cleaned",
    [
        ("  Cải cách hành chính ", "Cải cách hành chính"),
        (decomposed("phường Bồ Đề"), "phường Bồ Đề"),
        ("Bồ\u00a0Đề\u2003\t Hà\u3000Nội", "Bồ Đề Hà Nội"),
        ("Bồ\u200b Đề\ufeff\u00ad", "Bồ Đề"),
        ("không\x00 có\x07 gì\ud800", "không có gì"),
        ("dòng một\r\ndòng hai", "dòng một dòng hai"),
        ("", ""),
    ],
)
def test_cleaning_leaves_one_way_to_write_a_text(written: str, cleaned: str) -> None:
    assert vn.clean(written) == cleaned


def test_an_unseen_mark_does_not_keep_a_letter_from_its_tone() -> None:
    assert vn.clean("a\u200b\u0301") == "á"


def test_cleaning_keeps_lines_when_asked() -> None:
    text = "\n Kính gửi: \r\n\r\n ông\u00a0 A\u2028bà B \x00\n\n"
    assert vn.clean(text, keep_lines=True) == "Kính gửi:\n\nông A\nbà B"


@pytest.mark.parametrize(
    "text, folded",
    [
        ("Đường dây nóng", "duong day nong"),
        (decomposed("PHƯỜNG NGỌC THỤY"), "phuong ngoc thuy"),
        ("Ðức Giang", "duc giang"),
        ("ă â ê ô ơ ư ẳ ẵ ặ ệ ỡ ữ ỵ", "a a e o o u a a a e o u y"),
        ("Straße İzmir – 12/2026", "straße izmir – 12/2026"),
        ("DLXH-2016-00012", "dlxh-2016-00012"),
        ("한국", "한국"),
    ],
)
def test_folding_takes_marks_and_case_away(text: str, folded: str) -> None:
    assert vn.fold(text) == folded
    assert vn.fold(folded) == folded


@pytest.mark.parametrize(
    "written",
    [
        "Bồ Đề",
        "P.Bồ Đề",
        "P. Bồ Đề",
        "p Bồ Đề",
        "phường Bồ Đề",
        "Phường  BỒ ĐỀ ",
        "PHUONG BO DE",
        "Phuong Bồ Đề",
        decomposed("phường Bồ Đề"),
    ],
)
def test_a_ward_is_found_however_its_kind_is_written(written: str) -> None:
    assert vn.fold_place(written) == "bo de"


@pytest.mark.parametrize(
    "written, folded",
    [
        ("xã Đông Dư", "dong du"),
        ("X. Đông Dư", "dong du"),
        ("thị trấn Trâu Quỳ", "trau quy"),
        ("TT. Trâu Quỳ", "trau quy"),
        ("Phường 5", "5"),
        ("P5", "5"),
        # Names that only look like the words before names.
        ("Phương Mai", "phuong mai"),
        ("Phường Phương Mai", "phuong mai"),
        ("Xa La", "xa la"),
        ("Phúc Lợi", "phuc loi"),
        ("Thị trấn", "thi tran"),
        ("Phường", "phuong"),
        ("P.", "p."),
        ("phường Xã", "xa"),
    ],
)
def test_a_place_never_loses_its_name(written: str, folded: str) -> None:
    assert vn.fold_place(written) == folded


@pytest.mark.parametrize(
    "text, found",
    [
        ("12/2026", ["12", "2026"]),
        ("DLXH-2016-00012", ["dlxh", "2016", "00012"]),
        ("Ngõ 254, phố Huỳnh Văn Nghệ; ngõ 254", ["ngo", "254", "pho", "huynh", "van", "nghe"]),
        ('"*()_ - ', []),
    ],
)
def test_search_looks_for_words_and_numbers(text: str, found: list[str]) -> None:
    assert vn.tokens(text) == found


def test_words_with_marks_keep_them_and_none_passes_for_a_folded_one() -> None:
    assert vn.marked_tokens("Đèn ngo 20 đường Duong, ĐÈN") == ["đenα", "đươngα"]
    assert vn.marked_tokens("hoà") == vn.marked_tokens(decomposed("HÒA"))
    assert vn.marked_tokens("hòa") != vn.marked_tokens("hóa")
    assert vn.marked_tokens("den duong 15/BC-UBND") == []


def in_any_order(items: list[str]) -> list[str]:
    return random.Random(2016).sample(items, len(items))


def test_text_sorts_in_the_order_of_the_alphabet() -> None:
    alphabet = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert sorted(in_any_order(alphabet), key=vn.collate) == alphabet


@pytest.mark.parametrize(
    "ordered",
    [
        ["ma", "mà", "mả", "mã", "má", "mạ"],
        # A tone decides only between texts that are the same without it.
        ["Bồ Đề", "Bộ Đề", "Bồ Đến"],
        ["An", "Ăn", "Ân", "Ba", "Cự Khối", "Dân", "Đức Giang", "Gia Thụy"],
        ["ban", "ban công", "bàn công", "bang"],
        ["Ngõ 1", "Ngõ 2", "Ngõ A"],
        ["Phúc Đồng", "Phúc Lợi", "Thạch Bàn", "Thượng Thanh", "Việt Hưng"],
    ],
)
def test_text_sorts_as_a_dictionary_does(ordered: list[str]) -> None:
    assert sorted(in_any_order(ordered), key=vn.collate) == ordered
    assert sorted(in_any_order(ordered), key=lambda text: vn.collate(text).encode()) == ordered


def test_case_punctuation_and_composition_do_not_change_the_order() -> None:
    assert vn.collate("PHƯỜNG  Bồ-Đề.") == vn.collate(decomposed("phường bồ đề"))


def test_names_sort_by_given_then_family_then_middle_name() -> None:
    ordered = [
        "An",
        "Đặng Văn An",
        "Nguyễn Ân",
        "Trần Thị Bình",
        "Lê Hoa",
        "Vũ Hoa",
        "An Hòa",
        "Nguyễn Hòa",
        "Nguyễn Thị Hòa",
        "Nguyễn Văn Hòa",
        "Nguyễn Văn Hoàn",
    ]
    assert sorted(in_any_order(ordered), key=vn.sort_key) == ordered


@pytest.mark.parametrize(
    "number, written", [(0, "0"), (608, "608"), (1045, "1.045"), (-1234567, "-1.234.567")]
)
def test_thousands_are_parted_by_points(number: int, written: str) -> None:
    assert vn.format_number(number) == written


@pytest.mark.parametrize(
    "percent, written",
    [
        (Decimal(593) / 608 * 100, "97,5%"),
        (Decimal("97.25"), "97,3%"),
        (Decimal(95), "95,0%"),
        (Decimal("100.0"), "100%"),
        (Decimal("99.97"), "trên 99,9%"),
        (Decimal("99.94"), "99,9%"),
        (Decimal("0.04"), "dưới 0,1%"),
        (Decimal("0.05"), "0,1%"),
        (Decimal(0), "0%"),
        (Decimal("104.26"), "104,3%"),
        (None, "–"),
    ],
)
def test_percent_never_claims_all_or_nothing_by_rounding(
    percent: Decimal | None, written: str
) -> None:
    assert vn.format_percent(percent) == written


@pytest.mark.parametrize(
    "day, short, long",
    [
        (date(2021, 4, 7), "07/04/2021", "ngày 07 tháng 4 năm 2021"),
        (date(2021, 2, 28), "28/02/2021", "ngày 28 tháng 02 năm 2021"),
        (date(2021, 1, 10), "10/01/2021", "ngày 10 tháng 01 năm 2021"),
        (date(2021, 12, 31), "31/12/2021", "ngày 31 tháng 12 năm 2021"),
    ],
)
def test_dates_as_papers_write_them(day: date, short: str, long: str) -> None:
    assert vn.format_date(day) == short
    assert vn.long_date(day) == long


@pytest.mark.parametrize(
    "text",
    [
        "5/6/2016",
        "05/06/2016",
        "05-06-2016",
        "5.6.2016",
        " 5 / 6 / 2016 ",
        "5 6 2016",
        "5/6-2016",
        "2016-06-05",
        "2016-06-05 00:00:00",
        "2016-06-05T08:30",
        "ngày 5 tháng 6 năm 2016",
        decomposed("Ngày 05 tháng 06 năm 2016"),
        "5 tháng 6, năm 2016",
    ],
)
def test_dates_are_read_in_every_style_of_the_registers(text: str) -> None:
    assert vn.parse_date(text, earliest=EARLIEST, latest=LATEST) == date(2016, 6, 5)


@pytest.mark.parametrize(
    "text, why",
    [
        ("31/11/2016", "“31/11/2016” không có trong lịch"),
        ("30/2/2017", "“30/2/2017” không có trong lịch"),
        ("29/02/2017", "“29/02/2017” không có trong lịch"),
        ("5/18/2016", "“5/18/2016” không có trong lịch"),
        ("0/5/2017", "“0/5/2017” không có trong lịch"),
        ("01/01/0000", "“01/01/0000” không có trong lịch"),
        ("5/6/16", "“5/6/16” ghi năm bằng hai chữ số, không rõ thế kỷ nào"),
        ("12/3/2106", "“12/3/2106” muộn hơn ngày 10/03/2021"),
        ("11/3/2021", "“11/3/2021” muộn hơn ngày 10/03/2021"),
        ("15/5/2016", "“15/5/2016” sớm hơn ngày 16/05/2016"),
        ("", "“” không phải là ngày tháng năm"),
        ("đang giải quyết", "“đang giải quyết” không phải là ngày tháng năm"),
        ("5/6", "“5/6” không phải là ngày tháng năm"),
        ("6/2016", "“6/2016” không phải là ngày tháng năm"),
        ("42526", "“42526” không phải là ngày tháng năm"),
        ("5/6/2016 và 7/6/2016", "“5/6/2016 và 7/6/2016” không phải là ngày tháng năm"),
        ("5/6/20166", "“5/6/20166” không phải là ngày tháng năm"),
        ("٥/٦/٢٠١٦", "“٥/٦/٢٠١٦” không phải là ngày tháng năm"),
    ],
)
def test_a_doubtful_date_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(vn.DoubtfulDate) as refusal:
        vn.parse_date(text, earliest=EARLIEST, latest=LATEST)
    assert str(refusal.value) == why
    assert refusal.value.reason % refusal.value.values == why


def test_both_bounds_belong_to_the_dates_allowed() -> None:
    for day in (EARLIEST, LATEST):
        assert vn.parse_date(vn.format_date(day), earliest=EARLIEST, latest=LATEST) == day


def test_a_long_text_in_place_of_a_date_is_shown_short() -> None:
    with pytest.raises(vn.DoubtfulDate) as refusal:
        vn.parse_date("x" * 32_000, earliest=EARLIEST, latest=LATEST)
    assert len(str(refusal.value)) < 100
