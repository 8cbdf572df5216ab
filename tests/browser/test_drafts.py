"""What was typed outlives what goes wrong on the way, for whoever typed it and nobody else."""

from collections.abc import Callable
from typing import Any

from flask import Flask
from playwright.sync_api import Dialog, Locator, Page, expect

from tests.browser.places import log_case
from tests.browser.serving import PASSWORD, give_password
from tracker.rules.workflow import Role

SignIn = Callable[[Page, Role], None]
TYPED = "Đã gọi cho công dân:\nhẹn sáng thứ hai"
KEPT = """
    async wanted => {
        const request = indexedDB.open("sealed");
        await new Promise(resolve => { request.onsuccess = resolve; });
        const all = name => new Promise(resolve => {
            const asked = request.result.transaction(name).objectStore(name).getAll();
            asked.onsuccess = () => resolve(asked.result);
        });
        let items = await all("items");
        for (let times = 0; times < 200 && wanted !== null && items.length !== wanted; times++) {
            await new Promise(resolve => setTimeout(resolve, 25));
            items = await all("items");
        }
        const keys = (await all("keys")).map(key => key.extractable);
        request.result.close();
        const text = items.map(item => new TextDecoder().decode(item.sealed)).join();
        return {items: items.map(item => item.name), keys, text};
    }
"""
"""What the browser keeps; where a number is given, once there are so many items."""


def kept(page: Page, items: int) -> dict[str, Any]:
    found: dict[str, Any] = page.evaluate(KEPT, items)
    assert len(found["items"]) == items, found["items"]
    return found


def logged(page: Page, content: str, drafts: int = 0) -> None:
    """Logs a case; ends once nothing of that is a draft any more, only so many others are."""
    log_case(page, content)
    kept(page, drafts)


def comment_form(page: Page) -> Locator:
    page.locator("details#comment").evaluate("details => { details.open = true; }")
    return page.locator("details#comment form")


def write(page: Page, text: str) -> None:
    """Types a comment, and stops long enough for it to be kept."""
    before = len(page.evaluate(KEPT, None)["items"])
    comment_form(page).locator("textarea").fill(text)
    kept(page, before + 1)


def offered(page: Page) -> Locator:
    return page.locator("main").get_by_role("status").filter(has_text="Bản nháp")


def test_what_was_typed_is_offered_after_the_tab_was_closed(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.RECEPTION_OFFICER)
    logged(page, "Nắp cống trước số nhà 15 bị vỡ")
    case = page.url
    write(page, TYPED)
    found = kept(page, 1)
    assert found["keys"] == [False]
    assert "Đã gọi" not in found["text"]

    page.goto("/")
    page.goto(case)
    expect(offered(page)).to_contain_text("“Ghi chú nội bộ”")
    offered(page).get_by_role("button", name="Khôi phục").click()
    field = comment_form(page).locator("textarea")
    expect(field).to_have_value(TYPED)

    # Once it is saved there is no draft any more.
    comment_form(page).locator("[type=submit]").click()
    expect(page.locator(".story")).to_contain_text(TYPED)
    kept(page, 0)
    page.goto(case)
    expect(offered(page)).to_have_count(0)


def test_a_session_that_ends_while_one_types_loses_nothing(
    page: Page, sign_in: SignIn, app: Flask
) -> None:
    login, _name = give_password(app, Role.RECEPTION_OFFICER)
    sign_in(page, Role.RECEPTION_OFFICER)
    logged(page, "Đèn chiếu sáng ngõ 68 không sáng")
    case = page.url
    write(page, TYPED)
    page.context.clear_cookies()
    comment_form(page).locator("[type=submit]").click()
    page.get_by_label("Tên đăng nhập").fill(login)
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    assert page.url == case
    offered(page).get_by_role("button", name="Khôi phục").click()
    expect(comment_form(page).locator("textarea")).to_have_value(TYPED)


