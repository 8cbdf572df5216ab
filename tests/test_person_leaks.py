"""Who somebody is stands nowhere but sealed: looked for wherever bytes are kept or sent.

Persons are written down by the page, corrected, merged, looked for and shown. After that neither
the database nor a file, a log, an error page or any page that can be fetched holds a word of
them, however it is written. What has to show a person is sent for by a form, and goes on record.
"""

import base64
import logging
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
import time_machine
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import text

from tests.application import Client
from tests.factories import Office, make_office
from tests.test_leaks import addresses, read
from tracker.cases import numbering
from tracker.cases.models import Submission
from tracker.core.clock import local_date
from tracker.core.db import Base, db, is_sqlite, new_id
from tracker.people.models import Person, PersonMerge
from tracker.reception.models import Event
from tracker.reports.commands import report
from tracker.rules.vietnamese import fold
from tracker.rules.workflow import Role

NAME, ADDRESS = "Đặng Quỳnhxuân Trâmtuệ", "Ngách Lôxuyếnđào 53/117"
CORRECTED = "Đặng Quỳnhxuân Bích-Uyểnnhi"
TELEPHONE, IDENTITY = "+84 867 530 942", "001 185 736 294"
TYPED = {"name": NAME, "telephone": TELEPHONE, "identity": IDENTITY, "address": ADDRESS}
# Words and numbers that stand nowhere else, as typed and as kept.
SECRETS = (
    *("Quỳnhxuân", "Trâmtuệ", "Uyểnnhi", "Lôxuyếnđào"),
    *(TELEPHONE, "0867530942", "867530942", IDENTITY, "001185736294"),
)


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=True):
        yield


@pytest.fixture
def office(session) -> Office:
    return make_office()


@pytest.fixture
def event(office: Office, now: datetime) -> Event:
    event = Event(
        unit_id=office.committee.id,
        kind="reception",
        form="periodic",
        state="open",
        held_on=local_date(now),
        opened_at=now,
    )
    db.session.add(event)
    db.session.commit()
    return event


def ways_of_writing(secret: str) -> Iterator[bytes]:
    """`secret` in the letters and encodings in which it might be kept."""
    for form in ("NFC", "NFD"):
        for letters in (secret, secret.lower(), secret.upper(), fold(secret)):
            written = unicodedata.normalize(form, letters)
            plain = written.encode()
            yield from (plain, written.encode("utf-16-le"), written.encode("utf-16-be"))
            yield from (plain.hex().encode(), plain.hex().upper().encode())
            yield written.encode("unicode_escape")
            for before in range(3):
                # Base64 depends on where in a group of three bytes the text begins and ends.
                whole = base64.b64encode(b"\0" * before + plain)
                yield whole[4 if before else 0 : -4]


NEEDLES = {needle: secret for secret in SECRETS for needle in ways_of_writing(secret)}


def found(content: bytes) -> set[str]:
    """The secrets that stand in `content`."""
    return {secret for needle, secret in NEEDLES.items() if needle in content}


def live_through(client: Client, office: Office, event: Event) -> dict[str, object]:
    """All that is done with persons, by the page; the ids of what came of it."""
    client.sign_in(office.user(Role.COORDINATOR))
    for given in (
        {"kind": "opinion"},
        {"kind": "opinion", "name": NAME, "identity": ""},
        {"kind": "denunciation"},
    ):
        form = TYPED | {"content": "Cống tắc", "entry_id": str(new_id())} | given
        assert client.post(f"/events/{event.id}/entries", data=form).status_code == 302
    turns = db.session.query(Submission).order_by(Submission.recorded_at).all()
    assert len({turn.person_id for turn in turns}) == 2
    denounced = turns[-1]
    address = f"/cases/{turns[0].case_id}/turns/{turns[0].id}"
    assert NAME in client.post(f"{address}/readings").text
    assert "Cống tắc" in client.post("/persons/matches", data=TYPED).text
    correction = TYPED | {"name": CORRECTED}
    assert client.post(f"{address}/corrections", data=correction).status_code == 302
    other = {"content": "Cống tắc", "kind": "opinion", "telephone": TELEPHONE}
    assert client.post(f"/events/{event.id}/entries", data=other).status_code == 302
    merged = db.session.query(Person).filter(Person.id.not_in([turn.person_id for turn in turns]))
    merging = {"other_id": merged.one().id, "reason": "Cùng số, đã hỏi"}
    assert client.post(f"{address}/merges", data=merging).status_code == 302
    merge_id = db.session.query(PersonMerge).one().id
    assert CORRECTED in client.post(f"{address}/readings").text
    protected = f"/cases/{denounced.case_id}/turns/{denounced.id}/readings"
    assert NAME in client.post(protected, data={"reason": "Mời đối thoại"}).text
    return {
        "case_id": turns[0].case_id,
        "turn_id": turns[0].id,
        "event_id": event.id,
        "merge_id": merge_id,
    }


