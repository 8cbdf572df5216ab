"""Quick entry: what stays, what is proposed and by which cases, what is taken back."""

import io
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import event as sql_event

from tests.application import Client
from tests.cases import samples
from tests.cases.conftest import Visitor
from tests.factories import Office, make_named, make_office
from tracker.cases import service as cases
from tracker.cases.models import Area, Attachment, Case, Entry, Field, Submission
from tracker.core.db import db, new_id
from tracker.people.models import Person
from tracker.reception.models import Event
from tracker.rules.workflow import Kind, Role, State

Visit = Callable[[Role], Visitor]
LAMP = "Đèn đường hỏng ở ngõ 20 phố Ngọc Lâm, tối rất nguy hiểm"
PERSON = {"name": "Nguyễn Thị Hồng Nhung", "telephone": "0912345678"}
MOST_QUERIES, MOST_BYTES = 8, 12_000


@pytest.fixture(autouse=True)
def _nothing_learnt(app: Flask) -> None:
    app.extensions.pop("past_cases", None)


@pytest.fixture
def officer(visit: Visit) -> Visitor:
    return visit(Role.RECEPTION_OFFICER)


@pytest.fixture
def statements() -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    sql_event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    sql_event.remove(db.engine, "before_cursor_execute", note)


def address(event: Event, resource: str) -> str:
    return f"/events/{event.id}/{resource}"


def log(officer: Visitor, event: Event, status: int = 200, **given: Any) -> BeautifulSoup:
    wanted = {"entry_id": str(new_id()), "content": LAMP, "kind": "recommendation"} | given
    return officer.post(address(event, "entries"), status, **wanted)


def value(page: BeautifulSoup, name: str) -> str:
    field = page.select_one(f"#entry [name={name}]")
    assert field is not None
    if field.name == "select":
        return str(field.select_one("option[selected]").get("value", ""))
    return field.text.strip() if field.name == "textarea" else str(field.get("value", ""))


def suggested(officer: Visitor, event: Event, content: str, **given: str) -> BeautifulSoup:
    return officer.post(address(event, "suggestions"), content=content, **given)


def proposed(page: BeautifulSoup, name: str) -> list[tuple[str, str]]:
    """What is proposed for the field, each with its reason."""
    return [
        (button.text, button.find_next_sibling("span").text)
        for button in page.select(f"[data-proposes={name}]")
    ]


@pytest.mark.parametrize(
    ("kind", "form", "usual"),
    [
        ("reception", "periodic", "recommendation"),
        ("voter_meeting", None, "voter"),
        ("briefing", None, "opinion"),
        ("supervision", None, "supervision"),
    ],
)
def test_the_kind_is_that_of_the_meeting(
    officer: Visitor, event: Event, kind: str, form: str | None, usual: str
) -> None:
    event.kind, event.form = kind, form
    assert value(officer.get(address(event, "entry")), "kind") == usual


def test_kind_and_area_stay_and_nothing_else(officer: Visitor, event: Event) -> None:
    area = str(make_named(Area, "Ngọc Lâm"))
    page = log(officer, event, area_id=area, kind="complaint", persons="7", note="Gấp", **PERSON)
    assert (value(page, "kind"), value(page, "area_id")) == ("complaint", area)
    assert [value(page, name) for name in ("content", "name", "telephone", "note")] == [""] * 4
    assert value(page, "persons") == "1"
    assert "đoàn đông người" in page.select_one("#logged").text


def test_the_person_stays_where_that_is_asked_for(officer: Visitor, event: Event) -> None:
    page = log(officer, event, keep_person="y", **PERSON)
    assert "PA-2026-00001" in page.select_one("#notices").text
    assert {name: value(page, name) for name in PERSON} == PERSON
    assert page.select_one("#entry [name=keep_person][checked]")
    assert value(page, "content") == ""
    log(officer, event, entry_id=value(page, "entry_id"), **PERSON)
    assert db.session.query(Case).count() == 2
    assert db.session.query(Person).count() == 1


def test_of_somebody_anonymous_nothing_is_kept(officer: Visitor, event: Event) -> None:
    log(officer, event, is_anonymous="y", **PERSON)
    assert db.session.query(Person).count() == 0
    assert db.session.query(Submission).one().person_id is None


def test_odd_numbers_are_told_and_taken(officer: Visitor, event: Event) -> None:
    page = log(officer, event, telephone="123", identity="12")
    assert "số di động" in page.select_one("#notices").text
    assert "hộ chiếu" in page.select_one("#notices").text
    assert db.session.query(Person).count() == 1


