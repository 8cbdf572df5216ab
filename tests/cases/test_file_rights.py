"""Who sends, reads and takes away the files of a case."""

import shutil
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from tests.application import Client
from tests.cases import samples
from tests.cases.sending import PAPER, Send, contents, count, page_of, sender, sent
from tests.factories import Office, make_office, make_user
from tracker.cases import service
from tracker.cases.models import Answer, Attachment, Case
from tracker.core.db import db
from tracker.core.errors import NotAllowed, Refused
from tracker.rules.access import Confidentiality
from tracker.rules.workflow import Kind, Outcome, Role, State


@pytest.fixture
def case(office: Office, now: datetime) -> Case:
    """A case that was answered a minute ago."""
    return office.case_in(State.ANSWERED, now - timedelta(minutes=1))


@pytest.fixture
def send(client: Client, office: Office) -> Send:
    return sender(client, office)


@pytest.fixture(autouse=True)
def _empty_storage(app: Flask) -> None:
    for name in ("files", "previews"):
        shutil.rmtree(app.extensions["settings"].instance / name, ignore_errors=True)


def test_whoever_may_not_see_the_case_finds_no_file(
    client: Client, case: Case, office: Office, now: datetime, send: Send
) -> None:
    other = make_office("Huyện ủy Gia Lâm")
    denunciation = office.log(now, kind=Kind.DENUNCIATION)
    outsiders = [
        (case, other.user(Role.COORDINATOR)),
        (case, make_user(Role.AGENCY_HEAD, office.other_agency)),
        (denunciation, office.user(Role.RECEPTION_OFFICER)),
    ]
    for seen, user in outsiders:
        file = sent(send(seen, Role.COORDINATOR))
        client.sign_in(user)
        for address in ("", "/preview", "/removals/new"):
            assert client.get(f"/files/{file.id}{address}").status_code == 404
        answer = client.post(f"/files/{file.id}/removals", data={"reason": "x"})
        assert answer.status_code == 404
        answer = client.post(f"/cases/{seen.id}/files", data={"file": (BytesIO(b"x"), "x.txt")})
        assert answer.status_code == 404
        assert file.removed_at is None


def test_an_auditor_reads_and_sends_nothing(
    client: Client, case: Case, send: Send, office: Office
) -> None:
    file = sent(send(case))
    assert send(case, Role.AUDITOR).status_code == 403
    page = page_of(client.get(f"/cases/{case.id}"))
    assert page.select("form[enctype]") == []
    assert page.select(f"a[href='/files/{file.id}/removals/new']") == []
    assert client.get(f"/files/{file.id}").status_code == 200
    with pytest.raises(NotAllowed):
        service.attach(
            case.id,
            actor=office.viewer(Role.AUDITOR),
            file=BytesIO(samples.pdf()),
            name="a.pdf",
            now=file.recorded_at,
        )


def test_a_file_goes_with_a_reason_and_its_content_stays(
    app: Flask, client: Client, case: Case, send: Send
) -> None:
    file = sent(send(case))
    page = page_of(client.get(f"/files/{file.id}/removals/new"))
    assert "Bản đồ.pdf" in page.get_text()
    empty = client.post(f"/files/{file.id}/removals", data={"reason": " "})
    assert empty.status_code == 422
    assert "Hãy ghi lý do gỡ tệp." in empty.text
    answer = client.post(f"/files/{file.id}/removals", data={"reason": "Gửi nhầm"})
    page = page_of(client.get(answer.location))
    assert page.select(f"a[href='/files/{file.id}']") == []
    newest = " ".join(page.select(".story > li")[0].get_text().split())
    assert newest.startswith("Gỡ tệp, 02/03/2026")
    assert newest.endswith("Bản đồ.pdf Gửi nhầm")
    for address in ("", "/preview", "/removals/new"):
        assert client.get(f"/files/{file.id}{address}").status_code == 404
    assert len(contents(app)) == 1
    # What was taken away may be sent again.
    assert sent(send(case)).id != file.id


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR])
def test_what_was_taken_away_stays_readable_for_who_answers_for_it(
    client: Client, case: Case, office: Office, send: Send, role: Role
) -> None:
    file = sent(send(case))
    client.post(f"/files/{file.id}/removals", data={"reason": "Gửi nhầm"})
    client.sign_in(office.user(role))
    page = page_of(client.get(f"/cases/{case.id}"))
    link = page.select_one(f"a[href='/files/{file.id}']")
    assert link is not None
    assert link.parent is not None
    assert "đã gỡ" in link.parent.get_text()
    assert client.get(f"/files/{file.id}").data == PAPER
    assert client.get(f"/files/{file.id}/removals/new").status_code in {403, 404}
    assert page.select(f"a[href='/files/{file.id}/removals/new']") == []


