"""Past cases vote, the liker the louder; areas that words name need no vote."""

import pytest

from tracker.rules.proposals import Proposal, Voice, joined, named, vote

WARDS = {"ngoc lam": "Ngọc Lâm", "lam": "Lâm", "bo de": "Bồ Đề", "ngoc thuy": "Ngọc Thụy"}


def test_the_liker_is_louder_than_the_many() -> None:
    voices = [Voice("A", "roads", 95.0), Voice("B", "water", 60.0), Voice("C", "water", 60.0)]
    assert vote(voices) == [Proposal("roads", ("A",)), Proposal("water", ("B", "C"))]


def test_what_is_unlike_or_says_nothing_has_no_voice() -> None:
    assert vote([Voice("A", "roads", 49.0), Voice("B", None, 90.0)]) == []
    assert vote([Voice("A", "roads", 100.0), Voice("B", "water", 55.0)]) == [
        Proposal("roads", ("A",))
    ]


def test_three_are_enough_and_the_likest_are_named() -> None:
    voices = [Voice(f"{thing}{n}", thing, 80.0 + n) for thing in "abcd" for n in range(5)]
    proposed = vote(voices)
    assert [each.thing for each in proposed] == ["a", "b", "c"]
    assert proposed[0].codes == ("a4", "a3", "a2")


@pytest.mark.parametrize(
    ("words", "areas"),
    [
        ("rac o phuong ngoc lam", ["Ngọc Lâm"]),
        ("ngoc lam rac thai", ["Ngọc Lâm"]),
        ("ngach lam va ngoc lam", ["Ngọc Lâm"]),
        ("bo de va ngoc thuy", ["Bồ Đề", "Ngọc Thụy"]),
        ("ngoc", []),
        ("", []),
    ],
)
def test_areas_that_words_name(words: str, areas: list[str]) -> None:
    assert [each.thing for each in named(words, WARDS) if each.is_sure] == areas


def test_a_street_called_like_an_area_says_less_than_the_area() -> None:
    assert named("rac o pho ngoc lam phuong bo de", WARDS) == [
        Proposal("Bồ Đề", is_sure=True),
        Proposal("Ngọc Lâm"),
    ]


def test_what_is_named_stands_before_what_is_voted_for() -> None:
    voted = [Proposal("Bồ Đề", ("A",)), Proposal("Ngọc Lâm", ("B",))]
    assert joined([Proposal("Ngọc Lâm")], voted) == [Proposal("Ngọc Lâm"), voted[0]]
