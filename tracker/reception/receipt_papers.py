"""The receipt as a picture of its address and as a PDF, on a slip of 80 mm or on A5."""

import importlib.util
from pathlib import Path

import orjson
import segno
import typst
from flask_babel import gettext as _

from tracker.reception.receipts import Receipt, keep_to_yourself

PAPERS = ("slip", "a5")
TEMPLATE = Path(__file__).with_name("receipt.typ")


def picture(address: str) -> segno.QRCode:
    """The QR code of `address`."""
    return segno.make_qr(address, error="m")


def pdf(receipt: Receipt, paper: str, address: str, picture_address: str) -> bytes:
    """The receipt on `paper`, one of `PAPERS`. picture_address: what its QR code opens.

    The words go in as data: nothing that stands in them is read as markup.
    """
    said = {
        "paper": paper,
        "title": _("Giấy biên nhận"),
        "rows": receipt.rows,
        "code_label": _("Mã"),
        "code": receipt.code,
        "secret_label": _("Mã bí mật"),
        "secret": receipt.secret,
        "look_up": _("Quét mã hình hoặc mở địa chỉ này để xem tình hình giải quyết:"),
        "address": address,
        "warning": keep_to_yourself(),
        "picture": picture(picture_address).svg_inline(border=4),
    }
    fonts = importlib.util.find_spec("fontpkg_be_vietnam_pro")
    assert fonts is not None
    assert fonts.origin is not None
    return typst.compile(
        TEMPLATE,
        font_paths=[Path(fonts.origin).parent / "files"],
        ignore_system_fonts=True,
        sys_inputs={"receipt": orjson.dumps(said).decode()},
    )
