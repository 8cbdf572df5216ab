"""The pages of importing, as the office's people see them."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from tests.application import Client
from tests.factories import Office, give_role, make_office, make_unit, make_user
from tests.registers.visits import (
    case_count,
    confirm,
    folder,
    names,
    page,
    pairs,
    send,
    upload,
    wait,
)
from tests.registers.workbooks import HEADING, case, workbook
from tracker.cases.models import Area, Case
from tracker.core.db import db
from tracker.registers.demo import SAMPLE
from tracker.registers.models import ImportRun
from tracker.rules.workflow import Role

Register = Callable[..., Path]


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


def test_who_imports_for_several_units_is_asked_for_which(
    officer: Client, office: Office, file: Register
) -> None:
    assert page(officer, "/imports").select_one("[name=unit_id]") is None
    user = make_user(Role.COORDINATOR, make_unit("Ban A", office.committee))
    give_role(user, Role.RECEPTION_OFFICER, office.committee)
    officer.sign_in(user)
    register = file(case(number=1)).read_bytes()
    answer = send(officer, register)
    assert (answer.status_code, "Hãy chọn đơn vị giữ sổ." in answer.text) == (422, True)
    assert send(officer, register, unit_id=office.agency.id).status_code == 422
    answer = send(officer, register, unit_id=office.committee.id)
    assert answer.status_code == 303
    wait()
    confirm(officer, answer.location, **names(page(officer, answer.location)))
    wait()
    assert page(officer, answer.location).h1 is not None
    assert set(db.session.scalars(select(Case.unit_id))) == {office.committee.id}


def test_the_import_s_page_leads_to_its_cases_and_to_no_other(
    officer: Client, office: Office, file: Register, now: datetime
) -> None:
    office.log(now)
    address = upload(officer, file(case()))
    confirm(officer, address, **names(page(officer, address)))
    wait()
    link = page(officer, address).select_one("main a.btn-primary")
    assert link is not None
    assert [cell.text for cell in page(officer, str(link["href"])).select("tbody th")] == [
        "DLXH-2020-00001"
    ]
    assert "mở lại từ trang trước" in page(officer, "/cases?import_run=7", status=400).text


def test_a_column_that_no_table_names_is_shown_with_the_case(
    officer: Client, tmp_path: Path
) -> None:
    path = tmp_path / "so.xlsx"
    path.write_bytes(workbook([[*HEADING, "Tổ dân phố"], [*case(), "Tổ 12"]]))
    address = upload(officer, path)
    confirm(officer, address, **names(page(officer, address)))
    wait()
    shown = page(officer, f"/cases/{db.session.scalars(select(Case.id)).one()}")
    titles = {title.text: title.find_next("dd").text for title in shown.select("dl.pairs dt")}
    assert titles["Tổ dân phố"] == "Tổ 12"


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
