"""Whose visit it was: found again, shown on record, corrected, merged, and a denouncer apart."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

import pytest

from tests.application import Client
from tests.cases.conftest import Visitor
from tests.factories import Office, make_office, make_user
from tracker.cases import persons, service
from tracker.cases.models import Case, Submission
from tracker.core.db import db, new_id
from tracker.core.errors import NotAllowed, Refused
from tracker.people.models import Person, PersonCorrection, PersonMerge, PersonReading
from tracker.people.sealing import Particulars, unseal, unseal_correction
from tracker.reception.models import Event
from tracker.reception.service import Entered, enter
from tracker.rules.access import Confidentiality
from tracker.rules.workflow import Kind, Role
from tracker.units.queries import Viewer

Visit = Callable[[Role], Visitor]
NHUNG = Particulars("Nguyễn Thị Hồng Nhung", "0912345678", "001185012345", "20 Ngọc Lâm")


@pytest.fixture
def bring(office: Office, event: Event, now: datetime) -> Callable[..., Case]:
    """`bring(particulars, by=…)`: a case that the person with these particulars brought."""

    def bring(
        particulars: Particulars,
        by: Role | Viewer = Role.RECEPTION_OFFICER,
        kind: Kind = Kind.RECOMMENDATION,
        **given: object,
    ) -> Case:
        wanted = {"id": new_id(), "kind": kind, "content": "Cống tắc"} | given
        actor = by if isinstance(by, Viewer) else office.viewer(by)
        entered = Entered(**wanted, particulars=particulars)
        return enter(event.id, entered, actor=actor, now=now)

    return bring


def turn_of(case: Case) -> Submission:
    """The turn with which the case began."""
    turns = db.session.query(Submission).filter_by(case_id=case.id)
    return turns.order_by(Submission.recorded_at, Submission.id).first()


def person_of(case: Case) -> UUID:
    db.session.expire_all()
    return turn_of(case).person_id


def address(case: Case, verb: str) -> str:
    return f"/cases/{case.id}/turns/{turn_of(case).id}/{verb}"


def opened(case: Case, actor: Viewer, now: datetime, reason: str = "") -> list[Particulars]:
    turn = turn_of(case)
    return service.open_person(case.id, turn.id, actor=actor, reason=reason, now=now).known


def test_the_same_paper_is_the_same_person_and_nothing_known_is_lost(bring) -> None:
    first = bring(NHUNG)
    second = bring(Particulars("Nguyễn Hồng Nhung", "0987654321", NHUNG.identity))
    assert person_of(first) == person_of(second)
    person = db.session.get_one(Person, person_of(first))
    assert unseal(person) == Particulars(
        "Nguyễn Hồng Nhung", "0987654321", NHUNG.identity, NHUNG.address
    )
    [correction] = db.session.query(PersonCorrection).all()
    assert unseal_correction(correction)[0] == NHUNG


@pytest.mark.parametrize(
    "other",
    [
        Particulars("Trần Văn Hùng", NHUNG.telephone),
        Particulars("", NHUNG.telephone),
        Particulars(NHUNG.name, NHUNG.telephone, "001185099999"),
        Particulars(NHUNG.name, "", "", NHUNG.address),
    ],
    ids=["another name", "no name", "another paper", "no number"],
)
def test_what_doesn_t_make_the_same_person_is_not_merged(bring, other: Particulars) -> None:
    assert person_of(bring(NHUNG)) != person_of(bring(other))
    assert db.session.query(PersonCorrection).count() == 0


def test_the_same_item_without_a_number_sent_twice_is_one_person(bring) -> None:
    item = new_id()
    for _sent in range(2):
        bring(Particulars("Nguyễn Thị Hồng Nhung"), id=item)
    assert db.session.query(Person).count() == 1


def test_who_denounces_and_who_brings_something_else_are_two(bring) -> None:
    denunciation = bring(NHUNG, Role.COORDINATOR, Kind.DENUNCIATION)
    normal = bring(Particulars("", "", NHUNG.identity))
    again = bring(NHUNG, Role.COORDINATOR, Kind.DENUNCIATION)
    by_coordinator = bring(NHUNG, Role.COORDINATOR)
    assert person_of(denunciation) == person_of(again)
    assert person_of(normal) == person_of(by_coordinator) != person_of(denunciation)
    known = unseal(db.session.get_one(Person, person_of(denunciation)))
    assert known == NHUNG


def test_who_is_known_only_through_what_one_may_not_see_is_not_known(
    bring, office: Office, now: datetime
) -> None:
    hidden = bring(NHUNG, Role.COORDINATOR)
    service.reclassify(
        hidden.id,
        actor=office.viewer(Role.COORDINATOR),
        kind=Kind.RECOMMENDATION,
        confidentiality=Confidentiality.CONFIDENTIAL,
        field_id=None,
        reason="Việc nhạy cảm",
        now=now,
    )
    officer = office.viewer(Role.RECEPTION_OFFICER)
    assert persons.matches(officer, NHUNG) == []
    seen = bring(Particulars("", "", NHUNG.identity))
    assert opened(seen, officer, now) == [Particulars(identity=NHUNG.identity)]
    assert len(persons.matches(office.viewer(Role.COORDINATOR), NHUNG)) == 2


def test_a_case_that_became_a_denunciation_changes_nothing_for_those_who_see_it_no_more(
    bring, office: Office, now: datetime
) -> None:
    officer = office.viewer(Role.RECEPTION_OFFICER)
    normal, later = bring(NHUNG), bring(NHUNG, Role.COORDINATOR)
    assert person_of(normal) == person_of(later)
    without = persons.matches(officer, NHUNG)[:1]
    service.reclassify(
        later.id,
        actor=office.viewer(Role.COORDINATOR),
        kind=Kind.DENUNCIATION,
        confidentiality=Confidentiality.DENUNCIATION,
        field_id=None,
        reason="Thực ra là tố cáo",
        now=now,
    )
    assert persons.matches(officer, NHUNG) == without
    assert opened(normal, officer, now) == [NHUNG]
    with pytest.raises(Refused, match="lý do"):
        opened(normal, office.viewer(Role.COORDINATOR), now)
    assert person_of(bring(NHUNG)) == person_of(normal)
    assert person_of(bring(NHUNG, Role.COORDINATOR, Kind.DENUNCIATION)) != person_of(normal)


def test_earlier_visits_are_found_by_a_number_as_it_is_said(
    bring, client: Client, office: Office
) -> None:
    first, second = bring(NHUNG), bring(NHUNG)
    other = bring(Particulars("Trần Văn Hùng", NHUNG.telephone))
    bring(Particulars("Lê An", "0977777777"))
    bring(NHUNG, Role.COORDINATOR, Kind.DENUNCIATION)
    client.sign_in(office.user(Role.COORDINATOR))
    answer = client.post(
        "/persons/matches",
        data={"telephone": "+84 912 345 678", "identity": "12"},
        headers={"Accept": "application/json"},
    )
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert [visit["code"] for visit in answer.json["visits"]] == [
        case.code for case in (first, second, other)
    ]
    assert answer.json["visits"][0] == {
        "day": "02/03/2026",
        "code": first.code,
        "content": "Cống tắc",
        "state": "Tiếp nhận",
        "address": f"/cases/{first.id}",
    }
    assert answer.json["persons"] == 2
    assert list(answer.json["warnings"]) == ["identity"]
    assert "Nhung" not in answer.text
    as_part = client.post(
        "/persons/matches", data={"telephone": NHUNG.telephone}, headers={"HX-Request": "true"}
    )
    assert first.code in as_part.text
    assert "2 người khác nhau" in as_part.text
    assert "<html" not in as_part.text
    nobody = client.post(
        "/persons/matches", data={"telephone": "0900000000"}, headers={"HX-Request": "true"}
    )
    assert nobody.text.strip() == ""


def test_others_don_t_learn_that_somebody_is_known(bring, client: Client, now: datetime) -> None:
    bring(NHUNG)
    for stranger in (
        make_office("Huyện ủy Gia Lâm").user(Role.COORDINATOR),
        make_user(Role.LEADER, make_office("Quận ủy Hoàn Kiếm").committee),
    ):
        client.sign_in(stranger)
        for number in (NHUNG.telephone, "0900000000"):
            answer = client.post(
                "/persons/matches",
                data={"telephone": number},
                headers={"Accept": "application/json"},
            )
            assert answer.json == {"visits": [], "persons": 0, "warnings": {}}


def test_who_brought_it_is_shown_on_record(bring, office: Office, visit: Visit) -> None:
    case = bring(NHUNG)
    officer = visit(Role.RECEPTION_OFFICER)
    page = officer.get(f"/cases/{case.id}")
    assert "Nhung" not in page.text
    [form] = page.select(f"form[action='{address(case, 'readings')}']")
    assert form.text.strip() == "Xem người phản ánh"
    page = officer.post(address(case, "readings"))
    for word in ("Nguyễn Thị Hồng Nhung", "0912345678", "001185012345", "20 Ngọc Lâm", case.code):
        assert word in page.text
    [reading] = db.session.query(PersonReading).all()
    user = office.user(Role.RECEPTION_OFFICER)
    assert (reading.user_id, reading.case_id) == (user.id, case.id)
    record = visit(Role.AUDITOR).get("/record").text
    assert f"{user.name} {case.code}" in " ".join(record.split())
    assert "Nhung" not in record


def test_persons_cost_a_case_s_page_nothing(
    bring, client: Client, visit: Visit, statements: list[str]
) -> None:
    case = bring(NHUNG)
    for number in range(20):
        bring(Particulars("Ai", f"09123456{number:02}"), joins=case.id, content="")
    officer = visit(Role.RECEPTION_OFFICER)
    statements.clear()
    page = officer.get(f"/cases/{case.id}")
    assert 0 < len(statements) <= 8
    assert len(page.select("form[action$='/readings']")) == 21
    packed = client.get(f"/cases/{case.id}", headers={"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br"
    assert len(packed.data) < 12_000


def test_a_denouncer_is_shown_for_a_reason_only(bring, office: Office, visit: Visit) -> None:
    case = bring(NHUNG, Role.COORDINATOR, Kind.DENUNCIATION)
    assert visit(Role.RECEPTION_OFFICER).send(address(case, "readings"), reason="Xem") == 404
    leader = visit(Role.LEADER)
    page = leader.post(address(case, "readings"), status=422)
    assert page.select_one("[name=reason]")
    assert not page.select(".complaint")
    assert leader.post(address(case, "readings"), status=422, reason=" ").select(".complaint")
    assert db.session.query(PersonReading).count() == 0
    assert "Nhung" in leader.post(address(case, "readings"), reason="Mời đối thoại").text
    assert "Mời đối thoại" in leader.get("/record").text
    assert case.code not in visit(Role.AUDITOR).get("/record").text


@pytest.mark.parametrize("role", [Role.AGENCY_WORKER, Role.AGENCY_HEAD, Role.AUDITOR])
def test_those_who_need_not_know_are_shown_nobody(
    bring, office: Office, now: datetime, visit: Visit, role: Role
) -> None:
    case = bring(NHUNG)
    coordinator = office.viewer(Role.COORDINATOR)
    service.assign(case.id, actor=coordinator, lead_id=office.agency.id, now=now)
    visitor = visit(role)
    assert "người phản ánh" not in visitor.get(f"/cases/{case.id}").text
    assert visitor.send(address(case, "readings")) == 403


def test_seeing_as_somebody_shows_nobody(bring, client: Client, office: Office) -> None:
    case = bring(NHUNG)
    client.sign_in(office.user(Role.ADMINISTRATOR))
    seen = {"user_id": office.user(Role.COORDINATOR).id, "reason": "Giúp"}
    assert client.post("/seeing", data=seen).status_code == 302
    page = client.get(f"/cases/{case.id}")
    assert page.status_code == 200
    assert "người phản ánh" not in page.text
    assert client.get("/persons/matches").status_code == 403
    for sent in (address(case, "readings"), "/persons/matches"):
        answer = client.post(sent, data={"telephone": NHUNG.telephone, "reason": "Giúp"})
        assert answer.status_code == 403
        assert case.code not in answer.text
    assert db.session.query(PersonReading).count() == 0


def test_what_was_written_wrong_is_corrected_and_stays_on_record(bring, visit: Visit) -> None:
    case = bring(NHUNG)
    officer = visit(Role.RECEPTION_OFFICER)
    page = officer.post(address(case, "readings"))
    shown = {field["name"]: field["value"] for field in page.select("main input[value]")}
    assert (shown["name"], shown["identity"]) == (NHUNG.name, NHUNG.identity)
    officer.post(address(case, "corrections"), name="Nguyễn Thị Nhung", telephone="0987 654 321")
    page = officer.post(address(case, "readings"))
    assert page.select_one("main dl.pairs dd").text == "Nguyễn Thị Nhung"
    assert NHUNG.identity in page.select_one("details del").text
    page = officer.post(address(case, "corrections"), status=422, name=" ")
    assert "ít nhất một" in page.select_one(".complaint").text
    assert visit(Role.LEADER).send(address(case, "corrections"), name="Ai") == 403
    found = officer.post("/persons/matches", telephone="0987654321")
    assert case.code in found.text
    assert case.code not in officer.post("/persons/matches", telephone=NHUNG.telephone).text


def test_two_are_merged_and_parted_again(bring, office: Office, visit: Visit) -> None:
    by_telephone = Particulars("Nhung", NHUNG.telephone)
    first, second = bring(NHUNG), bring(by_telephone)
    assert visit(Role.RECEPTION_OFFICER).send(address(first, "merges")) == 403
    coordinator = visit(Role.COORDINATOR)
    page = coordinator.post(address(first, "readings"))
    [option] = page.select("[name=other_id] option[value!='']")
    assert second.code in option.text
    other = person_of(second)
    page = coordinator.post(address(first, "merges"), status=422, other_id=option["value"])
    assert "lý do" in page.select_one(".complaint").text
    coordinator.post(address(first, "merges"), other_id=option["value"], reason="Cùng số, đã hỏi")
    kept = person_of(first)
    assert person_of(second) == kept
    page = coordinator.post(address(second, "readings"))
    assert [name.text for name in page.select("main dl.pairs dd:first-of-type")] == [
        NHUNG.name,
        "Nhung",
    ]
    assert {first.code, second.code} <= set(page.text.split())
    third = bring(by_telephone)
    assert person_of(third) == kept
    merge = db.session.query(PersonMerge).one()
    coordinator.post(address(first, f"merges/{merge.id}/undo"))
    assert [person_of(case) for case in (first, second, third)] == [kept, other, kept]
    db.session.refresh(merge)
    assert (merge.undone_by_id, merge.reason) == (
        office.user(Role.COORDINATOR).id,
        "Cùng số, đã hỏi",
    )
    assert person_of(bring(by_telephone)) == other


def test_merges_one_after_another_are_undone_the_other_way_round(
    bring, office: Office, now: datetime
) -> None:
    names = ("Nhung", "Hồng Nhung", "Chị Nhung")
    cases = [bring(Particulars(name, NHUNG.telephone)) for name in names]
    before = [person_of(case) for case in cases]
    actor = office.viewer(Role.COORDINATOR)

    def merge(case: Case, into: Case) -> UUID:
        turn, other = turn_of(into), person_of(case)
        service.merge_persons(
            into.id, turn.id, other_id=other, actor=actor, reason="Là một", now=now
        )
        made = db.session.query(PersonMerge).filter_by(person_id=other, undone_at=None)
        return made.one().id

    def undo(merge_id: UUID, case: Case) -> None:
        turn = turn_of(case)
        service.unmerge_persons(case.id, turn.id, merge_id=merge_id, actor=actor, now=now)

    first = merge(cases[0], cases[1])
    second = merge(cases[1], cases[2])
    assert {person_of(case) for case in cases} == {before[2]}
    assert [each.name for each in opened(cases[0], actor, now)] == [names[2], *names[:2]]
    with pytest.raises(Refused):
        undo(first, cases[2])
    undo(second, cases[2])
    assert [person_of(case) for case in cases] == [before[1], before[1], before[2]]
    undo(first, cases[1])
    assert [person_of(case) for case in cases] == before
    with pytest.raises(NotAllowed):
        undo(first, cases[2])


def test_a_denouncer_is_merged_with_nobody_else(bring, office: Office, now: datetime) -> None:
    denunciation = bring(NHUNG, Role.COORDINATOR, Kind.DENUNCIATION)
    normal = bring(NHUNG)
    actor = office.viewer(Role.COORDINATOR)
    for case, other in ((normal, denunciation), (denunciation, normal)):
        with pytest.raises(Refused, match="tố cáo"):
            service.merge_persons(
                case.id,
                turn_of(case).id,
                other_id=person_of(other),
                actor=actor,
                reason="Là một",
                now=now,
            )
    brought = persons.find_brought(actor, normal.id, turn_of(normal).id)
    assert persons.others_like(actor, brought) == {}
