"""The end of a meeting: its sheet with counts and items, its minutes, handing over to verifying."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, render_template
from flask_login import current_user

from tracker.cases import due, service
from tracker.cases.due import Due
from tracker.cases.shown import standings
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.reception import brought, paper_contents, queries
from tracker.reception.brought import Turn
from tracker.reception.models import Event
from tracker.rules.directions import DIRECTION_LABELS, direction, tallied
from tracker.rules.papers import MINUTES
from tracker.rules.workflow import ACTIONS, KIND_LABELS
from tracker.units.queries import Viewer

blueprint = Blueprint("sheets", __name__, url_prefix="/events")

MOST_HANDED_OVER = 200


@blueprint.get("/<uuid:event_id>/sheet")
@needs("event:read")
def show(event_id: UUID) -> str:
    """What the meeting brought, as far as its reader sees the cases; made to be printed."""
    person, event = _person(), _event(event_id)
    today = clock.local_date(clock.now())
    turns = list(brought.turns(person, brought.at(event)))
    waiting = brought.unanswered_before(person, event)
    seen = [(turn.case_id, turn.confidentiality) for turn in turns]
    seen += [(case.id, case.confidentiality) for case in waiting]
    service.note_listed(seen, reader=person, now=clock.now())
    return render_template(
        "reception/sheet.html",
        event=event,
        turns=[(turn, direction(turn)) for turn in turns],
        tallies=tallied(turns),
        kinds=KIND_LABELS,
        directions=DIRECTION_LABELS,
        standings=standings(),
        waiting=[(case, _due(case.due_on, today)) for case in waiting],
        most_waiting=brought.MOST_WAITING,
        to_verify=len(brought.to_verify(person, event)) if person.may("case:verify") else 0,
    )


@blueprint.get("/<uuid:event_id>/minutes.docx")
@needs("paper:print")
def minutes(event_id: UUID) -> Response:
    """The minutes in Word."""
    person, event, now = _person(), _event(event_id), clock.now()
    turns = list(brought.turns(person, brought.at(event)))
    told_of = {turn.case_id: turn.confidentiality for turn in turns}
    protected = [case_id for case_id, level in told_of.items() if service.is_protected(level)]
    service.note_export(len(told_of), protected, reader=person, now=now)
    content = paper_contents.minutes(event, turns, now)
    return paper_contents.download(content, f"{MINUTES.file_name}-{event.held_on}.docx")


@blueprint.post("/<uuid:event_id>/verifications")
@needs("case:verify")
def verify(event_id: UUID) -> str:
    """Hands over what the meeting received: each case by its own rules, one summary."""
    person, event, now = _person(), _event(event_id), clock.now()
    done: list[Turn] = []
    refused: list[dict[str, Any]] = []
    for turn in brought.to_verify(person, event)[:MOST_HANDED_OVER]:
        try:
            service.verify(turn.case_id, actor=person, now=now)
        except Refused as refusal:
            refused.append({"case": turn, "reason": refusal.reason})
        else:
            done.append(turn)
    return render_template(
        "reception/handed_over.html",
        event=event,
        action=ACTIONS["verify"],
        done=done,
        refused=refused,
        left=len(brought.to_verify(person, event)),
    )


def _due(due_on: date | None, today: date) -> Due | None:
    return due.waiting(due_on, today) if due_on else None


def _event(event_id: UUID) -> Event:
    return queries.find_event(_person(), event_id) or abort(404)


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