def test_the_needles_find_what_is_written_anyhow() -> None:
    """Otherwise the other tests would look for nothing."""
    told = f"tên: {NAME}, {TELEPHONE}"
    for content in (
        told.encode(),
        told.upper().encode("utf-16-le"),
        fold(told).encode(),
        base64.b64encode(told.encode()),
        base64.b64encode(b"a" + told.encode()),
        told.encode().hex().encode(),
        unicodedata.normalize("NFD", told).encode("unicode_escape"),
    ):
        assert found(content) >= {"Quỳnhxuân", TELEPHONE}, content


def test_neither_the_database_nor_a_file_holds_a_word(
    app: Flask, client: Client, office: Office, event: Event
) -> None:
    live_through(client, office, event)
    instance: Path = app.extensions["settings"].instance
    files = [path for path in instance.rglob("*") if path.is_file()]
    if is_sqlite():
        database = Path(db.engine.url.database or "")
        files += sorted(database.parent.glob(f"{database.name}*"))
        assert database.with_name(f"{database.name}-wal") in files
    assert {path.name: leak for path in files if (leak := found(path.read_bytes()))} == {}
    rows = 0
    for name in Base.metadata.tables:
        for (row,) in db.session.execute(text(_each_row_of(name))):
            rows += 1
            assert found(row.encode()) == set(), name
    assert rows > 50


def _each_row_of(table: str) -> str:
    """A query for each row of `table` as one text."""
    if not is_sqlite():
        return f'SELECT CAST(t AS text) FROM "{table}" t'
    columns = Base.metadata.tables[table].columns
    parts = (
        f'COALESCE(CASE typeof("{column.name}") WHEN \'blob\' THEN hex("{column.name}")'
        f" ELSE \"{column.name}\" END, '')"
        for column in columns
    )
    return f'SELECT {" || char(10) || ".join(parts)} FROM "{table}"'


def test_no_page_that_is_fetched_holds_a_word(
    app: Flask, client: Client, office: Office, event: Event
) -> None:
    """Lists, cases, prints, exports: whoever may see everything is told nobody's name."""
    ids = live_through(client, office, event)
    told = {address: read(client.get(address)) for address in addresses(app, "GET", ids)}
    assert any("Cống tắc" in page for page in told.values())
    assert any(address.endswith(".xlsx") for address in told)
    assert {address: leak for address, page in told.items() if (leak := found(page.encode()))} == {}
    figures = CliRunner().invoke(
        report, ["opinion", "--format", "json", "--from", "2026-01-01", "--to", "2026-12-31"]
    )
    assert (figures.exit_code, found(figures.stdout.encode())) == (0, set())


def test_neither_a_log_nor_an_error_page_holds_a_word(
    app: Flask,
    client: Client,
    office: Office,
    event: Event,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither in everyday use, with statements in the log, nor where something breaks."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(db.engine, "echo", True)
    ids = live_through(client, office, event)
    monkeypatch.setitem(app.config, "TESTING", False)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    form = TYPED | {"content": "Cống tắc", "kind": "opinion"}
    pages = []
    with monkeypatch.context() as broken:
        broken.setattr(numbering, "next_code", lambda *_given: None)
        pages.append(client.post(f"/events/{event.id}/entries", data=form))
    address = f"/cases/{ids['case_id']}/turns/{ids['turn_id']}"
    person = db.session.get_one(Submission, ids["turn_id"]).person_id
    db.session.get_one(Person, person).sealed = b"not sealed by us"
    db.session.commit()
    pages.append(client.post(f"{address}/readings"))
    pages.append(client.post(f"{address}/corrections", data=TYPED | {"name": NAME}))
    assert [page.status_code for page in pages] == [500, 500, 500]
    assert [found(page.data) for page in pages] == [set()] * 3
    assert "INSERT INTO person" in caplog.text
    assert "NOT NULL" in caplog.text or "null value" in caplog.text
    assert "Unreadable" in caplog.text
    assert found(caplog.text.encode()) == set()