def test_field_area_and_agency_are_proposed_with_their_reasons(
    office: Office, officer: Visitor, event: Event, now: datetime
) -> None:
    lights, area = make_named(Field, "Chiếu sáng"), make_named(Area, "Gia Thụy")
    make_named(Area, "Bồ Đề")
    past = office.case_in(State.ASSIGNED, now, content=LAMP, field_id=lights, area_id=area)
    page = suggested(officer, event, "Đèn đường ngõ 20 phố Ngọc Lâm hỏng")
    assert proposed(page, "field_id") == [("Chiếu sáng", f"giống {past.code}")]
    assert proposed(page, "area_id") == [("Gia Thụy", f"giống {past.code}")]
    assert proposed(page, "proposed_unit_id") == [(office.agency.name, f"giống {past.code}")]
    page = suggested(officer, event, "Đèn đường ngõ 20 phố Ngọc Lâm, phường Bồ Đề hỏng")
    assert proposed(page, "area_id")[0] == ("Bồ Đề", "có tên trong nội dung")
    chosen = str(make_named(Field, "Điện lực"))
    assert value(suggested(officer, event, LAMP, field_id=chosen), "field_id") == chosen
    assert proposed(suggested(officer, event, "Xin cấp bìa đỏ"), "field_id") == []


def test_only_cases_within_sight_are_alike_or_propose(
    office: Office, officer: Visitor, event: Event, now: datetime
) -> None:
    field = make_named(Field, "Chiếu sáng")
    make_office("Huyện ủy Gia Lâm").log(now, content=LAMP, field_id=field)
    office.log(now, content=LAMP, field_id=field, kind=Kind.DENUNCIATION)
    page = suggested(officer, event, LAMP)
    assert not page.select("#suggestions li")
    assert proposed(page, "field_id") == []


def test_a_case_that_was_learnt_from_and_is_closed_to_one_since_has_no_voice(
    office: Office, officer: Visitor, event: Event, now: datetime
) -> None:
    past = office.log(now, content=LAMP, field_id=make_named(Field, "Chiếu sáng"))
    assert len(proposed(suggested(officer, event, LAMP), "field_id")) == 1
    past.confidentiality = "confidential"
    db.session.commit()
    assert proposed(suggested(officer, event, LAMP), "field_id") == []


def test_another_citizen_with_the_same_matter_is_another_turn(
    office: Office, officer: Visitor, event: Event, now: datetime
) -> None:
    case = office.log(now, content=LAMP, persons=3)
    page = suggested(officer, event, LAMP)
    button = page.select_one("#suggestions button[name=joins]")
    assert button.text == "3 người đã phản ánh cùng nội dung – gộp lượt"
    assert (button["value"], button["form"]) == (str(case.id), "entry")
    page = log(officer, event, joins=button["value"])
    assert "thêm lượt" in page.select_one("#logged").text
    assert db.session.query(Case).count() == 1
    assert "4 người" in suggested(officer, event, LAMP).select_one("#suggestions button").text


def test_what_was_logged_is_undone_and_restored(officer: Visitor, event: Event) -> None:
    page = log(officer, event)
    assert page.select_one("#logged h2").text == "Đã ghi 1 mục ở buổi này"
    page = officer.post(page.select_one("#logged form")["action"])
    assert page.select_one("#entry")
    assert page.select_one("#logged h2").text == "Đã ghi 0 mục ở buổi này"
    assert page.select_one("#logged del").text == "PA-2026-00001"
    page = officer.post(page.select_one("#logged form")["action"])
    assert page.select_one("#logged h2").text == "Đã ghi 1 mục ở buổi này"
    assert not page.select("#logged del")


def test_a_turn_taken_back_stays_so_when_its_case_is_restored(
    office: Office, officer: Visitor, event: Event, now: datetime
) -> None:
    page = log(officer, event)
    case = db.session.query(Case).one()
    page = log(officer, event, joins=str(case.id))
    for _turn in range(2):
        page = officer.post(page.select_one("#logged form[action$=voidings]")["action"])
    page = officer.post(page.select_one("#logged form[action$=restorings]")["action"])
    assert page.select_one("#logged h2").text == "Đã ghi 1 mục ở buổi này"
    assert len(page.select("#logged del")) == 1


