"""One's own page: where one is written to, when, and who hears it while one is away."""

import pytest
import time_machine

from tests.application import Client
from tests.chasing.conftest import MailServer, at
from tests.chasing.test_inbox import page
from tests.chasing.test_reminding import DUE, EARLY, LATE, LATER
from tests.factories import Office, make_user
from tracker.chasing.models import Correspondent
from tracker.chasing.recipients import Recipient, people
from tracker.core.db import db
from tracker.rules.access import Confidentiality
from tracker.rules.chasing import CLOCKS, Level
from tracker.rules.workflow import Role
from tracker.units.models import User

NOON = at(EARLY, 12)
ADDRESS = "/account/messages"
GIVEN = {"mail": "an@long-bien.vn", "telephone": "0912 345 678", "hour": "9"}
AWAY = {"away_from": "23/03/2026", "away_until": "27/03/2026"}


@pytest.fixture
def colleague(office: Office) -> User:
    """Somebody with the same role at the agency as its worker."""
    return make_user(Role.AGENCY_WORKER, office.agency, name="Trần Bình")


def kept(office: Office) -> Correspondent | None:
    db.session.expire_all()
    return db.session.get(Correspondent, office.user(Role.AGENCY_WORKER).id)


@time_machine.travel(NOON)
def test_what_is_written_is_kept_and_shown(office: Office, client: Client, colleague: User) -> None:
    client.sign_in(office.user(Role.AGENCY_WORKER))
    assert ADDRESS in client.get("/account").text
    given = GIVEN | AWAY | {"stand_in_id": str(colleague.id)}
    assert client.post(ADDRESS, data=given).status_code == 302
    person = kept(office)
    assert person is not None
    assert (person.telephone, person.hour, person.stand_in_id) == ("0912345678", 9, colleague.id)
    shown = page(client, ADDRESS)
    assert shown.select_one('#mail[value="an@long-bien.vn"]') is not None
    assert shown.select_one('#away_until[value="27/03/2026"]') is not None
    assert shown.select_one("#stand_in_id option[selected]").get_text() == "Trần Bình"
    client.post(ADDRESS, data=GIVEN | {"mail": ""})
    person = kept(office)
    assert person is not None
    assert (person.mail, person.away_from, person.stand_in_id) == ("", None, None)


@time_machine.travel(NOON)
@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("mail", {"mail": "an@long-bien"}),
        ("mail", {"mail": "an@long-bien.vn\r\nBcc: x@y.vn"}),
        ("telephone", {"telephone": "12345"}),
        ("hour", {"hour": "6"}),
        ("hour", {"hour": "17"}),
        ("away_until", {"away_from": "23/03/2026"}),
        ("away_from", {"away_until": "27/03/2026"}),
        ("away_until", {"away_from": "25/03/2026", "away_until": "24/03/2026"}),
        ("away_until", {"away_from": "02/03/2026", "away_until": "20/03/2026"}),
    ],
)
def test_what_is_wrong_is_refused_beside_its_field(
    office: Office, client: Client, field: str, wrong: dict[str, str]
) -> None:
    client.sign_in(office.user(Role.AGENCY_WORKER))
    answer = client.post(ADDRESS, data=GIVEN | wrong)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert 'value="0912 345 678"' in answer.text or field == "telephone"
    assert kept(office) is None


@time_machine.travel(NOON)
@pytest.mark.parametrize("role", [Role.AGENCY_HEAD, Role.COORDINATOR])
def test_somebody_with_another_role_does_not_stand_in(
    office: Office, client: Client, role: Role
) -> None:
    client.sign_in(office.user(Role.AGENCY_WORKER))
    answer = client.post(ADDRESS, data=GIVEN | AWAY | {"stand_in_id": str(office.user(role).id)})
    assert answer.status_code == 422
    assert 'id="stand_in_id-error"' in answer.text
    assert kept(office) is None


@pytest.mark.parametrize(
    ("confidentiality", "is_heard"),
    [(Confidentiality.NORMAL, True), (Confidentiality.DENUNCIATION, False)],
)
def test_who_stands_in_hears_only_what_they_may_see(
    office: Office, colleague: User, confidentiality: Confidentiality, *, is_heard: bool
) -> None:
    head = office.user(Role.AGENCY_HEAD)
    away = Correspondent(
        user_id=head.id, away_from=EARLY, away_until=EARLY, stand_in_id=colleague.id
    )
    db.session.add(away)
    db.session.commit()
    heard = people(EARLY).hear(
        CLOCKS["briefing"], Level.HEAD, office.agency.id, office.committee.id, confidentiality
    )
    assert Recipient(head.id) in heard
    assert (Recipient(colleague.id, head.id) in heard) == is_heard


def test_from_the_first_to_the_last_day_away(office: Office, colleague: User) -> None:
    head = office.user(Role.AGENCY_HEAD)
    away = Correspondent(user_id=head.id, away_from=LATE, away_until=LATE, stand_in_id=colleague.id)
    db.session.add(away)
    db.session.commit()
    assert [people(day).stand_ins for day in (DUE, LATE, LATER)] == [
        {},
        {head.id: colleague.id},
        {},
    ]


@time_machine.travel(NOON)
def test_a_try_arrives_or_says_why_not(office: Office, client: Client, mail: MailServer) -> None:
    client.sign_in(office.user(Role.AGENCY_WORKER))
    client.post(f"{ADDRESS}/try")
    assert "chưa ghi địa chỉ" in page(client, ADDRESS).get_text()
    client.post(ADDRESS, data=GIVEN)
    mail.answers = ["550 no such user"]
    client.post(f"{ADDRESS}/try")
    assert "Thư điện tử: Không gửi được: SMTP 550" in page(client, ADDRESS).get_text()
    client.post(f"{ADDRESS}/try")
    assert "đã gửi đi" in page(client, ADDRESS).get_text()
    (message,) = mail.taken
    assert (message["To"], message["Subject"]) == ("an@long-bien.vn", "Thư thử của Dân Nguyện")
