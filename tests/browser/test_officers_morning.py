"""A morning of the reception officer: what citizens bring is logged, put right and found again."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.hands import Hand
from tests.browser.pictures import keep
from tests.browser.places import as_file
from tests.browser.stories import ANYWHERE, KEYBOARD, TELEPHONE, Way
from tests.cases import samples
from tests.registers.workbooks import case, register
from tracker.core.db import transaction
from tracker.rules.workflow import Role

SignIn = Callable[[Page, Role], None]
See = Callable[[str], None]

LAMP = "Đèn đường trước số 15 ngõ 20 phố Ngọc Lâm không sáng"
LAMP_CORRECTED = "Đèn đường trước số 15 ngõ 22 phố Ngọc Lâm không sáng"
PENSION = "Hỏi về chế độ hưu trí của quân nhân xuất ngũ"
ROWS_OF_REGISTER = 400

SEEN_ELSEWHERE = ("home", "new-case", "refused", "logged", "found", "preview", "imported")
"""States of pages in which `test_accessibility` meets them."""


@pytest.mark.parametrize("way", ANYWHERE, ids=lambda way: way.name)
def test_officers_morning(
    app: Flask,
    page: Page,
    sign_in: SignIn,
    assert_accessible: Callable[..., None],
    way: Way,
) -> None:
    page.set_viewport_size({"width": way.width, "height": 800})
    hand = way.hand(page)

    def see(name: str) -> None:
        assert page.evaluate("document.documentElement.scrollWidth") == way.width
        if way is not KEYBOARD:
            keep(page, f"officer-{name}")
        elif name not in SEEN_ELSEWHERE:
            assert_accessible(page)

    sign_in(page, Role.RECEPTION_OFFICER)
    page.goto("/")
    log_what_citizens_bring(hand, see)
    guide_elsewhere(hand, see)
    correct_and_attach(hand, see)
    find_again(hand, see)
    if way is not TELEPHONE:
        import_register(app, hand, see)


def log_what_citizens_bring(hand: Hand, see: See) -> None:
    """Five people about a lamp, then one who belongs elsewhere: each gets a code and a due date."""
    page = hand.page
    see("home")
    hand.use(page.locator("main").get_by_role("link", name="Ghi nhận vụ việc"))
    expect(page.get_by_label("Nội dung")).to_be_focused()
    hand.write(page.get_by_label("Nội dung"), LAMP)
    hand.choose(page.get_by_label("Loại"), "Kiến nghị, phản ánh")
    hand.write(page.get_by_label("Số người"), "5")
    hand.choose(page.get_by_label("Địa bàn"), "Ngọc Lâm")
    see("new-case")
    hand.send(page.get_by_role("button", name="Ghi nhận", exact=True))
    expect(page.locator("#notices")).to_contain_text("Đã ghi nhận vụ việc PA-")
    expect(page.locator("main")).to_contain_text("5 người")
    see("logged")

    # Nothing is received on a day that is still to come; what was written stays.
    tomorrow = page.evaluate(DAY, 1)
    go_to(hand, "Ghi nhận")
    hand.write(page.get_by_label("Nội dung"), PENSION)
    hand.write(page.get_by_label("Ngày tiếp nhận"), tomorrow)
    hand.choose(page.get_by_label("Loại"), "Kiến nghị, phản ánh")
    hand.send(page.get_by_role("button", name="Ghi nhận", exact=True))
    expect(page.get_by_label("Nội dung")).to_have_value(PENSION)
    expect(page.locator("[aria-invalid=true]")).to_have_value(tomorrow)
    see("refused")
    hand.write(page.get_by_label("Ngày tiếp nhận"), page.evaluate(DAY, -1))
    hand.send(page.get_by_role("button", name="Ghi nhận", exact=True))
    expect(page.locator("#notices")).to_contain_text("Đã ghi nhận vụ việc PA-")


def guide_elsewhere(hand: Hand, see: See) -> None:
    """The second belongs to another office: guided there, the case ends."""
    page = hand.page
    hand.use(page.locator("#guide > summary"))
    hand.write(page.locator("#guide-sent_to"), "Ban Chỉ huy quân sự quận")
    hand.write(page.locator("#guide-reason"), "Việc tuyển quân thuộc thẩm quyền của cơ quan này")
    see("guide")
    hand.send(page.get_by_role("button", name="Hướng dẫn", exact=True))
    expect(page.locator("main header")).to_contain_text("Hướng dẫn đến cơ quan có thẩm quyền")
    see("guided")


def correct_and_attach(hand: Hand, see: See) -> None:
    """Of the first the lane was wrong: old and new are kept; a note and a picture are added."""
    page = hand.page
    go_to(hand, "Trang chính")
    hand.use(page.locator("main").get_by_role("link", name="Tôi ghi nhận"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Tôi ghi nhận")
    see("own-list")
    hand.open_row(page.locator("table.cases tbody tr", has_text=LAMP))
    hand.use(page.get_by_role("link", name="Sửa sai sót…"))
    expect(page.locator("#correct-content")).to_be_visible()
    hand.write(page.locator("#correct-content"), LAMP_CORRECTED)
    hand.write(page.locator("#correct-reason"), "Ghi nhầm ngõ")
    see("correct")
    hand.send(page.get_by_role("button", name="Sửa sai sót", exact=True))
    expect(page.locator("#said ~ p").first).to_have_text(LAMP_CORRECTED)
    hand.use(page.locator(".story summary").first)
    expect(page.locator(".story del").first).to_have_text(LAMP)

    hand.use(page.locator("#comment > summary"))
    hand.write(page.locator("#comment-text"), "Đã gọi tổ dân phố xác nhận địa chỉ")
    hand.send(page.get_by_role("button", name="Ghi chú nội bộ", exact=True))
    expect(page.locator(".story")).to_contain_text("Đã gọi tổ dân phố xác nhận địa chỉ")

    files = page.get_by_role("region", name="Tệp")
    hand.use(files.get_by_text("Đính kèm tệp", exact=True))
    picture = samples.picture("JPEG", (600, 400), "dimgrey")
    hand.give(
        files.get_by_label("Tệp", exact=True),
        {"name": "Cột đèn.jpg", "mimeType": "image/jpeg", "buffer": picture},
    )
    hand.use(files.get_by_role("button", name="Đính kèm", exact=True))
    expect(page.locator("#notices")).to_contain_text("Đã đính kèm tệp Cột đèn.jpg.")
    see("case")
    hand.use(files.get_by_text("Xem trước Cột đèn.jpg"))
    expect(files.get_by_alt_text("Xem trước Cột đèn.jpg")).to_be_visible()


def find_again(hand: Hand, see: See) -> None:
    """Without marks what has them is found; a pasted code jumps to its case."""
    page = hand.page
    code = page.get_by_role("heading", level=1).inner_text().split()[0]
    hand.search("ngo 22 ngoc lam")
    expect(page.locator("table.cases .what").first).to_have_text(LAMP_CORRECTED)
    see("found")
    hand.search(code)
    expect(page.get_by_role("heading", level=1)).to_contain_text(code)


def import_register(app: Flask, hand: Hand, see: See) -> None:
    """A register of the past months: read, looked at, taken in, with its progress."""
    page = hand.page
    first = date(2019, 1, 1)
    rows = [
        case(
            number=number,
            content=f"Hố ga số {number} phố Sài Đồng mất nắp",
            received_on=first + timedelta(days=number),
            assigned_on=first + timedelta(days=number),
            due_on=first + timedelta(days=number + 20),
            answered_on=first + timedelta(days=number + 10),
        )
        for number in range(1, ROWS_OF_REGISTER)
    ]
    go_to(hand, "Nhập sổ")
    hand.give(page.get_by_label("Tệp sổ theo dõi"), as_file("so-tiep-dan.xlsx", register(*rows)))
    hand.use(page.get_by_role("button", name="Đọc tệp"))
    expect(page.get_by_text("Vụ việc sẽ nhập")).to_be_visible()
    see("preview")
    # Somebody else is writing just now: until they are done the register waits, and is seen to.
    with app.app_context(), transaction():
        hand.use(page.get_by_role("button", name="Nhập vào hệ thống"))
        expect(page.get_by_role("progressbar")).to_be_visible()
        see("progress")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Đã nhập {len(rows)} vụ việc")
    see("imported")
    hand.use(page.get_by_role("link", name="Xem các vụ việc"))
    expect(page.locator("#total")).to_have_text(f"{len(rows)} vụ việc")


DAY = """
    after => new Date(Date.now() + after * 864e5)
        .toLocaleDateString("en-GB", {timeZone: "Asia/Ho_Chi_Minh"})
"""


def go_to(hand: Hand, place: str) -> None:
    """By the places on the left; on a telephone they are in the menu."""
    menu = hand.page.locator(".menu > summary")
    if menu.is_visible():
        hand.use(menu)
    places = hand.page.get_by_role("navigation").filter(visible=True)
    hand.use(places.get_by_role("link", name=place, exact=True))
