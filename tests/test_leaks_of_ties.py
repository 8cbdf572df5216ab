"""A case that turns out to be a denunciation: what was tied to it before tells nothing of it."""

from collections.abc import Iterator
from datetime import datetime

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from tests.factories import Office, make_office
from tests.test_leaks import SECRETS, Outsider, read_case
from tracker.cases import service
from tracker.cases.models import Case, CaseLink
from tracker.core.db import db
from tracker.rules.workflow import Kind, Role


@pytest.fixture(autouse=True)
def _clock(now: datetime) -> Iterator[None]:
    with time_machine.travel(now, tick=False):
        yield


@pytest.fixture
def office(session) -> Office:
    return make_office()


@pytest.mark.parametrize("raised", ["part", "whole"])
def test_what_a_denunciation_was_split_from_tells_nothing_more(
    app: Flask, office: Office, now: datetime, raised: str
) -> None:
    coordinator = office.viewer(Role.COORDINATOR)
    whole = office.log(now, content=f"Đèn hỏng. {SECRETS['content']}")
    parts = [service.Part("Đèn hỏng"), service.Part(SECRETS["content"])]
    [part] = service.split(whole.id, actor=coordinator, parts=parts, now=now)
    [further] = service.split(part.id, actor=coordinator, parts=parts[::-1], now=now)
    denounce_in(part if raised == "part" else whole, office, now)
    for case in (whole, part, further):
        db.session.refresh(case)
        assert case.confidentiality == "denunciation"
    assert_closed(app, office, whole, part, further)


def test_what_was_merged_with_a_denunciation_tells_nothing_more(
    app: Flask, office: Office, now: datetime
) -> None:
    twin = office.log(now, content=SECRETS["content"])
    target = office.log(now, content=SECRETS["content"])
    service.merge(twin.id, actor=office.viewer(Role.COORDINATOR), into_id=target.id, now=now)
    denounce_in(target, office, now)
    assert_closed(app, office, twin, target)


@pytest.mark.parametrize("is_undone", [False, True])
def test_a_link_made_before_does_not_name_a_denunciation_afterwards(
    app: Flask, office: Office, now: datetime, is_undone: bool
) -> None:
    coordinator = office.viewer(Role.COORDINATOR)
    normal, other = office.log(now), office.log(now)
    service.link(normal.id, actor=coordinator, other_id=other.id, kind="related", now=now)
    if is_undone:
        link_id = db.session.scalars(select(CaseLink.id)).one()
        service.unlink(normal.id, actor=coordinator, link_id=link_id, now=now)
    service.merge(other.id, actor=coordinator, into_id=normal.id, now=now)
    service.undo_merge(other.id, actor=coordinator, now=now)
    denounce_in(other, office, now)
    assert other.code in read_case(app, Outsider(office.user(Role.COORDINATOR)), normal.id)
    for role in (Role.RECEPTION_OFFICER, Role.AUDITOR):
        page = read_case(app, Outsider(office.user(role)), normal.id)
        assert page.startswith("200")
        assert other.code not in page, role


def denounce_in(case: Case, office: Office, now: datetime) -> None:
    """`case` turns out to be a denunciation."""
    service.classify(
        case.id,
        actor=office.viewer(Role.COORDINATOR),
        kind=Kind.DENUNCIATION,
        field_id=None,
        area_id=None,
        now=now,
    )


def assert_closed(app: Flask, office: Office, *cases: Case) -> None:
    for role in (Role.RECEPTION_OFFICER, Role.AUDITOR):
        for case in cases:
            assert read_case(app, Outsider(office.user(role)), case.id).startswith("404")
    for case in cases:
        assert read_case(app, Outsider(office.user(Role.COORDINATOR)), case.id).startswith("200")
