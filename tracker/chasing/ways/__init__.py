"""The ways by which a message leaves the application: a table of them."""

from collections.abc import Callable
from dataclasses import dataclass

from tracker.chasing.models import Correspondent
from tracker.chasing.ways import gateway, mail
from tracker.chasing.ways.parcel import NotSent, Parcel
from tracker.rules.labels import mark as _m
from tracker.settings import Settings


@dataclass(frozen=True, slots=True)
class Way:
    """address: where a person is reached, empty where not this way. send raises NotSent."""

    name: str
    label: str
    is_there: Callable[[Settings], bool]
    address: Callable[[Correspondent], str]
    send: Callable[[Settings, Parcel], None]


WAYS = {
    way.name: way
    for way in (
        Way("mail", _m("Thư điện tử"), lambda settings: bool(settings.mail_server),
            lambda person: person.mail, mail.send),
        Way("gateway", _m("Cổng nhắn tin"), lambda settings: bool(settings.gateway_url),
            lambda person: person.telephone, gateway.send),
    )
}  # fmt: skip


def to(person: Correspondent | None, settings: Settings) -> list[str]:
    """The names of the ways by which a person is reached."""
    if person is None:
        return []
    return [way.name for way in WAYS.values() if way.is_there(settings) and way.address(person)]


__all__ = ["WAYS", "NotSent", "Parcel", "Way", "to"]
