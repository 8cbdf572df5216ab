"""The receipt of a turn: a code and a secret, as a page, on paper, in a message."""

import logging
import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO
from uuid import UUID

import pypdfium2
import pytest

from tests.application import Client
from tests.cases.conftest import Visitor
from tests.factories import Office, make_office
from tracker.cases import service as cases
from tracker.cases.models import Case, Reading, Submission
from tracker.core.db import db, new_id
from tracker.people.sealing import Particulars
from tracker.reception import receipts, service
from tracker.reception.models import Event
from tracker.reception.receipts import LETTERS, secret_of, without_marks
from tracker.reception.service import Entered
from tracker.rules.workflow import Kind, Role

Visit = Callable[[Role], Visitor]
CONTENT = "Cống ngõ 20 phố Ngọc Lâm tắc"
CITIZEN = Particulars("Nguyễn Thị Hồng Nhung", "0912345678", "", "20 Ngọc Lâm")


@pytest.fixture
def case(office: Office, event: Event, now: datetime) -> Case:
    item = Entered(id=new_id(), kind=Kind.RECOMMENDATION, content=CONTENT, particulars=CITIZEN)
    return service.enter(event.id, item, actor=office.viewer(Role.RECEPTION_OFFICER), now=now)


def turn_of(case: Case) -> Submission:
    return db.session.query(Submission).filter_by(case_id=case.id).one()


def address_of(case: Case, turn_id: UUID | None = None) -> str:
    return f"/cases/{case.id}/turns/{turn_id or turn_of(case).id}"


def test_the_secret_is_made_of_letters_that_nobody_mistakes(app, session) -> None:
    secrets = {secret_of(new_id()) for _each in range(500)}
    assert len(secrets) == 500
    assert all(re.fullmatch(f"[{LETTERS}]{{4}} [{LETTERS}]{{4}}", each) for each in secrets)
    assert not set(LETTERS) & set("0O1IL")
    turn = new_id()
    assert secret_of(turn) == secret_of(turn)


def test_the_officer_prints_it_and_prints_it_again(case: Case, visit: Visit) -> None:
    officer = visit(Role.RECEPTION_OFFICER)
    link = officer.get(f"/cases/{case.id}").find("a", string="Giấy biên nhận")
    assert link is not None
    first, again = officer.get(str(link["href"])), officer.get(str(link["href"]))
    slip = first.select_one(".paper-slip")
    assert slip is not None
    told = " ".join(slip.text.split())
    for word in (case.code, secret_of(turn_of(case).id), "02/03/2026", "Trụ sở tiếp công dân",
                 "Quận ủy Long Biên", "/tra-cuu"):  # fmt: skip
        assert word in told, word
    assert slip.dl == (again.select_one(".paper-slip") or again).dl
    assert officer.get(f"{link['href']}?paper=a5").select_one(".paper-a5")


def test_nothing_of_the_person_and_of_what_was_said_is_on_it(case: Case, visit: Visit) -> None:
    page = visit(Role.RECEPTION_OFFICER).get(f"{address_of(case)}/receipt").text
    for word in ("Nhung", "0912345678", "20 Ngọc Lâm", "Cống", "Kiến nghị"):
        assert word not in page, word


def test_who_saw_the_secret_is_on_record(case: Case, office: Office, visit: Visit) -> None:
    address, officer = address_of(case), visit(Role.RECEPTION_OFFICER)
    for _time in range(2):
        officer.get(f"{address}/receipt")
    [reading] = db.session.query(Reading)
    assert (reading.user_id, reading.case_id) == (office.user(Role.RECEPTION_OFFICER).id, case.id)
    assert visit(Role.AUDITOR).status(f"{address}/receipt") == 403
    assert visit(Role.COORDINATOR).status(f"{address}/receipts/a5") == 200
    told = visit(Role.AUDITOR).get("/record").find("h2", string="Xem, in giấy biên nhận")
    rows = told.find_next("tbody").select("tr")
    assert [row.select("td")[1].text for row in rows] == [
        office.user(role).name for role in (Role.COORDINATOR, Role.RECEPTION_OFFICER)
    ]
    assert case.code in rows[0].text


