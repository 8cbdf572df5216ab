"""Which limit the law or the house sets on a day, and where it ends."""

from datetime import date, datetime

import pytest

from tracker.rules.calendar import base_calendar
from tracker.rules.conditions import CONDITION_LABELS, Condition, can_be
from tracker.rules.deadlines import (
    LIMITS,
    UNITS,
    Limit,
    Pause,
    Stage,
    answer_limit,
    due_at,
    due_on,
    limit_for,
)
from tracker.rules.milestones import ANSWER_LABELS, MILESTONES
from tracker.rules.workflow import ACTIONS, Kind

pytestmark = pytest.mark.pure

CALENDAR = base_calendar(2016, 2030)


def found(kind: str, stage: Stage, on: date, condition: Condition = "ordinary") -> Limit:
    limit = limit_for(kind, stage, on, condition)
    assert limit is not None
    return limit


@pytest.mark.parametrize(
    "kind, stage, condition, amount, unit, totals",
    [
        ("opinion", "classification", "ordinary", 10, "working_days", []),
        ("complaint", "notice", "party_head", 10, "working_days", []),
        ("complaint", "acceptance", "ordinary", 10, "calendar_days", []),
        ("complaint", "first_resolution", "ordinary", 30, "calendar_days", [45]),
        ("complaint", "first_resolution", "remote", 45, "calendar_days", [60]),
        ("complaint", "second_resolution", "second", 45, "calendar_days", [60]),
        ("complaint", "second_resolution", "second_remote", 60, "calendar_days", [70]),
        ("denunciation", "acceptance", "ordinary", 7, "working_days", [10]),
        ("denunciation", "forwarding", "ordinary", 5, "working_days", []),
        ("denunciation", "conclusion", "ordinary", 30, "calendar_days", [60, 90]),
        ("opinion", "intake", "hotline", 8, "working_hours", []),
        ("opinion", "intake", "hotline_urgent", 4, "working_hours", []),
        ("opinion", "answer", "ordinary", 20, "working_days", [None]),
        ("recommendation", "assignment", "at_dialogue", 3, "working_days", [None]),
        ("recommendation", "answer", "at_dialogue", 20, "working_days", [None]),
        ("voter", "answer", "ordinary", 30, "working_days", [None]),
        ("supervision", "answer", "ordinary", 20, "working_days", [None]),
        ("opinion", "accept_or_return", "ordinary", 2, "working_days", []),
        ("opinion", "breach_notice", "ordinary", 72, "hours", []),
    ],
)
def test_every_limit_of_the_table(
    kind: str,
    stage: Stage,
    condition: Condition,
    amount: int,
    unit: str,
    totals: list[int | None],
) -> None:
    limit = found(kind, stage, date(2026, 8, 3), condition)
    assert (limit.amount, limit.unit) == (amount, unit)
    assert [extension.total for extension in limit.extensions] == totals


@pytest.mark.parametrize(
    "kind, stage, amount, unit",
    [
        ("opinion", "answer", 20, "working_days"),
        ("recommendation", "answer", 20, "working_days"),
        ("voter", "answer", 30, "working_days"),
        ("complaint", "first_resolution", 30, "calendar_days"),
        ("denunciation", "conclusion", 30, "calendar_days"),
        ("supervision", "answer", 20, "working_days"),
    ],
)
def test_the_main_limit_of_each_kind(kind: str, stage: str, amount: int, unit: str) -> None:
    limit = answer_limit(kind, date(2021, 3, 10))
    assert limit is not None
    assert (limit.stage, limit.amount, limit.unit) == (stage, amount, unit)


@pytest.mark.parametrize(
    "condition, stage, amount",
    [
        ("remote", "first_resolution", 45),
        ("second", "second_resolution", 45),
        ("second_remote", "second_resolution", 60),
        ("hotline", "first_resolution", 30),
    ],
)
def test_the_main_limit_of_a_complaint_under_a_condition(
    condition: Condition, stage: str, amount: int
) -> None:
    limit = answer_limit("complaint", date(2026, 3, 10), condition)
    assert limit is not None
    assert (limit.stage, limit.amount) == (stage, amount)


def test_every_condition_of_the_table_can_be_set_and_is_of_some_kind() -> None:
    assert {row.condition for row in LIMITS} == set(CONDITION_LABELS)
    assert all(any(can_be(each, kind) for kind in Kind) for each in CONDITION_LABELS)


def test_every_kind_of_case_has_a_main_limit() -> None:
    assert all(answer_limit(kind, date(2021, 3, 10)) for kind in Kind)


def test_a_denunciation_stands_under_the_law_of_its_day() -> None:
    before = found("denunciation", "conclusion", date(2018, 12, 31))
    after = found("denunciation", "conclusion", date(2019, 1, 1))
    assert (before.amount, before.source) == (60, "Luật Tố cáo 2011, Điều 21")
    assert (after.amount, after.source) == (30, "Luật Tố cáo 2018, Điều 30")


