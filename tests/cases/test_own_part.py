"""What a unit keeps of a case that has left its desk."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.cases.conftest import Visitor
from tests.factories import Office, make_user
from tracker.cases import listing, queries, service
from tracker.cases.models import Case, CaseVersion
from tracker.core.db import db
from tracker.rules.access import Confidentiality
from tracker.rules.workflow import Kind, Outcome, Role, State
from tracker.units.models import User

Visit = Callable[[Role], Visitor]


@pytest.fixture
def supporting(office: Office) -> User:
    """The head of the unit that supports the one in charge."""
    return make_user(Role.AGENCY_HEAD, office.other_agency)


def words(page: object) -> str:
    return " ".join(page.select_one("main").text.split())


def assign(office: Office, case: Case, now: datetime, asked: str = "") -> None:
    service.assign(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        lead_id=office.agency.id,
        supporting_ids=[office.other_agency.id],
        asked=asked,
        now=now,
    )


def test_what_was_returned_shows_its_own_part_only(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.log(now, content="Nội dung mật", note="Lời ghi mật")
    coordinator = office.viewer(Role.COORDINATOR)
    assign(office, case, now, asked="Kiểm tra đèn")
    at_agency = office.viewer(Role.AGENCY_WORKER)
    service.comment(case.id, actor=coordinator, text="Điều phối ghi riêng", now=now)
    service.comment(case.id, actor=at_agency, text="Đã đến xem", now=now)
    service.send_back(case.id, actor=at_agency, reason="Đèn của quận bên", now=now)
    service.comment(case.id, actor=coordinator, text="Về sau mới ghi", now=now)
    page = visit(Role.AGENCY_WORKER).get(f"/cases/{case.id}")
    text = words(page)
    for own in (case.code, "Kiểm tra đèn", "Đã đến xem", "Đèn của quận bên", "trả lại 02/03/2026"):
        assert own in text, own
    for other in ("mật", "Điều phối ghi riêng", "Về sau mới ghi", office.committee.name):
        assert other not in text.replace(office.agency.name, ""), other
    assert page.select("main form") == []
    assert words(visit(Role.AGENCY_WORKER).get(f"/cases?q={case.code}")) == text


def test_a_case_that_was_closed_leaves_the_supporting_unit(
    office: Office, now: datetime, supporting: User, client, visit: Visit
) -> None:
    case = office.log(now, content="Nội dung mật")
    assign(office, case, now)
    client.sign_in(supporting)
    assert "Nội dung mật" in Visitor(client).get(f"/cases/{case.id}").text
    answer_and_close(office, case, now)
    client.sign_in(supporting)
    text = words(Visitor(client).get(f"/cases/{case.id}"))
    assert case.code in text
    assert "mật" not in text
    assert "Đã thay bóng đèn" not in text


@pytest.mark.parametrize(
    ("confidentiality", "keeps_all"),
    [
        (Confidentiality.NORMAL, True),
        (Confidentiality.CONFIDENTIAL, False),
        (Confidentiality.DENUNCIATION, False),
    ],
)
def test_the_unit_in_charge_keeps_a_closed_case_for_its_figures_unless_it_is_protected(
    office: Office,
    now: datetime,
    visit: Visit,
    confidentiality: Confidentiality,
    keeps_all: bool,
) -> None:
    case = office.log(now, content="Nội dung mật")
    assign(office, case, now)
    answer_and_close(office, case, now)
    case.confidentiality = confidentiality
    db.session.commit()
    text = words(visit(Role.AGENCY_HEAD).get(f"/cases/{case.id}"))
    assert "Đã thay bóng đèn" in text
    assert ("Nội dung mật" in text) == keeps_all
    assert len(listing.page(office.viewer(Role.AGENCY_HEAD)).rows) == keeps_all


def test_what_became_a_denunciation_is_closed_to_whom_it_was_open(
    office: Office, now: datetime, visit: Visit
) -> None:
    case = office.log(now)
    assign(office, case, now)
    case.kind, case.confidentiality = Kind.DENUNCIATION, Confidentiality.DENUNCIATION
    db.session.commit()
    for role in (Role.AGENCY_WORKER, Role.AUDITOR, Role.RECEPTION_OFFICER):
        visit(role).get(f"/cases/{case.id}", status=404)
        rows = listing.page(office.viewer(role), table=CaseVersion).rows
        assert rows == [], f"{role} still sees it as it was recorded"
    assert len(listing.page(office.viewer(Role.LEADER), table=CaseVersion).rows) == 1


def said_of_sight(page: object) -> str:
    """What stands under "Ai được xem"."""
    return words(page).partition("Ai được xem")[2]


def test_who_sees_it_follows_the_assignments(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(now)
    agency, other = office.agency.name, office.other_agency.name
    assert "được giao" not in said_of_sight(visit(Role.COORDINATOR).get(f"/cases/{case.id}"))
    assign(office, case, now)
    said = said_of_sight(visit(Role.COORDINATOR).get(f"/cases/{case.id}"))
    assert f"Nơi đang được giao, {agency}, {other} và cấp trên: chuyên viên đơn vị," in said
    assert "Quản trị: chỉ khi xem như một người được xem; mỗi lần đều được ghi lại." in said
    answer_and_close(office, case, now)
    said = said_of_sight(visit(Role.COORDINATOR).get(f"/cases/{case.id}"))
    assert f"Nơi đã giải quyết, {agency} và cấp trên: chuyên viên đơn vị," in said
    assert f"Nơi từng được giao, {other}: chỉ xem lại phần của mình" in said
    case.confidentiality = Confidentiality.DENUNCIATION
    db.session.commit()
    said = said_of_sight(visit(Role.COORDINATOR).get(f"/cases/{case.id}"))
    assert f"Nơi từng được giao, {agency}, {other}: chỉ xem lại phần của mình" in said
    assert "Nơi đã giải quyết" not in said
    assert "Quản trị: không, kể cả khi xem như người khác; nhưng trao vai trò" in said


def test_what_was_typed_too_late_is_not_lost(office: Office, now: datetime, visit: Visit) -> None:
    case = office.log(now)
    assign(office, case, now)
    reason = "Thuộc quận bên"
    service.send_back(case.id, actor=office.viewer(Role.AGENCY_HEAD), reason=reason, now=now)
    page = visit(Role.AGENCY_WORKER).post(
        f"/cases/{case.id}/answers",
        status=403,
        text="Câu trả lời gõ mãi mới xong",
        outcome="resolved",
        answered_on="02/03/2026",
    )
    assert "Câu trả lời gõ mãi mới xong" in words(page)


def answer_and_close(office: Office, case: Case, now: datetime) -> None:
    later = now + timedelta(minutes=1)
    service.answer(
        case.id,
        actor=office.viewer(Role.AGENCY_WORKER),
        text="Đã thay bóng đèn",
        answered_on=now.date(),
        outcome=Outcome.RESOLVED,
        now=later,
    )
    coordinator = office.viewer(Role.COORDINATOR)
    service.close(case.id, actor=coordinator, outcome=Outcome.RESOLVED, now=later)
    found = queries.find(coordinator, case.id)
    assert found is not None
    assert found.state == State.CLOSED
