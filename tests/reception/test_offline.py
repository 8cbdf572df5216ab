"""What the entry page asks for so that it works without a network."""

from collections.abc import Callable

from tests.application import Client
from tests.cases.conftest import Visitor
from tests.factories import Office
from tracker.reception.models import Event
from tracker.rules.workflow import Role

Visit = Callable[[Role], Visitor]
JSON = {"Accept": "application/json"}


def test_items_are_told_who_is_signed_in(client: Client, office: Office) -> None:
    assert client.get("/events/session", headers=JSON).status_code == 401
    officer = office.user(Role.RECEPTION_OFFICER)
    client.sign_in(officer)
    session = client.get("/events/session", headers=JSON).get_json()
    assert session["person"] == str(officer.id)
    assert session["token"]
    client.sign_in(office.user(Role.AGENCY_WORKER))
    assert client.get("/events/session", headers=JSON).status_code == 403


def test_the_worker_tells_nobody_anything(client: Client) -> None:
    answer = client.get("/sw.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.text.startswith('import "/static/entry-worker.')


def test_the_page_that_is_kept_tells_nothing_of_what_was_logged(
    office: Office, event: Event, visit: Visit
) -> None:
    officer = visit(Role.RECEPTION_OFFICER)
    address = f"/events/{event.id}"
    officer.post(f"{address}/entries", content="Cống tắc ở ngõ 20", kind="opinion")
    assert "Cống tắc" in officer.get(f"{address}/entry").text
    kept = officer.get(f"{address}/entry?kept")
    assert "Cống tắc" not in kept.text
    assert "/static/app." in kept.select_one("#line")["data-assets"]


def test_the_page_of_a_meeting_that_has_ended_is_not_kept(
    office: Office, event: Event, visit: Visit
) -> None:
    event.state, event.closed_at = "closed", event.opened_at
    kept = visit(Role.RECEPTION_OFFICER).get(f"/events/{event.id}/entry?kept")
    assert kept.select_one("#line").get("data-assets") is None
