"""An answer with its papers, in one form: all is saved, or nothing, and nothing typed lost."""

import shutil
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from werkzeug.test import TestResponse

from tests.application import Client
from tests.cases import samples
from tests.cases.sending import contents, count, page_of
from tests.cases.stories import assert_chain, assert_versions, entries
from tests.factories import Office
from tracker.cases.models import Answer, Attachment, Case, Entry, StoredFile
from tracker.core.db import db
from tracker.core.storage import StorageFailure
from tracker.rules.workflow import Role, State

TYPED = "Đã thay 3 bóng đèn ở ngõ 20"
PAPER = (samples.pdf(), "Biên bản.pdf")
PICTURE = (samples.picture("JPEG"), "ảnh 1.jpg")
PROGRAM = (b"MZ\x90\0" + bytes(60), "hoa don.pdf")


@pytest.fixture
def case(office: Office, now: datetime) -> Case:
    return office.case_in(State.ASSIGNED, now)


@pytest.fixture(autouse=True)
def _empty_storage(app: Flask) -> None:
    for name in ("files", "previews"):
        shutil.rmtree(app.extensions["settings"].instance / name, ignore_errors=True)


def answer(
    client: Client,
    office: Office,
    case: Case,
    *files: tuple[bytes, str],
    role: Role = Role.AGENCY_WORKER,
    **given: Any,
) -> TestResponse:
    """What comes of the answer's form with `files`."""
    client.sign_in(office.user(role))
    wanted = {"text": TYPED, "outcome": "resolved", "answered_on": "02/03/2026"} | given
    sent = [(BytesIO(content), name) for content, name in files]
    return client.post(f"/cases/{case.id}/answers", data={**wanted, "files": sent})


def field(page: BeautifulSoup) -> str:
    """What stands beside the field of the files."""
    found = page.select_one("#answer-files-error")
    assert found is not None
    return " ".join(found.text.split())


def assert_nothing_saved(case: Case) -> None:
    db.session.expire_all()
    assert case.state == State.ASSIGNED
    assert (count(Answer), count(Attachment), count(StoredFile)) == (0, 0, 0)


def test_several_files_go_with_their_answer(
    client: Client, office: Office, case: Case, app: Flask
) -> None:
    told = count(Entry)
    page = page_of(client.get(answer(client, office, case, PAPER, PICTURE).location))
    listed = [
        " ".join(row.text.split()) for row in page.select("section[aria-labelledby=files] li")
    ]
    assert len(listed) == 2
    for line, name in zip(listed, ("Biên bản.pdf", "ảnh 1.jpg"), strict=True):
        assert line.startswith(name)
        assert f"Trả lời 02/03/2026 của {office.agency.name}" in line
    assert count(Entry) == told + 1
    newest = " ".join(page.select(".story > li")[0].text.split())
    assert "Biên bản.pdf, ảnh 1.jpg" in newest
    assert (count(StoredFile), len(contents(app))) == (2, 2)
    assert entries(case)[-1].action == "answer"
    assert_chain(case)
    assert_versions(case)


def test_the_form_takes_several_files_and_says_which(
    client: Client, office: Office, case: Case
) -> None:
    client.sign_in(office.user(Role.AGENCY_WORKER))
    form = page_of(client.get(f"/cases/{case.id}")).select_one("form[action$=answers]")
    assert form is not None
    assert form["enctype"] == "multipart/form-data"
    chosen = form.select_one("input[type=file][name=files][multiple]")
    assert chosen is not None
    assert ".pdf" in str(chosen["accept"])
    assert "mỗi tệp tối đa 30 MB" in form.text


def test_one_wrong_file_is_named_and_nothing_is_saved(
    client: Client, office: Office, case: Case, app: Flask
) -> None:
    told = count(Entry)
    sent = answer(client, office, case, PAPER, PROGRAM, document_number="12/TB")
    assert sent.status_code == 422
    page = page_of(sent)
    assert field(page) == (
        "hoa don.pdf: Không nhận chương trình hay tệp lệnh."
        " Các tệp đã chọn chưa được lưu, hãy chọn lại: Biên bản.pdf, hoa don.pdf."
    )
    form = page.select_one("form[action$=answers]")
    assert form is not None
    assert form.select_one("textarea[name=text]").text.strip() == TYPED
    assert form.select_one("[name=document_number]")["value"] == "12/TB"
    assert form.select_one("[name=outcome][checked]")["value"] == "resolved"
    assert_nothing_saved(case)
    assert (count(Entry), contents(app)) == (told, [])


