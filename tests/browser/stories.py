"""A morning's work at the pages, told once and done in each way of working."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from flask import Flask
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from tests.browser.hands import Keyboard, Mouse
from tests.browser.pictures import WIDTH, keep
from tests.browser.serving import PASSWORD, give_password, person
from tests.factories import Office
from tracker.cases import clocks
from tracker.core import clock
from tracker.core.db import db
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Role
from tracker.units.models import Unit

AGENCY, OTHER_AGENCY = "Phòng Quản lý đô thị", "Công an quận Long Biên"


@dataclass(frozen=True)
class Way:
    """A way of working, on a screen of that width in CSS pixels."""

    name: str
    hand: type[Mouse] | type[Keyboard]
    width: int


MOUSE = Way("mouse", Mouse, WIDTH)
KEYBOARD = Way("keyboard", Keyboard, WIDTH)
TELEPHONE = Way("telephone", Mouse, 360)
AT_A_DESK = (MOUSE, KEYBOARD)
ANYWHERE = (*AT_A_DESK, TELEPHONE)


class Morning:
    """Somebody at the pages: what the hand does, what the eyes meet.

    check: fails if axe finds anything on a page.
    """

    def __init__(self, page: Page, way: Way, check: Callable[[Page], None]) -> None:
        page.set_viewport_size({"width": way.width, "height": 800})
        self.page, self._way, self._check = page, way, check
        self.hand = way.hand(page)

    def of(self, page: Page) -> "Morning":
        """Somebody else's, at another page, who works in the same way."""
        return Morning(page, self._way, self._check)

    def sign_in(self, application: Flask, role: Role) -> None:
        """Comes in by the form as the office's first person with that role; ends on home."""
        login, name = give_password(application, role)
        self.page.goto("/sign-in")
        self.enter(login, PASSWORD)
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(name)

    def enter(self, login: str, password: str) -> None:
        """Fills in the form of signing in, and sends it."""
        self.hand.write(self.page.get_by_label("Tên đăng nhập"), login)
        self.hand.write(self.page.get_by_label("Mật khẩu"), password)
        self.press("Đăng nhập")

    def press(self, name: str, inside: Locator | None = None) -> None:
        """Presses the button of that name."""
        self.hand.use((inside or self.page).get_by_role("button", name=name, exact=True))

    def follow(self, name: str, inside: Locator | None = None) -> None:
        """Follows the first link that has these words, and waits for its page."""
        link = (inside or self.page.locator("main")).get_by_role("link", name=name).first
        address = link.evaluate("link => link.href")
        self.hand.use(link)
        self.page.wait_for_url(address)

    def go_to(self, place: str) -> None:
        """Opens one of the places that every page leads to."""
        if self._way is TELEPHONE:
            self.unfold("Trình đơn", self.page.locator("body"))
        self.follow(place, self.page.get_by_role("navigation"))

    def unfold(self, name: str, inside: Locator | None = None) -> None:
        """Opens a part of the page that is folded."""
        place = inside or self.page.locator("main")
        self.hand.use(place.locator("summary").get_by_text(name, exact=True).first)

    def act(self, name: str, inside: Locator | None = None) -> None:
        """Sends the form of an action on a case, and waits until it is done."""
        self.press(name, inside)
        self.told(f"Đã ghi: {name.lower()}")

    def told(self, words: str) -> None:
        """Waits for what the page says has been done."""
        expect(self.page.locator("#notices")).to_contain_text(words)

    def look(self, name: str) -> None:
        """Looks at the page: it fits the screen, axe finds nothing, its picture is kept.

        Once is enough: the keyboard comes to the same pages as the mouse, and every page is
        looked at on narrow screens in `test_accessibility`.
        """
        assert self.page.evaluate("document.documentElement.scrollWidth") == self._way.width
        if self._way is not KEYBOARD:
            keep(self.page, name)
        if self._way is MOUSE:
            self._check(self.page)


@contextmanager
def others(application: Flask) -> Iterator[Office]:
    """The sample office as the verbs know it: what others do meanwhile."""
    with application.app_context():
        users = {role: person(role) for role in Role}
        yield Office(
            committee=unit("Quận ủy Long Biên"),
            agency=unit(AGENCY),
            other_agency=unit(OTHER_AGENCY),
            users=users,
            on=today(),
        )
        db.session.remove()


def unit(name: str) -> Unit:
    """The unit of that name."""
    return db.session.scalars(select(Unit).where(Unit.name == name)).one()


def today() -> date:
    """The office's local date."""
    return clock.local_date(clock.now())


def working_day(number: int) -> str:
    """The so-manieth working day from today, as people write it; in an application's context."""
    return format_date(clocks.calendar().add_working_days(today(), number))
