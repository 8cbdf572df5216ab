"""The places of the application, and which of them a person is shown."""

from dataclasses import dataclass
from typing import NamedTuple

from flask import Flask, request, url_for
from flask_babel import gettext
from flask_login import current_user

from tracker.core.icons import icon
from tracker.core.problems import error_words
from tracker.rules.labels import mark as _m
from tracker.rules.workflow import OUTCOME_LABELS, STATE_LABELS


@dataclass(frozen=True, slots=True)
class Place:
    """A page that the navigation leads to, shown to those with `permission`."""

    endpoint: str
    permission: str
    label: str
    icon: str


class Link(NamedTuple):
    """A place as the page shows it; `is_here` where it holds the page that is open."""

    address: str
    label: str
    icon: str
    is_here: bool


PLACES = (
    Place("cases.home", "home:read", _m("Trang chính"), "house"),
    Place("cases.list_cases", "case:read", _m("Vụ việc"), "folder2-open"),
    Place("cases.new_case", "case:create", _m("Ghi nhận"), "pencil-square"),
    Place("events.today", "event:read", _m("Buổi tiếp dân"), "people"),
    Place("registers.imports", "register:import", _m("Nhập sổ"), "upload"),
    Place("reports.opinion", "report:read", _m("Báo cáo"), "bar-chart"),
    Place("offices.administration_home", "unit:change", _m("Quản trị"), "gear"),
    Place("calendar.show", "calendar:read", _m("Lịch làm việc"), "calendar"),
    Place("seeing.show", "seeing:read", _m("Xem như người khác"), "eye"),
    Place("audit.show", "audit:read", _m("Nhật ký truy cập"), "shield-check"),
)

NOTICE_ICONS = {
    "success": "check-circle",
    "warning": "exclamation-triangle",
    "danger": "exclamation-octagon",
    "secondary": "info-circle",
}
# What the security policy forbids is off. A refused form comes back where it was sent from, any
# other failure is told at the top of the page, which stays as it is.
HTMX_SETTINGS = {
    "allowEval": False,
    "includeIndicatorStyles": False,
    "responseHandling": [
        {"code": "204", "swap": False},
        {"code": "[23]..", "swap": True},
        {"code": "422", "swap": True},
        {"code": "[45]..", "swap": True, "error": True, "target": "#notices"},
    ],
}


def init_navigation(app: Flask) -> None:
    """Gives templates what the frame of every page needs."""
    app.jinja_env.globals.update(
        icon=icon,
        error_words=error_words,
        navigation=navigation,
        state_labels=STATE_LABELS,
        outcome_labels=OUTCOME_LABELS,
        htmx_settings=HTMX_SETTINGS,
        notice_icons=NOTICE_ICONS,
        own_path=own_path,
    )


def navigation() -> list[Link]:
    """The places that the person at the page may use, in order."""
    places = [
        (url_for(place.endpoint), place) for place in PLACES if current_user.may(place.permission)
    ]
    here = max(
        filter(_holds_this_page, (address for address, _place in places)), default="", key=len
    )
    return [
        Link(address, gettext(place.label), place.icon, address == here)
        for address, place in places
    ]


def own_path() -> str:
    """The address of the page that is open, to come back to; empty where it can't be opened."""
    return request.full_path.rstrip("?") if request.method == "GET" else ""


def _holds_this_page(address: str) -> bool:
    return request.path == address or (address != "/" and request.path.startswith(f"{address}/"))
