"""A denunciation's secrets, looked for wherever others look: nothing may tell that it exists.

Each secret is a word that stands nowhere else. Pages are asked for before and after the
denunciation came in: to those who may not see it they are the same, to the letter.
"""

import io
import logging
import re
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask
from sqlalchemy import select, true
from werkzeug.routing import AnyConverter, Rule, UnicodeConverter, UUIDConverter
from werkzeug.test import TestResponse

from tests.application import Client
from tests.factories import Office, make_office, make_user
from tracker.cases import numbering, service
from tracker.cases.models import Attachment, CalendarDay, Case, StoredFile, Submission
from tracker.core.db import db, new_id, transaction
from tracker.core.permissions import declared
from tracker.people import service as people
from tracker.people.sealing import Particulars
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import Kind, Outcome, Role, State
from tracker.units.models import User

# The day on which a denunciation that came in today is due.
REST_DAY = date(2026, 4, 1)
# Words of the content and of the file's name that aren't secret, to search for.
LURE = "Nhannguyen"
SECRETS = {
    "content": "Xnoidung7391",
    "note": "Xghichu7392",
    "column": "Xtencot7393",
    "value": "Xgiatri7394",
    "asked": "Xyeucau7395",
    "comment": "Xbinhluan7396",
    "answer": "Xtraloi7397",
    "document": "Xsovanban7398",
    "file": "Xtentep7399",
}
# Who denounced: on no page at all, and found by no number.
DENOUNCER = Particulars("Xhoten7381", "0373817382", "001185737383", "Xdiachi7384")
SECRET = re.compile("|".join([*SECRETS.values(), DENOUNCER.name, DENOUNCER.address]), re.IGNORECASE)
# What questions there are to ask of pages on cases; each takes those that it knows.
QUESTIONS = (
    "",
    f"q={LURE}",
    f"q={SECRETS['document']}",
    "kind=denunciation&due=soon",
    "filters=1",
    "state=answered",
    "measure=received&sort=due&day=20/03/2026",
)
VARIABLE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f-]{21}|[0-9a-f]{32}"  # ids made for new forms
    r'|name="csrf_token"[^>]*>|nonce-[\w-]+|"token": ?"[^"]*"'
)


@dataclass
class Outsider:
    """Somebody who may not see the denunciation; `look_as`: as whom an administrator looks."""

    user: User
    look_as: User | None = None


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def office(session) -> Office:
    return make_office()


OUTSIDERS: dict[str, Callable[[Office], Outsider]] = {
    "coordinator elsewhere": lambda _office: _elsewhere(Role.COORDINATOR),
    "leader elsewhere": lambda _office: _elsewhere(Role.LEADER),
    "head of a unit not asked": lambda office: Outsider(
        make_user(Role.AGENCY_HEAD, office.other_agency)
    ),
    "worker of the unit in charge": lambda office: Outsider(office.user(Role.AGENCY_WORKER)),
    "officer": lambda office: Outsider(office.user(Role.RECEPTION_OFFICER)),
    "auditor": lambda office: Outsider(office.user(Role.AUDITOR)),
    "administrator": lambda office: Outsider(office.user(Role.ADMINISTRATOR)),
    "administrator as the coordinator": lambda office: Outsider(
        office.user(Role.ADMINISTRATOR), office.user(Role.COORDINATOR)
    ),
    "administrator as the head": lambda office: Outsider(
        office.user(Role.ADMINISTRATOR), office.user(Role.AGENCY_HEAD)
    ),
}


def _elsewhere(role: Role) -> Outsider:
    return Outsider(make_office("Huyện ủy Gia Lâm").user(role))


def denounce(office: Office, now: datetime) -> dict[str, UUID]:
    """A denunciation that was answered, with a secret wherever it holds words; ids by argument."""
    coordinator = office.viewer(Role.COORDINATOR)
    head = office.viewer(Role.AGENCY_HEAD)
    case = office.log(
        now,
        kind=Kind.DENUNCIATION,
        content=f"{LURE} {SECRETS['content']}",
        note=SECRETS["note"],
    )
    case.extra = {SECRETS["column"]: SECRETS["value"]}
    service.assign(
        case.id, actor=coordinator, lead_id=office.agency.id, asked=SECRETS["asked"], now=now
    )
    service.comment(case.id, actor=coordinator, text=SECRETS["comment"], now=now)
    service.answer(
        case.id,
        actor=head,
        text=SECRETS["answer"],
        answered_on=now.date(),
        outcome=Outcome.EXPLAINED,
        document_number=SECRETS["document"],
        now=now,
    )
    turn = db.session.query(Submission).filter_by(case_id=case.id).one()
    with transaction():
        turn.person_id = people.remember(
            DENOUNCER,
            unit_id=case.unit_id,
            user_id=coordinator.user_id,
            now=now,
            among=true(),
        )
    digest = "7" * 64
    db.session.add(StoredFile(digest=digest, size=4, media_type="application/pdf", stored_at=now))
    db.session.flush()
    file = Attachment(
        id=new_id(),
        case_id=case.id,
        digest=digest,
        name=f"{SECRETS['file']}.pdf",
        recorded_at=now,
    )
    db.session.add(file)
    db.session.commit()
    return {"case_id": case.id, "file_id": file.id, "turn_id": turn.id}


