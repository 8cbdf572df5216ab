"""A morning of the coordinator: what came in is sorted, given out, checked and counted."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from tests.browser.hands import Hand
from tests.browser.pictures import keep
from tests.browser.serving import enter, opened, person
from tests.browser.stories import AGENCY, AT_A_DESK, KEYBOARD, Way, working_day
from tests.factories import as_viewer
from tracker.cases import service
from tracker.core import clock
from tracker.core.db import db
from tracker.rules.workflow import Kind, Outcome, Role
from tracker.units.models import Unit

SignIn = Callable[[Page, Role], None]
See = Callable[[str], None]

SUPPORT = "Công an quận Long Biên"
COVER = "Nắp cống trước số nhà 15 ngõ 20 phố Ngọc Lâm bị vỡ"
COVER_AGAIN = "Nắp cống trước nhà số 15 ngõ 20 phố Ngọc Lâm bị vỡ, rất nguy hiểm"
TWO_MATTERS = "Chợ Gia Lâm để rác ra vỉa hè; đường Ngô Gia Khảm ngập khi mưa"
BENCHES = "Ghế đá ở vườn hoa phố Sài Đồng gãy"
METERS = "Đề nghị nạp công tơ điện trả trước ở chợ Sài Đồng"
LAMP, TREE = "Đèn ở ngõ 68 phố Ngọc Thụy không sáng", "Cây khô trước cổng trường Bồ Đề sắp đổ"

SEEN_ELSEWHERE = ("home", "new", "classify", "assign", "close", "filters", "list", "search")
"""States of pages in which `test_accessibility` meets them."""


@pytest.mark.parametrize("way", AT_A_DESK, ids=lambda way: way.name)
def test_coordinators_morning(
    page: Page,
    app: Flask,
    address: str,
    browser: Browser,
    sign_in: SignIn,
    assert_accessible: Callable[..., None],
    way: Way,
) -> None:
    page.set_viewport_size({"width": way.width, "height": 800})
    hand = way.hand(page)

    def see(name: str) -> None:
        if way is not KEYBOARD:
            keep(page, f"coordinator-{name}")
        elif name not in SEEN_ELSEWHERE:
            assert_accessible(page)

    with app.app_context():
        log_what_waits()
    sign_in(page, Role.COORDINATOR)
    page.goto("/")
    see("home")
    sort_what_is_new(hand, see)
    give_out(hand, see)
    check_answers(hand, see)
    act_on_many(hand, see)
    keep_a_list(hand, see)
    search(hand, see)
    with opened(browser, address) as other:
        enter(other, app, address, Role.AGENCY_WORKER)
        share_a_case(hand, other, see)
    correct_the_calendar(hand, see)


def log_what_waits() -> None:
    """What the officer logged yesterday afternoon, and two answers that came in."""
    now = clock.now()
    today = clock.local_date(now)
    agency_id = db.session.scalars(select(Unit.id).where(Unit.name == AGENCY)).one()
    officer, coordinator, worker = (
        as_viewer(person(role), today)
        for role in (Role.RECEPTION_OFFICER, Role.COORDINATOR, Role.AGENCY_WORKER)
    )
    cases = [
        service.log(
            actor=officer, kind=Kind.RECOMMENDATION, content=content, received_on=today, now=now
        ).id
        for content in (LAMP, TREE, COVER, COVER_AGAIN, TWO_MATTERS, BENCHES, METERS)
    ]
    for each, said in zip(cases, ("Đã thay bóng", "Đã có kế hoạch"), strict=False):
        service.verify(each, actor=coordinator, now=now)
        service.assign(each, actor=coordinator, lead_id=agency_id, now=now)
        service.answer(
            each, actor=worker, text=said, answered_on=today, outcome=Outcome.RESOLVED, now=now
        )
    db.session.remove()


def sort_what_is_new(hand: Hand, see: See) -> None:
    """Each decision brings the next case: one is verified, one merged, one split."""
    page = hand.page
    open_list(hand, "Mới tiếp nhận")
    see("new")
    hand.open_first(row_of(page, COVER))
    hand.use(page.get_by_role("button", name="Bắt đầu xác minh"))
    expect(said(page)).to_have_text(COVER_AGAIN)

    likest = page.locator(".lookalikes li").first
    expect(likest).to_contain_text(COVER)
    code = likest.get_by_role("link").first.inner_text()
    see("look-alikes")
    hand.use(likest.get_by_role("link", name=f"Gộp vào {code}"))
    expect(page.get_by_role("heading", name="Vụ việc nhận")).to_be_visible()
    see("merge")
    hand.use(page.get_by_role("button", name=f"Gộp vào {code}"))
    expect(said(page)).to_have_text(TWO_MATTERS)

    # It wasn't the same: back by the notice, undone; the two are only related.
    hand.use(page.locator("#notices").get_by_role("link"))
    expect(page.locator("main header")).to_contain_text("Trùng")
    see("merged")
    hand.use(page.get_by_role("button", name="Hoàn tác gộp"))
    expect(page.locator("#notices")).to_contain_text("Đã hoàn tác gộp")
    hand.use(page.get_by_role("link", name="Liên kết vụ việc…"))
    hand.write(page.get_by_label("Mã vụ việc"), code)
    hand.choose(page.get_by_label("Vụ việc ấy là"), "Liên quan")
    see("link")
    hand.send(page.get_by_role("button", name="Liên kết"))
    expect(page.locator("[aria-labelledby=belongs]")).to_contain_text(code)

    open_list(hand, "Mới tiếp nhận")
    hand.open_row(row_of(page, TWO_MATTERS))
    hand.use(page.get_by_role("link", name="Tách…"))
    for place, matter in enumerate(TWO_MATTERS.split("; ")):
        hand.write(page.locator("textarea").nth(place), matter)
    hand.tick(page.get_by_label("Tôi đã kiểm tra"))
    see("split")
    hand.use(page.get_by_role("button", name="Tách vụ việc"))
    expect(page.locator("#notices")).to_contain_text("Đã tách thêm: PA-")
    expect(said(page)).to_have_text(BENCHES)


def give_out(hand: Hand, see: See) -> None:
    """Classified, given to a unit and one in support, by a date of their own, which is told."""
    page = hand.page
    open_list(hand, "Chờ giao")
    hand.open_first(row_of(page, COVER))
    hand.use(page.get_by_role("link", name="Phân loại…", exact=True))
    hand.choose(page.locator("#classify-field_id"), "Giao thông, hạ tầng đô thị")
    hand.choose(page.locator("#classify-area_id"), "Ngọc Lâm")
    see("classify")
    hand.send(page.get_by_role("button", name="Phân loại", exact=True))
    expect(page.locator("#notices")).to_contain_text("Đã ghi: phân loại")

    step = page.locator(".next-step")
    hand.choose(step.get_by_label("Đơn vị chủ trì"), AGENCY)
    hand.choose(step.get_by_label("Đơn vị phối hợp"), SUPPORT)
    hand.write(step.get_by_label("Yêu cầu"), "Rào chắn ngay, thay nắp cống")
    hand.use(step.get_by_text("Hạn khác"))
    hand.write(page.locator("#assign-due_on"), working_day(5))
    hand.write(step.get_by_label("Lý do đổi hạn"), "Nguy hiểm cho người đi đường")
    see("assign")
    hand.send(step.get_by_role("button", name="Giao giải quyết"))
    expect(page.locator("main")).to_contain_text("Hết việc trong danh sách này.")
    see("nothing-left")

    hand.use(page.locator("#notices").get_by_role("link"))
    account = page.locator(".due-account")
    hand.use(account.locator("summary"))
    expect(page.locator(".story").first).to_contain_text("Nguy hiểm cho người đi đường")
    expect(account.get_by_role("table", name="Cách tính, từng ngày")).to_be_visible()
    see("due-date")


def check_answers(hand: Hand, see: See) -> None:
    """One is what was asked for: closed. The other isn't: to be done again, and why."""
    page = hand.page
    open_list(hand, "Chờ kiểm tra kết quả")
    hand.decide_row(row_of(page, LAMP))
    hand.tick(page.locator(".next-step").get_by_label("Đã giải quyết"))
    see("close")
    hand.send(page.get_by_role("button", name="Kết thúc vụ việc"))
    expect(said(page)).to_have_text(TREE)
    hand.use(page.locator("#redo > summary"))
    hand.write(page.locator("#redo-reason"), "Chưa chặt cây: kế hoạch chưa phải là kết quả")
    hand.send(page.get_by_role("button", name="Yêu cầu giải quyết lại", exact=True))
    expect(page.locator("#notices")).to_contain_text("còn 0 vụ việc")


