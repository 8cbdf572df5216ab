"""Every text has its English, with the same placeholders."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from flask import Flask
from flask_babel import force_locale, gettext

from tracker.settings import PROJECT

ENGLISH = PROJECT / "translations" / "en" / "LC_MESSAGES" / "messages.po"
METHODS = [("tracker/**.py", "python"), ("templates/**.html", "jinja2")]
KEYWORDS = {
    **dict.fromkeys(("_", "_l", "_m", "gettext", "lazy_gettext", "mark")),
    "ngettext": (1, 2),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)")


@pytest.fixture(scope="module")
def translated() -> dict[str | tuple[str, ...], Message]:
    """The English catalogue, by the text in the source."""
    with ENGLISH.open("rb") as file:
        return {message.id: message for message in read_po(file, locale="en") if message.id}


@pytest.fixture(scope="module")
def texts() -> set[str | tuple[str, ...]]:
    """Every text that the source marks."""
    found = extract_from_dir(PROJECT, METHODS, keywords=KEYWORDS, directory_filter=_is_not_hidden)
    return {text for _file, _line, text, _comments, _context in found if text}


def test_every_text_has_its_english(translated, texts) -> None:
    assert len(texts) > 200
    missing = [
        text
        for text in texts
        if text not in translated
        or translated[text].fuzzy
        or not all(_forms(translated[text].string))
    ]
    assert missing == []


def test_placeholders_agree(translated, texts) -> None:
    for text in texts & translated.keys():
        wanted = set(PLACEHOLDER.findall("".join(_forms(text))))
        given = set(PLACEHOLDER.findall("".join(_forms(translated[text].string))))
        assert given == wanted, text


def test_no_english_is_left_of_a_text_that_is_gone(translated, texts) -> None:
    assert translated.keys() - texts == set()


def test_the_compiled_catalogue_is_the_one_that_pages_use(app: Flask) -> None:
    with app.app_context(), force_locale("en"):
        assert gettext("Đã giải quyết") == "Resolved"


def _is_not_hidden(directory: str) -> bool:
    return not Path(directory).name.startswith(".")


def _forms(text: str | tuple[str, ...]) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else text
