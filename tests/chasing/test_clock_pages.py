"""The administrator moves the steps of reminders in their bounds, and sees what didn't leave."""

from datetime import date

import time_machine
from sqlalchemy import select

from tests.application import Client
from tests.chasing.conftest import MailServer, at
from tests.chasing.test_inbox import page
from tests.chasing.test_reminding import EARLY, SOON, assigned
from tests.factories import Office
from tracker.cases.models import Case
from tracker.chasing.models import Correspondent, Message, MovedStep, Reminder
from tracker.chasing.service.planning import plan
from tracker.chasing.service.reminding import remind
from tracker.chasing.service.sending import PAUSES, send_waiting
from tracker.core.db import db
from tracker.rules.workflow import Kind, Role
from tracker.units.models import AdministrationEntry

NOON = at(EARLY, 12)
HOME = "/administration/chasing"
ANSWER = f"{HOME}/clocks/answer"
USUAL = {"early": "-5", "soon": "-2", "late": "1", "later": "3", "long_late": "7", "again": "12"}


def kinds_reminded() -> list[str]:
    """The kinds of the cases of whose answer somebody was reminded."""
    asked = select(Case.kind).join(Reminder, Reminder.case_id == Case.id)
    return list(db.session.scalars(asked.where(Reminder.clock == "answer")))


@time_machine.travel(NOON)
def test_a_moved_step_is_reached_on_the_new_day(office: Office, client: Client) -> None:
    client.sign_in(office.user(Role.ADMINISTRATOR))
    assert HOME in client.get("/administration").text
    moved = client.post(f"{ANSWER}?kind=opinion&priority=ordinary", data=USUAL | {"early": "-3"})
    assert moved.status_code == 302
    assigned(office)
    assigned(office, Kind.RECOMMENDATION)
    remind(at(EARLY))
    # Of opinions alone the first reminder comes later now.
    assert kinds_reminded() == [Kind.RECOMMENDATION]
    remind(at(date(2026, 3, 25)))
    assert sorted(kinds_reminded()) == sorted([Kind.RECOMMENDATION, Kind.OPINION])
    assert client.get(moved.location).status_code == 200
    rows = db.session.scalars(select(MovedStep)).all()
    assert [(row.kind, row.step, row.offset) for row in rows] == [("opinion", "early", -3)]
    entry = db.session.scalars(select(AdministrationEntry)).one()
    assert (entry.changes, entry.user_id) == (
        {"early": ["-5", "-3"]},
        office.user(Role.ADMINISTRATOR).id,
    )
    assert "Đổi ngày nhắc" in page(client, moved.location).get_text()


@time_machine.travel(NOON)
def test_what_is_out_of_bounds_or_out_of_order_is_refused(office: Office, client: Client) -> None:
    client.sign_in(office.user(Role.ADMINISTRATOR))
    for field, days in (("early", "-16"), ("late", "3"), ("soon", "x"), ("long_late", "40")):
        answer = client.post(ANSWER, data=USUAL | {field: days})
        assert answer.status_code == 422
        assert f'id="{field}-error"' in answer.text
    answer = client.post(ANSWER, data=USUAL | {"early": "-3", "soon": "-4"})
    assert 'id="soon-error"' in answer.text
    assert db.session.scalars(select(MovedStep)).all() == []


@time_machine.travel(NOON)
def test_back_to_the_standard(office: Office, client: Client) -> None:
    client.sign_in(office.user(Role.ADMINISTRATOR))
    assert "Trở về chuẩn" not in client.get(ANSWER).text
    client.post(ANSWER, data=USUAL | {"soon": "-3"})
    # What holds for all kinds is the standard of each.
    assert page(client, f"{ANSWER}?kind=opinion").select_one('#soon[value="-3"]') is not None
    assert "Trở về chuẩn" not in client.get(f"{ANSWER}?kind=opinion").text
    assert "Trở về chuẩn" in client.get(ANSWER).text
    client.post(f"{ANSWER}/standard")
    assert db.session.scalars(select(MovedStep)).all() == []
    assert page(client, ANSWER).select_one('#soon[value="-2"]') is not None


@time_machine.travel(at(SOON, 12))
def test_what_was_given_up_is_seen_and_sent_again(
    office: Office, client: Client, worker: Correspondent, mail: MailServer
) -> None:
    assigned(office)
    remind(at(EARLY, 7))
    plan(at(EARLY, 10))
    mail.answers = ["550 no such user"] * (len(PAUSES) + 1)
    for _attempt in mail.answers.copy():
        send_waiting(at(SOON, 11))
        message = db.session.scalars(select(Message)).one()
        if message.given_up_at is None:
            message.next_at = at(EARLY, 10)
            db.session.commit()
    client.sign_in(office.user(Role.ADMINISTRATOR))
    assert "1 (SMTP 550)" in page(client, HOME).get_text()
    client.post(f"{HOME}/ways/mail/again")
    assert send_waiting(at(SOON, 13)) == 1
    assert len(mail.taken) == 1
    shown = page(client, HOME).get_text()
    assert "SMTP 550" not in shown
    assert "26/03/2026" in shown


@time_machine.travel(NOON)
def test_no_other_way_and_no_other_clock(office: Office, client: Client) -> None:
    client.sign_in(office.user(Role.ADMINISTRATOR))
    for address in ("clocks/nobodys", "clocks/calendar?kind=opinion", "clocks/answer?priority=x"):
        assert client.get(f"{HOME}/{address}").status_code == 404
    client.post(f"{HOME}/ways/mail/try")
    assert "chưa được cài đặt" in page(client, HOME).get_text()
