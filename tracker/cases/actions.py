"""The actions that have a page now: from a row of the workflow to its form, URL and verb."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.cases import forms, guards, queries, service
from tracker.cases.catalogue import Catalogue
from tracker.cases.forms import ActionForm
from tracker.cases.models import Case
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.rules.workflow import ACTIONS, Action, Outcome, State, next_action
from tracker.units.queries import Viewer

Verb = Callable[..., Case]


@dataclass(frozen=True, slots=True)
class ActionPage:
    """An action as a resource: `POST /cases/<id>/<resource>`."""

    name: str
    resource: str
    form: type[ActionForm]
    verb: Verb

    @property
    def endpoint(self) -> str:
        return f"cases.{self.resource}"


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that the page shows: with its form, or greyed with the reason why not now."""

    action: Action
    page: ActionPage
    form: ActionForm
    why_not: str | None
    is_open: bool


def _assign(case_id: UUID, *, lead_id: str, supporting_ids: list[str], **given: Any) -> Case:
    supporting = [UUID(each) for each in supporting_ids]
    return service.assign(case_id, lead_id=UUID(lead_id), supporting_ids=supporting, **given)


def _answer(case_id: UUID, *, outcome: str, **given: Any) -> Case:
    return service.answer(case_id, outcome=Outcome(outcome), **given)


def _close(case_id: UUID, *, outcome: str, **given: Any) -> Case:
    return service.close(case_id, outcome=Outcome(outcome), **given)


def _comment(case_id: UUID, *, version: int | None, **given: Any) -> Case:
    # A note contradicts nothing that others did meanwhile.
    return service.comment(case_id, **given)


def _directly(action: str) -> Verb:
    def close_directly(case_id: UUID, **given: Any) -> Case:
        return service.close_directly(action, case_id, **given)

    return close_directly


PAGES: dict[str, ActionPage] = {
    row.name: row
    for row in (
        ActionPage("verify", "verifications", ActionForm, service.verify),
        ActionPage("assign", "assignments", forms.AssignForm, _assign),
        ActionPage("return", "returns", forms.ReasonForm, service.send_back),
        ActionPage("answer", "answers", forms.AnswerForm, _answer),
        ActionPage("redo", "redos", forms.ReasonForm, service.redo),
        ActionPage("close", "closures", forms.CloseForm, _close),
        ActionPage("guide", "guidances", forms.ReasonForm, _directly("guide")),
        ActionPage("forward", "forwardings", forms.ReasonForm, _directly("forward")),
        ActionPage("refuse", "refusals", forms.ReasonForm, _directly("refuse")),
        ActionPage("file", "filings", forms.ReasonForm, _directly("file")),
        ActionPage("withdraw", "withdrawals", forms.ReasonForm, _directly("withdraw")),
        ActionPage("reopen", "reopenings", forms.ReasonForm, service.reopen),
        ActionPage("comment", "comments", forms.CommentForm, _comment),
    )
}


@dataclass(frozen=True, slots=True)
class Offers:
    """The actions of a page: the next step, if it waits for this person, and the others."""

    next: Offer | None
    others: list[Offer]


def offers(
    case: Case, actor: Viewer, catalogue: Catalogue, failed: ActionForm | None, today: date
) -> Offers:
    """What `actor` may do with `case`. `failed` is the form that was just refused, if any."""
    shown = []
    for action, why_not in guards.available(case, actor):
        if (page := PAGES.get(action.name)) is not None:
            is_failed = failed is not None and failed.action == page.name
            form = failed if failed and is_failed else _empty_form(page, catalogue, today)
            shown.append(Offer(action, page, form, why_not, is_failed))
    proposed = next_action(State(case.state), actor.roles)
    first = next((each for each in shown if each.action is proposed and not each.why_not), None)
    return Offers(first, [each for each in shown if each is not first])


def _empty_form(page: ActionPage, catalogue: Catalogue, today: date) -> ActionForm:
    form = page.form(page.name, formdata=None, answered_on=today)
    form.offer(catalogue)
    return form


def add_routes(
    blueprint: Blueprint,
    catalogue_of: Callable[[datetime], Catalogue],
    show_again: Callable[[UUID, ActionForm, Refused | None], Any],
) -> None:
    """One route for each row of `PAGES`, with its permission.

    show_again: renders the case with the form that was refused.
    """

    def route(page: ActionPage) -> Callable[[UUID], Any]:
        @needs(f"case:{page.name}")
        def act(case_id: UUID) -> Any:
            now = clock.now()
            form = page.form(page.name)
            form.offer(catalogue_of(now))
            if not form.validate():
                return show_again(case_id, form, None)
            try:
                case = _perform(page, case_id, form, now)
            except Refused as refusal:
                form.refuse(refusal)
                return show_again(case_id, form, refusal)
            return _done(case, ACTIONS[page.name])

        return act

    for page in PAGES.values():
        rule = f"/cases/<uuid:case_id>/{page.resource}"
        blueprint.add_url_rule(rule, page.resource, route(page), methods=["POST"])


def _perform(page: ActionPage, case_id: UUID, form: ActionForm, now: datetime) -> Case:
    return page.verb(case_id, actor=_person(), now=now, version=form.version.data, **form.given())


def _done(case: Case, action: Action) -> Response:
    flash(_("Đã ghi: %(action)s.", action=_(action.label).lower()), "success")
    # Whoever returned a case has it no longer.
    if queries.find(_person(), case.id) is None:
        return redirect(url_for("cases.list_cases"))
    return redirect(url_for("cases.show", case_id=case.id))


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
