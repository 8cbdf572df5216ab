"""Taking registers in: what is written, what is refused, what is known again."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook
from sqlalchemy import func, select

from tests.factories import Office, as_viewer, make_office
from tests.registers.workbooks import case
from tracker.cases import search, story
from tracker.cases.models import (
    FOREVER,
    REPORTABLE,
    Answer,
    Area,
    Assignment,
    Case,
    CaseSearch,
    CaseVersion,
    Counter,
    Entry,
    Submission,
)
from tracker.core.db import Base, db
from tracker.core.errors import NotAllowed, OutOfDate
from tracker.registers import service
from tracker.registers.demo import SAMPLE
from tracker.registers.models import ImportRun
from tracker.registers.service import Imported, preview, take_in
from tracker.rules.workflow import Outcome, Role, State
from tracker.units.models import Unit
from tracker.units.queries import Viewer, command_line

Register = Callable[..., Path]
WRITTEN = (Area, Unit, Case, CaseVersion, Entry, Submission, Assignment, Answer, CaseSearch,
           ImportRun, Counter)  # fmt: skip


def bring(office: Office, file: Path, now: datetime, **given: Any) -> Imported:
    """The register taken in by the office's coordinator."""
    wanted: dict[str, Any] = {"file_name": file.name, "actor": office.viewer(Role.COORDINATOR)}
    return take_in(file, now=now, **(wanted | given))


