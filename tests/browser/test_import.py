"""The main job, from an office's register to the report that its leaders sign, by the pages."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from tests.application import make_application
from tests.browser.places import as_file, choose_file
from tests.browser.serving import opened, serving, sign_in_by_form
from tests.database import SQLite
from tests.factories import make_user
from tracker.core.db import db
from tracker.registers.demo import SAMPLE
from tracker.rules.workflow import Role
from tracker.units.models import Unit

SAID = ["608", "593", "97,5%", "15"]
MEASURES = ["Tiếp nhận", "Đã giải quyết", "Tỷ lệ giải quyết", "Đang giải quyết"]


@pytest.fixture
def new_office(tmp_path: Path) -> Flask:
    """The application as `tracker init` leaves it, with one coordinator."""
    application = make_application(SQLite(tmp_path), tmp_path)
    with application.app_context():
        unit = db.session.scalars(select(Unit)).one()
        make_user(Role.COORDINATOR, unit, name="Trần Văn Điều Phối")
        db.session.remove()
    return application


@pytest.fixture
def new_page(new_office: Flask, browser: Browser) -> Iterator[Page]:
    with serving(new_office) as address, opened(browser, address) as page:
        yield page


def test_from_register_to_report(new_page: Page, new_office: Flask) -> None:
    page = new_page
    sign_in_by_form(page, new_office, Role.COORDINATOR)
    import_register(page)
    read_report(page)


def import_register(page: Page) -> None:
    """The register is read, its names are confirmed, it is taken in."""
    page.get_by_role("link", name="Nhập sổ theo dõi từ Excel").click()
    choose_file(page, as_file(SAMPLE.name, SAMPLE.read_bytes()))
    catalogues = page.locator("main fieldset").all()
    assert catalogues
    for catalogue in catalogues:
        catalogue.get_by_role("button", name="Chọn cả").click()
    page.get_by_role("button", name="Nhập vào hệ thống").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Đã nhập 608 vụ việc")

    page.get_by_role("link", name="Xem các vụ việc").click()
    expect(page.locator("#total")).to_have_text("608 vụ việc")


def read_report(page: Page) -> None:
    """The report of the register's five years says what the office published."""
    page.get_by_role("link", name="Báo cáo").click()
    page.get_by_label("Từ ngày").fill("16/5/2016")
    page.get_by_label("Đến ngày").fill("10/3/2021")
    page.get_by_role("button", name="Xem báo cáo").click()
    expect(page.locator("main")).to_contain_text("đã giải quyết 593 nội dung, đạt 97,5%")
    figures = [_total(page, measure).inner_text().strip() for measure in MEASURES]
    assert figures == SAID


def _total(page: Page, measure: str) -> Locator:
    """The cell with the sum of a measure."""
    table = page.locator("main table")
    headings = [text.strip() for text in table.locator("thead th").all_inner_texts()]
    return table.locator("tr").last.locator("td, th").nth(headings.index(measure))