def act_on_many(hand: Hand, see: See) -> None:
    """Given out and extended together; what has ended is left as it is, and said why."""
    page = hand.page
    go_to(hand, "Vụ việc")
    tick(hand, METERS, BENCHES, LAMP)
    hand.use(page.locator("#bulk").get_by_role("button", name="Giao giải quyết"))
    hand.choose(page.get_by_label("Đơn vị chủ trì"), AGENCY)
    see("bulk")
    hand.send(page.locator("main form button.btn-primary"))
    expect(page.locator("#done")).to_contain_text("2 vụ việc")
    expect(page.locator("[aria-labelledby=refused] li")).to_contain_text(LAMP)
    see("bulk-done")

    hand.use(page.get_by_role("link", name="Về danh sách"))
    tick(hand, METERS, BENCHES, LAMP)
    hand.use(page.locator("#bulk").get_by_role("button", name="Gia hạn"))
    hand.write(page.get_by_label("Hạn mới"), working_day(40))
    hand.write(page.get_by_label("Lý do"), "Chờ kinh phí quý sau")
    hand.send(page.locator("main form button.btn-primary"))
    expect(page.locator("#done")).to_contain_text("2 vụ việc")
    expect(page.locator("#refused")).to_contain_text("1 vụ việc giữ nguyên")


