"""A day in the hall, played through: the line is cut in the midst of it, and nothing is lost."""

from hashlib import sha256
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import FilePayload, expect
from sqlalchemy import select

from tests.browser.meetings import KEPT, nothing_waits, waits
from tests.browser.places import FLOOD
from tests.browser.stories import ANYWHERE, Morning
from tests.cases import samples
from tracker.cases.models import Attachment, Case, Submission
from tracker.core.db import db
from tracker.rules.workflow import Role

FLOOD_AGAIN = "Ngõ 254 phố Huỳnh Văn Nghệ phường Sài Đồng ngập úng mỗi khi mưa"
LETTER = "Tổ dân phố 12 gửi đơn về tiếng ồn của xưởng gỗ ngõ 68 phố Ngọc Thụy"
ANONYMOUS = "Chợ tạm lấn chiếm vỉa hè phố Gia Quất"
PHOTO: FilePayload = {
    "name": "Đơn của tổ 12.jpg",
    "mimeType": "image/jpeg",
    "buffer": samples.picture("JPEG", (1600, 1200), "dimgrey"),
}


@pytest.mark.parametrize("morning", ANYWHERE, indirect=True, ids=lambda way: way.name)
def test_a_day_in_the_hall(morning: Morning, app: Flask) -> None:
    page = morning.page
    morning.sign_in(app, Role.RECEPTION_OFFICER)
    morning.go_to("Buổi tiếp dân")
    morning.press("Bắt đầu", page.locator(".next-step"))
    morning.told("Đã ghi: bắt đầu.")
    meeting = page.url
    morning.follow("Ghi nhận tại buổi")
    page.evaluate(KEPT)
    write_down_while_there_is_a_line(morning)
    write_down_without_one(morning)
    page.context.set_offline(False)
    nothing_waits(page)
    logged(morning, 4)
    expect(page.locator("#notices")).to_be_empty()
    morning.look("hall-all-there")
    give_receipts(morning)
    end(morning, meeting)
    assert_all_there_once(app, meeting)


def write_down_while_there_is_a_line(morning: Morning) -> None:
    """Somebody with a telephone number; the next citizen brings the same and is added to it."""
    page, hand = morning.page, morning.hand
    hand.write(page.get_by_label("Nội dung"), FLOOD)
    # What is proposed moves the fields below it.
    expect(page.locator("#proposed_unit_id-proposed button").first).to_be_visible()
    hand.write(page.get_by_label("Điện thoại"), "0912 345 678")
    hand.write(page.get_by_label("Họ tên"), "Nguyễn Thị Hồng Nhung")
    send(morning)
    logged(morning, 1)
    hand.write(page.get_by_label("Nội dung"), FLOOD_AGAIN)
    alike = page.locator("#suggestions")
    expect(alike).to_contain_text("1 người đã phản ánh cùng nội dung")
    morning.look("hall-alike")
    hand.use(alike.get_by_role("button", name="gộp lượt").first)
    morning.told("Đã thêm một lượt")
    logged(morning, 2)


def write_down_without_one(morning: Morning) -> None:
    """A group with its letter, and somebody who gives no name; the page is loaded anew between."""
    page, hand = morning.page, morning.hand
    page.context.set_offline(True)
    hand.write(page.get_by_label("Nội dung"), LETTER)
    hand.choose(page.get_by_label("Loại"), "Kiến nghị, phản ánh")
    hand.write(page.get_by_label("Họ tên"), "Trần Văn Đại Diện")
    hand.write(page.get_by_label("Số người"), "6")
    is_telephone = page.get_by_label("Chụp đơn").is_visible()
    hand.give(page.get_by_label("Chụp đơn" if is_telephone else "Ảnh, bản quét của đơn"), PHOTO)
    send(morning)
    waits(page, 1)
    page.reload()
    waits(page, 1)
    hand.write(page.get_by_label("Nội dung"), ANONYMOUS)
    hand.choose(page.get_by_label("Loại"), "Kiến nghị, phản ánh")
    hand.tick(page.get_by_label("Khuyết danh"))
    send(morning)
    waits(page, 2)
    morning.look("hall-cut-off")


def give_receipts(morning: Morning) -> None:
    """Each citizen gets a slip with a secret of their own."""
    page = morning.page
    links = page.locator("#logged").get_by_role("link", name="Giấy biên nhận")
    expect(links).to_have_count(4)
    secrets = set()
    for place in range(4):
        with page.expect_popup() as popup:
            morning.hand.use(links.nth(place))
        receipt = popup.value
        secrets.add(receipt.locator("main dd").last.inner_text())
        slip = receipt.get_by_role("link", name="Phiếu 80 mm").get_attribute("href")
        assert receipt.request.get(str(slip)).body().startswith(b"%PDF")
        receipt.close()
    assert len(secrets) == 4


def end(morning: Morning, meeting: str) -> None:
    """The meeting is closed; its sheet counts what came, by turns and by persons."""
    page = morning.page
    page.goto(meeting)
    morning.hand.write(page.locator("#close-attendance"), "9")
    morning.press("Kết thúc buổi")
    morning.told("Đã ghi: kết thúc buổi.")
    morning.follow("Phiếu tổng hợp, biên bản")
    rows = page.get_by_role("region", name="Các lượt đã ghi").locator("tbody tr")
    expect(rows).to_have_count(4)
    for content in (FLOOD, LETTER, ANONYMOUS):
        expect(rows.filter(has_text=content)).not_to_have_count(0)
    morning.look("hall-sheet")


def assert_all_there_once(app: Flask, meeting: str) -> None:
    with app.app_context():
        rows = db.session.execute(
            select(Case.content, Submission.persons, Submission.person_id, Attachment.digest)
            .join(Submission, Submission.case_id == Case.id)
            .outerjoin(Attachment, Attachment.case_id == Case.id)
            .where(Submission.event_id == UUID(meeting.rpartition("/")[2]))
            .order_by(Submission.recorded_at)
        ).all()
        assert [row[:2] for row in rows] == [(FLOOD, 1), (FLOOD, 1), (LETTER, 6), (ANONYMOUS, 1)]
        assert [row.person_id is not None for row in rows] == [True, False, True, False]
        photo = sha256(PHOTO["buffer"]).hexdigest()
        assert [row.digest for row in rows] == [None, None, photo, None]


def send(morning: Morning) -> None:
    """What was written down; ends on an empty item."""
    morning.hand.send(morning.page.get_by_role("button", name="Ghi nhận", exact=True))
    expect(morning.page.get_by_label("Nội dung")).to_have_value("")


def logged(morning: Morning, count: int) -> None:
    expect(morning.page.locator("#logged h2")).to_have_text(f"Đã ghi {count} mục ở buổi này")
