"""The line is cut for real; afterwards every item is in the database, once, in order."""

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from tests.browser.conftest import FLAGS
from tests.browser.meetings import (
    KIND,
    nothing_waits,
    open_kept,
    open_meeting,
    taken,
    waits,
    write_down,
)
from tests.browser.serving import enter, opened, serving
from tracker.rules.workflow import Role

SignIn = Callable[[Page, Role], None]
OFFICER = Role.RECEPTION_OFFICER
MANY, A_PART = 500, 25
WAITING_AT_MOST = """
    most => {
        const {state} = document.querySelector("#line").dataset;
        return state === "online"
            && Number(document.querySelector("#line [data-count]").textContent) <= most;
    }
"""
HOLD_MANY = """
    async ([outbox, address, count, kind]) => {
        const {hold} = await import(outbox);
        const {person} = document.body.dataset;
        for (let number = 1; number <= count; number++) {
            const fields = new FormData();
            fields.set("entry_id", crypto.randomUUID());
            fields.set("content", `Mục ${String(number).padStart(3, "0")}`);
            fields.set("kind", kind);
            fields.set("persons", "1");
            await hold(person, address, fields);
        }
    }
"""


@pytest.fixture
def meeting(app: Flask) -> str:
    return open_meeting(app)


@pytest.fixture
def officer(page: Page, sign_in: SignIn, meeting: str) -> Page:
    """The officer's page, which the browser keeps."""
    sign_in(page, OFFICER)
    open_kept(page, meeting)
    return page


def test_the_line_is_cut_and_comes_back_while_the_clock_is_wrong(
    app: Flask, page: Page, sign_in: SignIn, meeting: str
) -> None:
    sign_in(page, OFFICER)
    kept = open_kept(page, meeting)
    assert [each for each in kept if not each.startswith("/static/")] == [f"{meeting}?kept"]
    page.clock.install(time=datetime.now(UTC) + timedelta(days=1))
    write_down(page, "Có mạng")
    page.context.set_offline(True)
    write_down(page, "Mất mạng")
    waits(page, 1)
    page.reload()
    waits(page, 1)
    page.clock.set_system_time(datetime.now(UTC) - timedelta(days=1))
    write_down(page, "Mở lại trang")
    waits(page, 2)
    expect(page.locator("#line")).to_contain_text("Không có mạng")
    page.context.set_offline(False)
    nothing_waits(page)
    write_down(page, "Có mạng lại")
    assert taken(app, meeting) == ["Có mạng", "Mất mạng", "Mở lại trang", "Có mạng lại"]


def test_a_refused_item_comes_back_and_the_others_go_on(
    app: Flask, officer: Page, meeting: str
) -> None:
    officer.context.set_offline(True)
    write_down(officer, "Thứ nhất")
    officer.locator("[name=telephone]").fill("0912345678")
    write_down(officer, "Chưa chọn loại", kind="")
    write_down(officer, "Thứ ba")
    officer.context.set_offline(False)
    nothing_waits(officer)
    officer.get_by_role("button", name="Sửa và gửi lại").click()
    expect(officer.locator("[name=content]")).to_have_value("Chưa chọn loại")
    expect(officer.locator("[name=telephone]")).to_have_value("0912345678")
    expect(officer.locator("form[data-entry] .complaint")).to_contain_text("loại")
    write_down(officer, "Đã chọn loại")
    expect(officer.locator("#notices")).to_contain_text("Đã ghi nhận vụ việc")
    assert taken(app, meeting) == ["Thứ nhất", "Thứ ba", "Đã chọn loại"]
    expect(officer.locator("#refused")).to_be_hidden()


def test_two_devices_at_one_meeting(
    app: Flask, browser: Browser, address: str, meeting: str
) -> None:
    with ExitStack() as devices:
        pages = [devices.enter_context(opened(browser, address)) for _device in range(2)]
        for page in pages:
            enter(page, app, address, OFFICER)
            open_kept(page, meeting)
            page.context.set_offline(True)
        for number in range(3):
            for name, page in zip("AB", pages, strict=True):
                write_down(page, f"{name}{number}")
        for page in pages:
            waits(page, 3)
            page.context.set_offline(False)
        for page in pages:
            nothing_waits(page)
    contents = taken(app, meeting)
    assert [each for each in contents if each[0] == "A"] == ["A0", "A1", "A2"]
    assert [each for each in contents if each[0] == "B"] == ["B0", "B1", "B2"]
    assert len(contents) == 6


def test_many_wait_and_two_tabs_send(app: Flask, officer: Page, meeting: str) -> None:
    outbox = officer.evaluate(
        "performance.getEntriesByType('resource').map(each => each.name)"
        ".find(each => each.includes('/outbox.'))"
    )
    other = officer.context.new_page()
    other.goto(meeting)
    officer.context.set_offline(True)
    address = meeting.replace("/entry", "/entries")
    officer.evaluate(HOLD_MANY, [outbox, address, MANY, KIND])
    waits(other, MANY)
    officer.context.set_offline(False)
    for left in range(MANY - A_PART, -1, -A_PART):
        other.wait_for_function(WAITING_AT_MOST, arg=left)
    nothing_waits(other)
    nothing_waits(officer)
    assert taken(app, meeting) == [f"Mục {number:03}" for number in range(1, MANY + 1)]


def test_signing_out_sends_first_or_warns(app: Flask, officer: Page, meeting: str) -> None:
    officer.context.set_offline(True)
    write_down(officer, "Chờ gửi")
    waits(officer, 1)
    said: list[str] = []

    def stay(dialog: Dialog) -> None:
        said.append(dialog.message)
        dialog.dismiss()

    officer.once("dialog", stay)
    officer.locator(".person > summary").click()
    sign_out = officer.get_by_role("button", name="Đăng xuất")
    with officer.expect_event("dialog"):
        sign_out.click()
    waits(officer, 1)
    assert said[0].startswith("Còn 1 mục, bản nháp chưa gửi.")
    officer.context.set_offline(False)
    sign_out.click()
    expect(officer.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    assert taken(app, meeting) == ["Chờ gửi"]
    assert officer.evaluate("caches.keys()") == []
    assert (
        officer.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    )


def test_the_server_falls_the_browser_is_closed_the_session_ends(
    app: Flask, browser: Browser, meeting: str, tmp_path: Path
) -> None:
    """Others who sign in meanwhile neither see nor send what waits."""

    def opened_again() -> BrowserContext:
        return browser.browser_type.launch_persistent_context(
            tmp_path, base_url=address, args=FLAGS, executable_path=shutil.which("chromium")
        )

    with serving(app) as address:
        context = opened_again()
        page = context.pages[0]
        enter(page, app, address, OFFICER)
        open_kept(page, meeting)
    write_down(page, "Máy chủ ngừng")
    waits(page, 1)
    context.close()

    context = opened_again()
    page = context.pages[0]
    page.goto(meeting)
    waits(page, 1)
    write_down(page, "Mở lại trình duyệt")
    with serving(app, port=int(address.rpartition(":")[2])):
        # Cookies of a session end with the browser.
        expect(page.locator("#line")).to_contain_text("Đăng nhập lại để gửi")
        enter(page, app, address, Role.COORDINATOR)
        page.goto("/")
        page.goto(meeting)
        nothing_waits(page)
        assert taken(app, meeting) == []
        enter(page, app, address, OFFICER)
        page.goto(meeting)
        nothing_waits(page)
        context.close()
    assert taken(app, meeting) == ["Máy chủ ngừng", "Mở lại trình duyệt"]
