"""An open meeting of the sample office, its entry page, and what the database has of it."""

from datetime import timedelta
from uuid import UUID

from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from tests.browser.serving import person
from tracker.cases.models import Case, Submission
from tracker.core import clock
from tracker.core.db import db
from tracker.reception.models import Event
from tracker.rules.workflow import Role
from tracker.units.models import Membership

KIND = "opinion"


def open_meeting(application: Flask) -> str:
    """A meeting of yesterday that is still open, in the officer's unit: its entry page."""
    with application.app_context():
        now = clock.now()
        officer = person(Role.RECEPTION_OFFICER)
        unit_id = db.session.scalars(
            select(Membership.unit_id).where(Membership.user_id == officer.id)
        ).first()
        event = Event(
            unit_id=unit_id,
            kind="reception",
            form="periodic",
            state="open",
            held_on=clock.local_date(now) - timedelta(days=1),
            opened_at=now - timedelta(days=1),
            place="Trụ sở tiếp công dân",
            chair="Chủ tịch",
        )
        db.session.add(event)
        db.session.commit()
        return f"/events/{event.id}/entry"


def taken(application: Flask, address: str) -> list[str]:
    """The contents of the cases that the meeting logged, in the order in which they came; each
    has one turn, on the day of the meeting."""
    with application.app_context():
        event = db.session.get_one(Event, UUID(address.split("/")[2]))
        rows = db.session.execute(
            select(Case.content, Submission.received_on)
            .join(Submission, Submission.case_id == Case.id)
            .where(Submission.event_id == event.id)
            .order_by(Case.code)
        ).all()
        assert {row.received_on for row in rows} <= {event.held_on}
        return [row.content for row in rows]


def write_down(page: Page, content: str, kind: str = KIND) -> None:
    """One item, sent by the button; ends when the page has it or said that it waits."""
    form = page.locator("form[data-entry]")
    # The server is asked even where the browser would notice itself.
    form.evaluate("form => { form.noValidate = true; }")
    form.locator("[name=content]").fill(content)
    form.locator("[name=kind]").select_option(kind)
    form.locator("button[type=submit].btn-primary").click()
    expect(form.locator("[name=content]")).to_have_value("")


KEPT = """
    async () => {
        for (let times = 0; times < 400; times++) {
            for (const name of await caches.keys()) {
                const keys = await (await caches.open(name)).keys();
                const urls = keys.map(key => new URL(key.url));
                const addresses = urls.map(url => url.pathname + url.search);
                if (addresses.some(address => address.endsWith("?kept"))) return addresses;
            }
            await new Promise(resolve => setTimeout(resolve, 25));
        }
        return [];
    }
"""


def open_kept(page: Page, address: str) -> list[str]:
    """Opens the entry page and waits until it works without a network: what the browser keeps."""
    page.goto(address)
    found: list[str] = page.evaluate(KEPT)
    return found


def waits(page: Page, count: int) -> None:
    """The band says that so many items wait."""
    expect(page.locator("#line")).to_contain_text(f"chờ gửi {count}")


def nothing_waits(page: Page) -> None:
    """The server has answered, and has everything."""
    expect(page.locator("#line")).to_have_attribute("data-state", "online")
    expect(page.locator("#line")).to_be_hidden()
