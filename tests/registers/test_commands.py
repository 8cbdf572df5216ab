"""`tracker import`: what it prints, what it refuses, and how it ends."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import func, select

from tests.factories import Office
from tests.registers.workbooks import case
from tracker.cases.models import Area, Case
from tracker.core.db import db
from tracker.registers.commands import import_register
from tracker.registers.demo import SAMPLE
from tracker.units.models import Unit

Register = Callable[..., Path]


@pytest.fixture(autouse=True)
def unit(office: Office) -> Unit:
    """The office, by whose code the registers below come in."""
    office.committee.code = "QU"
    db.session.commit()
    return office.committee


def run(file: Path, *words: str, unit: str | None = "QU") -> Result:
    of_unit = ["--unit", unit] if unit else []
    return CliRunner().invoke(import_register, [str(file), *of_unit, *words])


def case_count() -> int:
    return db.session.scalar(select(func.count()).select_from(Case)) or 0


def told(result: Result) -> dict[str, Any]:
    """What --json printed: one object and nothing else."""
    said: dict[str, Any] = json.loads(result.stdout)
    assert list(said) == ["register", "rows", "cases", "passed_over", "errors"]
    assert list(said["passed_over"]) == ["subtotal", "blank", "repeated", "heading"]
    for error in said["errors"]:
        assert list(error) == ["row", "column", "value", "why"]
    return said


def rows_accounted_for(said: dict[str, Any]) -> int:
    """The rows of which --json says what became of them."""
    error_rows = {error["row"] for error in said["errors"]}
    return int(said["cases"]) + sum(said["passed_over"].values()) + len(error_rows)


def test_the_sample_by_json() -> None:
    result = run(SAMPLE, "--create", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert told(result) == {
        "register": "opinion",
        "rows": 639,
        "cases": 608,
        "passed_over": {"subtotal": 16, "blank": 7, "repeated": 4, "heading": 4},
        "errors": [],
    }
    again = told(run(SAMPLE, "--create", "--json"))
    assert (again["cases"], again["passed_over"]["repeated"]) == (0, 612)
    assert rows_accounted_for(again) == again["rows"]


def test_the_sample_in_words() -> None:
    first = run(SAMPLE, "--create").stdout
    assert first.startswith("so-theo-doi-dlxh.xlsx: 639 dòng, đã nhập 608 vụ việc\n")
    assert "bỏ qua 16 dòng cộng" in first
    assert "dòng 300: trùng số và nội dung với dòng 299" in first
    again = run(SAMPLE)
    assert again.exit_code == 0
    assert "đã nhập 0 vụ việc" in again.stdout
    assert "không có gì mới" in again.stdout


def test_unknown_names_are_refused_unless_they_may_be_created(file: Register) -> None:
    register = file(case(area="P. Cự Khối"))
    refused = run(register)
    assert refused.exit_code == 1
    assert "địa bàn chưa có trong danh mục: Cự Khối" in refused.stdout
    assert refused.stderr.splitlines()[-1].endswith("--create tạo các tên chưa có trong danh mục")
    assert case_count() == 0
    assert run(register, "--create").exit_code == 0
    assert case_count() == 1
    assert "Cự Khối" in set(db.session.scalars(select(Area.name)))


def test_with_errors_nothing_comes_in_and_the_end_is_not_zero(file: Register) -> None:
    register = file(case(), case(number=2, received_on="31/11/2020"), case(number=3, content=""))
    refused = run(register, "--create", "--json")
    assert refused.exit_code == 1
    said = told(refused)
    assert said["cases"] == 0
    assert said["errors"] == [
        {
            "row": 3,
            "column": "Ngày tiếp nhận",
            "value": "31/11/2020",
            "why": "“31/11/2020” không có trong lịch",
        },
        {"row": 4, "column": "Nội dung dư luận", "value": "", "why": "thiếu nội dung"},
    ]
    assert case_count() == 0
    in_words = run(register, "--create").stderr
    assert "dòng 3, cột Ngày tiếp nhận “31/11/2020”: “31/11/2020” không có trong lịch" in in_words
    assert "không nhập gì vì 2 dòng có lỗi" in in_words.splitlines()[-1]

    skipped = run(register, "--create", "--json", "--skip-errors")
    assert skipped.exit_code == 0
    said = told(skipped)
    assert said["cases"] == case_count() == 1
    assert rows_accounted_for(said) == said["rows"] == 4


def test_a_dry_run_says_the_same_and_writes_nothing(file: Register) -> None:
    result = run(file(case(area="Cự Khối")), "--create", "--dry-run", "--json")
    assert result.exit_code == 0
    assert told(result)["cases"] == 1
    assert case_count() == 0
    assert "Cự Khối" not in set(db.session.scalars(select(Area.name)))


def test_a_dry_run_with_errors_accounts_for_every_row_and_fails(file: Register) -> None:
    register = file(case(), case(number=2, received_on="31/11/2020"))
    result = run(register, "--create", "--dry-run", "--json")
    assert result.exit_code == 1
    said = told(result)
    assert (said["cases"], len(said["errors"])) == (1, 1)
    assert rows_accounted_for(said) == said["rows"]


def test_what_is_no_register_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "thu.xlsx"
    path.write_bytes(b"PK\x03\x04")
    result = run(path, "--json")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "Error: thu.xlsx: Tệp Excel bị hỏng, không đọc được\n"


def test_a_file_that_isn_t_there_is_told(tmp_path: Path) -> None:
    result = run(tmp_path / "khong-co.xlsx")
    assert result.exit_code == 2
    assert "khong-co.xlsx" in result.stderr


def test_the_one_unit_on_top_needs_no_code(file: Register, office: Office) -> None:
    register = file(case())
    assert "hãy chọn bằng --unit MÃ" in run(register, unit=None).stderr
    assert "không có đơn vị KHAC" in run(register, unit="KHAC").stderr
    on_top = select(Unit).where(Unit.parent_id.is_(None), Unit.id != office.committee.id)
    for other in db.session.scalars(on_top):
        other.parent_id = office.committee.id
    db.session.commit()
    assert run(register, "--create", unit=None).exit_code == 0
    assert db.session.scalars(select(Case.unit_id)).all() == [office.committee.id]