def test_others_do_not_see_or_undo_what_one_logged(
    officer: Visitor, event: Event, visit: Visit
) -> None:
    undo = log(officer, event).select_one("#logged form")["action"]
    coordinator = visit(Role.COORDINATOR)
    assert not coordinator.get(address(event, "entry")).select("#logged form")
    assert coordinator.send(undo) == 404


def test_a_letters_photo_comes_with_its_case_or_nothing_does(
    officer: Visitor, event: Event
) -> None:
    photo = (io.BytesIO(samples.picture("JPEG", (60, 40), "dimgrey")), "Đơn.jpg")
    log(officer, event, photo=photo, files=[(io.BytesIO(b"MZ"), "virus.exe")], status=422)
    assert db.session.query(Case).count() == db.session.query(Attachment).count() == 0
    page = officer.get(address(event, "entry"))
    camera, files = page.select_one("[name=photo]"), page.select_one("[name=files]")
    assert camera["capture"] == "environment"
    assert ".pdf" in files["accept"].split(",")
    photo = (io.BytesIO(samples.picture("JPEG", (60, 40), "dimgrey")), "Đơn.jpg")
    item = str(new_id())
    log(officer, event, photo=photo, entry_id=item)
    again = (io.BytesIO(samples.picture("JPEG", (60, 40), "dimgrey")), "Đơn.jpg")
    log(officer, event, photo=again, entry_id=item)
    [kept] = db.session.query(Attachment)
    assert (kept.name, str(kept.case_id)) == ("Đơn.jpg", item)
    entries = db.session.query(Entry).filter_by(case_id=kept.case_id).order_by(Entry.sequence)
    assert [entry.action for entry in entries] == ["receive", "attach"]


def test_the_agency_proposed_is_chosen_when_the_coordinator_assigns(
    office: Office, officer: Visitor, event: Event, visit: Visit
) -> None:
    log(officer, event, proposed_unit_id=str(office.agency.id))
    case = db.session.query(Case).one()
    assert case.lead_unit_id is None
    page = visit(Role.COORDINATOR).get(f"/cases/{case.id}?form=assign")
    chosen = page.select_one("#assign-lead_id option[selected]")
    assert chosen["value"] == str(office.agency.id)


def test_few_queries_and_bytes(
    office: Office,
    officer: Visitor,
    event: Event,
    now: datetime,
    client: Client,
    statements: list[str],
) -> None:
    for number in range(30):
        log(officer, event, content=f"{LAMP} lần {number}")
    as_part = {"HX-Request": "true"}
    compressed = {"Accept-Encoding": "br"}
    for call in (
        partial(client.get, address(event, "entry"), headers=compressed),
        partial(
            client.post, address(event, "suggestions"), data={"content": LAMP}, headers=as_part
        ),
    ):
        statements.clear()
        answer = call()
        assert len([each for each in statements if not each.startswith("BEGIN")]) <= MOST_QUERIES
        assert len(answer.data) < MOST_BYTES


def test_as_a_part_of_the_page(
    office: Office, officer: Visitor, event: Event, now: datetime, client: Client
) -> None:
    case = office.log(now, content=LAMP)
    as_part = {"HX-Request": "true"}
    answer = client.post(address(event, "suggestions"), data={"content": LAMP}, headers=as_part)
    assert case.code in answer.text
    assert "<html" not in answer.text
    assert answer.text.count('hx-swap-oob="true"') == 4
    cases.void(case.id, actor=office.viewer(Role.COORDINATOR), now=now)
    answer = client.post(address(event, "suggestions"), data={"content": LAMP}, headers=as_part)
    assert case.code not in answer.text


def test_saved_by_a_script(officer: Visitor, event: Event, client: Client) -> None:
    given = {"entry_id": str(new_id()), "content": LAMP, "kind": "voter", "telephone": "1"}
    as_json = {"Accept": "application/json"}
    answer = client.post(address(event, "entries"), data=given, headers=as_json)
    assert (answer.status_code, answer.json["id"]) == (201, given["entry_id"])
    assert answer.json["code"] in answer.json["notice"]
    assert len(answer.json["warnings"]) == 1
    answer = client.post(address(event, "entries"), data={"content": ""}, headers=as_json)
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"content", "kind"}


def test_enter_in_a_field_logs_also_without_scripts(officer: Visitor, event: Event) -> None:
    # Browsers press the first button of the form.
    first = officer.get(address(event, "entry")).select("form#entry button[type=submit]")[0]
    assert first.text == "Ghi nhận"
    assert "formaction" not in first.attrs
