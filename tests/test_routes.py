"""Every route says who may call it, and means it: routes to come are walked as well."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.routing import AnyConverter, Rule, UnicodeConverter, UUIDConverter

from tests.application import Client
from tests.factories import Office, make_office
from tracker.core.permissions import PUBLIC, declared
from tracker.rules.access import PERMISSIONS, allows
from tracker.rules.workflow import Role

NOBODY_S_ID = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def office(session) -> Office:
    return make_office()


def calls(app: Flask) -> Iterator[tuple[str, str, str]]:
    """Method, address and permission of everything that can be called."""
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, address_of(app, rule), declared(app, rule.endpoint) or ""


def address_of(app: Flask, rule: Rule) -> str:
    """An address of the rule which names nothing that exists."""
    values = {name: value_for(rule._converters[name]) for name in rule.arguments}
    _domain, path = rule.build(values) or ("", "")
    assert path
    return path


def value_for(converter: object) -> str:
    if isinstance(converter, UUIDConverter):
        return NOBODY_S_ID
    if isinstance(converter, UnicodeConverter):
        return "nobodys"
    assert isinstance(converter, AnyConverter), f"{converter}: give it a value here"
    return next(iter(converter.items))


def test_every_route_declares_a_permission_that_exists(app: Flask) -> None:
    known = {PUBLIC, *PERMISSIONS}
    wrong = [
        rule.rule for rule in app.url_map.iter_rules() if declared(app, rule.endpoint) not in known
    ]
    assert wrong == []


def test_a_route_that_declares_nothing_is_closed_to_all(
    app: Flask, client: Client, office: Office
) -> None:
    client.sign_in(office.user(Role.COORDINATOR))
    view = app.view_functions["cases.home"]
    app.view_functions["cases.home"] = lambda: "open"
    try:
        assert client.get("/").status_code == 403
    finally:
        app.view_functions["cases.home"] = view


def test_few_routes_are_public(app: Flask) -> None:
    public = {address for _method, address, permission in calls(app) if permission == PUBLIC}
    assert public == {
        "/sign-in",
        "/language",
        "/tra-cuu",
        "/tra-cuu/y-kien",
        "/sw.js",
        "/health",
        "/metrics",
    }


def test_nobody_comes_in_without_signing_in(app: Flask, client: Client) -> None:
    for method, address, permission in calls(app):
        answer = client.open(address, method=method)
        asks_to_sign_in = answer.status_code == 302 and answer.location.startswith("/sign-in?next=")
        assert asks_to_sign_in == (permission != PUBLIC), (method, address, answer.status)


@pytest.mark.parametrize("role", Role)
def test_a_role_is_refused_exactly_what_it_may_not(
    app: Flask, client: Client, office: Office, role: Role
) -> None:
    unexpected = []
    for method, address, permission in calls(app):
        client.sign_in(office.user(role))
        answer = client.open(address, method=method)
        may = permission == PUBLIC or allows(frozenset({role}), permission)
        # No worker runs here, and that is what the page about its health says.
        assert answer.status_code < 500 or address == "/health", (method, address)
        if (answer.status_code == 403) == may:
            unexpected.append((method, address, answer.status))
    assert unexpected == []
