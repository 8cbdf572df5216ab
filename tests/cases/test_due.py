"""A due date in words, at its edges."""

from dataclasses import dataclass
from datetime import date

import pytest
from flask import Flask
from flask_babel import force_locale

from tracker.cases import due
from tracker.rules.workflow import Outcome

MONDAY = date(2026, 3, 2)


@dataclass
class Standing:
    outcome: str | None = None
    received_on: date = date(2026, 2, 2)
    due_on: date | None = MONDAY
    answered_on: date | None = None
    promised_on: date | None = None
    ended_on: date | None = None
    suspended_on: date | None = None


def closed(ended_on: date) -> Standing:
    return Standing(Outcome.RESOLVED, ended_on=ended_on)


@pytest.mark.parametrize(
    ("standing", "today", "level", "words"),
    [
        (Standing(), date(2026, 2, 25), "soon", "còn 3 ngày làm việc"),
        (Standing(), date(2026, 2, 24), "open", "còn 4 ngày làm việc"),
        (Standing(), date(2026, 2, 28), "soon", "còn 1 ngày làm việc"),
        (Standing(), MONDAY, "soon", "đến hạn hôm nay"),
        (Standing(), date(2026, 3, 3), "overdue", "quá hạn 1 ngày làm việc"),
        # Friday's limit, on Saturday: late, and not by a working day yet.
        (Standing(due_on=date(2026, 2, 27)), date(2026, 2, 28), "overdue", "vừa quá hạn"),
        # A register's date may be a Sunday.
        (Standing(due_on=date(2026, 3, 8)), date(2026, 3, 7), "soon", "đến hạn vào ngày nghỉ tới"),
        (Standing(due_on=None), MONDAY, "none", "không có hạn"),
        (Standing(suspended_on=MONDAY), date(2026, 4, 1), "none", "tạm đình chỉ"),
        # What waits for its check is judged by its answer, however long the check takes.
        (Standing(answered_on=MONDAY), date(2026, 4, 1), "on_time", "đúng hạn"),
        (
            Standing(answered_on=date(2026, 3, 9)),
            date(2026, 4, 1),
            "late",
            "trễ hạn 5 ngày làm việc",
        ),
        (closed(MONDAY), date(2026, 4, 1), "on_time", "đúng hạn"),
        (closed(date(2026, 3, 9)), date(2026, 4, 1), "late", "trễ hạn 5 ngày làm việc"),
        (
            Standing(Outcome.PROMISED, promised_on=date(2026, 6, 1)),
            date(2026, 6, 1),
            "open",
            "hẹn 01/06/2026",
        ),
        (
            Standing(Outcome.PROMISED, promised_on=date(2026, 6, 1)),
            date(2026, 6, 2),
            "overdue",
            "hẹn 01/06/2026",
        ),
        # Beyond the calendar weekdays are counted.
        (
            Standing(due_on=date(1989, 12, 29)),
            date(1990, 1, 3),
            "overdue",
            "quá hạn 3 ngày làm việc",
        ),
    ],
)
def test_how_a_case_stands(
    application: Flask, standing: Standing, today: date, level: str, words: str
) -> None:
    with application.test_request_context():
        assert due.due(standing, today) == due.Due(level, words)
        assert due.by_day(today)(standing) == due.Due(level, words)


@pytest.mark.parametrize(
    ("standing", "today", "words"),
    [
        (Standing(), date(2026, 2, 28), "1 working day left"),
        (Standing(), date(2026, 2, 25), "3 working days left"),
        (Standing(), date(2026, 3, 3), "1 working day overdue"),
        (closed(date(2026, 3, 9)), date(2026, 4, 1), "5 working days late"),
    ],
)
def test_english_has_one_day_and_many_days(
    application: Flask, standing: Standing, today: date, words: str
) -> None:
    with application.test_request_context(), force_locale("en"):
        assert due.due(standing, today).words == words


def test_soon_is_three_working_days() -> None:
    assert due.soon_until(MONDAY) == date(2026, 3, 5)
    # Tết: 14/2 to 22/2.
    assert due.soon_until(date(2026, 2, 12)) == date(2026, 2, 24)