def test_a_denunciations_code_tells_nothing(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(now, kind=Kind.DENUNCIATION)
    page = visit(Role.COORDINATOR).get(f"{address_of(case)}/receipt")
    assert case.code not in page.text
    assert "Tố cáo" not in page.main.text
    assert f"BN-{case.serial:06d}" in page.text


def test_the_message_is_short_and_without_marks(case: Case, visit: Visit) -> None:
    page = visit(Role.RECEPTION_OFFICER).get(f"{address_of(case)}/receipt")
    message = page.select_one("#message").text.strip()
    assert message.isascii()
    assert len(message) <= 160
    assert case.code in message
    assert secret_of(turn_of(case).id) in message
    assert secret_of(turn_of(case).id) in page.select_one("#mail").text


def test_a_long_address_leaves_the_dates_out_of_the_message(
    case: Case, office: Office, app
) -> None:
    receipt = receipts.find(office.viewer(Role.COORDINATOR), case.id, turn_of(case).id)
    assert receipt is not None
    address = f"https://{'a' * 60}.example.gov.vn/tra-cuu"
    with app.test_request_context():
        message = receipt.message(address)
    assert len(message) <= 160
    assert message.endswith(address)
    assert "02/03/2026" not in message


def test_marks_are_left_out_and_capitals_stay() -> None:
    assert without_marks("Mã bí mật – Đã Ưng Ứng ĐỦ") == "Ma bi mat - Da Ung Ung DU"


@pytest.mark.parametrize(("paper", "width"), [("slip", 80), ("a5", 148)])
def test_it_is_printed_in_vietnamese_on_its_paper(
    case: Case, client: Client, office: Office, paper: str, width: int
) -> None:
    client.sign_in(office.user(Role.RECEPTION_OFFICER))
    answer = client.get(f"{address_of(case)}/receipts/{paper}")
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    document = pypdfium2.PdfDocument(BytesIO(answer.data))
    assert len(document) == 1
    page = document[0]
    assert round(page.get_width() / 72 * 25.4) == width
    text = page.get_textpage().get_text_range()
    for word in ("GIẤY BIÊN NHẬN", "Địa điểm tiếp nhận", "Trụ sở tiếp công dân", case.code,
                 secret_of(turn_of(case).id)):  # fmt: skip
        assert word in text, word
    # The QR code is drawn: about half of its square is ink.
    picture = page.render(scale=2).to_pil().convert("1")
    dark = picture.histogram()[0] / (picture.width * picture.height)
    document.close()
    assert dark > 0.03


def test_markup_in_a_name_is_printed_as_it_stands(
    case: Case, client: Client, office: Office, event: Event
) -> None:
    event.place = 'Nhà #read("/etc/passwd") *số* $x$ <b>'
    db.session.commit()
    client.sign_in(office.user(Role.RECEPTION_OFFICER))
    answer = client.get(f"{address_of(case)}/receipts/a5")
    document = pypdfium2.PdfDocument(BytesIO(answer.data))
    assert '#read("/etc/passwd") *số* $x$ <b>' in document[0].get_textpage().get_text_range()
    document.close()


def test_only_who_may_see_the_case_has_its_receipt(case: Case, client: Client) -> None:
    address = address_of(case)
    client.sign_in(make_office("Huyện ủy Gia Lâm").user(Role.COORDINATOR))
    assert client.get(f"{address}/receipt").status_code == 404
    assert client.get(f"{address}/receipts/slip").status_code == 404


def test_a_turn_that_was_taken_back_has_none(
    case: Case, office: Office, now: datetime, visit: Visit
) -> None:
    turn = turn_of(case).id
    cases.void(case.id, actor=office.viewer(Role.RECEPTION_OFFICER), now=now)
    officer = visit(Role.RECEPTION_OFFICER)
    assert officer.status(f"{address_of(case, turn)}/receipt") == 404
    assert "Giấy biên nhận" not in officer.get(f"/cases/{case.id}").text


def test_no_log_holds_a_secret(case: Case, visit: Visit, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    visit(Role.RECEPTION_OFFICER).get(f"{address_of(case)}/receipt")
    assert secret_of(turn_of(case).id)[:4] not in caplog.text
