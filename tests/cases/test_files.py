"""Files of cases: sent, seen by whom, fetched safely, taken away."""

import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from io import BufferedReader, BytesIO, RawIOBase
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.application import Client
from tests.cases import samples
from tests.factories import Office, make_office, make_user
from tracker.cases import service
from tracker.cases.models import Answer, Attachment, Case, Entry, StoredFile
from tracker.core.content import EXCEL, WORD
from tracker.core.db import db
from tracker.core.errors import NotAllowed
from tracker.core.storage import StorageFailure
from tracker.rules.workflow import Kind, Role, State

START = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n%PDF-1.7'


@pytest.fixture
def case(office: Office, now: datetime) -> Case:
    """A case that was answered a minute ago."""
    return office.case_in(State.ANSWERED, now - timedelta(minutes=1))


@pytest.fixture
def send(client: Client, office: Office) -> Callable[..., TestResponse]:
    """`send(case, role, content, name)`: what comes of sending a file."""

    def send(
        case: Case,
        role: Role = Role.AGENCY_WORKER,
        content: bytes = samples.pdf(),
        name: str = "Bản đồ.pdf",
        **given: Any,
    ) -> TestResponse:
        client.sign_in(office.user(role))
        return client.post(
            f"/cases/{case.id}/files", data={"file": (BytesIO(content), name), **given}
        )

    return send


def page_of(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "html.parser")


def complaint(answer: TestResponse) -> str:
    """What stands beside the field of the file."""
    found = page_of(answer).select_one("#file-error")
    assert found is not None, answer.text
    return found.get_text(strip=True)


def sent(answer: TestResponse) -> Attachment:
    """The file that was just sent."""
    assert answer.status_code == 302, answer.text
    newest = select(Attachment).order_by(Attachment.recorded_at.desc(), Attachment.id.desc())
    return db.session.scalars(newest.limit(1)).one()


def count(table: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def contents(app: Flask) -> list[Path]:
    """What lies in the storage."""
    folder = app.extensions["settings"].instance / "files"
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def _empty_storage(app: Flask) -> None:
    for name in ("files", "previews"):
        shutil.rmtree(app.extensions["settings"].instance / name, ignore_errors=True)


def test_a_file_is_shown_with_all_that_one_asks(
    client: Client, case: Case, office: Office, send: Callable[..., TestResponse]
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
    send: Callable[..., TestResponse],
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


def test_a_name_in_vietnamese_comes_back_as_it_was(
    client: Client, case: Case, send: Callable[..., TestResponse]
) -> None:
    file = sent(send(case, name="Biên bản họp tổ 5.pdf"))
    disposition = client.get(f"/files/{file.id}").headers["Content-Disposition"]
    assert "filename*=UTF-8''" + quote("Biên bản họp tổ 5.pdf") in disposition


def test_previews_are_pictures_that_we_made(
    app: Flask, client: Client, case: Case, send: Callable[..., TestResponse]
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
    send: Callable[..., TestResponse],
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
    send: Callable[..., TestResponse],
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


def test_whoever_may_not_see_the_case_finds_no_file(
    client: Client, case: Case, office: Office, now: datetime, send: Callable[..., TestResponse]
) -> None:
    other = make_office("Huyện ủy Gia Lâm")
    denunciation = office.log(now, kind=Kind.DENUNCIATION)
    outsiders = [
        (case, other.user(Role.COORDINATOR)),
        (case, make_user(Role.AGENCY_HEAD, office.other_agency)),
        (denunciation, office.user(Role.RECEPTION_OFFICER)),
    ]
    for seen, user in outsiders:
        file = sent(send(seen, Role.COORDINATOR))
        client.sign_in(user)
        for address in ("", "/preview", "/removals/new"):
            assert client.get(f"/files/{file.id}{address}").status_code == 404
        answer = client.post(f"/files/{file.id}/removals", data={"reason": "x"})
        assert answer.status_code == 404
        answer = client.post(f"/cases/{seen.id}/files", data={"file": (BytesIO(b"x"), "x.txt")})
        assert answer.status_code == 404
        assert file.removed_at is None


def test_an_auditor_reads_and_sends_nothing(
    client: Client, case: Case, send: Callable[..., TestResponse], office: Office
) -> None:
    file = sent(send(case))
    assert send(case, Role.AUDITOR).status_code == 403
    page = page_of(client.get(f"/cases/{case.id}"))
    assert page.select("form[enctype]") == []
    assert page.select(f"a[href='/files/{file.id}/removals/new']") == []
    assert client.get(f"/files/{file.id}").status_code == 200
    with pytest.raises(NotAllowed):
        service.attach(
            case.id,
            actor=office.viewer(Role.AUDITOR),
            file=BytesIO(samples.pdf()),
            name="a.pdf",
            now=file.recorded_at,
        )


def test_a_file_goes_with_a_reason_and_its_content_stays(
    app: Flask, client: Client, case: Case, send: Callable[..., TestResponse]
) -> None:
    file = sent(send(case))
    page = page_of(client.get(f"/files/{file.id}/removals/new"))
    assert "Bản đồ.pdf" in page.get_text()
    empty = client.post(f"/files/{file.id}/removals", data={"reason": " "})
    assert empty.status_code == 422
    assert "Hãy ghi lý do gỡ tệp." in empty.text
    answer = client.post(f"/files/{file.id}/removals", data={"reason": "Gửi nhầm"})
    page = page_of(client.get(answer.location))
    assert page.select(f"a[href='/files/{file.id}']") == []
    newest = " ".join(page.select(".story > li")[0].get_text().split())
    assert newest.startswith("Gỡ tệp, 02/03/2026")
    assert newest.endswith("Bản đồ.pdf Gửi nhầm")
    for address in ("", "/preview", "/removals/new"):
        assert client.get(f"/files/{file.id}{address}").status_code == 404
    assert len(contents(app)) == 1
    # What was taken away may be sent again.
    assert sent(send(case)).id != file.id


def test_only_ones_own_file_goes_or_the_coordinator_takes_it(
    client: Client, case: Case, office: Office, send: Callable[..., TestResponse], now: datetime
) -> None:
    file = sent(send(case, Role.AGENCY_HEAD))
    client.sign_in(office.user(Role.AGENCY_WORKER))
    page = page_of(client.get(f"/cases/{case.id}"))
    assert page.select(f"a[href='/files/{file.id}/removals/new']") == []
    answer = client.post(f"/files/{file.id}/removals", data={"reason": "x"})
    assert answer.status_code == 403
    assert "Chỉ người đã gửi tệp hoặc điều phối viên" in answer.text
    client.sign_in(office.user(Role.COORDINATOR))
    assert client.post(f"/files/{file.id}/removals", data={"reason": "x"}).status_code == 302


@pytest.mark.parametrize("answer_id", ["00000000-0000-7000-8000-000000000000", "x"])
def test_an_answer_of_another_case_is_no_choice(
    case: Case, send: Callable[..., TestResponse], answer_id: str
) -> None:
    answer = send(case, answer_id=answer_id)
    assert answer.status_code == 422
    assert "Hãy chọn một mục trong danh sách." in answer.text
    assert count(Attachment) == 0


def test_a_store_that_fails_leaves_nothing(
    app: Flask, case: Case, send: Callable[..., TestResponse]
) -> None:
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


def test_files_cost_the_page_no_query(
    client: Client, case: Case, send: Callable[..., TestResponse], statements: list[str]
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
