"""Standard texts in the hands of who writes: by keyboard, after what is typed, without scripts."""

from collections.abc import Callable

from flask import Flask
from playwright.sync_api import Page, expect

from tests.browser.places import first_of
from tests.browser.stories import others
from tracker.core import clock
from tracker.rules.workflow import Role, State

SignIn = Callable[[Page, Role], None]
TEXT = "Đã giải quyết xong"


def test_a_text_goes_into_the_field_after_what_is_typed(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.AGENCY_WORKER)
    first_of("/cases?state=assigned")(page)
    code = page.locator("h1").inner_text().split()[0]
    form = page.locator(".next-step form")
    field = form.get_by_label("Nội dung trả lời")
    form.get_by_role("link", name="Văn bản mẫu").press("Enter")
    expect(form.locator("a[data-into]").first).to_be_focused()
    form.get_by_role("link", name=TEXT).press("Enter")
    expect(field).to_be_focused()
    first = field.input_value()
    assert first.startswith(f"Về vụ việc {code}, tiếp nhận ngày ")
    assert "{{" not in first

    field.fill("Đã gọi cho công dân.  \n")
    form.get_by_role("link", name=TEXT).click()
    assert field.input_value() == f"Đã gọi cho công dân.\n\n{first}"


def test_a_text_is_chosen_without_scripts(app: Flask, plain_page: Page, sign_in: SignIn) -> None:
    page = plain_page
    with others(app) as office:
        case = office.case_in(State.ASSIGNED, clock.now())
    sign_in(page, Role.AGENCY_WORKER)
    page.goto(f"/cases/{case.id}")
    address = page.url
    page.locator("details#return summary").click()
    page.locator("details#return").get_by_role("link", name="Văn bản mẫu").click()
    page.get_by_role("link", name="Trả lại: không thuộc thẩm quyền").click()
    assert page.url.startswith(f"{address}?form=return&text=")
    field = page.locator("details#return").get_by_label("Lý do")
    expect(field).to_be_visible()
    assert "Đề nghị giao cho:" in field.input_value()
