"""What the words of a register's result column say: one table of beginnings.

The first row of the table whose words the text begins with decides. Words that deny ("chưa",
"không") never pass inside an ending: such a text is unknown unless the table has it, so that
"Đã giải quyết, dân chưa đồng ý" is asked about and not counted.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tracker.rules.vietnamese import clean, fold
from tracker.rules.workflow import Outcome


class UnknownResult(ValueError):
    """Words of a result column that the table doesn't know."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a result cell says. `outcome` is None while the item is open."""

    outcome: Outcome | None
    state: Literal["open", "ended"]


OPEN = Result(None, "open")

# A longer beginning stands before the shorter one that it would be taken for.
BEGINNINGS: tuple[tuple[Outcome | None, tuple[str, ...]], ...] = (
    (
        None,
        (
            "chưa",
            "chưa giải quyết",
            "chưa xử lý",
            "chưa trả lời",
            "chưa xong",
            "chưa có kết quả",
            "đang",
            "đang giải quyết",
            "đang xử lý",
            "đang xác minh",
            "đang kiểm tra",
            "đang xem xét",
            "còn",
            "tiếp tục",
            "chờ",
            "tạm đình chỉ",
            "đã giao",
            "giao",
            "đã phân công",
            "đã chuyển đơn vị",
            "chuyển đơn vị",
            "đã tiếp nhận",
            "đã thụ lý",
            "mới tiếp nhận",
            "đã giải quyết một phần",
            "đã trả lời một phần",
            "giải quyết một phần",
        ),
    ),
    (Outcome.PROMISED, ("đã trả lời hẹn", "trả lời hẹn", "đã hẹn", "hẹn thực hiện")),
    (
        Outcome.EXPLAINED,
        (
            "đã trả lời",
            "trả lời định hướng",
            "trả lời giải thích",
            "đã giải thích",
            "đã định hướng dư luận",
            "giải thích định hướng",
            "đã thông tin trả lời",
        ),
    ),
    (
        Outcome.RESOLVED,
        (
            "đã giải quyết",
            "đã xử lý",
            "đã khắc phục",
            "đã hoàn thành",
            "đã thực hiện xong",
            "đã xong",
            "giải quyết xong",
            "xử lý xong",
            "hoàn thành",
        ),
    ),
    (
        Outcome.GUIDED,
        ("đã hướng dẫn", "hướng dẫn", "trả lại đơn và hướng dẫn", "trả đơn và hướng dẫn"),
    ),
    (Outcome.FORWARDED, ("đã chuyển", "chuyển đơn", "chuyển đến", "chuyển cơ quan")),
    (
        Outcome.REFUSED,
        ("không đủ điều kiện", "không thụ lý", "từ chối thụ lý", "không xem xét thụ lý"),
    ),
    (
        Outcome.FILED,
        ("lưu đơn", "lưu hồ sơ", "lưu theo dõi", "đã lưu", "xếp lưu", "lưu"),
    ),
    (
        Outcome.WITHDRAWN,
        ("rút đơn", "đã rút", "công dân rút", "công dân đã rút", "người dân rút", "rút kiến nghị"),
    ),
    (
        Outcome.DUPLICATE,
        ("trùng nội dung", "trùng đơn", "trùng với", "trùng số", "trùng lặp", "đã trùng", "trùng"),
    ),
)

_PROMISE = "hẹn"
_DENIALS = frozenset({"chưa", "không", _PROMISE})
_UNMARKED_DENIALS = frozenset(fold(word) for word in _DENIALS)
_PARTLY = ("một phần", fold("một phần"))
_KEPT_PROMISES = ("đúng hẹn", "trễ hẹn", "quá hẹn", "giấy hẹn")
"""Words with "hẹn" that promise nothing."""

_MISLEADING = ("lưu ý", "trung tâm", "trung ương", "trùng tu")
"""Words that begin like an outcome, the more so without marks, and mean something else."""

_PUNCTUATION = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def read_result(text: str) -> Result:
    """Return what `text`, a cell of the result column, says; an empty one says open.

    Raises UnknownResult for words that the table doesn't know: nothing is guessed.
    """
    words = _PUNCTUATION.sub(" ", clean(text).lower()).strip().replace(" lí", " lý")
    if not words:
        return OPEN
    if not _starts(words, _MISLEADING):
        for outcome, beginnings in BEGINNINGS:
            if beginning := _starts(words, beginnings):
                return _judge(outcome, words[len(beginning) :], text)
    raise UnknownResult(text)


def _starts(words: str, beginnings: tuple[str, ...]) -> str | None:
    """Return which of `beginnings` the words begin with, in the words' own spelling.

    Words without any mark are compared without marks, but never by a lone first syllable:
    "dang" may be "đang" and may be "Đảng".
    """
    unmarked = words.isascii()
    for beginning in beginnings:
        spelled = fold(beginning) if unmarked else beginning
        if words == spelled:
            return spelled
        if words.startswith(spelled + " ") and (" " in spelled or not unmarked):
            return spelled
    return None


def _judge(outcome: Outcome | None, rest: str, text: str) -> Result:
    """Return the result; raises UnknownResult when the rest of the words denies an ending."""
    if outcome is None:
        return OPEN
    denials = (_UNMARKED_DENIALS if text.isascii() else _DENIALS).intersection(rest.split())
    if outcome is Outcome.PROMISED:
        denials -= {_PROMISE, fold(_PROMISE)}
    elif outcome is Outcome.EXPLAINED and denials <= {_PROMISE, fold(_PROMISE)} and denials:
        unmarked = text.isascii()
        kept = (fold(words) if unmarked else words for words in _KEPT_PROMISES)
        if any(words in rest for words in kept):
            raise UnknownResult(text)
        return Result(Outcome.PROMISED, "ended")
    if denials or any(part in rest for part in _PARTLY):
        raise UnknownResult(text)
    return Result(outcome, "ended")