def keep_a_list(hand: Hand, see: See) -> None:
    """A question kept under a name, with other columns, and taken along as a workbook."""
    page = hand.page
    go_to(hand, "Vụ việc")
    hand.use(page.get_by_role("link", name="Bộ lọc"))
    filters = page.locator(".filters")
    hand.choose(filters.get_by_label("Loại"), "Kiến nghị, phản ánh")
    hand.choose(filters.get_by_label("Trạng thái"), "Đã giao")
    see("filters")
    hand.send(page.get_by_role("button", name="Tìm", exact=True))
    expect(page.locator("#total")).to_have_text("4 vụ việc")
    hand.use(page.locator(".kept > summary"))
    hand.write(page.get_by_label("Tên danh sách"), "Kiến nghị đang ở đơn vị")
    hand.send(page.get_by_role("button", name="Lưu danh sách này"))
    expect(page.locator("#notices")).to_contain_text("Đã lưu danh sách")
    hand.use(page.get_by_role("link", name="Chọn cột"))
    hand.tick(page.get_by_label("Ngày giao"))
    see("columns")
    hand.use(page.get_by_role("button", name="Đổi cột"))
    expect(page.get_by_role("columnheader", name="Ngày giao")).to_be_visible()
    see("list")
    with page.expect_download() as download:
        hand.use(page.get_by_role("link", name="Xuất cả danh sách ra Excel"))
    rows = list(load_workbook(BytesIO(Path(download.value.path()).read_bytes())).active.values)
    assert "Ngày giao" in rows[0]
    assert len(rows) == 1 + 4
    go_to(hand, "Trang chính")
    hand.use(page.get_by_role("link", name="Kiến nghị đang ở đơn vị"))
    expect(page.locator("#total")).to_have_text("4 vụ việc")


def search(hand: Hand, see: See) -> None:
    """Marks as typed come first; without them both are found; a pasted code jumps."""
    page = hand.page
    first = page.locator("table.cases .what").first
    hand.search("nap cong")
    expect(first).to_have_text(METERS)
    hand.search("nắp cống")
    expect(first).to_contain_text("Nắp cống")
    see("search")
    code = page.locator("table.cases tbody th").first.inner_text()
    hand.search(code)
    expect(page.get_by_role("heading", level=1)).to_contain_text(code)
    hand.ask_for_keys()
    keys = page.get_by_role("dialog", name="Phím tắt")
    expect(keys).to_be_visible()
    see("keys")
    hand.use(keys.get_by_role("button", name="Đóng"))
    expect(keys).to_be_hidden()


