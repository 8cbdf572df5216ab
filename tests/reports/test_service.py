"""The report's figures, rows, notes and refusals."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.reports.office import Office, Standing
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.reports import asking, plain, service, wording
from tracker.reports.breakdowns import BREAKDOWNS
from tracker.rules.counting import MEASURES, RATES, percentage
from tracker.rules.workflow import Outcome, Role
from tracker.units.queries import Viewer, command_line, viewer

YEAR = {"first": date(2025, 1, 1), "last": date(2025, 12, 31)}
RECEIVED = date(2025, 5, 6)


def report(now: datetime, who: Viewer | None = None, **asked: Any) -> service.Report:
    return service.opinion_report(who or command_line(), now=now, **(YEAR | asked))


def closed(outcome: Outcome, received_on: date = RECEIVED, **columns: Any) -> Standing:
    answered_on = received_on + timedelta(days=7)
    return Standing(
        received_on, outcome=outcome, answered_on=answered_on, closed_on=answered_on, **columns
    )


def test_json_has_exactly_the_promised_shape(office: Office, now: datetime) -> None:
    office.put([closed(Outcome.RESOLVED, area_id=office.areas["Bồ Đề"].id)])
    office.put([Standing(RECEIVED)])
    said = json.loads(plain.as_json(report(now, by="area")))
    assert list(said) == ["report", "from", "to", "as_of", "total", "rows", "notes"]
    assert said["report"] == "opinion"
    assert (said["from"], said["to"]) == ("2025-01-01", "2025-12-31")
    assert said["as_of"] == "2026-03-02T09:00:00+07:00"
    assert list(said["total"]) == [
        "received",
        "carried_over",
        "resolved",
        "explained",
        "promised",
        "resolved_late",
        "outside",
        "pending",
        "overdue",
        "rate_of_received",
    ]
    assert said["total"]["rate_of_received"] == 50.0
    assert [row["key"] for row in said["rows"]] == ["Bồ Đề", "(không ghi)"]
    assert said["rows"][0]["rate_of_received"] == 100.0
    assert list(said["rows"][0]) == ["key", *said["total"]]
    assert all(isinstance(note, str) for note in said["notes"])


def test_json_has_null_where_nothing_was_received(office: Office, now: datetime) -> None:
    said = json.loads(plain.as_json(report(now, by="unit")))
    assert said["total"]["received"] == 0
    assert said["total"]["rate_of_received"] is None
    assert said["rows"] == []


def test_json_rounds_to_one_decimal_and_never_to_all(office: Office, now: datetime) -> None:
    counted = {"received": 2000, "resolved": 1999, "rate_of_received": percentage(1999, 2000)}
    nearly_all = replace(report(now), total=report(now).total | counted)
    assert json.loads(plain.as_json(nearly_all))["total"]["rate_of_received"] == 99.9
    assert "đạt trên 99,9%" in wording.paragraph(nearly_all)


def test_rows_stand_in_vietnamese_order_and_the_unnamed_last(office: Office, now: datetime) -> None:
    for area in (None, *office.areas.values()):
        office.put([Standing(RECEIVED, area_id=area.id if area else None)])
    assert [row.key for row in report(now, by="area").rows] == [
        "Ái Mộ",
        "Bồ Đề",
        "Đức Giang",
        "(không ghi)",
    ]


def test_months_and_years_stand_in_time(office: Office, now: datetime) -> None:
    for day in (date(2025, 11, 30), date(2025, 2, 1), date(2024, 12, 31)):
        office.put([Standing(day)])
    months = report(now, by="month").rows
    assert [(row.key, row.values["received"], row.values["carried_over"]) for row in months] == [
        ("2024-12", 0, 1),
        ("2025-02", 1, 0),
        ("2025-11", 1, 0),
    ]
    assert [row.key for row in report(now, by="year").rows] == ["2024", "2025"]


def test_a_row_of_duplicates_alone_is_no_row(office: Office, now: datetime) -> None:
    office.put([closed(Outcome.DUPLICATE, area_id=office.areas["Bồ Đề"].id)])
    figures = report(now, by="area")
    assert figures.rows == []
    assert figures.total["received"] == 0


@pytest.mark.parametrize("by", [None, *BREAKDOWNS])
def test_one_report_takes_at_most_three_queries_and_one_for_successions(
    office: Office, now: datetime, by: str | None, statements: list[str]
) -> None:
    office.put([Standing(RECEIVED, area_id=office.areas["Bồ Đề"].id)])
    db.session.commit()
    statements.clear()
    report(now, by=by, unit_code="BTG")
    assert len(statements) <= 3 + (by == "unit_now")


def test_a_unit_counts_with_all_below_it(office: Office, now: datetime) -> None:
    for unit in office.units.values():
        office.put([Standing(RECEIVED, unit_id=unit.id)])
    received = {
        code: report(now, unit_code=code).total["received"] for code in (None, *office.units)
    }
    assert received == {None: 4, "BTG": 3, "BD": 1, "DG": 1, "YT": 1}


def test_who_sees_less_counts_less(office: Office, now: datetime) -> None:
    for unit in office.units.values():
        office.put([Standing(RECEIVED, unit_id=unit.id)])
    officer = office.person(Role.RECEPTION_OFFICER, office.units["BD"])
    administrator = office.person(Role.ADMINISTRATOR)
    for person, received in ((officer, 1), (administrator, 0)):
        who = viewer(person.id, date(2026, 3, 2))
        assert report(now, who).total["received"] == received
        past = report(now, who, as_of=now - timedelta(days=1), by="unit")
        assert past.total["received"] == received


def test_the_past_is_what_was_recorded_then(office: Office, now: datetime) -> None:
    first, later = datetime(2025, 6, 1, tzinfo=UTC), datetime(2025, 9, 1, tzinfo=UTC)
    late = closed(Outcome.RESOLVED, recorded_at=later)
    office.put([Standing(RECEIVED, recorded_at=first), late])
    at = {
        as_of: report(now, as_of=as_of).total["resolved"]
        for as_of in (first, later - timedelta(microseconds=1), later, now)
    }
    assert list(at.values()) == [0, 0, 1, 1]
    before = report(now, as_of=first - timedelta(seconds=1))
    assert before.total["received"] == 0
    assert before.notes[-1].startswith(
        "Vào thời điểm đó hệ thống chưa ghi vụ việc nào; số liệu có từ 01/06/2025 07:00."
    )


def test_withdrawn_cases_are_told(office: Office, now: datetime) -> None:
    office.put([closed(Outcome.WITHDRAWN)])
    figures = report(now)
    assert figures.total["resolved"] == 1
    assert "Trong số đã giải quyết có 1 vụ việc rút đơn." in figures.notes


def test_a_report_names_its_rules_and_its_instant(office: Office, now: datetime) -> None:
    assert report(now).notes == [
        "Tính theo bộ quy tắc 2026.2, trên những gì hệ thống đã ghi đến 02/03/2026 09:00"
        " (giờ Việt Nam)."
    ]


@pytest.mark.parametrize(
    "asked, field",
    [
        ({"first": date(2026, 1, 1)}, "first"),
        ({"unit_code": "KHÔNG"}, "unit"),
        ({"by": "colour"}, "by"),
        ({"as_of": datetime(2026, 3, 2, 2, 1, tzinfo=UTC)}, "as_of"),
    ],
)
def test_what_can_not_be_asked_is_refused(
    office: Office, now: datetime, asked: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        report(now, **asked)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "asked, field",
    [
        ({"measure": "colour"}, "measure"),
        ({"measure": "rate_of_received"}, "measure"),
        ({"measure": "received", "key": "2025"}, "key"),
        ({"measure": "received", "key": "Bồ Đề", "by": "area"}, "key"),
        ({"measure": "received", "key": "2025-13", "by": "month"}, "key"),
        ({"measure": "received", "key": "0", "by": "year"}, "key"),
        ({"measure": "received", "key": 32 * "0", "by": "area"}, "key"),
    ],
)
def test_a_list_of_no_figure_is_refused(
    office: Office, now: datetime, asked: dict[str, Any], field: str
) -> None:
    with pytest.raises(Refused) as refusal:
        service.opinion_cases(command_line(), now=now, **(YEAR | asked))
    assert refusal.value.field == field


@pytest.mark.parametrize(
    "text, instant",
    [
        ("", None),
        ("2026-03-01", "2026-03-01T16:59:59.999999+00:00"),
        ("1/3/2026", "2026-03-01T16:59:59.999999+00:00"),
        ("2026-03-02", "2026-03-02T02:00:00+00:00"),
        ("2021-03-10T09:00+07:00", "2021-03-10T02:00:00+00:00"),
        ("2021-03-10 09:00", "2021-03-10T02:00:00+00:00"),
        ("2021-03-10T02:00:00Z", "2021-03-10T02:00:00+00:00"),
    ],
)
def test_an_instant_is_read_as_people_mean_it(
    app: Any, now: datetime, text: str, instant: str | None
) -> None:
    with app.app_context():
        read = asking.read_as_of(text, now)
    assert read == (datetime.fromisoformat(instant) if instant else None)


@pytest.mark.parametrize("text", ["hôm qua", "31/11/2025", "2026-03-01T25:00", "10/3/21"])
def test_a_doubtful_instant_is_refused(app: Any, now: datetime, text: str) -> None:
    with app.app_context(), pytest.raises(Refused):
        asking.read_as_of(text, now)


def test_the_paragraph_reads_as_offices_write_it(office: Office, now: datetime) -> None:
    due_on = RECEIVED + timedelta(days=3)
    office.put([closed(Outcome.RESOLVED, due_on=due_on)])
    office.put([closed(Outcome.EXPLAINED)])
    office.put([closed(Outcome.GUIDED)])
    office.put([closed(Outcome.PROMISED)])
    office.put([Standing(RECEIVED, due_on=due_on)])
    office.put([Standing(RECEIVED)])
    office.put([Standing(date(2024, 12, 1))])
    assert wording.paragraph(report(now)) == (
        "Từ ngày 1/1/2025 đến ngày 31/12/2025, tiếp nhận 6 nội dung dư luận xã hội; đã giải"
        " quyết 2 nội dung, đạt 33,3%, trong đó 1 nội dung trả lời, giải thích, định hướng dư"
        " luận và 1 nội dung giải quyết trễ hạn; hướng dẫn, chuyển cơ quan có thẩm quyền hoặc"
        " lưu 1 nội dung; còn 3 nội dung đang giải quyết, trong đó 1 nội dung đã trả lời, hẹn"
        " thực hiện và 1 nội dung quá hạn. Kỳ trước chuyển sang 1 nội dung."
    )


def test_the_paragraph_of_a_quiet_period(office: Office, now: datetime) -> None:
    assert wording.paragraph(report(now)) == (
        "Từ ngày 1/1/2025 đến ngày 31/12/2025, không tiếp nhận nội dung dư luận xã hội nào."
    )


def test_every_column_has_a_figure(office: Office, now: datetime) -> None:
    figures = report(now)
    assert list(figures.total) == [*MEASURES, *RATES] == list(wording.COLUMNS)
    assert wording.figure(figures.total, "rate_of_received") == "–"
    assert figures.total["rate_of_received"] is None
    office.put([closed(Outcome.RESOLVED)])
    assert report(now).total["rate_of_received"] == Decimal("100.0")
