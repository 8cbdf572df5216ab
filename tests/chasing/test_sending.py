"""Messages over a real mail server: one a person a day, at the hour, without what is settled."""

from datetime import date

from sqlalchemy import select

from tests.chasing.conftest import WORKER, MailServer, at
from tests.chasing.test_reminding import EARLY, assigned
from tests.factories import Office
from tracker.cases import service
from tracker.chasing.models import Correspondent, Message
from tracker.chasing.service.planning import plan
from tracker.chasing.service.reminding import remind
from tracker.chasing.service.sending import send_waiting
from tracker.core.db import db
from tracker.rules.workflow import Outcome, Role


def test_one_message_a_day_at_the_persons_hour(
    office: Office, worker: Correspondent, mail: MailServer
) -> None:
    cases = [assigned(office), assigned(office)]
    remind(at(EARLY, 7))
    assert [plan(at(EARLY, 9)), plan(at(EARLY, 10)), plan(at(EARLY, 11))] == [0, 1, 0]
    assert send_waiting(at(EARLY, 10)) == 1
    assert send_waiting(at(EARLY, 11)) == 0
    (message,) = mail.taken
    assert message["To"] == WORKER
    assert message["Subject"] == "2 việc cần làm, ngày 23/03/2026"
    for part in message.iter_parts():
        said = part.get_content()
        assert all(case.code in said for case in cases)
        assert "còn 5 ngày làm việc" in said
        assert "Đèn đường hỏng" not in said


def test_what_was_settled_meanwhile_is_not_sent(
    office: Office, worker: Correspondent, mail: MailServer
) -> None:
    case = assigned(office)
    remind(at(EARLY, 7))
    plan(at(EARLY, 10))
    service.answer(
        case.id,
        actor=office.viewer(Role.AGENCY_WORKER),
        text="Đã sửa",
        answered_on=EARLY,
        outcome=Outcome.RESOLVED,
        now=at(EARLY, 10),
    )
    assert send_waiting(at(EARLY, 11)) == 0
    assert mail.taken == []
    assert db.session.scalars(select(Message.is_empty)).one() is True


def test_refused_it_is_sent_again_under_the_same_name(
    office: Office, worker: Correspondent, mail: MailServer
) -> None:
    assigned(office)
    remind(at(EARLY, 7))
    plan(at(EARLY, 10))
    mail.answers = ["451 later"]
    assert send_waiting(at(EARLY, 10)) == 0
    message = db.session.scalars(select(Message)).one()
    assert (message.error, message.sent_at) == ("SMTP 451", None)
    assert send_waiting(at(EARLY, 11)) == 1
    db.session.refresh(message)
    assert (message.error, message.attempts) == ("", 2)
    assert mail.taken[0]["Message-ID"].startswith(f"<{message.id}@")


def test_never_on_a_day_of_rest_or_in_the_evening(
    office: Office, worker: Correspondent, mail: MailServer
) -> None:
    assigned(office)
    remind(at(EARLY, 7))
    assert plan(at(EARLY, 18)) == 0
    assert plan(at(date(2026, 3, 28), 10)) == 0
    assert plan(at(date(2026, 3, 30), 10)) == 1
