"""Hostile input: every form of every role, found by walking the pages; every address's query."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from urllib.parse import urlencode, urlsplit

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from flask import Flask
from sqlalchemy import func, literal, select, union_all
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.application import Client
from tests.cases.stories import assert_chain, assert_versions
from tests.factories import Office, make_named, make_office
from tracker.cases.models import Area, Case, Channel, Field
from tracker.core.db import Base, db
from tracker.rules.workflow import Kind, Role, State

MARK = "dau-vet"
SCRIPT = f'<script data-{MARK}>alert(1)</script><img src=x onerror="alert(2)">'
TEXTS = (
    "",
    "   ",
    f"{MARK}\x00\x01\x08\x1b[31m\x7f",
    f"{MARK}\ud800\udfff",
    f"{MARK}\u202egnourt\u2066\u200b\ufeff",
    SCRIPT,
    f"'; DROP TABLE case_file; -- {MARK}",
    f"{MARK} {{{{ 7*7 }}}} %(name)s %s {{0}}",
    "../../../../etc/passwd",
    "a" * 10_001,
    "\r\n" * 50,
    "😀" * 300,
)
DAYS = (
    "30/2",
    "30/02/2026",
    "31/11/2026",
    "01/01/0001",
    "31/12/9999",
    "29/02/2025",
    "0/0/0",
    "32/1",
)
NUMBERS = (
    "-1",
    "0",
    "99999999999999999999999",
    "1e9",
    "NaN",
    "१२",
    "1.5",
    "0x10",
    str(2**31),
    str(2**63),
)
IDS = (
    "00000000-0000-0000-0000-000000000000",
    "{ffffffff-ffff-ffff-ffff-ffffffffffff}",
    "khong-co",
    "1 OR 1=1",
)
HOSTILE = (*TEXTS, *DAYS, *NUMBERS, *IDS)
LONG = f"{MARK} " + "dài " * 260_000
# How often all fields of a form are spoilt together.
ROUNDS = 3
MOST_PAGES = 60
LEFT_ALONE = {"csrf_token", "version", "seen", "next"}
# These would end the walk.
ENDS_THE_WALK = ("/sign-out", "/seeing")


@dataclass
class FoundForm:
    """A form of a page, and what it would send if nobody touched it."""

    page: str
    address: str
    method: str
    given: list[tuple[str, str]]
    texts: frozenset[str]

    @property
    def name(self) -> tuple[str, tuple[str, ...]]:
        """The same for forms that differ only in the thing that they are about."""
        return _pattern(self.address), tuple(sorted({name for name, _value in self.given}))


@dataclass
class Walker:
    """Somebody who opens all pages that links lead to, one of each sort."""

    client: Client
    pages: dict[str, str] = field(default_factory=dict)
    forms: dict[tuple[str, tuple[str, ...]], FoundForm] = field(default_factory=dict)

    def walk(self, starts: list[str]) -> None:
        """Opens what can be reached from `starts`."""
        waiting = list(starts)
        while waiting and len(self.pages) < MOST_PAGES:
            address = waiting.pop(0)
            name = address if address in starts else _pattern(address)
            if name in self.pages:
                continue
            self.pages[name] = address
            answer = self.client.get(address)
            assert answer.status_code < 500, address
            if answer.mimetype != "text/html" or answer.status_code != 200:
                continue
            page = BeautifulSoup(answer.text, "html.parser")
            waiting += [str(link["href"]) for link in page.select("a[href^='/']")]
            for form in page.select("form[action], form[method]"):
                found = read(form, address)
                if not found.address.startswith(ENDS_THE_WALK):
                    self.forms.setdefault(found.name, found)


def read(form: Tag, page: str) -> FoundForm:
    """The form as a browser would send it."""
    given, texts = [], set()
    for control in form.select("[name]"):
        name, kind = str(control["name"]), str(control.get("type", control.name))
        if control.name == "select":
            chosen = control.select("option[selected]") or control.select("option")[:1]
            given += [(name, str(option.get("value", option.text))) for option in chosen]
        elif kind == "file":
            given.append((name, "a text where a file should be"))
        elif kind in ("radio", "checkbox"):
            if control.has_attr("checked") or kind == "radio":
                given.append((name, str(control.get("value", "on"))))
        else:
            value = control.text if control.name == "textarea" else control.get("value", "")
            given.append((name, str(value)))
            if kind in ("text", "textarea", "search", "input"):
                texts.add(name)
    return FoundForm(
        page=page,
        address=urlsplit(str(form.get("action") or page)).path,
        method=str(form.get("method", "get")).lower(),
        given=given,
        texts=frozenset(texts),
    )


def _pattern(address: str) -> str:
    """The address with its ids taken out, and of its query only the names."""
    parts = urlsplit(address)
    path = "/".join("*" if len(part) == 36 else part for part in parts.path.split("/"))
    return path + "?" + ",".join(sorted(part.partition("=")[0] for part in parts.query.split("&")))


def attacks(form: FoundForm, random: Random, others: list[str]) -> Iterator[MultiDict[str, str]]:
    """What is sent to `form`: each field spoilt alone, all spoilt together, none, and twice."""
    names = [name for name in dict.fromkeys(n for n, _v in form.given) if name not in LEFT_ALONE]
    values = (*HOSTILE, *others)
    for name in names:
        yield _with(form, {name: random.choice(values)})
    for _round in range(ROUNDS):
        yield _with(form, {name: random.choice(values) for name in names})
    yield MultiDict()
    yield MultiDict([*form.given, *((name, random.choice(values)) for name in names)])
    yield _with(form, dict.fromkeys(("version", "seen"), random.choice(NUMBERS)))


def _with(form: FoundForm, changed: dict[str, str]) -> MultiDict[str, str]:
    given = [(name, value) for name, value in form.given if name not in changed]
    return MultiDict([*given, *changed.items()])


def encoded(given: MultiDict[str, str]) -> bytes:
    """As a form's body; what isn't text goes as the bytes that it would be."""
    return urlencode(list(given.items(multi=True)), errors="surrogatepass").encode()


def rows() -> dict[str, int]:
    """How many rows each table has, and the sum of the cases' versions."""
    counts = [
        select(literal(name).label("name"), func.count().label("number")).select_from(table)
        for name, table in Base.metadata.tables.items()
        if name != "writing_mark"
    ]
    found = {row.name: row.number for row in db.session.execute(union_all(*counts))}
    found["versions"] = db.session.scalar(select(func.sum(Case.version))) or 0
    return found


