"""One action for a selection of a list: each case judged by its own rules, one summary."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from tracker.cases import action_forms, actions, desks, listing, notices, service
from tracker.cases.actions import ActionPage
from tracker.cases.catalogue import catalogue
from tracker.cases.forms import ActionForm
from tracker.cases.list_views import BULK, workbook
from tracker.cases.models import Case
from tracker.cases.queries import visible
from tracker.cases.views import blueprint
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.core.web import number
from tracker.rules.workflow import ACTIONS
from tracker.units.queries import Viewer

# Cases of one selection end differently: each as its own answer proposes.
PAGES = {name: actions.PAGES[name] for name in BULK} | {
    "close": replace(
        actions.PAGES["close"], form=action_forms.CloseAllForm, verb=service.close_as_proposed
    )
}


class Chosen(NamedTuple):
    """A case of the selection; `version` is the one that the list showed."""

    id: UUID
    code: str
    content: str
    confidentiality: str
    version: int


class Selection(NamedTuple):
    """The cases that were ticked; `lost`: how many more that the person can't open any longer."""

    cases: list[Chosen]
    lost: int


class Refusal(NamedTuple):
    """A case that was left as it was, and why."""

    case: Chosen
    reason: str


@blueprint.post("/cases/bulk/files")
@needs("case:export")
def export_chosen() -> Response:
    """The selection as a workbook."""
    chosen = _chosen()
    if not chosen.cases:
        return _nothing_chosen(chosen.lost)
    ids = [case.id for case in chosen.cases]
    return workbook(_person(), [Case.id.in_(ids)], desks.order(_person(), "newest", None))


def _add_routes() -> None:
    """One route for each action of `BULK`, with its permission."""

    def route(page: ActionPage) -> Callable[[], Any]:
        @needs(f"case:{page.name}")
        def act() -> Any:
            chosen = _chosen()
            if not chosen.cases:
                return _nothing_chosen(chosen.lost)
            now = clock.now()
            form = _form(page, now)
            if "send" not in request.form:
                return _form_page(page, form, chosen), 200
            if not form.validate():
                return _form_page(page, form, chosen), 422
            done, refused = _do(page, form, chosen.cases, now)
            if done:
                notices.warn_of_nobody(form, now)
            return _summary(page, done, refused, chosen.lost)

        return act

    for name, page in PAGES.items():
        blueprint.add_url_rule(
            f"/cases/bulk/{page.resource}", f"bulk_{name}", route(page), methods=["POST"]
        )


_add_routes()


def _form(page: ActionPage, now: datetime) -> ActionForm:
    given = request.form if "send" in request.form else None
    form = page.form(page.name, formdata=given)
    form.offer(catalogue(clock.local_date(now)))
    return form


def _do(
    page: ActionPage, form: ActionForm, chosen: list[Chosen], now: datetime
) -> tuple[list[Chosen], list[Refusal]]:
    """Does the action to each case in a transaction of its own; (done, refused)."""
    done, refused = [], []
    for case in chosen:
        try:
            page.verb(case.id, actor=_person(), now=now, version=case.version, **form.given())
        except Refused as refusal:
            refused.append(Refusal(case, refusal.reason))
        else:
            done.append(case)
    return done, refused


def _form_page(page: ActionPage, form: ActionForm, chosen: Selection) -> str:
    return render_template(
        "cases/bulk.html", form=form, action=ACTIONS[page.name], page=page, selection=chosen
    )


def _summary(page: ActionPage, done: list[Chosen], refused: list[Refusal], lost: int) -> str:
    return render_template(
        "cases/bulk_done.html", action=ACTIONS[page.name], done=done, refused=refused, lost=lost
    )


def _chosen() -> Selection:
    """The cases that were ticked, as many as a page holds, of those that the person may see.

    Each box holds the case's id and the version that the list showed.
    """
    versions = dict(_read(value) for value in request.form.getlist("case")[: listing.PAGE_SIZE])
    versions.pop(None, None)
    rows = db.session.execute(
        select(Case.id, Case.code, Case.content, Case.confidentiality, Case.version)
        .where(Case.id.in_(list(versions)), visible(_person()))
        .order_by(Case.received_on, Case.id)
    )
    found = [Chosen(*row)._replace(version=versions[row.id]) for row in rows]
    seen = ((each.id, each.confidentiality) for each in found)
    service.note_listed(seen, reader=_person(), now=clock.now())
    return Selection(found, len(versions) - len(found))


def _read(value: str) -> tuple[UUID | None, int]:
    identity, _dot, version = value.partition(".")
    try:
        return UUID(identity), int(version)
    except ValueError:
        return None, 0


def _nothing_chosen(lost: int) -> Response:
    if lost:
        flash(_("%(count)s vụ việc không còn mở được với bạn.", count=number(lost)), "warning")
    else:
        flash(_("Hãy đánh dấu ít nhất một vụ việc trong danh sách."), "warning")
    return redirect(url_for("cases.list_cases"))


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
