"""A case's way through the office, by the pages."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.places import log_case
from tests.browser.serving import sign_in_by_form
from tracker.rules.workflow import Role

SignIn = Callable[[Page, Role], None]
AGENCY = "Phòng Quản lý đô thị"
CONTENT = "Nắp cống trước số nhà 15 ngõ 20 phố Ngọc Lâm bị vỡ"


def test_case_from_reception_to_its_end(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.RECEPTION_OFFICER)
    log_case(page, CONTENT)
    address = page.url

    # Whoever may not see a case can't tell it from one that isn't there.
    sign_in(page, Role.AGENCY_WORKER)
    assert status_of(page, address) == 404

    sign_in(page, Role.COORDINATOR)
    page.goto(address)
    page.get_by_role("button", name="Bắt đầu xác minh").click()
    next_step = page.locator(".next-step")
    next_step.get_by_label("Đơn vị chủ trì").select_option(AGENCY)
    next_step.get_by_label("Yêu cầu").fill("Thay nắp cống, rào chắn ngay")
    next_step.get_by_role("button", name="Giao giải quyết").click()
    expect(page.locator("main")).to_contain_text(f"Đang ở: {AGENCY}")

    sign_in(page, Role.AGENCY_WORKER)
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Thay nắp cống, rào chắn ngay")
    next_step.get_by_role("button", name="Nhận việc").click()
    next_step.get_by_label("Nội dung trả lời").fill("Đã thay nắp cống mới")
    next_step.get_by_label("Đã giải quyết").check()
    next_step.get_by_label("Ngày trả lời").fill(page.evaluate(TODAY))
    next_step.get_by_role("button", name="Trả lời").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("Đã trả lời")

    sign_in(page, Role.COORDINATOR)
    page.goto(address)
    # What the answer proposes is chosen already.
    expect(next_step.get_by_label("Đã giải quyết")).to_be_checked()
    next_step.get_by_role("button", name="Kết thúc vụ việc").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("Đã kết thúc")
    assert told_by(page) == [
        "Kết thúc vụ việc",
        "Trả lời",
        "Nhận việc",
        "Giao giải quyết",
        "Bắt đầu xác minh",
        "Tiếp nhận",
    ]


def test_first_key_is_skip_to_content(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.COORDINATOR)
    page.goto("/cases")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Đến nội dung chính")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_everything_works_without_scripts(plain_page: Page, sign_in: SignIn, app: Flask) -> None:
    page = plain_page
    sign_in_by_form(page, app, Role.COORDINATOR)

    page.get_by_role("navigation").get_by_role("link", name="Vụ việc").click()
    open_filters(page)
    page.get_by_label("Tìm trong nội dung, mã").fill("den chieu sang")
    page.locator(".filters").get_by_label("Địa bàn").select_option("Việt Hưng")
    page.get_by_role("button", name="Tìm", exact=True).click()
    rows = page.locator("table.cases tbody tr")
    expect(rows.first).to_contain_text("Việt Hưng")
    assert 0 < rows.count() < 50

    log_case(page, CONTENT)
    page.get_by_role("button", name="Bắt đầu xác minh").click()
    page.locator(".next-step").get_by_label("Đơn vị chủ trì").select_option(AGENCY)
    page.get_by_role("button", name="Giao giải quyết").click()
    expect(page.locator("main")).to_contain_text(f"Đang ở: {AGENCY}")


TODAY = "new Date().toLocaleDateString('en-GB', {timeZone: 'Asia/Ho_Chi_Minh'})"


def told_by(page: Page) -> list[str]:
    """What the case's story tells, latest first."""
    return page.locator(".story > li strong").all_inner_texts()


def status_of(page: Page, address: str) -> int:
    response = page.goto(address)
    assert response is not None
    return response.status


def open_filters(page: Page) -> None:
    page.get_by_role("link", name="Bộ lọc").click()
