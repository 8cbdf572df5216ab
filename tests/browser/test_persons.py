"""A citizen comes again: who it is, is asked for on the case's page, and goes on record."""

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tracker.core import clock
from tracker.core.clock import local_date
from tracker.core.db import db
from tracker.reception.models import Event
from tracker.rules.workflow import Role
from tracker.units.models import Membership

TELEPHONE = "0912 345 678"


@pytest.fixture
def event_id(app: Flask) -> UUID:
    """A reception that has begun, held by the unit of the coordinator."""
    now = clock.now()
    with app.app_context():
        unit_id = db.session.scalars(
            select(Membership.unit_id).where(Membership.role == Role.COORDINATOR)
        ).first()
        event = Event(
            unit_id=unit_id,
            kind="reception",
            form="regular",
            state="open",
            held_on=local_date(now),
            opened_at=now,
        )
        db.session.add(event)
        db.session.commit()
        return event.id


def write_down(page: Page, event_id: UUID, kind: str, name: str) -> None:
    """Writes an item down by the meeting's page; ends on the page of its case."""
    page.goto(f"/events/{event_id}/entry")
    page.get_by_label("Nội dung").fill("Cống ngõ 20 phố Ngọc Lâm tắc")
    page.get_by_label("Loại").select_option(kind)
    page.get_by_label("Điện thoại").fill(TELEPHONE)
    page.get_by_label("Họ tên").fill(name)
    page.get_by_role("button", name="Ghi nhận", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("Đã ghi nhận")
    link = page.locator("main a[href^='/cases/']").first
    # The strip comes anew once the item is sent: a click may meet the one that goes.
    page.goto(str(link.get_attribute("href")))


def show_person(page: Page) -> None:
    """Opens who brought the case."""
    page.get_by_role("button", name="Xem người phản ánh").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Người phản ánh")


@pytest.mark.parametrize("width", [1280, 360])
def test_who_came_again_is_found_shown_corrected_and_merged(
    page: Page,
    sign_in: Callable[[Page, Role], None],
    event_id: UUID,
    assert_accessible: Callable[..., None],
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    sign_in(page, Role.COORDINATOR)
    write_down(page, event_id, "Dư luận xã hội", "Nguyễn Thị Hồng Nhung")
    write_down(page, event_id, "Dư luận xã hội", "Nhung")
    expect(page.locator("main")).not_to_contain_text("Nhung")
    show_person(page)
    expect(page.locator("main dl")).to_contain_text("Nhung")
    page.get_by_text("Sửa thông tin").click()
    page.get_by_text("Gộp với người khác").click()
    assert_accessible(page)
    page.get_by_label("Cùng là người đã phản ánh").select_option(index=1)
    page.get_by_label("Lý do gộp").fill("Cùng số, đã hỏi")
    page.get_by_role("button", name="Gộp", exact=True).click()
    expect(page.locator("#notices")).to_contain_text("một người")
    show_person(page)
    expect(page.get_by_text("Còn ghi là")).to_be_visible()
    page.get_by_text("Sửa thông tin").click()
    page.get_by_label("Địa chỉ").fill("20 Ngọc Lâm")
    page.get_by_role("button", name="Lưu").click()
    show_person(page)
    page.get_by_text("Đã sửa", exact=True).click()
    assert_accessible(page)
    page.get_by_role("button", name="Hoàn tác gộp").click()
    expect(page.locator("#notices")).to_contain_text("hoàn tác")
    page.goto("/persons/matches")
    page.get_by_label("Điện thoại").fill("+84 912 345 678")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.locator("main")).to_contain_text("Đã phản ánh 2 lần")
    assert_accessible(page)


def test_why_a_denouncer_is_looked_at_is_asked_first(
    plain_page: Page,
    sign_in: Callable[[Page, Role], None],
    event_id: UUID,
    assert_accessible: Callable[..., None],
) -> None:
    """Without scripts, as every page."""
    page = plain_page
    sign_in(page, Role.COORDINATOR)
    write_down(page, event_id, "Tố cáo", "Nguyễn Thị Hồng Nhung")
    show_person(page)
    expect(page.locator("main")).not_to_contain_text("Nhung")
    expect(page.locator(".complaint")).to_have_count(0)
    page.get_by_label("Lý do xem").fill("Mời đối thoại")
    page.get_by_role("button", name="Xem", exact=True).click()
    expect(page.locator("main dl")).to_contain_text("Nguyễn Thị Hồng Nhung")
