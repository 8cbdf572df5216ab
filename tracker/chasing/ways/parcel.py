"""What is handed to a way, and how it says that it couldn't."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Parcel:
    """One message, ready to leave. Sent again it is the same one, by its `key`.

    thread: what it is about, where that is one case, by which mail programs put it together.
    """

    key: str
    to: str
    subject: str
    text: str
    html: str
    thread: str = ""


class NotSent(Exception):
    """It isn't known to have arrived. The reason names nobody and quotes nothing."""
