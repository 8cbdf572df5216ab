"""The links of messages: signed, and worth nothing without the sign-in of whom they are for."""

from uuid import UUID

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

from tracker.settings import Settings


def link(notice_id: UUID) -> str:
    """The address, with the application's own, that opens what the notice asks for."""
    settings: Settings = current_app.extensions["settings"]
    path = current_app.url_map.bind("").build(
        "inbox.follow", {"token": _signer().dumps(notice_id.hex)}
    )
    return settings.address.rstrip("/") + path


def inbox_address() -> str:
    """The address of the inbox."""
    settings: Settings = current_app.extensions["settings"]
    return settings.address.rstrip("/") + current_app.url_map.bind("").build("inbox.show")


def notice_of(token: str) -> UUID | None:
    """The notice of a link; None where we didn't sign it."""
    try:
        return UUID(_signer().loads(token))
    except (BadSignature, ValueError):
        return None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="notice")
