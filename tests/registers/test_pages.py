"""The pages of importing, as the office's people see them."""

import json
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from tests.application import Client
from tests.factories import Office, make_office
from tests.registers.workbooks import case
from tracker.cases.models import Area, Case
from tracker.core.db import db
from tracker.registers import jobs, service
from tracker.registers.demo import SAMPLE
from tracker.registers.models import ImportRun
from tracker.rules.workflow import Role

Register = Callable[..., Path]


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=True):
        yield
        wait()


def wait() -> None:
    """Lets the work in the background come to its end."""
    for thread in threading.enumerate():
        if thread.name.startswith("import-"):
            thread.join(timeout=60)


@pytest.fixture
def officer(office: Office, client: Client) -> Client:
    """The coordinator's browser."""
    client.sign_in(office.user(Role.COORDINATOR))
    return client


@pytest.fixture
def held_back(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """The writing of an import waits in its middle until this event is set."""
    go_on = threading.Event()
    write = service._write

    def write_later(*given: Any) -> None:
        write(*given[:3], service.nobody_waits)
        given[3](1, 2)
        go_on.wait(timeout=30)
        given[3](2, 2)

    monkeypatch.setattr(service, "_write", write_later)
    yield go_on
    go_on.set()


def send(client: Client, content: bytes, name: str = "so.xlsx") -> TestResponse:
    return client.post("/imports", data={"file": (BytesIO(content), name)})


def upload(client: Client, path: Path, name: str = "so.xlsx") -> str:
    """The address of the job, once the file was read."""
    answer = send(client, path.read_bytes(), name)
    assert answer.status_code == 303, answer.text
    wait()
    return answer.location


def page(client: Client, address: str, status: int = 200) -> BeautifulSoup:
    answer = client.get(address, follow_redirects=True)
    assert answer.status_code == status, answer.text
    return BeautifulSoup(answer.text, "html.parser")


def confirm(client: Client, address: str, **given: Any) -> TestResponse:
    answer = client.post(f"{address}/confirmations", data=given)
    assert answer.status_code == 303, answer.text
    return answer


def names(found: BeautifulSoup) -> dict[str, list[str]]:
    """The names that the page asks about, for each catalogue."""
    asked: dict[str, list[str]] = {}
    for box in found.select("input[type=checkbox]"):
        if box["name"] != "skip_errors":
            asked.setdefault(str(box["name"]), []).append(str(box["value"]))
    return asked


def pairs(found: BeautifulSoup) -> dict[str, str]:
    """The figures of the preview."""
    titles = [title.get_text(strip=True) for title in found.select("dl dt")]
    values = [" ".join(value.get_text(" ").split()) for value in found.select("dl dd")]
    return dict(zip(titles, values, strict=True))


def case_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def test_the_sample_goes_in_by_pages(officer: Client) -> None:
    address = upload(officer, SAMPLE, SAMPLE.name)
    preview = page(officer, address)
    shown = pairs(preview)
    assert (shown["Dòng trong tệp"], shown["Vụ việc sẽ nhập"], shown["Dòng lỗi"]) == (
        "639", "608", "0",
    )  # fmt: skip
    assert "16 dòng cộng" in shown["Dòng bỏ qua"]
    assert "trùng số và nội dung với dòng 299" in preview.text
    asked = names(preview)
    assert len(asked["area"]) == 14
    assert "Bồ Đề" in asked["area"]
    assert case_count() == 0

    confirm(officer, address, **asked)
    wait()
    result = page(officer, address)
    assert result.h1 is not None
    assert result.h1.text == "Đã nhập 608 vụ việc"
    assert case_count() == 608
    run = db.session.scalars(select(ImportRun)).one()
    assert f"/cases?import_run={run.id}" in {link["href"] for link in result.select("main a")}
    listed = page(officer, "/imports").select_one("tbody tr")
    assert listed is not None
    file_name, cases, _at, importer, rows = (cell.text for cell in listed.select("td"))
    assert (file_name, rows, cases) == (SAMPLE.name, "639", "608")
    assert importer.startswith("coordinator-")


def test_the_same_file_again_says_that_nothing_is_new(officer: Client, file: Register) -> None:
    register = file(case())
    address = upload(officer, register)
    confirm(officer, address, **names(page(officer, address)))
    wait()
    again = page(officer, upload(officer, register))
    assert "Không có gì mới" in again.text
    assert "đã có trong hệ thống, vụ việc DLXH-2020-00001" in again.text
    assert again.select("form[action$=confirmations]") == []
    assert page(officer, "/imports").select("main ul a") == []


def test_names_not_ticked_are_asked_about_again(officer: Client, file: Register) -> None:
    address = upload(officer, file(case(area="Cự Khối"), case(number=2, area="Thạch Bàn")))
    asked = names(page(officer, address))
    assert asked["area"] == ["Cự Khối", "Thạch Bàn"]
    confirm(officer, address, **(asked | {"area": ["Cự Khối"]}))
    wait()
    again = page(officer, address)
    assert case_count() == 0
    assert "Chưa nhập gì vì còn 1 dòng lỗi" in again.text
    [error] = again.select("tbody tr")
    assert [cell.text for cell in error.select("td")] == [
        "3", "Địa bàn", "Thạch Bàn", "chưa có trong danh mục",
    ]  # fmt: skip
    ticked = [box["value"] for box in again.select("input[name=area][checked]")]
    assert ticked == ["Cự Khối"]

    confirm(officer, address, **(asked | {"area": ["Cự Khối"], "skip_errors": "y"}))
    wait()
    assert case_count() == 1
    assert "Thạch Bàn" not in set(db.session.scalars(select(Area.name)))
    assert "chưa có trong danh mục" in page(officer, address).text


def test_only_names_of_the_file_can_be_created(officer: Client, file: Register) -> None:
    address = upload(officer, file(case()))
    asked = names(page(officer, address))
    confirm(officer, address, **(asked | {"area": [*asked.get("area", []), "Nơi bịa ra"]}))
    wait()
    assert case_count() == 1
    assert "Nơi bịa ra" not in set(db.session.scalars(select(Area.name)))


def test_errors_stand_beside_their_cells_and_nothing_goes_in(
    officer: Client, file: Register
) -> None:
    address = upload(officer, file(case(), case(number=2, received_on="31/11/2020")))
    preview = page(officer, address)
    [error] = preview.select("tbody tr")
    assert [cell.text for cell in error.select("td")] == [
        "3", "Ngày tiếp nhận", "31/11/2020", "“31/11/2020” không có trong lịch",
    ]  # fmt: skip
    confirm(officer, address, **names(preview))
    wait()
    assert case_count() == 0
    confirm(officer, address, **names(preview), skip_errors="y")
    wait()
    assert case_count() == 1
    assert "không có trong lịch" in page(officer, address).text


def test_progress_can_be_watched_left_and_returned_to(
    officer: Client, file: Register, held_back: threading.Event
) -> None:
    address = upload(officer, file(case(), case(number=2)))
    confirm(officer, address, **names(page(officer, address)))
    for _attempt in range(500):
        watched = page(officer, address)
        if "1 trên 2 dòng" in watched.text:
            break
        threading.Event().wait(0.01)
    bar = watched.select_one("progress")
    assert bar is not None
    assert bar["value"] == "50"
    assert watched.select_one("noscript meta[http-equiv=refresh]") is not None
    polled = watched.select_one("[hx-get]")
    assert polled is not None
    fragment = officer.get(str(polled["hx-get"]), headers={"HX-Request": "true"})
    assert "1 trên 2 dòng" in fragment.text
    assert "<html" not in fragment.text
    unfinished = {link["href"] for link in page(officer, "/imports").select("main ul a")}
    assert unfinished == {address}
    assert case_count() == 0

    held_back.set()
    wait()
    sent_on = officer.get(address, headers={"HX-Request": "true"}).headers["HX-Redirect"]
    assert "Đã nhập 2 vụ việc" in page(officer, sent_on).text
    assert page(officer, "/imports").select("main ul a") == []


def test_stopping_in_the_middle_leaves_nothing(
    officer: Client, file: Register, held_back: threading.Event, app: Flask
) -> None:
    address = upload(officer, file(case(area="Cự Khối")))
    confirm(officer, address, **names(page(officer, address)))
    assert officer.post(f"{address}/cancellations").status_code == 303
    held_back.set()
    wait()
    assert "đã được dừng; không có gì được ghi" in page(officer, address).text
    assert case_count() == 0
    assert "Cự Khối" not in set(db.session.scalars(select(Area.name)))
    assert not (folder(app, address) / "register").exists()


def test_a_stop_that_comes_too_late_doesn_t_deny_what_was_written(
    officer: Client, file: Register
) -> None:
    address = upload(officer, file(case()))
    confirm(officer, address, **names(page(officer, address)))
    wait()
    officer.post(f"{address}/cancellations")
    assert "Đã nhập 1 vụ việc" in page(officer, address).text
    assert case_count() == 1


def test_the_preview_can_be_declined(officer: Client, file: Register, app: Flask) -> None:
    address = upload(officer, file(case()))
    asked = names(page(officer, address))
    officer.post(f"{address}/cancellations")
    assert "đã được dừng" in page(officer, address).text
    assert not (folder(app, address) / "register").exists()
    confirm(officer, address, **asked)
    wait()
    assert case_count() == 0


def test_a_second_click_does_nothing_more(
    officer: Client, file: Register, held_back: threading.Event
) -> None:
    address = upload(officer, file(case()))
    asked = names(page(officer, address))
    confirm(officer, address, **asked)
    confirm(officer, address, **asked)
    held_back.set()
    wait()
    confirm(officer, address, **asked)
    wait()
    assert case_count() == 1
    assert "Đã nhập 1 vụ việc" in page(officer, address).text


def test_a_job_is_its_owner_s_alone(
    officer: Client, office: Office, file: Register, app: Flask
) -> None:
    address = upload(officer, file(case()))
    colleague = Client(app, app.response_class)
    colleague.sign_in(office.user(Role.RECEPTION_OFFICER))
    page(colleague, address, 404)
    assert colleague.post(f"{address}/confirmations").status_code == 404
    assert colleague.post(f"{address}/cancellations").status_code == 404
    assert "so.xlsx" not in page(colleague, "/imports").text
    assert len(page(officer, address).select("form[action$=confirmations]")) == 1


def test_an_import_is_seen_by_its_office_and_by_nobody_else(
    officer: Client, office: Office, file: Register, app: Flask
) -> None:
    address = upload(officer, file(case()))
    confirm(officer, address, **names(page(officer, address)))
    wait()
    result = officer.get(address).location
    colleague = Client(app, app.response_class)
    colleague.sign_in(office.user(Role.RECEPTION_OFFICER))
    assert "Đã nhập 1 vụ việc" in page(colleague, result).text
    stranger = Client(app, app.response_class)
    stranger.sign_in(make_office("Quận ủy Hoàn Kiếm").user(Role.COORDINATOR))
    page(stranger, result, 404)
    assert "so.xlsx" not in page(stranger, "/imports").text


@pytest.mark.parametrize("role", [Role.AGENCY_WORKER, Role.LEADER, Role.ADMINISTRATOR])
def test_who_may_not_import_finds_no_page(client: Client, office: Office, role: Role) -> None:
    client.sign_in(office.user(role))
    page(client, "/imports", 403)
    assert send(client, b"").status_code == 403


def test_a_worker_that_died_is_told_and_its_file_forgotten(
    officer: Client, file: Register, app: Flask
) -> None:
    address = upload(officer, file(case()))
    state = folder(app, address) / "state.json"
    kept = json.loads(state.read_text(encoding="utf-8"))
    state.write_text(json.dumps(kept | {"stage": "writing"}), encoding="utf-8")
    assert "bị ngắt giữa chừng" in page(officer, address).text
    assert not (folder(app, address) / "register").exists()
    assert page(officer, "/imports").select("main ul a") == []


def test_a_worker_that_died_after_all_was_written_is_done(
    officer: Client, file: Register, app: Flask
) -> None:
    address = upload(officer, file(case()))
    confirm(officer, address, **names(page(officer, address)))
    wait()
    state = folder(app, address) / "state.json"
    kept = json.loads(state.read_text(encoding="utf-8"))
    state.write_text(json.dumps(kept | {"stage": "writing"}), encoding="utf-8")
    assert "Đã nhập 1 vụ việc" in page(officer, address).text


def test_files_are_kept_until_they_are_taken_in_or_a_week(
    officer: Client, file: Register, app: Flask
) -> None:
    taken_in = upload(officer, file(case()))
    confirm(officer, taken_in, **names(page(officer, taken_in)))
    wait()
    assert not (folder(app, taken_in) / "register").exists()
    left = upload(officer, file(case(content="Khác")))
    assert (folder(app, left) / "register").exists()
    with app.app_context():
        jobs.forget_old(datetime.now(UTC) + timedelta(days=6))
        assert folder(app, left).exists()
        # A file's age is told by the machine's own clock, which a test can't set.
        jobs.forget_old(datetime(2100, 1, 1, tzinfo=UTC))
    assert not folder(app, left).exists()
    page(officer, left, 404)


def test_no_file_is_told_beside_the_field(officer: Client) -> None:
    answer = officer.post("/imports", data={})
    assert answer.status_code == 422
    assert "Hãy chọn tệp." in answer.text


@pytest.mark.parametrize(
    "content, why",
    [
        (b"", "Tệp rỗng"),
        (b"<html>virus</html>", "Tệp không phải là sổ Excel (.xlsx)"),
        (b"PK\x03\x04 and then nothing", "Tệp Excel bị hỏng"),
    ],
)
def test_what_is_no_register_is_told_in_a_line(
    officer: Client, tmp_path: Path, content: bytes, why: str
) -> None:
    path = tmp_path / "x"
    path.write_bytes(content)
    alert = page(officer, upload(officer, path)).select_one("[role=alert]")
    assert alert is not None
    assert why in alert.text
    assert "Không có gì được ghi." in alert.text


@pytest.mark.parametrize(
    "given, shown",
    [
        ("../../etc/passwd", "passwd"),
        (r"C:\\Users\\x\\sổ.xlsx", "sổ.xlsx"),
        ("so\x07\x1b[31m<b>.xlsx", "so[31m<b>.xlsx"),
        ("x" * 300 + ".xlsx", "x" * 195 + ".xlsx"),
        ("/", "register.xlsx"),
    ],
)
def test_a_file_s_name_is_only_shown(
    officer: Client, file: Register, app: Flask, given: str, shown: str
) -> None:
    address = upload(officer, file(case()), given)
    heading = page(officer, address).h1
    assert heading is not None
    assert heading.text == f"Nhập {shown}"
    assert heading.find("b") is None
    assert {each.name for each in folder(app, address).iterdir()} == {
        "state.json", "register", "lock",
    }  # fmt: skip


def test_too_large_an_upload_is_refused(
    officer: Client, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert app.config["MAX_CONTENT_LENGTH"] == 30 * 1024 * 1024
    monkeypatch.setitem(app.config, "MAX_CONTENT_LENGTH", 2_000)
    answer = send(officer, b"x" * 2_000)
    assert answer.status_code == 413
    assert "Tệp quá lớn" in answer.text
    assert page(officer, "/imports").select("main ul a") == []


def folder(app: Flask, address: str) -> Path:
    """Where the job of this address is kept."""
    instance: Path = app.extensions["settings"].instance
    return instance / "imports" / address.rpartition("/")[2]
