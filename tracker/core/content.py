"""What a file really is, by its content; its name is believed in nothing.

Taken in are papers and pictures: PDF, JPEG, PNG, Word and Excel without macros, plain text.
Everything else is refused, with a line that says why where people would wonder.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO

from flask_babel import gettext as _

from tracker.core.errors import Refused
from tracker.rules.labels import mark as _m
from tracker.rules.vietnamese import clean

FIELD = "file"
HEAD_BYTES = 16
BLOCK_BYTES = 1 << 20
MOST_MEMBERS = 5_000
MOST_UNPACKED_BYTES = 500_000_000
LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class Type:
    """A type of file that is taken in. endings: of names, the usual one first."""

    label: str
    media_type: str
    endings: tuple[str, ...]


_OFFICE = "application/vnd.openxmlformats-officedocument."
PDF = Type("PDF", "application/pdf", (".pdf",))
JPEG = Type("JPEG", "image/jpeg", (".jpg", ".jpeg"))
PNG = Type("PNG", "image/png", (".png",))
WORD = Type("Word", f"{_OFFICE}wordprocessingml.document", (".docx",))
EXCEL = Type("Excel", f"{_OFFICE}spreadsheetml.sheet", (".xlsx",))
TEXT = Type(_m("Văn bản thường"), "text/plain", (".txt",))
TYPES = {each.media_type: each for each in (PDF, JPEG, PNG, WORD, EXCEL, TEXT)}
ACCEPTED = ",".join(ending for each in TYPES.values() for ending in each.endings)
PICTURES = frozenset({JPEG, PNG})
_ENDINGS = {ending for each in TYPES.values() for ending in each.endings}

_PROGRAM = _m("Không nhận chương trình hay tệp lệnh.")
_OTHER = _m(
    "Chỉ nhận PDF, ảnh JPEG hoặc PNG, Word (.docx), Excel (.xlsx) và văn bản thường (.txt)."
)
_OLD_OFFICE = _m(
    "Tệp Word, Excel kiểu cũ hoặc có mật khẩu: hãy bỏ mật khẩu, lưu lại thành .docx hoặc .xlsx."
)
_MACRO = _m("Tệp có macro hoặc nội dung chạy được: hãy lưu lại thành .docx hoặc .xlsx thường.")
_SCRIPT = _m("Tệp có mã lệnh bên trong; không nhận vì an toàn.")
_DAMAGED = _m("Tệp bị hỏng, không đọc được; hãy mở ra xem lại rồi gửi bản lành.")
_PATH = _m("Tên tệp có đường dẫn; hãy đặt lại tên rồi gửi.")

_SIGNATURES = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_REFUSED_SIGNATURES = (
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"#!", _PROGRAM),
    (b"\xca\xfe\xba\xbe", _PROGRAM),
    (b"\xcf\xfa\xed\xfe", _PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", _PROGRAM),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_OFFICE),
)
_MARKUP = re.compile(
    rb"<\s*(?:script|html|svg|iframe|object|embed|!doctype|!entity|\?php|\?xml|%)|javascript:",
    re.IGNORECASE,
)
# Only what can't come about by chance in megabytes of packed pixels.
_MARKUP_IN_PICTURE = re.compile(
    rb"<script|<iframe|<!doctype|<html|<\?php\s|javascript:|<!entity", re.IGNORECASE
)
# Of what a paper does when it is opened; the decoder finds scripts that are packed as well.
_ACTION_IN_PAPER = re.compile(rb"/S\s*/(?:JavaScript|Launch)\b")
_LONGEST_MATCH = 32
_ACTIVE_MEMBER = re.compile(
    r"vba|macrosheets/|activex/|/oleobject|\.(?:exe|dll|js|vbs|bat|cmd|ps1|hta)$", re.IGNORECASE
)
_ACTIVE_TYPES = re.compile(rb"macroEnabled|vbaProject|activeX", re.IGNORECASE)
_CONTENT_TYPES = "[Content_Types].xml"
_MAIN_MEMBERS = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL}
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SIGNS_OF_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError)


def recognise(file: IO[bytes]) -> Type:
    """What `file` is; leaves it at its start. Raises Refused beside the field `file`.

    Pictures and PDF are not decoded here: `tracker.core.preview` does.
    """
    file.seek(0)
    head = file.read(HEAD_BYTES)
    if not head:
        raise _refused(_m("Tệp rỗng."))
    for signature, reason in _REFUSED_SIGNATURES:
        if head.startswith(signature):
            raise _refused(reason)
    found = next((type_ for signature, type_ in _SIGNATURES if head.startswith(signature)), None)
    if found is None:
        found = _office(file) if head.startswith(b"PK\x03\x04") else _text(file)
    elif zipfile.is_zipfile(file):
        raise _refused(_SCRIPT)  # two files in one: what reads it decides what it is
    if found in PICTURES and _holds(file, _MARKUP_IN_PICTURE):
        raise _refused(_SCRIPT)
    if found is PDF and _holds(file, _ACTION_IN_PAPER):
        raise _refused(_SCRIPT)
    file.seek(0)
    return found


def shown_name(given: str, found: Type) -> str:
    """The name under which a file is shown: clean, short, and ending as its content asks.

    Raises Refused for a path, and for a text that is named as something else.
    """
    if "/" in given or "\\" in given:
        raise _refused(_PATH)
    name = PurePosixPath(clean(given).lstrip("."))
    stem, ending = name.stem, name.suffix.lower()
    if found is TEXT and ending not in ("", *TEXT.endings):
        raise _refused(_OTHER)
    if ending not in found.endings:
        stem, ending = (stem if ending in _ENDINGS else name.name), found.endings[0]
    return (stem[:LONGEST_NAME].strip() or "tep") + ending


def _office(file: IO[bytes]) -> Type:
    try:
        with zipfile.ZipFile(file) as archive:
            return _inspect(archive)
    except _SIGNS_OF_DAMAGE as error:
        raise _refused(_DAMAGED) from error


def _inspect(archive: zipfile.ZipFile) -> Type:
    members = archive.infolist()
    names = {member.filename for member in members}
    found = next((type_ for name, type_ in _MAIN_MEMBERS.items() if name in names), None)
    if found is None or _CONTENT_TYPES not in names:
        raise _refused(_OTHER)
    is_bomb = sum(member.file_size for member in members) > MOST_UNPACKED_BYTES
    if is_bomb or len(members) > MOST_MEMBERS or len(names) < len(members):
        raise _refused(_DAMAGED)
    if any(_ACTIVE_MEMBER.search(name) for name in names):
        raise _refused(_MACRO)
    with archive.open(_CONTENT_TYPES) as content_types:
        if _ACTIVE_TYPES.search(content_types.read(BLOCK_BYTES)):
            raise _refused(_MACRO)
    for member in members:
        with archive.open(member) as content:
            head = content.read(HEAD_BYTES)
        if any(head.startswith(signature) for signature, _reason in _REFUSED_SIGNATURES):
            raise _refused(_MACRO)
    return found


def _text(file: IO[bytes]) -> Type:
    file.seek(0)
    try:
        # A text is short beside a scan; the request's own limit bounds it.
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused(_OTHER) from error
    if _CONTROLS.search(text):
        raise _refused(_OTHER)
    if _MARKUP.search(text.encode()):
        raise _refused(_SCRIPT)
    return TEXT


def _holds(file: IO[bytes], pattern: re.Pattern[bytes]) -> bool:
    file.seek(0)
    rest = b""
    while block := file.read(BLOCK_BYTES):
        if pattern.search(rest + block):
            return True
        rest = block[-_LONGEST_MATCH:]
    return False


def _refused(reason: str) -> Refused:
    return Refused(_(reason), FIELD)
