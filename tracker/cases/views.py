"""The pages of casework: home, the list, a new case, a case with its story."""

import re
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response

from tracker.cases import actions, belonging_views, due, listing, own_part, queries, search, service, telling
from tracker.cases.account import account
from tracker.cases.catalogue import Catalogue, catalogue, id_of
from tracker.cases.file_forms import FileForm
from tracker.cases.file_list import section as file_section
from tracker.cases.forms import ActionForm, CaseForm, FilterForm
from tracker.cases.models import Case
from tracker.cases.shown import shown
from tracker.core import clock
from tracker.core.db import new_id
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.rules.workflow import KIND_LABELS, STATE_LABELS, Kind, Role, State
from tracker.units.queries import Viewer

blueprint = Blueprint("cases", __name__)

CODE = re.compile(r"[A-Z]{2,5}-\d{4}-\d{5,}")

# What each role looks at first, in this order.
_OFFICE = ("received", "verifying", "assigned", "answered", "soon", "overdue")
_AGENCY = ("assigned", "soon", "overdue")
HOME_COUNTS = {
    Role.RECEPTION_OFFICER: _OFFICE,
    Role.COORDINATOR: _OFFICE,
    Role.LEADER: _OFFICE,
    Role.AUDITOR: _OFFICE,
    Role.AGENCY_WORKER: _AGENCY,
    Role.AGENCY_HEAD: _AGENCY,
}


@blueprint.get("/")
@needs("home:read")
def home() -> str:
    """What waits, as counts that are lists."""
    person, today = _person(), clock.local_date(clock.now())
    waiting = queries.waiting(person, today, due.soon_until(today))
    wanted = {name for role in person.roles for name in HOME_COUNTS.get(role, ())}
    return render_template(
        "cases/home.html",
        counts=[(name, getattr(waiting, name)) for name in _OFFICE if name in wanted],
        is_empty=waiting.is_empty,
    )


@blueprint.get("/cases")
@needs("case:read")
def list_cases() -> Any:
    """The cases that the person may see, as the address asks for them."""
    person, today = _person(), clock.local_date(clock.now())
    words = request.args.get("q", "").strip().upper()
    if CODE.fullmatch(words) and (case_id := queries.id_of_code(person, words)):
        return redirect(url_for("cases.show", case_id=case_id))
    form = FilterForm(request.args)
    choices = catalogue(today)
    form.offer(choices)
    is_valid = form.validate()
    page = None
    if is_valid:
        page = listing.page(
            person,
            *_conditions(form, choices, today),
            after=request.args.get("after"),
            before=request.args.get("before"),
            by_serial=bool(form.q.data),
        )
    text = render_template(
        "cases/list.html",
        form=form,
        page=page,
        rows=shown(page.rows, today) if page else [],
        given=form.given(),
    )
    return text, 200 if is_valid else 400


def _conditions(form: FilterForm, choices: Catalogue, today: date) -> list[ColumnElement[bool]]:
    equal = {
        Case.kind: form.kind.data,
        Case.state: form.state.data,
        Case.outcome: form.outcome.data,
        Case.field_id: id_of(choices.fields, form.field.data),
        Case.area_id: id_of(choices.areas, form.area.data),
        Case.lead_unit_id: id_of(choices.units, form.unit.data),
        Case.channel_id: id_of(choices.channels, form.channel.data),
    }
    found = [column == value for column, value in equal.items() if value is not None]
    if form.import_run.data:
        found.append(Case.import_id == UUID(form.import_run.data))
    if form.q.data:
        found.append(search.matching(form.q.data))
    if form.due.data:
        found.append(listing.of_standing(form.due.data, today, due.soon_until(today)))
    if form.received_from.data:
        found.append(Case.received_on >= form.received_from.data)
    if form.received_to.data:
        found.append(Case.received_on <= form.received_to.data)
    return found


@blueprint.get("/cases/new")
@needs("case:create")
def new_case() -> str:
    """The empty form of a new case."""
    today = clock.local_date(clock.now())
    form = CaseForm(case_id=new_id(), received_on=today)
    form.offer(catalogue(today))
    return render_template("cases/new.html", form=form)


@blueprint.post("/cases")
@needs("case:create")
def create() -> Any:
    """Logs a case; the same form sent twice gives the same case."""
    now = clock.now()
    form = CaseForm()
    form.offer(catalogue(clock.local_date(now)))
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
        case_id=_form_id(form.case_id.data),
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
    case_id: UUID, failed: ActionForm | None = None, file_form: FileForm | None = None
) -> str:
    """The page of a case; `failed` and `file_form` are forms that were just refused, if any."""
    person, today = _person(), clock.local_date(clock.now())
    whole = queries.whole(person, case_id)
    if whole is None:
        return _own_part_page(case_id, failed)
    case, choices = whole.case, catalogue(today)
    names = choices.names()
    unit = names[str(case.unit_id)]
    lead = names.get(str(case.lead_unit_id))
    offers = actions.offers(case, person, choices, failed, today)
    return render_template(
        "cases/case.html",
        case=case,
        field=names.get(str(case.field_id)),
        area=names.get(str(case.area_id)),
        unit=unit,
        lead=lead,
        due=due.due(case, today),
        account=account(case, whole.story, today),
        story=telling.told(whole.story, names, case.content),
        turns=whole.turns,
        answers=whole.answers,
        files=file_section(whole, person, file_form),
        belongs=belonging_views.section(case, person),
        offers=offers,
        lost=_without_form(failed, offers),
        sight=telling.who_sees(case, unit, lead, whole.logged_by),
        states=STATE_LABELS.items(),
        reached=list(STATE_LABELS).index(State(case.state)) + 1,
        kind_labels=KIND_LABELS,
    )


def _own_part_page(case_id: UUID, failed: ActionForm | None) -> str:
    part = own_part.find_own_part(_person(), case_id)
    if part is None:
        abort(404)
    return render_template(
        "cases/own_part.html",
        part=part,
        lost=failed,
        kind_labels=KIND_LABELS,
        action_label=telling.action_label,
    )


def _without_form(failed: ActionForm | None, offers: actions.Offers) -> ActionForm | None:
    """The form that was refused, where the case has no place for it any more."""
    shown_forms = [offer.form for offer in (offers.next, *offers.others) if offer]
    return None if failed in shown_forms else failed


def _show_again(case_id: UUID, form: ActionForm, refusal: Refused | None) -> tuple[str, int]:
    return case_page(case_id, form), refusal.status if refusal else 422


def _catalogue_at(now: datetime) -> Catalogue:
    return catalogue(clock.local_date(now))


actions.add_routes(blueprint, _catalogue_at, _show_again)
belonging_views.add_routes(blueprint)


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _form_id(text: str | None) -> UUID | None:
    """The id that the form carried; a mangled one is as good as none."""
    try:
        return _id(text)
    except ValueError:
        return None
