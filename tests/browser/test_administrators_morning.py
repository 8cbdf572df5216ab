"""A morning of an administrator: people, words, units, another's eyes, the calendar."""

from collections.abc import Iterator
from datetime import datetime
from itertools import count

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.browser.serving import PASSWORD, opened
from tests.browser.stories import AGENCY, AT_A_DESK, Morning, others, today, working_day
from tracker.cases import clocks
from tracker.core import clock
from tracker.rules.calendar import exchanges_known
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Role, State

LOGIN, NAME = "hoa.tran", "Trần Thị Hoa"
WORKER = f"Lê Thị Chuyên Viên – Chuyên viên đơn vị, {AGENCY}"
CONTENT = "Đèn đường ngõ 20 phố Ngọc Lâm hỏng"


@pytest.fixture
def autumn(app: Flask) -> Iterator[None]:
    """From October on, of a year whose next one's exchanged days aren't announced yet."""
    with app.app_context():
        now, known = clock.now(), clocks.corrections()
    year = next(each for each in count(now.year) if not exchanges_known(each + 1, known))
    october = datetime(year, 10, 15, 8, 30, tzinfo=clock.VIET_NAM)
    with time_machine.travel(max(now, october), tick=True):
        yield


@pytest.mark.usefixtures("autumn")
@pytest.mark.parametrize("morning", AT_A_DESK, indirect=True, ids=lambda way: way.name)
def test_an_administrators_morning(
    app: Flask, address: str, browser: Browser, morning: Morning
) -> None:
    with others(app) as office:
        office.case_in(State.ASSIGNED, clock.now(), content=CONTENT)
    morning.sign_in(app, Role.ADMINISTRATOR)
    morning.look("administrator-home")
    with opened(browser, address) as page:
        newcomer = morning.of(page)
        password = invite(morning)
        come_in(newcomer, password)
        change_roles(morning)
        disable(morning)
        page.reload()
        expect(page.get_by_role("heading", level=1)).to_have_text("Đăng nhập")
    keep_a_catalogue(morning)
    rename_a_unit(morning)
    merge_two_units(morning)
    see_as_another(morning)
    correct_the_calendar(app, morning)


def invite(morning: Morning) -> str:
    """Somebody new gets a password for one use, shown once."""
    page, hand = morning.page, morning.hand
    morning.go_to("Quản trị")
    morning.follow("Người dùng")
    morning.follow("Mời người dùng")
    hand.write(page.get_by_label("Họ tên"), NAME)
    hand.write(page.get_by_label("Tên đăng nhập"), LOGIN)
    hand.choose(page.get_by_label("Đơn vị", exact=True), "Phòng Y tế")
    hand.choose(page.get_by_label("Vai trò", exact=True), "Chuyên viên đơn vị")
    morning.press("Mời")
    password = page.locator("#password").inner_text()
    morning.look("administrator-password")
    morning.follow("Tiếp tục")
    return password


def come_in(newcomer: Morning, password: str) -> None:
    """Whoever comes in with it can do nothing before another password is chosen."""
    page, hand = newcomer.page, newcomer.hand
    page.goto("/sign-in?next=/cases")
    newcomer.enter(LOGIN, password)
    newcomer.told("Mật khẩu này chỉ dùng một lần; hãy đổi mật khẩu rồi làm tiếp.")
    newcomer.look("administrator-first-sign-in")
    hand.write(page.get_by_label("Mật khẩu hiện tại"), password)
    hand.write(page.get_by_label("Mật khẩu mới"), PASSWORD)
    newcomer.press("Đổi mật khẩu")
    newcomer.told("Đã đổi mật khẩu")


def change_roles(morning: Morning) -> None:
    """A second role for a time; the first one ends today, which is asked about twice."""
    page, hand = morning.page, morning.hand
    morning.unfold("Thêm vai trò")
    hand.choose(page.get_by_label("Đơn vị", exact=True), AGENCY)
    hand.choose(page.get_by_label("Vai trò", exact=True), "Chuyên viên đơn vị")
    hand.write(page.get_by_label("Đến hết ngày"), f"31/12/{today().year}")
    morning.press("Thêm vai trò")
    morning.told("Đã thêm vai trò.")
    role = page.locator("main li", has_text="Phòng Y tế").first
    morning.unfold("Kết thúc vai trò", role)
    hand.write(role.get_by_label("Ngày cuối"), format_date(today()))
    morning.press("Kết thúc vai trò", role)
    expect(page.get_by_role("alert")).to_contain_text("không còn ai khác xử lý")
    morning.press("Vẫn làm")
    morning.told("Đã ghi ngày cuối của vai trò.")
    expect(page.locator("main")).to_contain_text(
        f"{AGENCY}, từ {format_date(today())} đến 31/12/{today().year}"
    )
    history = page.locator("h2:text-is('Lịch sử thay đổi') + ul")
    expect(history).to_contain_text(f"Đến hết ngày: {format_date(today())}")
    morning.look("administrator-roles")


def disable(morning: Morning) -> None:
    morning.press("Khóa tài khoản")
    morning.press("Vẫn làm")
    morning.told("Đã khóa tài khoản; mọi phiên đã kết thúc.")


