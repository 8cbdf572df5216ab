"""What a file really is: by its content, whatever it is called."""

import zipfile
from collections.abc import Iterator
from io import BytesIO

import pytest
from flask import Flask
from flask_babel import Babel
from PIL import Image

from tests.cases import samples
from tracker.core import content, preview
from tracker.core.content import EXCEL, JPEG, PDF, PNG, TEXT, WORD, Type
from tracker.core.errors import Refused
from tracker.core.preview import Verdict


@pytest.fixture
def words() -> Iterator[None]:
    """Sentences as they are written, without an application's database."""
    plain = Flask(__name__)
    Babel(plain, default_locale="vi")
    with plain.test_request_context():
        yield


def zipped(*names: str) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name in names:
            archive.writestr(name, b"<xml/>")
    return written.getvalue()


TAKEN = [
    (samples.pdf(), PDF),
    (samples.picture("JPEG"), JPEG),
    (samples.picture("PNG"), PNG),
    (samples.word(), WORD),
    (samples.excel(), EXCEL),
    ("Đèn đường hỏng.\r\nĐã sửa 100%; < 3 ngày\t".encode(), TEXT),
    (b"\xef\xbb\xbfC\xc3\xb3 d\xe1\xba\xa5u", TEXT),
]
REFUSED = {
    "nothing": (b"", "Tệp rỗng."),
    "a program of Windows": (b"MZ\x90\0" + bytes(60), "chương trình"),
    "a program of Linux": (b"\x7fELF" + bytes(60), "chương trình"),
    "a shortcut": (b"L\0\0\0\x01\x14\x02\0" + bytes(60), "chương trình"),
    "a script": (b"#!/bin/sh\nrm -rf ~\n", "chương trình"),
    "a page": (b"<!DOCTYPE html><p>x", "mã lệnh"),
    "a page after words": (b"hello <SCRIPT>alert(1)</SCRIPT>", "mã lệnh"),
    "a drawing that runs": (b'<?xml version="1.0"?><svg onload="x()"/>', "mã lệnh"),
    "a drawing": (b"<svg/>", "mã lệnh"),
    "old Word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "kiểu cũ"),
    "bytes": (bytes(range(256)), "Chỉ nhận"),
    "a text with controls": (b"a\x07b", "Chỉ nhận"),
    "GIF": (b"GIF89a" + bytes(30), "Chỉ nhận"),
    "any zip": (zipped("a.txt"), "Chỉ nhận"),
    "a Java archive": (zipped("META-INF/MANIFEST.MF", "A.class"), "Chỉ nhận"),
    "half a Word file": (samples.word()[:2000], "bị hỏng"),
    "macros in Word": (
        samples.with_members(samples.word(), {"word/vbaProject.bin": b"x"}),
        "macro",
    ),
    "macros in Excel": (
        samples.with_members(samples.excel(), {"xl/VBAPROJECT.BIN": b"x"}),
        "macro",
    ),
    "old macros in Excel": (
        samples.with_members(samples.excel(), {"xl/macrosheets/sheet1.xml": b"x"}),
        "macro",
    ),
    "a control in Word": (
        samples.with_members(samples.word(), {"word/activeX/activeX1.xml": b"x"}),
        "macro",
    ),
    "a program in Word": (
        samples.with_members(samples.word(), {"word/media/image1.png": b"MZ\x90\0\x03"}),
        "macro",
    ),
    "a workbook said to have macros": (
        samples.with_members(
            zipped("xl/workbook.xml"),
            {"[Content_Types].xml": b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"},
        ),
        "macro",
    ),
    "two members of one name": (
        samples.with_members(samples.word(), {"word/document.xml": b"x"}),
        "bị hỏng",
    ),
    "a picture with a script": (
        samples.picture("PNG") + b"<script>alert(1)</script>",
        "mã lệnh",
    ),
    "a photograph with PHP": (samples.picture("JPEG") + b"<?php system($_GET[0]);", "mã lệnh"),
    "a picture that is a zip too": (samples.picture("PNG") + zipped("a.class"), "mã lệnh"),
    "a paper that starts a program": (
        samples.pdf() + b"<< /OpenAction << /S /Launch /F (cmd.exe) >> >>",
        "mã lệnh",
    ),
    "a paper that is a zip too": (samples.pdf() + zipped("a.class"), "mã lệnh"),
}


@pytest.mark.parametrize(
    ("file", "found"), TAKEN, ids=["pdf", "jpeg", "png", "word", "excel", "text", "marked-text"]
)
def test_papers_and_pictures_are_taken(words: None, file: bytes, found: Type) -> None:
    stream = BytesIO(file)
    assert content.recognise(stream) is found
    assert stream.tell() == 0


@pytest.mark.parametrize("name", REFUSED)
def test_everything_else_is_refused_in_one_line(words: None, name: str) -> None:
    file, word = REFUSED[name]
    with pytest.raises(Refused, match=word) as refusal:
        content.recognise(BytesIO(file))
    assert refusal.value.field == "file"
    assert "\n" not in refusal.value.reason


def test_a_script_is_found_where_two_blocks_meet(words: None) -> None:
    start = samples.picture("PNG")
    filling = bytes(content.BLOCK_BYTES - len(start) - 4)
    with pytest.raises(Refused, match="mã lệnh"):
        content.recognise(BytesIO(start + filling + b"<script>"))


@pytest.mark.parametrize(
    ("given", "found", "shown"),
    [
        ("Bản đồ.pdf", PDF, "Bản đồ.pdf"),
        ("ẢNH.JPG", JPEG, "ẢNH.jpg"),
        ("anh.jpeg", JPEG, "anh.jpeg"),
        ("anh.jpg", PNG, "anh.png"),
        ("hoa don.exe", PDF, "hoa don.exe.pdf"),
        ("a\u202efdp.exe", PDF, "afdp.exe.pdf"),
        ("a\x00b\nc.pdf", PDF, "ab c.pdf"),
        ("", PNG, "tep.png"),
        (".pdf", PDF, "pdf.pdf"),
        ("ghi chép", TEXT, "ghi chép.txt"),
        ("x" * 400 + ".pdf", PDF, "x" * 150 + ".pdf"),
    ],
)
def test_a_name_is_only_shown(words: None, given: str, found: Type, shown: str) -> None:
    assert content.shown_name(given, found) == shown


@pytest.mark.parametrize("given", ["../../etc/passwd", "a/b.pdf", "..\\a.pdf"])
def test_a_path_is_no_name(words: None, given: str) -> None:
    with pytest.raises(Refused, match="đường dẫn"):
        content.shown_name(given, PDF)


@pytest.mark.parametrize("given", ["cai.bat", "a.ps1", "a.html", "a.csv", "a.vbs"])
def test_a_text_named_as_a_script_is_refused(words: None, given: str) -> None:
    with pytest.raises(Refused, match="Chỉ nhận"):
        content.shown_name(given, TEXT)


@pytest.mark.parametrize(
    ("file", "media_type"),
    [
        (samples.picture("PNG", (3000, 1000)), "image/png"),
        (samples.picture("JPEG", (1000, 3000)), "image/jpeg"),
        (samples.pdf(), "application/pdf"),
    ],
    ids=["png", "jpeg", "pdf"],
)
def test_a_preview_is_a_small_png(file: bytes, media_type: str) -> None:
    verdict, made = preview.make(BytesIO(file), media_type)
    assert verdict is Verdict.FINE
    with Image.open(BytesIO(made)) as picture:
        assert picture.format == "PNG"
        assert max(picture.size) == preview.LONGEST_SIDE


@pytest.mark.parametrize(
    ("file", "media_type", "verdict"),
    [
        (samples.picture("PNG")[:60], "image/png", Verdict.DAMAGED),
        (samples.picture("PNG"), "image/jpeg", Verdict.DAMAGED),
        (b"\xff\xd8\xff" + bytes(100), "image/jpeg", Verdict.DAMAGED),
        (samples.picture("PNG", (10_000, 8_001)), "image/png", Verdict.TOO_LARGE),
        (b"%PDF-1.7\nnothing", "application/pdf", Verdict.DAMAGED),
        (samples.pdf_with_script(), "application/pdf", Verdict.ACTIVE),
    ],
    ids=["half", "another-type", "no-jpeg", "too-many-pixels", "no-pdf", "script"],
)
def test_what_can_t_be_read_is_told_from_what_may_not(
    file: bytes, media_type: str, verdict: Verdict
) -> None:
    assert preview.make(BytesIO(file), media_type) == (verdict, b"")


def test_a_decoder_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preview, "SECONDS", 0.01)
    assert preview.make(BytesIO(samples.pdf()), "application/pdf") == (Verdict.DAMAGED, b"")