def test_another_person_sees_nothing_of_it(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.RECEPTION_OFFICER)
    logged(page, "Chợ tạm lấn chiếm vỉa hè")
    case = page.url
    write(page, TYPED)
    sign_in(page, Role.COORDINATOR)
    page.goto(case)
    write(page, "Của điều phối")
    expect(offered(page)).to_have_count(0)
    sign_in(page, Role.RECEPTION_OFFICER)
    page.goto(case)
    expect(offered(page)).to_have_count(1)
    offered(page).get_by_role("button", name="Bỏ").click()
    expect(offered(page)).to_have_count(0)


def test_what_was_sent_does_not_come_back(page: Page, sign_in: SignIn) -> None:
    """Nor where the next page has no form: the list in which nothing is left."""
    sign_in(page, Role.COORDINATOR)
    logged(page, "Hỏi về chế độ hưu trí")
    case = page.url
    page.goto("/cases?list=new")
    page.locator("table.cases tbody th a").first.click()
    page.locator("#guide > summary").click()
    page.locator("#guide-sent_to").fill("Bảo hiểm xã hội")
    page.locator("#guide-reason").fill(TYPED)
    kept(page, 1)
    page.get_by_role("button", name="Hướng dẫn", exact=True).click()
    expect(page.get_by_text("Hết việc trong danh sách này.")).to_be_visible()
    kept(page, 0)
    page.locator("#notices").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#notices")).to_contain_text("hoàn tác kết thúc")
    page.goto(case)
    expect(page.locator("#guide")).to_be_visible()
    expect(offered(page)).to_have_count(0)


def test_what_was_refused_stays_a_draft(page: Page, sign_in: SignIn) -> None:
    """Whatever is saved after it."""
    sign_in(page, Role.RECEPTION_OFFICER)
    logged(page, "Hỏi về chế độ thương binh")
    case = page.url
    page.locator("#guide > summary").click()
    page.locator("#guide-reason").fill(TYPED)
    kept(page, 1)
    form = page.locator("#guide form")
    form.evaluate("form => { form.noValidate = true; form.requestSubmit(); }")
    expect(page.locator("#guide [aria-invalid]").first).to_be_visible()
    logged(page, "Đèn đường không sáng", drafts=1)
    page.goto(case)
    expect(offered(page)).to_be_visible()
    kept(page, 1)


def test_what_was_taken_away_again_is_no_draft(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.RECEPTION_OFFICER)
    logged(page, "Vỉa hè bị đào")
    write(page, TYPED)
    comment_form(page).locator("textarea").fill("")
    kept(page, 0)


def test_signing_out_asks_before_drafts_go(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.RECEPTION_OFFICER)
    logged(page, "Cây khô trước cổng trường")
    write(page, TYPED)
    page.locator(".person > summary").click()
    sign_out = page.get_by_role("button", name="Đăng xuất")
    said: list[str] = []

    def stay(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    page.once("dialog", stay)
    with page.expect_event("dialog"):
        sign_out.click()
    assert said[0].startswith("Còn 1 mục, bản nháp chưa gửi.")
    kept(page, 1)
    page.once("dialog", lambda dialog: dialog.accept())
    sign_out.click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    kept(page, 0)


def test_signing_out_and_a_day_leave_nothing(page: Page, sign_in: SignIn) -> None:
    sign_in(page, Role.COORDINATOR)
    page.goto("/")
    page.clock.install()
    sign_in(page, Role.RECEPTION_OFFICER)
    logged(page, "Thiếu nước sạch ở tổ 5")
    comment_form(page).locator("textarea").fill(TYPED)
    page.clock.run_for(1_000)
    kept(page, 1)
    page.clock.fast_forward("25:00:00")
    page.reload()
    kept(page, 0)
    expect(offered(page)).to_have_count(0)

    page.locator(".person > summary").click()
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    assert kept(page, 0)["keys"] == []
