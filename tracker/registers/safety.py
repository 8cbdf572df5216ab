"""What a workbook is looked at for before it is parsed: bombs, grids without end, lost formulas.

An .xlsx file is a zip of XML. The parser holds the whole grid of a sheet and one copy of each
cell's text in memory, and gives an empty cell for a formula that was never computed. So the
XML is first run through in small blocks, which costs little and finds all of that.
"""

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import IO
from xml.etree import ElementTree

from tracker.registers.remarks import UnreadableWorkbook
from tracker.rules.labels import mark as _m

MOST_MEMBERS = 2_000
MOST_UNPACKED_BYTES = 400_000_000
MOST_RATIO = 250
"""Unpacked over packed size of one member; a sheet of 100.000 rows has 10, its texts 50."""
RATIO_COUNTS_FROM_BYTES = 10_000_000
MOST_ROWS = 300_000
MOST_COLUMNS = 200
MOST_GRID_CELLS = 8_000_000
MOST_TEXT_BYTES = 300_000_000
"""Of all cells together, a text that is shared by n cells counted n times."""
MOST_LOST_CELLS = 100_000
BLOCK_BYTES = 1 << 20
LONGEST_ROW_BYTES = 16 * BLOCK_BYTES

NOT_A_WORKBOOK = _m("Tệp không phải là sổ Excel (.xlsx)")
DAMAGED = _m("Tệp Excel bị hỏng, không đọc được")
PROTECTED = _m("Tệp Excel có mật khẩu; hãy mở bằng Excel, bỏ mật khẩu rồi lưu lại")
_BOMB = _m("Tệp Excel phình quá lớn khi giải nén, không đọc vì an toàn")
_TOO_LARGE = _m("Trang tính quá lớn: nhiều nhất %(rows)s dòng và %(columns)s cột")
_NO_POSITIONS = _m("Tệp có ô không ghi vị trí; hãy mở bằng Excel rồi lưu lại")
_TOO_MUCH_LOST = _m("Tệp có quá nhiều công thức chưa có kết quả; hãy mở bằng Excel rồi lưu lại")

SHARED_TEXTS = "xl/sharedStrings.xml"
_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

_FILLED_CELL = re.compile(rb"<(?:\w+:)?c(?=[\s>])[^>]*(?<!/)>(?!\s*</)")
_PLACED_CELL = re.compile(
    rb'<(?:\w+:)?c(?:\s(?:s|t|cm|vm|ph)="[^"<]*")*\sr="([A-Z]{1,3})([0-9]{1,7})"[^>]*(?<!/)>'
    rb"(?!\s*</)"
)
_SHARED_TEXT = re.compile(rb"<(?:\w+:)?si\b")
_SHARED_CELL = re.compile(rb'\st="s"[^>]*>\s*<(?:\w+:)?v>\s*([0-9]{1,9})\s*<')
_FORMULA_CELL = re.compile(
    rb"<(?:\w+:)?c\s([^>]*)(?<!/)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v[^>]*>([^<]*))?"
)
_ERROR_CELL = re.compile(rb'<(?:\w+:)?c\s([^>]*\bt="e"[^>]*)(?<!/)>')
_PLACE = re.compile(rb'\br="([A-Z]{1,3})([0-9]{1,7})"')
# LookupError: a member or an encoding that is named and isn't there; RuntimeError and its
# child NotImplementedError: zipfile's words for features that no workbook has.
_SIGNS_OF_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    ElementTree.ParseError,
    EOFError,
    OSError,
    LookupError,
    RuntimeError,
    ValueError,
)
_COMPUTE_ON_LOAD = re.compile(rb'\sfullCalcOnLoad="(?:1|true)"')


class Lost(Enum):
    """Why a cell has no value though it isn't empty."""

    NOT_COMPUTED = _m("ô là công thức chưa có kết quả; hãy mở bằng Excel rồi lưu lại")
    FORMULA_ERROR = _m("ô là công thức báo lỗi")


@dataclass(slots=True)
class SheetFindings:
    """What was found in one sheet: cells that lost their value, by row and column from 0."""

    lost: dict[int, dict[int, Lost]] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0


def inspect(file: IO[bytes]) -> dict[str, SheetFindings]:
    """Return the findings of each sheet by its name.

    Raises UnreadableWorkbook for what isn't safe to parse or isn't a workbook.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            _check_directory(archive)
            return _inspect_members(archive)
    except _SIGNS_OF_DAMAGE as error:
        raise UnreadableWorkbook(DAMAGED) from error


def _check_directory(archive: zipfile.ZipFile) -> None:
    """Refuse by the zip's own directory, before a byte is unpacked."""
    members = archive.infolist()
    names = {member.filename for member in members}
    if _WORKBOOK not in names:
        raise UnreadableWorkbook(NOT_A_WORKBOOK)
    if any(member.flag_bits & 1 for member in members):
        raise UnreadableWorkbook(PROTECTED)
    if len(names) < len(members):
        raise UnreadableWorkbook(DAMAGED)
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED_BYTES:
        raise UnreadableWorkbook(_BOMB)
    for member in members:
        ratio = member.file_size / max(member.compress_size, 1)
        if member.file_size > RATIO_COUNTS_FROM_BYTES and ratio > MOST_RATIO:
            raise UnreadableWorkbook(_BOMB)