def keep_a_catalogue(morning: Morning) -> None:
    """A channel is added, renamed, and no longer offered."""
    page, hand = morning.page, morning.hand
    morning.go_to("Quản trị")
    morning.follow("Lĩnh vực, địa bàn, kênh tiếp nhận")
    morning.follow("Kênh tiếp nhận")
    hand.write(page.get_by_label("Tên"), "Cổng dịch vụ")
    morning.press("Thêm")
    morning.told("Đã thêm Cổng dịch vụ.")
    morning.look("administrator-catalogue")
    morning.follow("Cổng dịch vụ")
    hand.write(page.get_by_label("Tên"), "Cổng dịch vụ công")
    morning.press("Đổi tên")
    morning.told("Đã lưu.")
    morning.press("Ngừng dùng")
    expect(page.locator("main")).to_contain_text("không còn để chọn")
    morning.look("administrator-catalogue-row")


def rename_a_unit(morning: Morning) -> None:
    begin_a_change(morning, "Đổi tên: một đơn vị thành một đơn vị mới", AGENCY)
    new = morning.page.get_by_label("Đơn vị kế tục lập mới")
    morning.hand.write(new, "KTHT: Phòng Kinh tế, Hạ tầng và Đô thị")
    carry_out_and_undo(morning, "rename")


def merge_two_units(morning: Morning) -> None:
    begin_a_change(morning, "Sáp nhập: một hay nhiều đơn vị vào một đơn vị", "UBND phường Ngọc Lâm")
    successors = morning.page.get_by_label("Đơn vị kế tục đã có")
    morning.hand.choose(successors, "UBND phường Bồ Đề")
    carry_out_and_undo(morning, "merge")


def begin_a_change(morning: Morning, kind: str, old: str) -> None:
    page, hand = morning.page, morning.hand
    morning.go_to("Quản trị")
    morning.follow("Đơn vị")
    morning.follow("Sáp nhập, chia tách, đổi tên, giải thể")
    hand.choose(page.get_by_label("Thay đổi"), kind)
    hand.choose(page.get_by_label("Đơn vị cũ"), old)
    hand.write(page.get_by_label("Có hiệu lực từ ngày"), format_date(today()))
    hand.write(page.get_by_label("Văn bản"), "Nghị quyết 1656/NQ-UBTVQH15")


def carry_out_and_undo(morning: Morning, kind: str) -> None:
    """One open case goes to the successor, and comes back."""
    page = morning.page
    morning.press("Xem trước")
    row = page.get_by_role("region", name="Xem trước").locator("tbody tr")
    expect(row.locator("td.number").nth(1)).not_to_have_text("")
    morning.look(f"administrator-{kind}")
    morning.press("Xác nhận thay đổi")
    morning.told("Đã ghi thay đổi đơn vị và bàn giao vụ việc.")
    morning.look(f"administrator-{kind}-done")
    morning.press("Hoàn tác")
    morning.told("Đã hoàn tác: đơn vị, vai trò và vụ việc như trước.")


def see_as_another(morning: Morning) -> None:
    """What the worker sees, and nothing to be written; it ends on record."""
    page, hand = morning.page, morning.hand
    morning.go_to("Xem như người khác")
    hand.choose(page.get_by_label("Xem như", exact=True), WORKER)
    hand.write(page.get_by_label("Lý do"), "Chị ấy báo không thấy vụ việc mới")
    morning.press("Bắt đầu xem")
    band = page.locator("main > form.sticky-top")
    expect(band).to_contain_text("Bạn đang xem như Lê Thị Chuyên Viên")
    morning.follow("Mới giao cho đơn vị")
    morning.follow("DLXH", page.locator("table.cases tr", has_text=CONTENT))
    expect(band).to_be_in_viewport()
    morning.look("administrator-seeing")
    morning.press("Thôi xem", band)
    morning.told("Đã thôi xem như người khác.")
    assert page.locator(".counts").count() == 0


def correct_the_calendar(app: Flask, morning: Morning) -> None:
    """A day off by document: what would move is told first; it is taken back again."""
    page, hand = morning.page, morning.hand
    with app.app_context():
        day = working_day(10)
    morning.go_to("Lịch làm việc")
    warning = f"Lịch nghỉ, làm bù năm {today().year + 1} chưa được nhập"
    expect(page.locator("main .alert-warning")).to_contain_text(warning)
    morning.look("administrator-calendar")
    hand.write(page.get_by_label("Ngày", exact=True), day)
    hand.tick(page.get_by_label("Ngày nghỉ", exact=True))
    hand.write(page.get_by_label("Văn bản làm căn cứ"), "1234/VPCP-KGVX")
    morning.press("Xem vụ việc đổi hạn")
    expect(page.get_by_role("heading", level=1)).to_have_text("Điều chỉnh lịch")
    morning.look("administrator-calendar-preview")
    morning.press("Xác nhận điều chỉnh")
    morning.told("Đã điều chỉnh lịch.")
    morning.follow(f"Bỏ điều chỉnh {day}")
    morning.press("Xác nhận bỏ")
    morning.told("Đã bỏ điều chỉnh lịch.")