def count(table: type[Base]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def counts() -> dict[str, int]:
    """How many rows stand in each table that an import writes."""
    return {table.__name__: count(table) for table in WRITTEN}


def the_case() -> Case:
    return db.session.scalars(select(Case)).one()


def told(imported: Imported) -> list[tuple[int, str, str]]:
    return [(error.row, error.column, str(error.why)) for error in imported.plan.errors]


def test_the_sample_gives_the_published_figures(office: Office, now: datetime) -> None:
    imported = bring(office, SAMPLE, now)
    plan = imported.plan
    assert (len(plan.cases), plan.errors) == (608, [])
    assert plan.counts() == {"subtotal": 16, "blank": 7, "repeated": 4, "heading": 4}
    assert plan.rows == 608 + 16 + 7 + 4 + 4
    assert count(Case) == 608
    ended = select(func.count()).where(Case.ended_on.is_not(None))
    assert db.session.scalar(ended) == 593
    assert db.session.scalar(select(func.count()).where(Case.state != State.CLOSED)) == 15
    assert imported.run is not None
    assert (imported.run.row_count, imported.run.case_count) == (639, 608)
    assert imported.run.passed_over == plan.counts()
    assert "Bồ Đề" in set(db.session.scalars(select(Area.name)))
    assert not [name for name in db.session.scalars(select(Area.name)) if "ường" in name]


def test_what_came_in_is_found_by_its_units_and_by_who_brought_it(
    office: Office, now: datetime, file: Register
) -> None:
    bring(office, file(case(answered_on="", result="Đang giải quyết")), now)
    only, words = the_case(), db.session.scalars(select(CaseSearch)).one()
    assert only.lead_unit_id is not None
    assert words.scope == search.scope(
        only.serial, only.unit_id, only.lead_unit_id, only.logged_by_id
    )


def test_the_same_register_brings_nothing_a_second_time(
    office: Office, now: datetime, tmp_path: Path
) -> None:
    bring(office, SAMPLE, now)
    before = counts()
    again = bring(office, SAMPLE, now + timedelta(hours=1))
    assert again.run is None
    assert (len(again.plan.cases), again.plan.errors) == (0, [])
    assert again.plan.counts()["repeated"] == 608 + 4
    known = next(row for row in again.plan.passed_over if row.row == 5)
    assert str(known.detail) == "đã có trong hệ thống, vụ việc DLXH-2016-00001"

    saved_anew = tmp_path / "luu-lai.xlsx"
    book = load_workbook(BytesIO(SAMPLE.read_bytes()))
    book.save(saved_anew)
    assert saved_anew.read_bytes() != SAMPLE.read_bytes()
    assert bring(office, saved_anew, now + timedelta(hours=2)).run is None
    assert counts() == before


def test_rows_added_to_a_register_come_in_alone(
    office: Office, now: datetime, file: Register
) -> None:
    bring(office, file(case()), now)
    second = bring(office, file(case(), case(number=2, content="Ngập đường")), now)
    assert [each.row.content for each in second.plan.cases] == ["Ngập đường"]
    assert set(db.session.scalars(select(Case.code))) == {"DLXH-2020-00001", "DLXH-2020-00002"}


def test_a_row_that_ended_since_is_told_and_not_changed(
    office: Office, now: datetime, file: Register
) -> None:
    bring(office, file(case(answered_on="", result="Đang giải quyết")), now)
    again = bring(office, file(case()), now)
    assert again.run is None
    assert "khác, không sửa" in str(again.plan.passed_over[-1].detail)
    assert the_case().state == State.ASSIGNED


def test_two_rows_without_a_number_are_two_cases_and_known_again(
    office: Office, now: datetime, file: Register
) -> None:
    rows = [case(number=""), case(number="")]
    assert len(bring(office, file(*rows), now).plan.cases) == 2
    assert len(set(db.session.scalars(select(Case.register_key)))) == 2
    assert bring(office, file(*rows), now).run is None
    assert len(bring(office, file(*rows, case(number="")), now).plan.cases) == 1


def test_another_office_may_keep_the_same_row(
    office: Office, now: datetime, file: Register
) -> None:
    other = make_office("Quận ủy Hoàn Kiếm")
    register = file(case())
    bring(office, register, now)
    assert bring(other, register, now).run is not None
    assert count(Case) == 2


def test_with_an_error_nothing_is_taken_in(office: Office, now: datetime, file: Register) -> None:
    before = counts()
    register = file(case(area="Nơi mới"), case(number=2, received_on="31/11/2020"))
    imported = bring(office, register, now)
    assert imported.run is None
    assert told(imported) == [(3, "Ngày tiếp nhận", "“31/11/2020” không có trong lịch")]
    assert counts() == before


def test_the_good_rows_come_in_where_the_others_may_be_left_out(
    office: Office, now: datetime, file: Register
) -> None:
    register = file(
        case(), case(number=2, received_on="31/11/2020", area="Nơi của dòng lỗi"), case(number=3)
    )
    imported = bring(office, register, now, skip_errors=True)
    assert [each.row.row for each in imported.plan.cases] == [2, 4]
    assert count(Case) == 2
    assert imported.run is not None
    [kept] = imported.run.errors
    assert (kept["row"], kept["column"], kept["value"]) == (3, "Ngày tiếp nhận", "31/11/2020")
    assert "Nơi của dòng lỗi" not in set(db.session.scalars(select(Area.name)))


def test_a_name_that_wasn_t_confirmed_is_an_error_and_is_not_made(
    office: Office, now: datetime, file: Register
) -> None:
    register = file(case(area="P. Cự Khối"), case(number=2, area="Thạch Bàn"))
    confirmed = {
        "area": frozenset({"cu khoi"}),
        "unit": frozenset({"phong giao duc va dao tao"}),
        "field": frozenset({"giao duc"}),
        "channel": frozenset({"duong day nong"}),
    }
    imported = bring(office, register, now, confirmed=confirmed)
    assert imported.plan.unknown["area"] == ["Cự Khối", "Thạch Bàn"]
    assert told(imported) == [(3, "Địa bàn", "chưa có trong danh mục")]
    bring(office, register, now, confirmed=confirmed, skip_errors=True)
    assert [*db.session.scalars(select(Area.name))].count("Cự Khối") == 1
    assert "Thạch Bàn" not in set(db.session.scalars(select(Area.name)))


@pytest.mark.parametrize(
    "changed, why",
    [
        ({"answered_on": date(2020, 5, 4)}, (2, "Ngày trả lời", "sớm hơn ngày giao")),
        ({"answered_on": date(2020, 5, 1)}, (2, "Ngày trả lời", "sớm hơn ngày tiếp nhận")),
    ],
)
def test_dates_against_their_order_are_errors(
    office: Office, now: datetime, file: Register, changed: dict[str, Any], why: object
) -> None:
    assert told(bring(office, file(case(**changed)), now))[0] == why


def test_a_preview_writes_nothing(office: Office, now: datetime) -> None:
    before = counts()
    plan = preview(SAMPLE, actor=office.viewer(Role.COORDINATOR), now=now)
    assert len(plan.cases) == 608
    assert counts() == before


def test_what_fails_on_the_way_leaves_nothing(
    office: Office, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = counts()
    monkeypatch.setattr(service, "CHUNK", 100)
    reached: list[int] = []

    def stop_late(done: int, total: int) -> None:
        reached.append(done)
        if (done, total) == (500, 608):
            raise RuntimeError("the power went off")

    with pytest.raises(RuntimeError):
        bring(office, SAMPLE, now, progress=stop_late)
    assert reached[-6:] == [0, 100, 200, 300, 400, 500]
    assert counts() == before


def test_of_two_imports_at_once_the_later_is_told_to_read_again(
    office: Office, now: datetime, file: Register
) -> None:
    register = file(case())

    def other_comes_first(done: int, total: int) -> None:
        if done == total == 2:
            bring(office, register, now)

    with pytest.raises(OutOfDate):
        bring(office, register, now, progress=other_comes_first)
    assert count(Case) == 1


def test_who_may_not_import_imports_nothing(office: Office, now: datetime, file: Register) -> None:
    for actor in (office.viewer(Role.AGENCY_WORKER), office.viewer(Role.LEADER), command_line()):
        with pytest.raises(NotAllowed):
            take_in(file(case()), file_name="so.xlsx", actor=actor, now=now)


def test_a_file_s_name_is_kept_clean_and_short(
    office: Office, now: datetime, file: Register
) -> None:
    imported = bring(office, file(case()), now, file_name="\x00x\ud800" * 300 + "sổ.xlsx")
    assert imported.run is not None
    assert imported.run.file_name == "x" * (200 - 7) + "sổ.xlsx"


def test_a_closed_row_becomes_a_closed_case(office: Office, now: datetime, file: Register) -> None:
    bring(office, file(case(note="Ghi chú của sổ")), now)
    found = the_case()
    assert (found.state, found.outcome) == (State.CLOSED, Outcome.RESOLVED)
    assert found.received_on == date(2020, 5, 4)
    assert found.assigned_on == date(2020, 5, 5)
    assert found.due_on == found.original_due_on == date(2020, 6, 1)
    assert found.answered_on == found.closed_on == found.ended_on == date(2020, 5, 20)
    assert found.note == "Ghi chú của sổ"
    assert found.unit_id == office.committee.id
    assert found.logged_by_id == office.user(Role.COORDINATOR).id
    [assignment] = db.session.scalars(select(Assignment))
    assert (assignment.unit_id, assignment.part) == (found.lead_unit_id, "lead")
    assert (assignment.assigned_on, assignment.ended_on) == (date(2020, 5, 5), date(2020, 5, 20))
    [answer] = db.session.scalars(select(Answer))
    assert (answer.answered_on, answer.text) == (date(2020, 5, 20), "Đã giải quyết")
    [turn] = db.session.scalars(select(Submission))
    assert (turn.received_on, turn.persons) == (date(2020, 5, 4), 1)


def test_an_open_row_without_a_due_date_gets_the_one_of_the_rules(
    office: Office, now: datetime, file: Register
) -> None:
    # 20 working days after Wednesday 1 June 2016, which has no holiday behind it.
    register = file(
        case(received_on=date(2016, 6, 1), assigned_on=date(2016, 6, 2), due_on="",
             answered_on="", result="Đang giải quyết"),
    )  # fmt: skip
    bring(office, register, now)
    found = the_case()
    assert (found.state, found.outcome, found.ended_on) == (State.ASSIGNED, None, None)
    assert found.due_on == found.original_due_on == date(2016, 6, 29)


def test_a_closed_row_without_a_due_date_gets_none_after_the_fact(
    office: Office, now: datetime, file: Register
) -> None:
    bring(office, file(case(due_on="")), now)
    assert the_case().due_on is None


def test_a_promise_is_closed_and_not_ended(office: Office, now: datetime, file: Register) -> None:
    bring(office, file(case(result="Đã trả lời, hẹn thực hiện trong quý III")), now)
    found = the_case()
    assert (found.state, found.outcome) == (State.CLOSED, Outcome.PROMISED)
    assert found.closed_on == date(2020, 5, 20)
    assert found.ended_on is None


@pytest.mark.parametrize(
    "changed, actions",
    [
        ({}, ["receive", "assign", "answer", "close"]),
        ({"answered_on": "", "result": ""}, ["receive", "assign"]),
        ({"result": "Chuyển đơn đến Công an"}, ["receive", "assign", "forward"]),
    ],
)
def test_the_story_has_the_register_s_dates_and_says_where_it_is_from(
    office: Office, now: datetime, file: Register, changed: dict[str, Any], actions: list[str]
) -> None:
    imported = bring(office, file(case(), case(number=2, **changed)), now)
    assert imported.run is not None
    code = "DLXH-2020-00002"
    entries = db.session.scalars(
        select(Entry).join(Case, Case.id == Entry.case_id).where(Case.code == code)
    ).all()
    entries = sorted(entries, key=lambda entry: entry.sequence)
    assert [entry.action for entry in entries] == actions
    days = {"receive": date(2020, 5, 4), "assign": date(2020, 5, 5)}
    for entry in entries:
        assert entry.happened_on == days.get(entry.action, date(2020, 5, 20))
        assert entry.recorded_at == now
        assert entry.user_id == office.user(Role.COORDINATOR).id
        assert (entry.import_id, entry.import_row) == (imported.run.id, 3)
    assert imported.run.file_name == "so.xlsx"
    assert [entry.from_state for entry in entries] == [
        None,
        *[entry.to_state for entry in entries[:-1]],
    ]


def test_each_story_is_a_chain_that_gives_the_case(office: Office, now: datetime) -> None:
    bring(office, SAMPLE, now)
    cases = {each.id: each for each in db.session.scalars(select(Case))}
    digests = dict.fromkeys(cases, story.FIRST_DIGEST)
    said: dict[Any, dict[str, str | None]] = {case_id: {} for case_id in cases}
    names = [column.key for column in Entry.__table__.columns if column.key != "digest"]
    for entry in db.session.scalars(select(Entry).order_by(Entry.case_id, Entry.sequence)):
        fields = {name: getattr(entry, name) for name in names}
        assert story.sealed(digests[entry.case_id], fields)["digest"] == entry.digest
        digests[entry.case_id] = entry.digest
        for name, (old, new) in entry.changes.items():
            assert said[entry.case_id].get(name) == old
            said[entry.case_id][name] = new
    for case_id, found in cases.items():
        assert said[case_id] == {
            name: str(value) for name in REPORTABLE if (value := getattr(found, name)) is not None
        }


def test_each_case_has_one_version_that_says_the_same(office: Office, now: datetime) -> None:
    bring(office, SAMPLE, now)
    versions = {each.case_id: each for each in db.session.scalars(select(CaseVersion))}
    cases = db.session.scalars(select(Case)).all()
    assert len(versions) == len(cases) == 608
    for found in cases:
        version = versions[found.id]
        assert story.reportable(found) == {name: getattr(version, name) for name in REPORTABLE}
        assert (version.recorded_from, version.recorded_to) == (now, FOREVER)


def test_the_day_of_the_import_is_viet_nam_s(office: Office, file: Register) -> None:
    register = file(case(received_on=date(2026, 3, 3), assigned_on=date(2026, 3, 3), due_on="",
                         answered_on=date(2026, 3, 3)))  # fmt: skip
    evening = datetime(2026, 3, 2, 23, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    assert "muộn hơn" in told(bring(office, register, evening))[0][2]
    assert bring(office, register, evening + timedelta(hours=1)).plan.errors == []


def test_the_command_line_imports_for_the_unit_it_names(
    office: Office, now: datetime, file: Register
) -> None:
    actor: Viewer = command_line(office.committee)
    imported = bring(office, file(case()), now, actor=actor)
    assert imported.run is not None
    assert imported.run.user_id is None
    assert the_case().unit_id == office.committee.id
    assert as_viewer(office.user(Role.COORDINATOR)).unit_id == office.committee.id
