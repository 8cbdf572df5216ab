"""What goes back and forth, what is promised and what was wrong, by the pages."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.pictures import WIDTH, keep
from tests.browser.places import log_case
from tracker.cases import clocks
from tracker.core import clock
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Role

SignIn = Callable[[Page, Role], None]
AGENCY = "Phòng Quản lý đô thị"


def open_action(page: Page, name: str) -> None:
    """Unfolds the form of an action that isn't the next step."""
    page.locator(".other-actions summary", has_text=name).click()


def act(page: Page, name: str) -> None:
    """Sends the form of an action, and waits until it is done."""
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.locator("#notices")).to_contain_text(f"Đã ghi: {name.lower()}")


def next_week() -> str:
    """The fifth working day from today, as people write it."""
    today = clock.local_date(clock.now())
    return format_date(clocks.calendar().add_working_days(today, 5))


def assign(page: Page) -> None:
    page.locator(".next-step").get_by_label("Đơn vị chủ trì").select_option(AGENCY)
    act(page, "Giao giải quyết")


def test_third_return_is_a_leaders_to_rule(
    page: Page, sign_in: SignIn, assert_accessible: Callable[..., None]
) -> None:
    page.set_viewport_size({"width": WIDTH, "height": 800})
    sign_in(page, Role.COORDINATOR)
    log_case(page, "Nắp cống trước số nhà 15 ngõ 20 phố Ngọc Lâm bị vỡ")
    address = page.url
    act(page, "Bắt đầu xác minh")
    for _time in range(3):
        sign_in(page, Role.COORDINATOR)
        page.goto(address)
        assign(page)
        sign_in(page, Role.AGENCY_WORKER)
        page.goto(address)
        open_action(page, "Trả lại")
        page.get_by_label("Lý do").and_(page.locator("#return-reason")).fill("Việc của phường")
        page.get_by_role("button", name="Trả lại", exact=True).click()
        page.wait_for_url(lambda url: url != address)

    sign_in(page, Role.COORDINATOR)
    page.goto(address)
    expect(page.get_by_role("button", name="Giao giải quyết")).to_be_disabled()
    expect(page.locator(".other-actions")).to_contain_text("Đang chờ lãnh đạo quyết định")
    assert_accessible(page)

    sign_in(page, Role.LEADER)
    page.goto(address)
    ruling = page.locator(".next-step")
    ruling.get_by_label("Đơn vị phải giải quyết").select_option(AGENCY)
    ruling.get_by_label("Nội dung quyết định").fill("Phòng giải quyết, phường phối hợp")
    keep(page, "ruling")
    ruling.get_by_label("Hạn của đơn vị").fill("30/2/2027")
    ruling.get_by_role("button").click()
    expect(ruling.locator("[aria-invalid=true]")).to_have_value("30/2/2027")
    expect(ruling.get_by_label("Nội dung quyết định")).to_have_value(
        "Phòng giải quyết, phường phối hợp"
    )
    assert_accessible(page)
    ruling.get_by_label("Hạn của đơn vị").fill(next_week())
    act(page, "Quyết định đơn vị giải quyết")

    sign_in(page, Role.AGENCY_WORKER)
    page.goto(address)
    expect(page.locator("[aria-labelledby=asked-of-us]")).to_contain_text("Phòng giải quyết")
    open_action(page, "Nhận việc")
    act(page, "Nhận việc")


def test_promise_is_chased_until_it_is_kept(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.COORDINATOR)
    log_case(page, "Vỉa hè phố Ngọc Lâm hỏng")
    address = page.url
    act(page, "Bắt đầu xác minh")
    assign(page)

    sign_in(page, Role.AGENCY_WORKER)
    page.goto(address)
    answer = page.locator(".next-step")
    answer.get_by_label("Nội dung trả lời").fill("Sẽ lát lại vỉa hè")
    answer.get_by_label("Đã trả lời, hẹn thực hiện").check()
    answer.get_by_label("Ngày hẹn thực hiện").fill(next_week())
    act(page, "Trả lời")

    sign_in(page, Role.COORDINATOR)
    page.goto(address)
    page.locator(".next-step").get_by_label("Đã trả lời, hẹn thực hiện").check()
    act(page, "Kết thúc vụ việc")
    act(page, "Đã thực hiện lời hẹn")
    expect(page.locator(".next-step")).to_have_count(0)
    expect(page.locator("main header")).to_contain_text("Đã giải quyết")


def test_correction_without_scripts_or_loss(plain_page: Page, sign_in: SignIn) -> None:
    page = plain_page
    sign_in(page, Role.COORDINATOR)
    log_case(page, "Đèn hỏng ở ngõ 20")
    page.get_by_role("link", name="Sửa sai sót…").click()
    page.locator("#correct-content").fill("Đèn hỏng ở ngõ 22")
    page.locator("#correct-persons").fill("0")
    page.locator("#correct-reason").fill("Ghi nhầm ngõ")
    page.get_by_role("button", name="Sửa sai sót", exact=True).click()
    expect(page.locator("#correct-persons")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#correct-content")).to_have_value("Đèn hỏng ở ngõ 22")
    page.locator("#correct-persons").fill("8")
    act(page, "Sửa sai sót")
    expect(page.locator("#said ~ p").first).to_have_text("Đèn hỏng ở ngõ 22")