def addresses(app: Flask, method: str, ids: dict[str, UUID]) -> Iterator[str]:
    """Every address that takes `method`, those on cases with each of the questions."""
    for rule in app.url_map.iter_rules():
        if method not in (rule.methods or set()):
            continue
        permission = declared(app, rule.endpoint) or ""
        takes_questions = method == "GET" and permission.startswith(("case:", "report:"))
        for path in filled(rule, ids):
            for question in QUESTIONS if takes_questions else ("",):
                yield f"{path}?{question}" if question else path


def filled(rule: Rule, ids: dict[str, UUID]) -> Iterator[str]:
    """The addresses of `rule`: each choice it offers, and every id that the denunciation has."""
    choices: list[dict[str, Any]] = [{}]
    for name in sorted(rule.arguments):
        converter = rule._converters[name]
        if isinstance(converter, UUIDConverter):
            values: list[Any] = [ids[name]] if name in ids else list(ids.values())
        elif isinstance(converter, UnicodeConverter):
            values = ["not-signed"]  # links that are somebody else's: tests/chasing
        else:
            assert isinstance(converter, AnyConverter), f"{rule}: give it a value here"
            values = sorted(converter.items)
        choices = [{**each, name: value} for each in choices for value in values]
    for values_of in choices:
        _domain, path = rule.build(values_of) or ("", "")
        yield path


def read(answer: TestResponse) -> str:
    """All that an answer tells: its status, where it leads, its words, also of packed files."""
    body = answer.data
    answer.close()
    if zipfile.is_zipfile(io.BytesIO(body)):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            body = b"".join(packed.read(name) for name in sorted(packed.namelist()))
    told = body.decode("utf-8", "replace")
    headers = [answer.headers.get(name, "") for name in ("Location", "Content-Disposition")]
    return VARIABLE.sub("", " ".join((answer.status, *headers, told)))


def told_to(app: Flask, outsider: Outsider, ids: dict[str, UUID]) -> list[tuple[str, str]]:
    """Each address, and what `outsider` is told there."""
    client = Client(app, app.response_class)
    client.sign_in(outsider.user)
    if outsider.look_as is not None:
        started = client.post("/seeing", data={"user_id": outsider.look_as.id, "reason": "Xem"})
        assert started.status_code == 302
    as_part = {"HX-Request": "true"}
    told = [(address, read(client.get(address))) for address in addresses(app, "GET", ids)]
    told += [
        (f"{address} as a part", read(client.get(address, headers=as_part)))
        for address in ("/cases", f"/cases?q={LURE}", f"/cases/{ids['case_id']}")
    ]
    chosen = {
        "case": f"{ids['case_id']}.1",
        "reason": "Xem",
        "telephone": DENOUNCER.telephone,
        "identity": DENOUNCER.identity,
    }
    return told + [
        (f"posted to {address}", read(client.post(address, data=chosen)))
        for address in addresses(app, "POST", ids)
        if not ends_the_session(address)
    ]


def ends_the_session(address: str) -> bool:
    """Whether the one who sends a form there has to sign in again, or is themself again."""
    return address in {"/sign-out", "/account/sessions/end", "/seeing/end"}


@pytest.mark.parametrize("outsider", OUTSIDERS)
def test_nobody_else_can_tell_that_there_is_a_denunciation(
    app: Flask, office: Office, now: datetime, outsider: str
) -> None:
    office.case_in(State.ANSWERED, now)
    somebody = OUTSIDERS[outsider](office)
    before = told_to(app, somebody, dict.fromkeys(("case_id", "file_id", "turn_id"), new_id()))
    after = told_to(app, somebody, denounce(office, now))
    assert len(before) > 100
    told = []
    for (address, page), (_same, earlier) in zip(after, before, strict=True):
        asked = SECRETS["document"] if SECRETS["document"] in address else None
        if SECRET.search(page.replace(asked, "") if asked else page):
            told.append(("secret", address))
        elif page != earlier and not is_of_seeing(address):
            told.append(("changed", address))
    assert told == []


