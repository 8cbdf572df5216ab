"""Telephone numbers and identity papers of Viet Nam: one way of writing each, and what looks odd.

What is odd is told and never refused: a citizen is heard with whatever paper there is.
"""

import re
from datetime import date

from tracker.rules.labels import mark as _m

# 0 or +84, then 3, 5, 7, 8, 9 and eight digits; fixed lines begin with 02.
_MOBILE = re.compile(r"0[35789]\d{8}")
_FIXED = re.compile(r"02\d{8,9}")
_PASSPORT = re.compile(r"[A-Z]\d{7,8}")
_SIGNS = re.compile(r"[\s.\-()/]+")
# The digit for century and sex: which century it stands for.
_CENTURIES = {"0": 1900, "1": 1900, "2": 2000, "3": 2000}
FIRST_PROVINCE, LAST_PROVINCE = 1, 96


def telephone(text: str) -> str:
    """The number as it is dialled within the country, without signs between the digits."""
    digits = _SIGNS.sub("", text)
    for prefix in ("+84", "0084"):
        if digits.startswith(prefix):
            return "0" + digits.removeprefix(prefix).removeprefix("0")
    if digits.startswith("84") and len(digits) == 11:
        return "0" + digits[2:]
    return digits


def identity(text: str) -> str:
    """The number of an identity paper without signs between, letters as capitals."""
    return _SIGNS.sub("", text).upper()


def telephone_warning(number: str) -> str | None:
    """What is odd about `number`, written by `telephone`; None where nothing is."""
    if not number or _MOBILE.fullmatch(number) or _FIXED.fullmatch(number):
        return None
    return _m("Số điện thoại này không giống số di động hay số cố định; hãy hỏi lại.")


def identity_warning(number: str, today: date) -> str | None:
    """What is odd about `number`, written by `identity`; None where nothing is.

    Identity card: twelve digits, of which three for the province, one for century and sex, two
    for the year of birth. Cards of nine digits and passports are still in use.
    """
    if not number or _PASSPORT.fullmatch(number) or re.fullmatch(r"\d{9}", number):
        return None
    if not re.fullmatch(r"\d{12}", number):
        return _m("Số giấy tờ thường có 12 số, 9 số, hoặc là số hộ chiếu; hãy xem lại.")
    if not FIRST_PROVINCE <= int(number[:3]) <= LAST_PROVINCE and not number.startswith("1"):
        return _m("Ba số đầu không phải mã tỉnh hay mã nước; hãy xem lại.")
    century = _CENTURIES.get(number[3])
    if century is None or century + int(number[4:6]) > today.year:
        return _m("Năm sinh trong số căn cước không hợp lý; hãy xem lại.")
    return None