def test_classification_has_a_row_of_its_own_from_july_2026() -> None:
    before = found("opinion", "classification", date(2026, 6, 30))
    after = found("opinion", "classification", date(2026, 7, 1))
    assert before is not after
    assert "136/2025/QH15" in after.source


def test_no_limit_before_the_law_that_sets_it() -> None:
    assert answer_limit("complaint", date(2012, 6, 30)) is None
    assert answer_limit("complaint", date(2012, 7, 1)) is not None
    assert limit_for("opinion", "intake", date(2025, 2, 27), "hotline") is None
    assert limit_for("opinion", "intake", date(2025, 2, 28)) is None


def test_a_condition_that_the_law_does_not_name_changes_nothing() -> None:
    on = date(2021, 3, 10)
    assert found("complaint", "acceptance", on, "remote") is found("complaint", "acceptance", on)


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(ValueError, match="khieu-nai"):
        limit_for("khieu-nai", "answer", date(2021, 3, 10))


def test_rows_for_the_same_thing_never_hold_on_the_same_day() -> None:
    edges = {day for row in LIMITS for day in (row.effective_from, row.effective_to) if day}
    for day in edges | {date(2016, 5, 16), date(2030, 1, 1)}:
        keys = [(row.kind, row.stage, row.condition) for row in LIMITS if row.effective_on(day)]
        assert len(keys) == len(set(keys)), day


def test_every_row_says_where_it_comes_from_and_extends_only_upwards() -> None:
    for row in LIMITS:
        assert row.source
        assert row.unit in UNITS
        totals = [extension.total for extension in row.extensions if extension.total]
        assert totals == sorted(totals)
        assert all(total > row.amount for total in totals)


def test_due_dates_of_days() -> None:
    opinion = found("opinion", "answer", date(2019, 4, 26))
    complaint = found("complaint", "first_resolution", date(2021, 3, 31))
    assert due_on(opinion, date(2019, 4, 26), CALENDAR) == date(2019, 5, 28)
    assert due_on(complaint, date(2021, 3, 31), CALENDAR) == date(2021, 5, 4)


def test_due_moments_of_hours() -> None:
    friday = datetime.fromisoformat("2026-08-28T16:00+07:00")
    urgent = found("opinion", "intake", friday.date(), "hotline_urgent")
    breach = found("opinion", "breach_notice", friday.date())
    # 31/8 to 2/9/2026 are off.
    assert due_at(urgent, friday, CALENDAR) == datetime.fromisoformat("2026-09-03T11:00+07:00")
    assert due_at(breach, friday, CALENDAR) == datetime.fromisoformat("2026-08-31T16:00+07:00")


def test_a_day_and_a_moment_are_not_mistaken_for_each_other() -> None:
    opinion = found("opinion", "answer", date(2026, 8, 3))
    breach = found("opinion", "breach_notice", date(2026, 8, 3))
    with pytest.raises(ValueError, match="moment"):
        due_on(breach, date(2026, 8, 3), CALENDAR)
    with pytest.raises(ValueError, match="day"):
        due_at(opinion, datetime.fromisoformat("2026-08-03T08:00+07:00"), CALENDAR)


@pytest.mark.parametrize(
    ("limit", "pauses", "due"),
    [
        ("opinion", [(date(2026, 3, 10), date(2026, 3, 20))], date(2026, 4, 9)),
        ("opinion", [(date(2026, 3, 10), date(2026, 3, 10))], date(2026, 3, 30)),
        # From the last day on there is nothing left to stop.
        ("opinion", [(date(2026, 3, 30), date(2026, 4, 20))], date(2026, 3, 30)),
        (
            "opinion",
            [(date(2026, 3, 10), date(2026, 3, 11)), (date(2026, 3, 30), date(2026, 3, 31))],
            date(2026, 4, 1),
        ),
        ("complaint", [(date(2026, 3, 10), date(2026, 3, 20))], date(2026, 4, 13)),
    ],
)
def test_a_pause_moves_the_end(limit: str, pauses: list[Pause], due: date) -> None:
    start = date(2026, 3, 2)
    row = answer_limit(limit, start)
    assert row is not None
    assert due_on(row, start, CALENDAR, pauses) == due


def test_every_milestone_has_a_limit_and_actions_that_exist() -> None:
    for milestone in MILESTONES:
        assert any(row.stage == milestone.stage for row in LIMITS)
        assert milestone.done_by <= ACTIONS.keys()
    answers = {
        answer_limit(kind, date(2026, 3, 2), condition)
        for kind in Kind
        for condition in CONDITION_LABELS
    }
    assert {row.stage for row in answers if row} == ANSWER_LABELS.keys()
