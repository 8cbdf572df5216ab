"""What goes back and forth, what is promised and what was wrong, by the pages."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.places import log_case
from tests.browser.stories import others
from tests.cases import circumstances
from tracker.cases import clocks
from tracker.core import clock
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Role

SignIn = Callable[[Page, Role], None]
AGENCY = "Phòng Quản lý đô thị"


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


def test_third_return_is_no_coordinators_to_assign(
    app: Flask, page: Page, sign_in: SignIn, assert_accessible: Callable[..., None]
) -> None:
    with others(app) as office:
        case = circumstances.returned_often(office, clock.now()).id
    sign_in(page, Role.COORDINATOR)
    page.goto(f"/cases/{case}")
    expect(page.get_by_role("button", name="Giao giải quyết")).to_be_disabled()
    expect(page.locator(".other-actions")).to_contain_text("Đang chờ lãnh đạo quyết định")
    assert_accessible(page)


def test_each_supporting_unit_has_a_box_of_its_own(
    page: Page, sign_in: SignIn, assert_accessible: Callable[..., None]
) -> None:
    sign_in(page, Role.COORDINATOR)
    log_case(page, "Trạm bơm ngõ 20 phố Ngọc Lâm hỏng")
    act(page, "Bắt đầu xác minh")
    form = page.locator(".next-step")
    offered = form.get_by_label("Đơn vị phối hợp").locator("option")
    first, second = [name for name in offered.all_inner_texts() if name != AGENCY][:2]
    form.get_by_label("Đơn vị phối hợp").select_option([first])
    form.get_by_label(f"Đề nghị riêng: {first}").fill("Cho số liệu")
    form.get_by_label("Đơn vị phối hợp").select_option([first, second])
    form.get_by_label(f"Đề nghị riêng: {second}").fill("Cho dự toán")
    expect(form.get_by_label(f"Đề nghị riêng: {first}")).to_have_value("Cho số liệu")
    assert_accessible(page)
    assign(page)
    asked = page.locator("section[aria-labelledby=asked]")
    expect(asked.get_by_role("listitem").filter(has_text=first)).to_contain_text("Cho số liệu")
    expect(asked.get_by_role("listitem").filter(has_text=second)).to_contain_text("Cho dự toán")


def test_promise_is_chased_until_it_is_kept(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.COORDINATOR)
    log_case(page, "Vỉa hè phố Ngọc Lâm hỏng")
    address = page.url
    act(page, "Bắt đầu xác minh")
    assign(page)

    sign_in(page, Role.AGENCY_WORKER)
    page.goto(address)
    act(page, "Nhận việc")
    answer = page.locator(".next-step")
    answer.get_by_label("Nội dung trả lời").fill("Sẽ lát lại vỉa hè")
    answer.get_by_label("Đã trả lời, hẹn thực hiện").check()
    answer.get_by_label("Ngày hẹn thực hiện").fill(next_week())
    act(page, "Trả lời")

    sign_in(page, Role.COORDINATOR)
    page.goto(address)
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
