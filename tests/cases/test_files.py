"""Files of cases: what is taken in, how it is kept, and how it is fetched."""

import shutil
from datetime import datetime, timedelta
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from tests.application import Client
from tests.bucket import bucket
from tests.bucket import settings as bucket_settings
from tests.cases import samples
from tests.cases.sending import Send, complaint, contents, count, page_of, sender, sent
from tests.factories import Office
from tracker.cases.models import Answer, Attachment, Case, Entry, StoredFile
from tracker.core.content import EXCEL, WORD
from tracker.core.db import db
from tracker.core.storage import BucketStorage, StorageFailure
from tracker.rules.workflow import Role, State

START = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7'


@pytest.fixture
def case(office: Office, now: datetime) -> Case:
    """A case that was answered a minute ago."""
    return office.case_in(State.ANSWERED, now - timedelta(minutes=1))


@pytest.fixture
def send(client: Client, office: Office) -> Send:
    return sender(client, office)


@pytest.fixture(autouse=True)
def _empty_storage(app: Flask) -> None:
    for name in ("files", "previews"):
        shutil.rmtree(app.extensions["settings"].instance / name, ignore_errors=True)


def test_a_file_is_shown_with_all_that_one_asks(
    client: Client, case: Case, office: Office, send: Send
) -> None:
    answer = db.session.scalars(select(Answer)).one()
    file = sent(send(case, answer_id=str(answer.id)))
    page = page_of(client.get(f"/cases/{case.id}"))
    section = page.select_one("section[aria-labelledby=files]")
    assert section is not None
    [row] = section.select("li")
    text = " ".join(row.get_text().split())
    for word in ("Bản đồ.pdf", "PDF, 1 kB", "02/03/2026 09:00", f"của {office.agency.name}"):
        assert word in text, word
    assert [link["href"] for link in row.select("a")] == [
        f"/files/{file.id}",
        f"/files/{file.id}/removals/new",
    ]
    newest = " ".join(page.select(".story > li")[0].get_text().split())
    assert newest.startswith("Đính kèm tệp, 02/03/2026")
    assert "Bản đồ.pdf" in newest
    assert office.user(Role.AGENCY_WORKER).name in newest


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (samples.pdf(), "Bản đồ.pdf", "application/pdf"),
        (samples.picture("JPEG"), "ảnh 1.jpg", "image/jpeg"),
        (samples.word(), "Công văn; x=1.docx", WORD.media_type),
        (samples.excel(), "Sổ.xlsx", EXCEL.media_type),
        ("Đã sửa".encode(), "ghi.txt", "text/plain"),
    ],
    ids=["pdf", "jpeg", "word", "excel", "text"],
)
def test_a_file_is_only_ever_saved(
    client: Client,
    case: Case,
    send: Send,
    content: bytes,
    name: str,
    media_type: str,
) -> None:
    file = sent(send(case, content=content, name=name))
    answer = client.get(f"/files/{file.id}")
    assert answer.data == content
    assert answer.mimetype == media_type
    assert answer.content_length == len(content)
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment;")
    assert file.name == name
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_a_name_in_vietnamese_comes_back_as_it_was(client: Client, case: Case, send: Send) -> None:
    file = sent(send(case, name="Biên bản họp tổ 5.pdf"))
    disposition = client.get(f"/files/{file.id}").headers["Content-Disposition"]
    assert "filename*=UTF-8''" + quote("Biên bản họp tổ 5.pdf") in disposition


def test_previews_are_pictures_that_we_made(
    app: Flask, client: Client, case: Case, send: Send
) -> None:
    for sample, name in ((samples.pdf(), "a.pdf"), (samples.picture("JPEG"), "a.jpg")):
        file = sent(send(case, content=sample, name=name))
        for _time in range(2):
            answer = client.get(f"/files/{file.id}/preview")
            assert answer.status_code == 200
            assert answer.mimetype == "image/png"
            assert "sandbox" in answer.headers["Content-Security-Policy"]
            assert answer.headers["Cache-Control"] == "private, no-store"
            with Image.open(BytesIO(answer.data)) as picture:
                assert picture.format == "PNG"
            # The second time it has to be made anew.
            shutil.rmtree(app.extensions["settings"].instance / "previews", ignore_errors=True)
    file = sent(send(case, content=samples.word(), name="a.docx"))
    assert client.get(f"/files/{file.id}/preview").status_code == 404
    page = page_of(client.get(f"/cases/{case.id}"))
    assert len(page.select("section img[loading=lazy]")) == 2


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"MZ\x90\0" + bytes(60), "hoa don.pdf", "Không nhận chương trình hay tệp lệnh."),
        (
            samples.with_members(samples.excel(), {"xl/vbaProject.bin": b"x"}),
            "so.xlsx",
            "Tệp có macro",
        ),
        (samples.picture() + b"<script>x</script>", "anh.png", "Tệp có mã lệnh"),
        (samples.pdf_with_script(), "a.pdf", "Tệp có mã lệnh"),
        (b"<svg onload=x()>", "anh.svg", "Tệp có mã lệnh"),
        (samples.picture()[:50], "anh.png", "Tệp bị hỏng"),
        (samples.pdf(), "../../etc/passwd.pdf", "Tên tệp có đường dẫn"),
        (b"", "a.pdf", "Tệp rỗng."),
    ],
    ids=["program", "macro", "script", "script-in-pdf", "svg", "damaged", "path", "empty"],
)
def test_what_isn_t_taken_in_is_said_beside_the_field(
    app: Flask,
    case: Case,
    send: Send,
    content: bytes,
    name: str,
    said: str,
) -> None:
    entries = count(Entry)
    answer = send(case, content=content, name=name)
    assert answer.status_code == 422
    assert complaint(answer).startswith(said)
    assert (contents(app), count(StoredFile), count(Entry)) == ([], 0, entries)