def test_what_is_wrong_elsewhere_asks_for_the_files_again(
    client: Client, office: Office, case: Case
) -> None:
    for given in ({"outcome": ""}, {"answered_on": "03/03/2026"}, {"answered_on": "01/03/2026"}):
        sent = answer(client, office, case, PAPER, **given)
        assert sent.status_code == 422
        assert field(page_of(sent)) == "Các tệp đã chọn chưa được lưu, hãy chọn lại: Biên bản.pdf."
        assert count(Attachment) == 0


def test_the_same_content_is_one_file(client: Client, office: Office, case: Case) -> None:
    answer(client, office, case, PAPER, (PAPER[0], "Bản sao.pdf"))
    assert (count(Answer), count(Attachment)) == (1, 1)


def test_without_files_it_is_an_answer_as_before(
    client: Client, office: Office, case: Case
) -> None:
    assert answer(client, office, case).status_code == 302
    assert "files" not in entries(case)[-1].changes
    assert (count(Answer), count(Attachment)) == (1, 0)


def test_a_file_that_is_too_large_is_named_beside_what_was_typed(
    client: Client, office: Office, case: Case, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1024 * 1024)
    monkeypatch.setattr("tracker.cases.service.attaching.BYTES_OF_A_MEGABYTE", 1024 * 1024 // 30)
    sent = answer(client, office, case, (b"a" * 1024 * 1025, "ghi.txt"))
    assert sent.status_code == 422
    page = page_of(sent)
    assert field(page).startswith("ghi.txt: Tệp quá lớn: tối đa 30 MB.")
    assert TYPED in page.select_one("form[action$=answers] textarea").text
    assert_nothing_saved(case)


def test_ten_gigabytes_are_refused_before_they_are_read(
    client: Client, office: Office, case: Case
) -> None:
    class Unread(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("it was read")

    client.sign_in(office.user(Role.AGENCY_WORKER))
    sent = client.post(
        f"/cases/{case.id}/answers",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(10 * 2**30), "wsgi.input": Unread()},
    )
    assert sent.status_code == 413
    assert field(page_of(sent)) == "Tệp quá lớn: tối đa 30 MB."


def test_eleven_files_are_too_many(client: Client, office: Office, case: Case) -> None:
    files = [(f"Trang {number}".encode(), f"{number}.txt") for number in range(11)]
    assert field(page_of(answer(client, office, case, *files))).startswith("Mỗi lần tối đa 10 tệp.")
    assert_nothing_saved(case)


def test_a_store_that_fails_leaves_no_answer(
    client: Client, office: Office, case: Case, app: Flask
) -> None:
    class Full:
        def put(self, digest: str, content: Any) -> None:
            raise StorageFailure("Kho tệp không trả lời", "file")

    app.extensions["storage"] = Full()
    try:
        sent = answer(client, office, case, PAPER)
    finally:
        del app.extensions["storage"]
    assert sent.status_code == 503
    assert "Kho tệp không trả lời" in page_of(sent).select_one("form[action$=answers]").text
    assert_nothing_saved(case)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR])
def test_who_may_not_answer_puts_nothing_into_the_storage(
    client: Client, office: Office, case: Case, app: Flask, role: Role
) -> None:
    assert answer(client, office, case, PAPER, role=role).status_code == 403
    assert contents(app) == []
    assert_nothing_saved(case)


def test_after_somebody_else_the_text_stands_and_the_files_are_asked_for(
    client: Client, office: Office, case: Case
) -> None:
    sent = answer(client, office, case, PAPER, version=str(case.version - 1))
    assert sent.status_code == 409
    page = page_of(sent)
    form = page.select_one("form[action$=answers]")
    assert form is not None
    assert TYPED in form.text
    assert field(page).endswith("hãy chọn lại: Biên bản.pdf.")
    assert_nothing_saved(case)
