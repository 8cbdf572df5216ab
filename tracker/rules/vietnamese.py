"""Vietnamese text as offices write it: cleaning, folding, order, numbers and dates."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from tracker.rules.labels import mark as _m

# Controls, zero-width and direction marks, lone surrogates: PostgreSQL refuses some of them,
# and none of them can be seen by whoever compares two texts.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufeff\ud800-\udfff]"
)
_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_WORD = re.compile(r"[^\W_]+")


def clean(text: str, *, keep_lines: bool = False) -> str:
    """Return `text` in NFC, trimmed, every run of spaces one space, unseen characters out.

    With `keep_lines` each line is cleaned alone, ends of lines become a plain newline, and
    empty lines at both ends are dropped.
    """
    seen = unicodedata.normalize("NFC", _UNSEEN.sub("", text))
    if not keep_lines:
        return " ".join(seen.split())
    lines = (" ".join(line.split()) for line in _LINE_ENDS.sub("\n", seen).split("\n"))
    return "\n".join(lines).strip("\n")


# The Icelandic ð is what old typing tools put for đ; on paper the two look the same.
_D_WITH_STROKE = str.maketrans("đð", "dd")


def _fold_character(character: str) -> str:
    """Return one character in lower case without its marks; empty for a mark itself."""
    parts = unicodedata.normalize("NFD", character)
    bare = "".join(part for part in parts if not unicodedata.combining(part))
    lower = unicodedata.normalize("NFD", bare.lower().translate(_D_WITH_STROKE))
    return "".join(part for part in lower if not unicodedata.combining(part))


class _FoldingTable(dict[int, str]):
    """A table for `str.translate` that learns each character when it first meets it."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        return folded


_FOLDED = _FoldingTable()


def fold(text: str) -> str:
    """Return `text` in lower case without marks, đ as d, in NFC: the form that search compares."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", text.translate(_FOLDED))


# Cut before the marks are: "phường" and a hasty "phuong" stand before names, but Phương Mai
# is a name, and so is Xa La.
_PLACE_PREFIX = re.compile(
    r"(?:(?:phường|phuong|xã|thị trấn|thi tran)\b|(?:p|x|tt)(?:\s*\.|\s)|p(?=\d))[\s.]*"
)


def fold_place(text: str) -> str:
    """Return a place's name folded and without "phường", "P.", "xã", "thị trấn" before it.

    "P.Bồ Đề", "phường Bồ Đề" and "Bồ Đề" give the same; a name that is nothing but such a
    word stays as it is.
    """
    lower = clean(text).lower()
    prefix = _PLACE_PREFIX.match(lower)
    name = lower[prefix.end() :] if prefix else lower
    return fold(name or lower)


def tokens(text: str) -> list[str]:
    """Return the folded words and numbers of `text`, each once, in order: what search looks for.

    "12/2026" gives ["12", "2026"].
    """
    return list(dict.fromkeys(_WORD.findall(fold(text))))


def marked_tokens(text: str) -> list[str]:
    """Return those words of `text` that carry marks, each once, in a form that keeps the marks.

    The tone stands last, as a letter that no Vietnamese word has, so that "hoà" and "hòa" are
    one word, and none of them is ever taken for a folded one.
    """
    return list(dict.fromkeys(filter(None, map(_marked, _WORD.findall(clean(text))))))


_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
# Unmarked, then huyền, hỏi, ngã, sắc, nặng: the order of Vietnamese dictionaries.
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_CODES = {letter: f"{20 + place}" for place, letter in enumerate(_LETTERS)}
_CODES |= {str(digit): f"{10 + digit}" for digit in range(10)}
_FOREIGN, _SPACE, _END = "99", "01", "00"


_TONE_LETTERS = str.maketrans(_TONES, "αβγδε")


@lru_cache(maxsize=8192)
def _marked(word: str) -> str:
    """Return `word` in lower case with its tone last; empty where it carries no mark."""
    if word.isascii():
        return ""
    parts = unicodedata.normalize("NFD", word.lower())
    tones = "".join(part for part in parts if part in _TONES)
    bare = unicodedata.normalize("NFC", "".join(part for part in parts if part not in _TONES))
    written = bare.replace("ð", "đ") + tones.translate(_TONE_LETTERS)
    return "" if written == fold(word) else written


def _weigh(character: str) -> tuple[str, str]:
    """Return a letter's place in the alphabet (two digits) and its tone (one digit)."""
    parts = unicodedata.normalize("NFD", character.lower())
    tone = next((part for part in parts if part in _TONES), "")
    letter = unicodedata.normalize("NFC", parts.replace(tone, "") if tone else parts)
    code = _CODES.get(letter) or _CODES.get(_fold_character(letter), _FOREIGN)
    return code, str(_TONES.index(tone) + 1 if tone else 0)


class _WeightTable(dict[str, tuple[str, str]]):
    """Weights of characters, each worked out when it is first met."""

    def __missing__(self, character: str) -> tuple[str, str]:
        weight = self[character] = _weigh(character)
        return weight


_WEIGHTS = _WeightTable({" ": (_SPACE, "0")})