@pytest.mark.parametrize("outsider", ["administrator", "coordinator elsewhere"])
def test_changes_that_move_cases_do_not_tell_how_many_others_move(
    app: Flask, office: Office, now: datetime, outsider: str
) -> None:
    office.case_in(State.ASSIGNED, now)
    somebody = OUTSIDERS[outsider](office)
    before = told_of_changes(app, somebody, office)
    denunciation = office.case_in(State.ASSIGNED, now, kind=Kind.DENUNCIATION)
    assert denunciation.due_on == REST_DAY
    assert told_of_changes(app, somebody, office) == before
    insider = Outsider(office.user(Role.COORDINATOR))
    assert any(denunciation.code in told for told in told_of_changes(app, insider, office))


def told_of_changes(app: Flask, somebody: Outsider, office: Office) -> list[str]:
    """What is said while a day becomes a rest day and a unit ends, before, after, and undone."""
    client = Client(app, app.response_class)
    client.sign_in(somebody.user)
    day = {"day": format_date(REST_DAY), "kind": "rest", "source": "12/VPCP"}
    told = [read(client.get("/calendar/preview", query_string=day))]
    told.append(notices(client.post("/calendar/corrections", data=day, follow_redirects=True)))
    in_force = select(CalendarDay.id).where(CalendarDay.removed_at.is_(None))
    removal = f"/calendar/corrections/{db.session.scalars(in_force).one()}/removal"
    told.append(read(client.get(removal)))
    told.append(notices(client.post(removal, follow_redirects=True)))

    end = {
        "kind": "dissolve",
        "unit_ids": str(office.agency.id),
        "happened_on": "1/3/2026",
        "document": "12/QĐ-UBND",
    }
    told.append(read(client.post("/units/changes/preview", data=end)))
    end["successor_ids"] = str(office.other_agency.id)
    preview = client.post("/units/changes/preview", data=end)
    if preview.status_code == 403:
        return told
    told.append(read(preview))
    token = re.search('name="seen" value="([0-9a-f]{64})"', preview.text)
    assert token is not None
    done = client.post("/units/changes", data=end | {"seen": token[1]})
    assert done.status_code == 302
    told.append(read(client.get(done.location)))
    told.append(notices(client.post(f"{done.location}/undo", follow_redirects=True)))
    return told


def notices(answer: TestResponse) -> str:
    """What an answer's page says happened."""
    assert answer.status_code == 200
    found = BeautifulSoup(answer.text, "html.parser").select_one("#notices")
    assert found is not None
    return " ".join(found.text.split())


def is_of_seeing(address: str) -> bool:
    """Whether this is a record of who looked at what, which this test itself makes longer."""
    return address.startswith(("/seeing", "/record"))


def test_whoever_may_see_it_reads_every_secret(app: Flask, office: Office, now: datetime) -> None:
    """Otherwise the other tests would look for what nobody is told."""
    insider = Outsider(office.user(Role.COORDINATOR))
    page = read_case(app, insider, denounce(office, now)["case_id"])
    assert set(SECRET.findall(page)) == set(SECRETS.values())


def test_a_case_linked_with_it_does_not_name_it_to_others(
    app: Flask, office: Office, now: datetime
) -> None:
    normal = office.log(now)
    ids = denounce(office, now)
    denunciation = db.session.get_one(Case, ids["case_id"])
    service.link(
        normal.id,
        actor=office.viewer(Role.COORDINATOR),
        other_id=denunciation.id,
        kind="related",
        now=now,
    )
    assert denunciation.code in read_case(app, Outsider(office.user(Role.COORDINATOR)), normal.id)
    for role in (Role.RECEPTION_OFFICER, Role.AUDITOR):
        page = read_case(app, Outsider(office.user(role)), normal.id)
        assert page.startswith("200")
        assert denunciation.code not in page, role
        assert SECRET.search(page) is None


def read_case(app: Flask, reader: Outsider, case_id: UUID) -> str:
    client = Client(app, app.response_class)
    client.sign_in(reader.user)
    return read(client.get(f"/cases/{case_id}"))


def test_no_log_and_no_error_page_holds_what_was_written(
    app: Flask,
    office: Office,
    now: datetime,
    client: Client,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither in everyday use nor where the database refuses a row that holds a secret."""
    caplog.set_level(logging.DEBUG)
    ids = denounce(office, now)
    client.sign_in(office.user(Role.COORDINATOR))
    form = {
        "kind": "denunciation",
        "content": SECRETS["content"],
        "note": SECRETS["note"],
        "received_on": "02/03/2026",
        "persons": 1,
    }
    assert client.post("/cases", data=form).status_code == 302
    assert client.get(f"/cases?q={LURE}").status_code == 200
    assert client.get(f"/cases/{ids['case_id']}").status_code == 200
    monkeypatch.setattr(numbering, "next_code", lambda *_given: None)
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    failed = client.post("/cases", data=form)
    assert failed.status_code == 500
    assert SECRET.search(failed.text) is None
    assert "NOT NULL" in caplog.text or "null value" in caplog.text
    assert SECRET.search(caplog.text) is None
