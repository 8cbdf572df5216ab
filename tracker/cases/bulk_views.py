"""One action for a selection of a list: each case judged by its own rules, one summary."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.wrappers import Response

from tracker.cases import actions, listing, orders
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
from tracker.rules.workflow import ACTIONS
from tracker.units.queries import Viewer


class Chosen(NamedTuple):
    """A case of the selection; `version` is the one that the list showed."""

    id: UUID
    code: str
    content: str
    version: int


class Refusal(NamedTuple):
    """A case that was left as it was, and why."""

    case: Chosen
    reason: str


@blueprint.post("/cases/bulk/files")
@needs("case:export")
def export_chosen() -> Response:
    """The selection as a workbook."""
    chosen = _chosen()
    if not chosen:
        return _nothing_chosen()
    ids = [case.id for case in chosen]
    return workbook(_person(), [Case.id.in_(ids)], orders.NEWEST)


def _add_routes() -> None:
    """One route for each action of `BULK`, with its permission."""

    def route(page: ActionPage) -> Callable[[], Any]:
        @needs(f"case:{page.name}")
        def act() -> Any:
            chosen = _chosen()
            if not chosen:
                return _nothing_chosen()
            now = clock.now()
            form = _form(page, now)
            if "send" not in request.form:
                return _form_page(page, form, chosen), 200
            if not form.validate():
                return _form_page(page, form, chosen), 422
            return _summary(page, *_do(page, form, chosen, now))

        return act

    for name in BULK:
        page = actions.PAGES[name]
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


def _form_page(page: ActionPage, form: ActionForm, chosen: list[Chosen]) -> str:
    return render_template(
        "cases/bulk.html", form=form, action=ACTIONS[page.name], page=page, chosen=chosen
    )


def _summary(page: ActionPage, done: list[Chosen], refused: list[Refusal]) -> str:
    return render_template(
        "cases/bulk_done.html", action=ACTIONS[page.name], done=done, refused=refused
    )


def _chosen() -> list[Chosen]:
    """The cases that were ticked, as many as a page holds, of those that the person may see.

    Each box holds the case's id and the version that the list showed.
    """
    versions = dict(_read(value) for value in request.form.getlist("case")[: listing.PAGE_SIZE])
    versions.pop(None, None)
    rows = db.session.execute(
        select(Case.id, Case.code, Case.content, Case.version)
        .where(Case.id.in_(list(versions)), visible(_person()))
        .order_by(Case.received_on, Case.id)
    )
    return [Chosen(*row)._replace(version=versions[row.id]) for row in rows]


def _read(value: str) -> tuple[UUID | None, int]:
    identity, _dot, version = value.partition(".")
    try:
        return UUID(identity), int(version)
    except ValueError:
        return None, 0


def _nothing_chosen() -> Response:
    flash(_("Hãy đánh dấu ít nhất một vụ việc trong danh sách."), "warning")
    return redirect(url_for("cases.list_cases"))


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
