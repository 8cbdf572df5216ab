"""The rights of `test_rights` through the pages: a form sent by hand is judged like a verb."""

from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from tests.application import Client
from tests.factories import make_user
from tests.test_rights import ACTS, ROLES, TREE, Standing, World, does, keeps_a_part, sees
from tracker.cases.models import Entry
from tracker.core.db import db, new_id
from tracker.core.permissions import declared
from tracker.rules.access import Confidentiality

STANDINGS = [
    Standing("A", Confidentiality.NORMAL, "plain"),
    Standing("A", Confidentiality.DENUNCIATION, "plain"),
]
PLACES = ("committee", "former")


@pytest.fixture
def world(session, now: datetime) -> World:
    return World(now, STANDINGS)


def forms_of_cases(app: Flask) -> list[tuple[str, Rule]]:
    """The action and the route of each form that changes one case."""
    found = []
    for rule in app.url_map.iter_rules():
        resource, _colon, action = (declared(app, rule.endpoint) or "").partition(":")
        takes_case = rule.rule.startswith("/cases/<uuid:case_id>/")
        if takes_case and "POST" in (rule.methods or set()) and resource == "case":
            found.append((action, rule))
    return found


def test_every_action_can_be_sent(app: Flask) -> None:
    assert {action for action, _rule in forms_of_cases(app)} >= set(ACTS)


@pytest.mark.parametrize("place", PLACES)
def test_pages_refuse_what_rights_refuse(
    app: Flask, client: Client, world: World, place: str
) -> None:
    assert set(PLACES) <= set(TREE)
    forms = [(action, rule) for action, rule in forms_of_cases(app) if action in ACTS]
    unexpected = []
    for role in ROLES:
        client.sign_in(make_user(ROLES[role], world.units[place]))
        for standing in STANDINGS:
            case_id = world.cases[standing].id
            is_seen = sees(role, place, standing)
            opens = is_seen or keeps_a_part(role, place, standing)
            status = client.get(f"/cases/{case_id}").status_code
            if status != (403 if role == "X" else 200 if opens else 404):
                unexpected.append((role, standing, "GET", status))
            for action, rule in forms:
                if is_seen and does(action, role, place, standing):
                    continue  # it would change the case: `test_rights` tries it, unwritten
                others = {name: new_id() for name in rule.arguments - {"case_id"}}
                _domain, path = rule.build({"case_id": case_id, **others}) or ("", "")
                status = client.post(path).status_code
                refusals = {403} if role not in ACTS[action][0] else {302, 403, 404, 409, 422}
                if status not in refusals or (not opens and status not in (403, 404)):
                    unexpected.append((role, standing, action, status))
    assert unexpected == []
    assert db.session.scalar(select(func.count()).select_from(Entry)) == world.entries