def collate(text: str) -> str:
    """Return a key by which texts sort in the Vietnamese alphabet, tones deciding only ties.

    The key has digits only, so it sorts alike by bytes and under any locale of a database.
    Case and punctuation don't count.
    """
    words = " ".join(_WORD.findall(unicodedata.normalize("NFC", text)))
    weights = [_WEIGHTS[character] for character in words]
    letters = "".join(letter for letter, _ in weights)
    return letters + _END + "".join(tone for _, tone in weights)


def sort_key(name: str) -> str:
    """Return a key by which persons sort by given name, then family name, then middle names.

    Each part is compared as `collate` does, so that everyone called Hoa stands before
    everyone called Hòa. A single word is a given name.
    """
    words = name.split()
    given, family, middle = words[-1:], words[:-1][:1], words[1:-1]
    return _END.join(collate(" ".join(part)) for part in (given, family, middle))


def format_number(number: int) -> str:
    """Return a whole number with points between thousands: 1.045."""
    return f"{number:,}".replace(",", ".")


_TENTH = Decimal("0.1")


def format_percent(percent: Decimal | None) -> str:
    """Return percent (97.53 is given as 97.53, not 0.9753) as "97,5%"; a dash for None.

    Half up, one decimal. Only an exact 100 is "100%" and only an exact 0 is "0%": what would
    round to them is "trên 99,9%" and "dưới 0,1%".
    """
    if percent is None:
        return "–"
    if percent in (0, 100):
        return f"{int(percent)}%"
    rounded = percent.quantize(_TENTH, ROUND_HALF_UP)
    if rounded == 100 and percent < 100:
        return "trên 99,9%"
    if rounded == 0:
        return "dưới 0,1%"
    return f"{rounded}%".replace(".", ",")


def format_date(day: date) -> str:
    """Return a date as 07/04/2021."""
    return f"{day.day:02}/{day.month:02}/{day.year:04}"


def long_date(day: date) -> str:
    """Return a date as papers write it: "ngày 07 tháng 4 năm 2021".

    Days below 10 and months 1 and 2 take a leading zero (decree 30/2020/NĐ-CP, annex I).
    """
    month = f"{day.month:02}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


class DoubtfulDate(ValueError):
    """A text that can't be read as one certain date.

    `reason` is a label with placeholders for the catalogue, `values` fills them; as a string
    the error is the Vietnamese sentence.
    """

    def __init__(self, reason: str, values: Mapping[str, str]) -> None:
        super().__init__(reason % values)
        self.reason = reason
        self.values = dict(values)


_SEPARATED = r"\s*[/.\-\s]\s*"
_DAY_FIRST = re.compile(rf"(\d{{1,2}}){_SEPARATED}(\d{{1,2}}){_SEPARATED}(\d{{4}})", re.ASCII)
_IN_WORDS = re.compile(r"(?:ngay )?(\d{1,2}) ?thang ?(\d{1,2}) ?,? ?nam ?(\d{4})", re.ASCII)
_ISO = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[t ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?",
    re.ASCII,
)
_SHORT_YEAR = re.compile(rf"\d{{1,2}}{_SEPARATED}\d{{1,2}}{_SEPARATED}\d{{2}}", re.ASCII)

_NOT_A_DATE = _m("“%(text)s” không phải là ngày tháng năm")
_TWO_DIGIT_YEAR = _m("“%(text)s” ghi năm bằng hai chữ số, không rõ thế kỷ nào")
_NO_SUCH_DAY = _m("“%(text)s” không có trong lịch")
_TOO_EARLY = _m("“%(text)s” sớm hơn ngày %(earliest)s")
_TOO_LATE = _m("“%(text)s” muộn hơn ngày %(latest)s")
_SHOWN_LENGTH = 40


def parse_date(text: str, *, earliest: date, latest: date) -> date:
    """Return the date that `text` names, within `earliest` and `latest`, both included.

    Reads 5/6/2016 (also with points, hyphens, spaces), 2016-06-05 and "ngày 5 tháng 6 năm
    2016"; the day always stands before the month. Raises DoubtfulDate for anything else: a
    day that doesn't exist, a year of two digits, a date out of bounds, another text.
    """
    words = clean(text)
    values = {"text": words[:_SHOWN_LENGTH]}
    day = _existing_day(*_numbers(words, values), values)
    if day < earliest:
        raise DoubtfulDate(_TOO_EARLY, values | {"earliest": format_date(earliest)})
    if day > latest:
        raise DoubtfulDate(_TOO_LATE, values | {"latest": format_date(latest)})
    return day


def _numbers(words: str, values: Mapping[str, str]) -> tuple[int, int, int]:
    """Return day, month and year as written; raises DoubtfulDate when they aren't all there."""
    folded = fold(words)
    found = _DAY_FIRST.fullmatch(folded) or _IN_WORDS.fullmatch(folded)
    if found:
        day, month, year = found.groups()
        return int(day), int(month), int(year)
    if iso := _ISO.fullmatch(folded):
        return int(iso["day"]), int(iso["month"]), int(iso["year"])
    reason = _TWO_DIGIT_YEAR if _SHORT_YEAR.fullmatch(folded) else _NOT_A_DATE
    raise DoubtfulDate(reason, values)


def _existing_day(day: int, month: int, year: int, values: Mapping[str, str]) -> date:
    """Return the date; raises DoubtfulDate when no calendar has it."""
    try:
        return date(year, month, day)
    except ValueError as error:
        raise DoubtfulDate(_NO_SUCH_DAY, values) from error
