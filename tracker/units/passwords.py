"""Passwords: how they are kept, compared and made."""

import secrets

from argon2 import PasswordHasher, profiles
from argon2.exceptions import InvalidHashError, VerificationError
from flask import current_app
from flask_babel import gettext as _

from tracker.core.errors import Refused

SHORTEST = 10
LONGEST = 200
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that are mistaken for others
_GROUPS, _GROUP_LENGTH = 4, 4


def hashed(password: str) -> str:
    """What the database keeps of `password`."""
    return _hasher().hash(password)


def matches(password: str, kept: str | None) -> bool:
    """Whether `kept` was made from `password`.

    Takes as long where nothing is kept, so that time doesn't tell which logins exist.
    """
    try:
        _hasher().verify(kept or _nobody_s(), password)
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def is_outdated(kept: str) -> bool:
    """Whether `kept` was made with other parameters than those in force."""
    return _hasher().check_needs_rehash(kept)


def check(password: str, login: str) -> None:
    """Raises Refused if `password` is too weak for the account `login`."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Refused(
            _(
                "Mật khẩu cần từ %(least)s đến %(most)s ký tự.",
                least=SHORTEST,
                most=LONGEST,
            ),
            "new_password",
        )
    if password.strip().casefold() == login:
        raise Refused(_("Mật khẩu phải khác tên đăng nhập."), "new_password")


def generated() -> str:
    """A new password of 16 letters and digits in groups of four: 79 bits by chance."""
    groups = (
        "".join(secrets.choice(_LETTERS) for _letter in range(_GROUP_LENGTH))
        for _group in range(_GROUPS)
    )
    return "-".join(groups)


def _hasher() -> PasswordHasher:
    extensions = current_app.extensions
    if "password_hasher" not in extensions:
        is_test = extensions["settings"].mode == "test"
        profile = profiles.CHEAPEST if is_test else profiles.RFC_9106_LOW_MEMORY
        extensions["password_hasher"] = PasswordHasher.from_parameters(profile)
    hasher: PasswordHasher = extensions["password_hasher"]
    return hasher


def _nobody_s() -> str:
    extensions = current_app.extensions
    if "password_of_nobody" not in extensions:
        extensions["password_of_nobody"] = hashed(secrets.token_urlsafe())
    return str(extensions["password_of_nobody"])
