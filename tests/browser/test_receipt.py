"""From the officer's desk to the citizen's telephone: a receipt, what it opens, what comes back."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.pictures import keep
from tests.browser.places import first_of, log_case
from tracker.rules.workflow import Role

SMALL_TELEPHONE = {"width": 320, "height": 640}
TELEPHONE = {"width": 360, "height": 800}
POINTS_A_MILLIMETRE = 72 / 25.4
# The browser's own setting for big type; no page may set it.
BIG_TYPE = "document.documentElement.style.fontSize = '200%'"

SignIn = Callable[[Page, Role], None]
AssertAccessible = Callable[..., None]


def receipt_of(page: Page) -> tuple[str, str]:
    """The code and the secret on the slip."""
    values = page.locator(".narrow dd.fs-5")
    expect(values).to_have_count(2)
    return values.nth(0).inner_text(), values.nth(1).inner_text()


def look_up(page: Page, code: str, secret: str) -> None:
    """Types what a receipt says."""
    page.goto("/tra-cuu")
    page.get_by_label("Mã", exact=True).fill(code)
    page.get_by_label("Mã bí mật").fill(secret)
    page.get_by_role("button", name="Xem kết quả").click()


def assert_fits(page: Page) -> None:
    """Nothing makes the page scroll sideways."""
    shown, whole = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollWidth]"
    )
    assert shown == whole


def paper_of(page: Page) -> tuple[int, int]:
    """Of the sheets that the page is printed on, in millimetres; there is one."""
    printed = page.pdf(prefer_css_page_size=True)
    sheets = re.findall(rb"/MediaBox \[0 0 ([.\d]+) ([.\d]+)", printed)
    assert len(sheets) == 1
    width, height = (round(float(side) / POINTS_A_MILLIMETRE) for side in sheets[0])
    return width, height


def test_an_officer_prints_a_receipt(
    page: Page, sign_in: SignIn, assert_accessible: AssertAccessible
) -> None:
    sign_in(page, Role.RECEPTION_OFFICER)
    log_case(page, "Nắp hố ga trước số 12 phố Ngọc Lâm bị vỡ")
    page.get_by_role("link", name="Giấy biên nhận").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Giấy biên nhận")
    keep(page, "receipt")
    assert_accessible(page)
    assert paper_of(page)[0] == 80
    page.get_by_role("link", name="Đổi sang khổ A5").click()
    page.wait_for_url("**paper=a5")
    assert paper_of(page) == (148, 210)
    page.set_viewport_size(TELEPHONE)
    assert_fits(page)
    keep(page, "receipt-telephone")
    with page.expect_download() as download:
        page.get_by_role("link", name="Phiếu 80 mm").evaluate("link => { link.download = ''; }")
        page.get_by_role("link", name="Phiếu 80 mm").click()
    assert download.value.path().read_bytes().startswith(b"%PDF")


def test_a_citizen_looks_and_says_without_scripts_in_big_type(
    page: Page, plain_page: Page, sign_in: SignIn, assert_accessible: AssertAccessible
) -> None:
    sign_in(page, Role.COORDINATOR)
    first_of("/cases?state=closed&outcome=resolved")(page)
    case_page = page.url
    page.get_by_role("link", name="Giấy biên nhận").first.click()
    code, secret = receipt_of(page)

    plain_page.set_viewport_size(SMALL_TELEPHONE)
    look_up(plain_page, code, "SAISAISA")
    expect(plain_page.get_by_role("alert")).to_contain_text("Mã hoặc mã bí mật không đúng")
    look_up(plain_page, code.lower(), secret.lower())
    expect(plain_page.get_by_role("heading", level=1)).to_have_text("Đã giải quyết xong")
    assert secret.split()[0] not in plain_page.url
    keep(plain_page, "look-up-result")
    plain_page.evaluate(BIG_TYPE)
    assert_fits(plain_page)
    keep(plain_page, "look-up-result-big-type")
    plain_page.get_by_role("radio", name="Chưa hài lòng").check()
    plain_page.get_by_label("Lý do, nếu chưa hài lòng").fill("Rác vẫn còn ở đầu ngõ")
    plain_page.get_by_role("button", name="Gửi góp ý").click()
    expect(plain_page.get_by_role("status")).to_contain_text("Cơ quan đang xem xét")

    page.goto("/cases?list=unsatisfied")
    expect(page.locator("table.cases")).to_contain_text(code)
    page.goto(case_page)
    expect(page.locator(".story")).to_contain_text("Rác vẫn còn ở đầu ngõ")
    keep(page, "unsatisfied")
    page.get_by_role("link", name="Giữ kết quả, trả lời công dân").click()
    page.get_by_role("textbox", name="Trả lời công dân").fill(
        "Rác đã được thu gom sáng nay, mời bà kiểm tra."
    )
    page.get_by_role("button", name="Giữ kết quả, trả lời công dân").click()
    look_up(plain_page, code, secret)
    expect(plain_page.get_by_text("Rác đã được thu gom sáng nay")).to_be_visible()


def test_the_citizens_pages_are_accessible(
    page: Page, plain_page: Page, sign_in: SignIn, assert_accessible: AssertAccessible
) -> None:
    sign_in(page, Role.COORDINATOR)
    first_of("/cases?state=closed&outcome=explained")(page)
    page.get_by_role("link", name="Giấy biên nhận").first.click()
    code, secret = receipt_of(page)
    page.context.clear_cookies()
    page.set_viewport_size(SMALL_TELEPHONE)
    page.goto("/tra-cuu")
    for language in ("Tiếng Việt", "English"):
        keep(page, f"look-up-{language}")
        assert_accessible(page)
        page.emulate_media(color_scheme="dark")
        assert_accessible(page)
        page.emulate_media(color_scheme="light")
        page.evaluate(BIG_TYPE)
        assert_fits(page)
        if language == "Tiếng Việt":
            page.get_by_role("link", name="English").click()
            expect(page.get_by_role("heading", level=1)).to_have_text("Look up the outcome")
    look_up(page, code, "SAI")
    assert_accessible(page)
    look_up(page, code, secret)
    expect(page.get_by_role("button", name="Gửi góp ý")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Gửi góp ý").evaluate(
        "button => { button.form.noValidate = true; button.click(); }"
    )
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