def test_no_file_is_asked_for(case: Case, client: Client, office: Office) -> None:
    client.sign_in(office.user(Role.AGENCY_WORKER))
    answer = client.post(f"/cases/{case.id}/files", data={"answer_id": ""})
    assert answer.status_code == 422
    assert complaint(answer) == "Hãy chọn tệp."


def test_ten_gigabytes_are_refused_before_they_are_read(
    case: Case, client: Client, office: Office
) -> None:
    class Unread(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise AssertionError("it was read")

    client.sign_in(office.user(Role.AGENCY_WORKER))
    answer = client.post(
        f"/cases/{case.id}/files",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={"CONTENT_LENGTH": str(10 * 2**30), "wsgi.input": Unread()},
    )
    assert answer.status_code == 413
    assert complaint(answer) == "Tệp quá lớn: tối đa 30 MB."


def test_a_file_without_end_is_refused_while_it_is_read(
    case: Case, client: Client, office: Office, monkeypatch: pytest.MonkeyPatch, app: Flask
) -> None:
    class Endless(RawIOBase):
        given = 0

        def readable(self) -> bool:
            return True

        def readinto(self, room: Any) -> int:
            start = b"" if self.given else START
            room[:] = start + bytes(len(room) - len(start))
            self.given += len(room)
            assert self.given < 4_000_000
            return len(room)

    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 1_000_000)
    client.sign_in(office.user(Role.AGENCY_WORKER))
    answer = client.post(
        f"/cases/{case.id}/files",
        content_type="multipart/form-data; boundary=x",
        environ_overrides={
            "wsgi.input": BufferedReader(Endless()),
            "wsgi.input_terminated": True,
            "HTTP_TRANSFER_ENCODING": "chunked",
        },
    )
    assert answer.status_code == 413
    assert complaint(answer).startswith("Tệp quá lớn")
    assert contents(app) == []


def test_one_content_is_kept_once(
    app: Flask,
    case: Case,
    office: Office,
    now: datetime,
    client: Client,
    send: Send,
) -> None:
    other = office.case_in(State.ASSIGNED, now)
    first = sent(send(case, name="a.pdf"))
    entries = count(Entry)
    again = send(case, name="b.pdf")
    assert "Đã đính kèm tệp a.pdf." in client.get(again.location).text
    assert count(Entry) == entries
    sent(send(other, name="c.pdf"))
    assert (count(Attachment), count(StoredFile), len(contents(app))) == (2, 1, 1)
    assert contents(app)[0].name == first.digest


def test_a_store_that_fails_leaves_nothing(app: Flask, case: Case, send: Send) -> None:
    class Full:
        def put(self, digest: str, content: Any) -> None:
            raise StorageFailure("Kho tệp không trả lời", "file")

    app.extensions["storage"] = Full()
    try:
        answer = send(case)
    finally:
        del app.extensions["storage"]
    assert answer.status_code == 503
    assert complaint(answer) == "Kho tệp không trả lời"
    assert (count(Attachment), count(StoredFile)) == (0, 0)


def test_files_may_lie_in_a_bucket(
    app: Flask,
    client: Client,
    case: Case,
    send: Send,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    content = samples.picture("PNG", (900, 600))
    with bucket() as address:
        monkeypatch.setitem(
            app.extensions, "storage", BucketStorage(bucket_settings(tmp_path, address))
        )
        file = sent(send(case, content=content, name="anh.png"))
        assert client.get(f"/files/{file.id}").data == content
        shutil.rmtree(app.extensions["settings"].instance / "previews")
        assert client.get(f"/files/{file.id}/preview").mimetype == "image/png"
    assert contents(app) == []
    # The store is gone: the page says so, and that nothing was lost by it.
    answer = client.get(f"/files/{file.id}")
    assert answer.status_code == 503
    assert "Kho tệp không trả lời" in answer.text


def test_an_agency_s_file_goes_with_its_answer(client: Client, case: Case, office: Office) -> None:
    answer = db.session.scalars(select(Answer)).one()
    client.sign_in(office.user(Role.AGENCY_WORKER))
    page = page_of(client.get(f"/cases/{case.id}"))
    option = page.select_one("#answer_id option[selected]")
    assert option is not None
    assert option.get("value") == str(answer.id)
    # To an answer only its unit adds: others aren't even asked.
    client.sign_in(office.user(Role.COORDINATOR))
    assert page_of(client.get(f"/cases/{case.id}")).select_one("#answer_id") is None


def test_files_cost_the_page_no_query(
    client: Client, case: Case, send: Send, statements: list[str]
) -> None:
    sent(send(case))
    statements.clear()
    client.get(f"/cases/{case.id}")
    with_one = len(statements)
    for number in range(3):
        sent(send(case, content=f"Tệp {number}".encode(), name=f"{number}.txt"))
    statements.clear()
    page = page_of(client.get(f"/cases/{case.id}"))
    names = [str(link.string) for link in page.select("section[aria-labelledby=files] li > a")]
    assert names[::2] == ["Bản đồ.pdf", "0.txt", "1.txt", "2.txt"]
    assert len(statements) == with_one
    assert len([each for each in statements if "attachment" in each]) == 1