def wrong(
    answer: TestResponse, form: FoundForm, given: MultiDict[str, str], before: dict[str, int]
) -> list[str]:
    """What is wrong with an answer: an error of ours, something half done or lost, no word why."""
    if answer.status_code >= 500:
        return ["fails"]
    if answer.status_code < 400:
        return [] if readable(SCRIPT) not in readable(answer.text) else ["runs what was typed"]
    page = BeautifulSoup(answer.text, "html.parser")
    found = []
    if page.select(f"[data-{MARK}], [onerror]"):
        found.append("runs what was typed")
    if rows() != before:
        found.append("half done")
    if not page.select("[role=alert], .complaint, .error-page, h1"):
        found.append("says nothing")
    if answer.status_code == 422:
        shown = page.text + "".join(str(each.get("value", "")) for each in page.select("input"))
        found += [
            f"loses {name}"
            for name in sorted(form.texts & set(given))
            if readable(given[name]) not in readable(shown)
        ]
    return found


def readable(text: str) -> str:
    """What a page can show of `text`, without its spaces."""
    # Half a character is sent as bytes that are no text.
    sent = text.partition("\ud800")[0]
    return "".join(c for c in sent if c.isprintable() and not c.isspace())


@pytest.fixture
def office(session, now: datetime) -> Iterator[Office]:
    """An office with a case in each state."""
    with time_machine.travel(now, tick=True):
        office = make_office()
        for table in (Field, Area, Channel):
            make_named(table, f"Mục {MARK}")
        for state in State:
            office.case_in(state, now)
        yield office


def starts() -> list[str]:
    """Where the walk begins: cases, and all that the navigation leads to."""
    ids = db.session.scalars(select(Case.id).order_by(Case.serial))
    return ["/", "/cases?filters=1", *(f"/cases/{case_id}" for case_id in ids)]


def send(client: Client, form: FoundForm, given: MultiDict[str, str]) -> TestResponse:
    kind = "application/x-www-form-urlencoded"
    if form.method == "get":
        return client.get(f"{form.address}?{encoded(given).decode('ascii')}")
    return client.post(form.address, data=encoded(given), content_type=kind)


@pytest.mark.parametrize("role", Role)
def test_no_form_breaks(client: Client, office: Office, now: datetime, role: Role) -> None:
    random = Random(role)
    stranger = make_office("Huyện ủy Gia Lâm")
    hidden = stranger.log(now, kind=Kind.DENUNCIATION)
    others = [str(hidden.id), str(stranger.agency.id), str(stranger.user(Role.LEADER).id)]
    user = office.user(role)
    client.sign_in(user)
    walker = Walker(client)
    walker.walk(starts())
    found = set()
    for form in walker.forms.values():
        before = rows()
        for given in attacks(form, random, others):
            db.session.refresh(user)
            client.sign_in(user)
            answer = send(client, form, given)
            found |= {
                f"{form.address}: {what} {list(given.items(multi=True))!r:.500}"
                for what in wrong(answer, form, given, before)
            }
            if answer.status_code < 400:
                before = rows()
    assert sorted(found) == []
    for case in db.session.scalars(select(Case)):
        assert_chain(case)
        assert_versions(case)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.ADMINISTRATOR])
def test_no_query_breaks(app: Flask, client: Client, office: Office, role: Role) -> None:
    random = Random(role)
    client.sign_in(office.user(role))
    walker = Walker(client)
    walker.walk(starts())
    names = {
        name
        for form in walker.forms.values()
        if form.method == "get"
        for name, _value in form.given
    }
    names |= {"after", "before", "page", "year", "from", "to", "by", "form", "as_of"}
    failed = []
    for address in dict.fromkeys(urlsplit(page).path for page in walker.pages.values()):
        for _round in range(ROUNDS * 2):
            asked = encoded(MultiDict({name: random.choice(HOSTILE) for name in sorted(names)}))
            if client.get(f"{address}?{asked.decode('ascii')[:60_000]}").status_code >= 500:
                failed.append((address, asked))
    assert failed == []


def test_a_text_of_a_megabyte_is_refused_beside_its_field_and_kept(
    client: Client, office: Office, now: datetime
) -> None:
    client.sign_in(office.user(Role.COORDINATOR))
    case = office.case_in(State.RECEIVED, now)
    before = rows()
    for address, name in (("/cases", "content"), (f"/cases/{case.id}/comments", "text")):
        given = {"kind": "opinion", "received_on": "02/03/2026", "persons": "1", name: LONG}
        answer = client.post(address, data=given)
        assert answer.status_code == 422
        page = BeautifulSoup(answer.text, "html.parser")
        [typed] = page.select(f"textarea[name={name}].is-invalid")
        assert typed.text.strip() == LONG.strip()
        assert "tối đa 20.000 ký tự" in page.select_one(f"#{typed['id']}-error").text
        assert rows() == before
