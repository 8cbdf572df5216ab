"""Standard texts: into which field of an action's form they go, and what is filled in in them.

A text is never evaluated: a few words in double braces are replaced, and that is all.
"""

import re
from collections.abc import Mapping

from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import clean

# Each action whose form takes standard texts -> the field that they go into.
FIELDS: dict[str, str] = {
    "assign": "asked",
    "return": "reason",
    "answer": "text",
    "contribute": "text",
    "redo": "reason",
    "close": "text",
    "guide": "reason",
    "forward": "reason",
    "refuse": "reason",
    "file": "reason",
    "withdraw": "reason",
    "suspend": "reason",
    "resume": "reason",
    "extend": "reason",
    "request_extension": "reason",
    "decide_extension": "reason",
    "reopen": "reason",
}

# What may stand in double braces, as it is written in texts of any language -> what it becomes.
PLACEHOLDERS: dict[str, str] = {
    "mã": _m("mã vụ việc"),
    "ngày tiếp nhận": _m("ngày tiếp nhận vụ việc"),
    "đơn vị tiếp nhận": _m("tên đơn vị tiếp nhận"),
    "đơn vị": _m("tên đơn vị của người viết"),
}

_PLACEHOLDER = re.compile(r"\{\{([^{}]*)\}\}")
_BRACES = re.compile(r"\{\{[^{}\n]{0,40}(?:\}\})?|\}\}")


def fill(body: str, values: Mapping[str, str]) -> str:
    """`body` with its placeholders replaced, once; what has no value stays as it is."""
    return _PLACEHOLDER.sub(lambda found: values.get(_name(found), found[0]), body)


def unknown(body: str) -> str | None:
    """The first thing in double braces that is no placeholder, None where all are."""
    rest = _PLACEHOLDER.sub(lambda found: " " if _name(found) in PLACEHOLDERS else found[0], body)
    wrong = _BRACES.search(rest)
    return wrong[0] if wrong else None


def _name(found: re.Match[str]) -> str:
    return clean(found[1]).lower()
