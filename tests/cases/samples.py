"""Small files of every kind, as people send them, made by the libraries that make such files."""

import warnings
import zipfile
from collections.abc import Mapping
from io import BytesIO

import pypdfium2
from docx import Document
from openpyxl import Workbook
from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (60, 40), colour: str = "navy") -> bytes:
    """A picture of one colour."""
    written = BytesIO()
    Image.new("RGB", size, colour).save(written, kind)
    return written.getvalue()


def pdf() -> bytes:
    """A PDF of one empty A4 page."""
    paper = pypdfium2.PdfDocument.new()
    paper.new_page(595, 842)
    written = BytesIO()
    paper.save(written)
    return written.getvalue()


def pdf_with_script() -> bytes:
    """A PDF that wants to run a script when it is opened."""
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R /Names << /JavaScript << /Names [(a) 4 0 R] >> >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>",
    )
    written, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, start=1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + (
        b"xref\n0 5\n0000000000 65535 f \n%strailer\n<< /Size 5 /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (table, len(written))
    )


def word() -> bytes:
    """A Word document of one line."""
    written = BytesIO()
    paper = Document()
    paper.add_paragraph("Đã thay bóng đèn")
    paper.save(written)
    return written.getvalue()


def excel() -> bytes:
    """An Excel workbook of one cell."""
    written = BytesIO()
    book = Workbook()
    book.active["A1"] = 1
    book.save(written)
    return written.getvalue()


def with_members(content: bytes, members: Mapping[str, bytes]) -> bytes:
    """The same zip with more members."""
    written = BytesIO(content)
    with zipfile.ZipFile(written, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of a name that is there twice
        for name, each in members.items():
            archive.writestr(name, each)
    return written.getvalue()