def test_after_the_end_only_the_coordinator_takes_files_away(
    client: Client, case: Case, office: Office, send: Send, now: datetime
) -> None:
    file = sent(send(case))
    coordinator = office.viewer(Role.COORDINATOR)
    service.close(case.id, actor=coordinator, outcome=Outcome.RESOLVED, now=now)
    page = page_of(client.get(f"/cases/{case.id}"))
    assert page.select(f"a[href='/files/{file.id}']") != []
    assert page.select(f"a[href='/files/{file.id}/removals/new']") == []
    answer = client.post(f"/files/{file.id}/removals", data={"reason": "x"})
    assert answer.status_code == 403
    client.sign_in(office.user(Role.COORDINATOR))
    assert client.post(f"/files/{file.id}/removals", data={"reason": "x"}).status_code == 302


def test_to_an_answer_only_its_unit_adds(case: Case, office: Office, send: Send) -> None:
    answer = db.session.scalars(select(Answer)).one()
    for role in (Role.RECEPTION_OFFICER, Role.COORDINATOR):
        assert send(case, role, answer_id=str(answer.id)).status_code == 422
        with pytest.raises(Refused, match="Chỉ đơn vị đã trả lời"):
            service.attach(
                case.id,
                actor=office.viewer(role),
                file=BytesIO(PAPER),
                name="a.pdf",
                now=answer.recorded_at,
                answer_id=answer.id,
            )
    assert sent(send(case, answer_id=str(answer.id))).answer_id == answer.id


def test_a_unit_keeps_the_files_that_it_sent(
    client: Client, case: Case, office: Office, send: Send, now: datetime
) -> None:
    own, other = sent(send(case)), sent(send(case, Role.COORDINATOR, b"Cua noi khac", "khac.txt"))
    case.confidentiality = Confidentiality.CONFIDENTIAL
    db.session.commit()
    coordinator = office.viewer(Role.COORDINATOR)
    service.close(case.id, actor=coordinator, outcome=Outcome.RESOLVED, now=now)
    client.sign_in(office.user(Role.AGENCY_WORKER))
    page = page_of(client.get(f"/cases/{case.id}"))
    links = page.select("section[aria-labelledby=files] a")
    assert [link.get_text() for link in links] == ["Bản đồ.pdf"]
    assert client.get(f"/files/{own.id}").data == PAPER
    assert client.get(f"/files/{other.id}").status_code == 404
    assert client.get(f"/files/{own.id}/removals/new").status_code == 404
    client.sign_in(make_user(Role.AGENCY_HEAD, office.other_agency))
    assert client.get(f"/files/{own.id}").status_code == 404


def test_only_ones_own_file_goes_or_the_coordinator_takes_it(
    client: Client, case: Case, office: Office, send: Send, now: datetime
) -> None:
    file = sent(send(case, Role.AGENCY_HEAD))
    client.sign_in(office.user(Role.AGENCY_WORKER))
    page = page_of(client.get(f"/cases/{case.id}"))
    assert page.select(f"a[href='/files/{file.id}/removals/new']") == []
    answer = client.post(f"/files/{file.id}/removals", data={"reason": "x"})
    assert answer.status_code == 403
    assert "Chỉ người đã gửi tệp hoặc điều phối viên" in answer.text
    client.sign_in(office.user(Role.COORDINATOR))
    assert client.post(f"/files/{file.id}/removals", data={"reason": "x"}).status_code == 302


@pytest.mark.parametrize("answer_id", ["00000000-0000-7000-8000-000000000000", "x"])
def test_an_answer_of_another_case_is_no_choice(case: Case, send: Send, answer_id: str) -> None:
    answer = send(case, answer_id=answer_id)
    assert answer.status_code == 422
    assert "Hãy chọn một mục trong danh sách." in answer.text
    assert count(Attachment) == 0
