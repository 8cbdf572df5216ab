"""A morning of a leader: what waits is ruled, the figures are read, asked after and taken away."""

from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from flask import Flask
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.browser.stories import AGENCY, ANYWHERE, Morning, others, today, working_day
from tests.cases import circumstances
from tracker.core import clock
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Role

RETURNED = "Nắp cống trước số nhà 15 ngõ 20 phố Ngọc Lâm bị vỡ"
RULING = "Phòng giải quyết, phường phối hợp"
PUBLISHED = "tiếp nhận 608 nội dung dư luận xã hội; đã giải quyết 593 nội dung, đạt 97,5%"


@pytest.mark.parametrize("morning", ANYWHERE, indirect=True, ids=lambda way: way.name)
def test_a_leaders_morning(app: Flask, morning: Morning) -> None:
    with others(app) as office:
        circumstances.returned_often(office, clock.now(), content=RETURNED)
    morning.sign_in(app, Role.LEADER)
    morning.look("leader-home")
    rule(app, morning)
    read_the_report(morning)
    see_the_cases_behind_a_figure(morning)
    ask_as_it_was_recorded(app, morning)
    take_the_papers_away(morning)


def rule(app: Flask, morning: Morning) -> None:
    """Returned three times: the leader says who answers, and by when."""
    morning.follow("Chờ ý kiến lãnh đạo")
    morning.follow("DLXH", morning.page.locator("table.cases tr", has_text=RETURNED))
    with app.app_context():
        due_on = working_day(5)
    ruling, hand = morning.page.locator(".next-step"), morning.hand
    hand.choose(ruling.get_by_label("Đơn vị phải giải quyết"), AGENCY)
    hand.write(ruling.get_by_label("Nội dung quyết định"), RULING)
    hand.write(ruling.get_by_label("Hạn của đơn vị"), "30/2/2027")
    morning.press("Quyết định đơn vị giải quyết", ruling)
    expect(ruling.locator("[aria-invalid=true]")).to_have_value("30/2/2027")
    expect(ruling.get_by_label("Nội dung quyết định")).to_have_value(RULING)
    morning.look("leader-ruling-wrong")
    hand.write(ruling.get_by_label("Hạn của đơn vị"), due_on)
    morning.look("leader-ruling")
    morning.act("Quyết định đơn vị giải quyết", ruling)
    expect(morning.page.locator("main")).to_contain_text("Hết việc trong danh sách này.")
    morning.follow("DLXH", morning.page.locator("#notices"))
    expect(morning.page.locator("main header")).to_contain_text(f"Đang ở: {AGENCY}")
    morning.look("leader-ruled")


def read_the_report(morning: Morning) -> None:
    """The register's five years, as the office published them."""
    morning.go_to("Báo cáo")
    hand = morning.hand
    hand.write(morning.page.get_by_label("Từ ngày"), "16/5/2016")
    hand.write(morning.page.get_by_label("Đến ngày"), "10/3/2021")
    hand.choose(morning.page.get_by_label("Phân theo"), "Năm tiếp nhận")
    morning.press("Xem báo cáo")
    expect(morning.page.locator("main")).to_contain_text(PUBLISHED)
    morning.look("leader-report")


def see_the_cases_behind_a_figure(morning: Morning) -> None:
    """The 15 that are pending open as 15 cases; the way back leads to the same report."""
    page = morning.page
    morning.follow("15", page.locator("main table tr").last)
    expect(page.locator("#total")).to_have_text("15 vụ việc")
    expect(page.locator("table.cases tbody tr")).to_have_count(15)
    morning.look("leader-figure")
    morning.follow("Báo cáo dư luận xã hội")
    expect(page.get_by_label("Từ ngày")).to_have_value("16/05/2016")


def ask_as_it_was_recorded(app: Flask, morning: Morning) -> None:
    """Of before the register was taken in nothing is recorded; a day in the future isn't yet."""
    page, hand = morning.page, morning.hand
    hand.write(page.get_by_label("Số liệu ghi nhận đến"), "10/3/2021")
    morning.press("Xem báo cáo")
    expect(page.get_by_role("heading", name="Chưa có số liệu")).to_be_visible()
    morning.look("leader-as-recorded")
    hand.write(page.get_by_label("Số liệu ghi nhận đến"), format_date(today()))
    morning.press("Xem báo cáo")
    expect(page.locator("main")).to_contain_text(PUBLISHED)


def take_the_papers_away(morning: Morning) -> None:
    """Word and Excel say what the page says."""
    document = Document(downloaded(morning, "Tải Word"))
    text = " ".join(paragraph.text for paragraph in document.paragraphs)
    assert "608 nội dung" in text
    assert "đã giải quyết 593 nội dung, đạt 97,5%" in text

    sheet = load_workbook(downloaded(morning, "Tải Excel")).active
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    headings = next(row for row in rows if "Tiếp nhận" in row)
    totals = next(row for row in reversed(rows) if 608 in row)
    measures = ("Tiếp nhận", "Đã giải quyết", "Tỷ lệ giải quyết", "Đang giải quyết")
    assert [totals[headings.index(measure)] for measure in measures] == [608, 593, 0.975, 15]


def downloaded(morning: Morning, name: str) -> BytesIO:
    with morning.page.expect_download() as download:
        morning.hand.use(morning.page.get_by_role("link", name=name))
    return BytesIO(Path(download.value.path()).read_bytes())
