"""The pages of casework: a new case, a case with its story."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.cases import (
    actions,
    belonging_views,
    due,
    guards,
    naming,
    offering,
    own_part,
    queries,
    service,
    telling,
    triage,
)
from tracker.cases.account import account
from tracker.cases.catalogue import Catalogue, catalogue
from tracker.cases.file_forms import FileForm
from tracker.cases.file_list import own_files
from tracker.cases.file_list import section as file_section
from tracker.cases.forms import ActionForm, CaseForm
from tracker.cases.meanwhile import meanwhile
from tracker.cases.models import Assignment, Case
from tracker.cases.who_sees import who_sees
from tracker.core import clock
from tracker.core.db import new_id
from tracker.core.errors import OutOfDate, Refused
from tracker.core.permissions import needs
from tracker.rules.conditions import CONDITION_LABELS
from tracker.rules.workflow import KIND_LABELS, STATE_LABELS, Kind, State
from tracker.units import unit_queries
from tracker.units.queries import Viewer

blueprint = Blueprint("cases", __name__)


@blueprint.get("/cases/new")
@needs("case:create")
def new_case() -> str:
    """The empty form of a new case."""
    today = clock.local_date(clock.now())
    form = CaseForm(case_id=new_id(), received_on=today)
    form.offer(catalogue(today), _receiving_units())
    return render_template("cases/new.html", form=form)


@blueprint.post("/cases")
@needs("case:create")
def create() -> Any:
    """Logs a case; the same form sent twice gives the same case."""
    now = clock.now()
    form = CaseForm()
    form.offer(catalogue(clock.local_date(now)), _receiving_units())
    if form.validate():
        try:
            return _created(_log(form, now))
        except Refused as refusal:
            form.refuse(refusal)
    return render_template("cases/new.html", form=form), 422


def _log(form: CaseForm, now: datetime) -> Case:
    return service.log(
        actor=_person(),
        kind=Kind(form.kind.data),
        content=form.content.data or "",
        received_on=form.received_on.data,
        now=now,
        field_id=_id(form.field_id.data),
        area_id=_id(form.area_id.data),
        channel_id=_id(form.channel_id.data),
        persons=form.persons.data or 0,
        note=form.note.data or "",
        case_id=actions.form_id(form.case_id.data),
        unit_id=_id(form.unit_id.data) if form.unit_id else None,
    )


def _created(case: Case) -> Response:
    flash(_("Đã ghi nhận vụ việc %(code)s.", code=case.code), "success")
    return redirect(url_for("cases.show", case_id=case.id))


@blueprint.get("/cases/<uuid:case_id>")
@needs("case:read")
def show(case_id: UUID) -> str:
    """A case with its story and the actions that its reader has."""
    return case_page(case_id)


def case_page(
    case_id: UUID,
    failed: ActionForm | None = None,
    file_form: FileForm | None = None,
    *,
    is_stale: bool = False,
) -> str:
    """The page of a case; `failed` and `file_form` are forms that were just refused, if any.

    is_stale: whether `failed` was refused because somebody else did something meanwhile.
    """
    person, now = _person(), clock.now()
    today = clock.local_date(now)
    whole = queries.whole(person, case_id, now)
    if whole is None:
        return _own_part_page(case_id, failed)
    if not whole.is_noted:
        service.note_reading(whole.case, reader=person, now=now)
    case, choices = whole.case, catalogue(today)
    names = choices.names()
    unit = names[str(case.unit_id)]
    lead = names.get(str(case.lead_unit_id))
    offers = offering.offers(case, person, choices, failed, today)
    story = telling.told(person, whole.story, names, case.content)
    both = None
    if failed and is_stale:
        both, offers = meanwhile(failed, story, offers)
    return render_template(
        "cases/case.html",
        case=case,
        field=names.get(str(case.field_id)),
        area=names.get(str(case.area_id)),
        unit=unit,
        lead=lead,
        due=due.due(case, today),
        given=_given(case, person),
        account=account(case, whole.story, today),
        story=story,
        pieces=telling.folded(story),
        turns=whole.turns,
        voidable=_voidable(whole, person, now),
        answers=whole.answers,
        files=file_section(whole, person, file_form),
        belongs=belonging_views.section(case, person, today),
        offers=offers,
        lost=None if both else _without_form(failed, offers),
        meanwhile=both,
        writers=whole.writers,
        sight=who_sees(case, _with_heir(case, unit, choices, today), lead, whole.logged_by),
        states=STATE_LABELS.items(),
        reached=list(STATE_LABELS).index(State(case.state)) + 1,
        kind_labels=KIND_LABELS,
        conditions=CONDITION_LABELS,
        worked_through=triage.desk_of(person),
    )


def _given(case: Case, person: Viewer) -> Assignment | None:
    """What the person's unit was asked to do by another date than the citizen's."""
    own = guards.own_open_assignments(case, person)
    return next((each for each in own if each.due_on not in (None, case.due_on)), None)


def _voidable(whole: queries.WholeCase, person: Viewer, now: datetime) -> set[UUID]:
    """The turns that `person` may still take back; the first of them ends its case with it."""
    state = State(whole.case.state)
    if state is State.CLOSED or not person.may("case:void_turn"):
        return set()
    standing = [turn for turn in whole.turns if turn.voided_at is None]
    first = min((turn.recorded_at for turn in whole.turns), default=now)
    return {
        turn.id
        for turn in standing
        if service.is_voidable(turn.logged_by_id, turn.recorded_at, person, now)
        and (turn.recorded_at > first or (state is State.RECEIVED and len(standing) == 1))
    }


def _with_heir(case: Case, unit: str, choices: Catalogue, today: date) -> str:
    """The name of the unit that received `case`, and of the one which has its work now."""
    if any(row.id == case.unit_id and row.is_valid for row in choices.units):
        return unit
    heir = unit_queries.heir(case.unit_id, today)
    return _("%(unit)s (nay là %(heir)s)", unit=unit, heir=heir.name) if heir else unit


def _own_part_page(case_id: UUID, failed: ActionForm | None) -> str:
    person = _person()
    part = own_part.find_own_part(person, case_id)
    if part is None:
        abort(404)
    service.note_reading(part, reader=person, now=clock.now())
    return render_template(
        "cases/own_part.html",
        part=part,
        files=own_files(part),
        texts=naming.discreet(person, part.entries),
        lost=failed,
        kind_labels=KIND_LABELS,
        action_label=telling.action_label,
    )


def _without_form(failed: ActionForm | None, offers: offering.Offers) -> ActionForm | None:
    """The form that was refused, where the case has no place for it any more."""
    shown_forms = [offer.form for offer in (offers.next, *offers.others) if offer]
    return None if failed in shown_forms else failed


def _show_again(case_id: UUID, form: ActionForm, refusal: Refused | None) -> tuple[str, int]:
    status = refusal.status if refusal else 422
    return case_page(case_id, form, is_stale=status == OutOfDate.status), status


def _catalogue_at(now: datetime) -> Catalogue:
    return catalogue(clock.local_date(now))


blueprint.url_defaults(triage.carry)
actions.add_routes(blueprint, _catalogue_at, _show_again)
belonging_views.add_routes(blueprint)


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person


def _receiving_units() -> dict[UUID, str]:
    return _person().units_for("case:create")


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None