def share_a_case(hand: Hand, other: Page, see: See) -> None:
    """Somebody of the agency writes on the case just now, and is quicker; nothing is lost."""
    page = hand.page
    go_to(hand, "Trang chính")
    hand.use(page.get_by_role("link", name="Kiến nghị đang ở đơn vị"))
    hand.open_row(row_of(page, BENCHES))
    expect(page.get_by_role("heading", level=1)).to_contain_text("PA-")
    other.goto(page.url)
    other.locator("#answer > summary").click()
    with other.expect_response("**/writing"):
        other.get_by_label("Nội dung trả lời").fill("Đã thay ba ghế đá")
    page.reload()
    expect(page.locator("#writing")).to_contain_text("Lê Thị Chuyên Viên đang viết")
    see("writing")

    hand.use(page.locator("#extend > summary"))
    hand.write(page.locator("#extend-due_on"), working_day(45))
    hand.write(page.locator("#extend-reason"), "Chờ ghế đá mới")
    other.get_by_label("Đã giải quyết").check()
    other.get_by_role("button", name="Trả lời").click()
    expect(other.locator("#notices")).to_contain_text("Đã ghi: trả lời")
    hand.send(page.get_by_role("button", name="Gia hạn", exact=True))
    both = page.get_by_role("region", name="Người khác vừa cập nhật vụ việc này")
    expect(both).to_contain_text("Đã thay ba ghế đá")
    expect(both.get_by_label("Lý do")).to_have_value("Chờ ghế đá mới")
    see("both")

    hand.write(both.get_by_label("Lý do"), "Chờ nghiệm thu ghế đá mới")
    hand.send_twice(both.get_by_role("button", name="Gia hạn"))
    expect(page.locator("#notices")).to_contain_text("Đã ghi: gia hạn")
    told = page.locator(".story > li strong").all_inner_texts()
    assert told[:3] == ["Gia hạn", "Trả lời", "Gia hạn"]


def correct_the_calendar(hand: Hand, see: See) -> None:
    """A day off by a document: first which due dates move, then the change, then back again."""
    page = hand.page
    go_to(hand, "Lịch làm việc")
    hand.write(page.get_by_label("Ngày", exact=True), working_day(3))
    hand.tick(page.get_by_label("Ngày nghỉ", exact=True))
    hand.write(page.get_by_label("Văn bản làm căn cứ"), "Công điện 12/CĐ-TTg về bão số 9")
    see("calendar")
    hand.send(page.get_by_role("button", name="Xem vụ việc đổi hạn"))
    moves = page.get_by_role("table", name="Vụ việc đổi hạn").locator("tbody tr")
    expect(moves.first).to_be_visible()
    moved = moves.count()
    see("calendar-preview")
    hand.use(page.get_by_role("button", name="Xác nhận điều chỉnh"))
    expect(page.locator("#notices")).to_contain_text(f"{moved} vụ việc bạn được xem đổi hạn")
    hand.use(page.get_by_role("link", name="Bỏ điều chỉnh"))
    hand.use(page.get_by_role("button", name="Xác nhận bỏ"))
    expect(page.locator("#notices")).to_contain_text(f"{moved} vụ việc bạn được xem đổi hạn")


def open_list(hand: Hand, name: str) -> None:
    """What waits, from home."""
    go_to(hand, "Trang chính")
    hand.use(hand.page.locator("main").get_by_role("link", name=name))
    expect(hand.page.get_by_role("heading", level=1)).to_have_text(name)


def go_to(hand: Hand, place: str) -> None:
    """By the places on the left."""
    places = hand.page.get_by_role("navigation", name="Các trang")
    hand.use(places.get_by_role("link", name=place, exact=True))
    expect(places.locator("[aria-current=page]")).to_have_text(place)


def said(page: Page) -> Locator:
    """What the case that is open is about."""
    return page.locator("#said ~ p").first


def row_of(page: Page, content: str) -> Locator:
    """A case of the list."""
    what = page.locator(".what").get_by_text(content, exact=True)
    return page.locator("table.cases tbody tr").filter(has=what)


def tick(hand: Hand, *contents: str) -> None:
    for content in contents:
        hand.tick_row(row_of(hand.page, content))
