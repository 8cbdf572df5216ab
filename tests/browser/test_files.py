"""A file's way in a real browser: refused, sent, looked at, saved, taken away."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask
from playwright.sync_api import FilePayload, Locator, Page, expect
from sqlalchemy import select

from tests.browser.serving import person
from tests.cases import samples
from tests.factories import as_viewer
from tracker.cases.models import Case
from tracker.cases.queries import visible
from tracker.core import clock
from tracker.core.db import db
from tracker.rules.workflow import Role, State


def upload(files: Locator, name: str, content: bytes) -> None:
    """Chooses a file in the section `files` and sends it."""
    field = files.get_by_label("Tệp", exact=True)
    if not field.is_visible():
        files.get_by_text("Đính kèm tệp", exact=True).click()
    field.set_input_files(FilePayload(name=name, mimeType="", buffer=content))
    files.get_by_role("button", name="Đính kèm", exact=True).click()


def case_on_the_desk(app: Flask) -> str:
    """The address of a case that the agency has to answer."""
    with app.app_context():
        worker = as_viewer(person(Role.AGENCY_WORKER), clock.local_date(clock.now()))
        assigned = select(Case.id).where(Case.state == State.ASSIGNED, visible(worker))
        return f"/cases/{db.session.scalars(assigned.limit(1)).one()}"


def test_an_agency_sends_a_paper_and_the_coordinator_takes_it_away(
    app: Flask,
    page: Page,
    sign_in: Callable[[Page, Role], None],
    assert_accessible: Callable[..., None],
    tmp_path: Path,
) -> None:
    sign_in(page, Role.AGENCY_WORKER)
    case = case_on_the_desk(app)
    page.goto(case)
    files = page.get_by_role("region", name="Tệp")

    upload(files, "hoa don.pdf", b"MZ\x90\0" + bytes(60))
    expect(files.get_by_text("Không nhận chương trình hay tệp lệnh.")).to_be_visible()
    assert_accessible(page)

    paper = samples.pdf()
    upload(files, "Biên bản kiểm tra.pdf", paper)
    expect(page.get_by_text("Đã đính kèm tệp Biên bản kiểm tra.pdf.")).to_be_visible()
    upload(files, "Hiện trường.jpg", samples.picture("JPEG", (1200, 800), "seagreen"))
    files.get_by_text("Xem trước Hiện trường.jpg").click()
    picture = files.get_by_alt_text("Xem trước Hiện trường.jpg")
    expect(picture).to_be_visible()
    page.wait_for_function("image => image.naturalWidth == 800", arg=picture.element_handle())
    assert_accessible(page)

    with page.expect_download() as saved:
        files.get_by_role("link", name="Biên bản kiểm tra.pdf", exact=True).click()
    assert saved.value.suggested_filename == "Biên bản kiểm tra.pdf"
    saved.value.save_as(tmp_path / "saved.pdf")
    assert (tmp_path / "saved.pdf").read_bytes() == paper

    sign_in(page, Role.COORDINATOR)
    page.goto(case)
    files.get_by_role("link", name="Gỡ Biên bản kiểm tra.pdf").click()
    assert_accessible(page)
    page.get_by_label("Lý do").fill("Gửi nhầm bản nháp")
    page.get_by_role("button", name="Gỡ tệp").click()
    expect(page.get_by_text("Đã gỡ tệp Biên bản kiểm tra.pdf.")).to_be_visible()
    # It stays readable for who may take files away, and for nobody else.
    expect(files.get_by_role("listitem").filter(has_text="đã gỡ")).to_contain_text("Biên bản")
    expect(page.get_by_role("region", name="Diễn biến")).to_contain_text("Gửi nhầm bản nháp")
    sign_in(page, Role.AGENCY_WORKER)
    page.goto(case)
    expect(files.get_by_role("link", name="Hiện trường.jpg", exact=True)).to_be_visible()
    expect(files.get_by_role("link", name="Biên bản kiểm tra.pdf", exact=True)).to_have_count(0)