def _inspect_members(archive: zipfile.ZipFile) -> dict[str, SheetFindings]:
    """Run through every XML member; unpacking each to its end also proves its checksum."""
    compute_on_load = bool(_COMPUTE_ON_LOAD.search(archive.read(_WORKBOOK)))
    lengths = _lengths_of_shared_texts(archive)
    text_bytes = 0
    findings: dict[str, SheetFindings] = {}
    for name in archive.namelist():
        if name == SHARED_TEXTS or not name.endswith(".xml"):
            continue
        found = findings[name] = SheetFindings()
        for block in _blocks(archive, name, b"row"):
            _measure(block, found)
            _find_lost(block, found, compute_on_load)
            text_bytes += _bytes_of_texts(block, lengths)
            if text_bytes > MOST_TEXT_BYTES:
                raise UnreadableWorkbook(_BOMB)
    return {
        sheet: findings.get(member, SheetFindings())
        for sheet, member in _members_of_sheets(archive).items()
    }


def _blocks(archive: zipfile.ZipFile, name: str, tag: bytes) -> Iterator[bytes]:
    """Yield the member in blocks that each end just before a tag `tag`, or at its end."""
    rest = b""
    with archive.open(name) as member:
        while block := member.read(BLOCK_BYTES):
            rest += block
            name_at = max(rest.rfind(b"<" + tag), rest.rfind(b":" + tag))
            cut = rest.rfind(b"<", 0, name_at + 1) if name_at > 0 else 0
            if cut > 0:
                yield rest[:cut]
                rest = rest[cut:]
            if len(rest) > LONGEST_ROW_BYTES:
                raise UnreadableWorkbook(_BOMB)
    yield rest


def _lengths_of_shared_texts(archive: zipfile.ZipFile) -> list[int]:
    """Return for each shared text how many bytes its XML has: never less than the text."""
    if SHARED_TEXTS not in archive.namelist():
        return []
    lengths: list[int] = []
    for block in _blocks(archive, SHARED_TEXTS, b"si"):
        lengths.extend(len(text) for text in _SHARED_TEXT.split(block)[1:])
    return lengths


def _bytes_of_texts(block: bytes, lengths: list[int]) -> int:
    """Return how much text the cells of a block take; raises ValueError for an unknown one."""
    wanted = [int(index) for index in _SHARED_CELL.findall(block)]
    if not wanted:
        return len(block)
    if max(wanted) >= len(lengths):
        raise ValueError("a cell names a shared text that isn't there")
    return len(block) + sum(map(lengths.__getitem__, wanted))


def _measure(block: bytes, found: SheetFindings) -> None:
    """Widen the sheet's size by the cells of a block; refuse one that is too large."""
    placed = _PLACED_CELL.findall(block)
    if len(placed) != len(_FILLED_CELL.findall(block)):
        raise UnreadableWorkbook(_NO_POSITIONS)
    if not placed:
        return
    columns = {column for column, _ in placed}
    found.columns = max(found.columns, *(column_index(name.decode()) + 1 for name in columns))
    found.rows = max(found.rows, max(int(row) for _, row in placed))
    too_large = found.rows > MOST_ROWS or found.columns > MOST_COLUMNS
    if too_large or found.rows * found.columns > MOST_GRID_CELLS:
        raise UnreadableWorkbook(
            _TOO_LARGE, rows=f"{MOST_ROWS:,}".replace(",", "."), columns=str(MOST_COLUMNS)
        )


def _find_lost(block: bytes, found: SheetFindings, compute_on_load: bool) -> None:
    """Note the cells of a block whose value the parser would give as empty or out of date."""
    if b"<f" in block or b":f" in block:
        for attributes, value in _FORMULA_CELL.findall(block):
            is_text = b't="str"' in attributes
            if compute_on_load or not (value.strip() or is_text):
                _note(attributes, Lost.NOT_COMPUTED, found)
    if b't="e"' in block:
        for attributes in _ERROR_CELL.findall(block):
            _note(attributes, Lost.FORMULA_ERROR, found)
    if len(found.lost) > MOST_LOST_CELLS:
        raise UnreadableWorkbook(_TOO_MUCH_LOST)


def _note(attributes: bytes, why: Lost, found: SheetFindings) -> None:
    """Note one lost cell by the position in its attributes."""
    place = _PLACE.search(attributes)
    if place:
        row, column = int(place[2]) - 1, column_index(place[1].decode())
        found.lost.setdefault(row, {})[column] = why


def column_index(letters: str) -> int:
    """Return the index from 0 of a column named as Excel does: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _members_of_sheets(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return for each sheet's name the member of the zip that holds it."""
    relations = _small_xml(archive, _RELATIONS)
    targets = {
        relation.get("Id", ""): relation.get("Target", "").removeprefix("/").removeprefix("xl/")
        for relation in relations
    }
    sheets = _small_xml(archive, _WORKBOOK).iter()
    return {
        sheet.get("name", ""): "xl/" + targets.get(sheet.get(_RELATION_ID, ""), "")
        for sheet in sheets
        if sheet.tag.rpartition("}")[2] == "sheet"
    }


def _small_xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """Return a member as a tree; raises ValueError for one with definitions of its own."""
    text = archive.read(name)
    if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
        raise ValueError("a workbook defines no entities")
    return ElementTree.fromstring(text)  # noqa: S314 - nothing in it can grow, see above
