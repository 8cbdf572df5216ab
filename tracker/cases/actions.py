"""The actions that have a page now: from a row of the workflow to its form, URL and verb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.cases import (
    action_forms,
    forms,
    notices,
    queries,
    service,
    together,
    triage,
)
from tracker.cases.catalogue import Catalogue
from tracker.cases.forms import ActionForm
from tracker.cases.models import Case
from tracker.cases.notices import ended_standing, tell_moved, warn_of_nobody
from tracker.cases.triage import Triage
from tracker.core import clock
from tracker.core.db import new_id
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.rules.access import Confidentiality
from tracker.rules.conditions import Condition
from tracker.rules.labels import mark as _m
from tracker.rules.workflow import Kind, Outcome
from tracker.units.queries import Viewer

Verb = Callable[..., Case]

# Under which heading the page lists an action.
WORK, ENDING, TIME, RECORD = GROUPS = (
    _m("Giải quyết"),
    _m("Kết thúc không qua giải quyết"),
    _m("Thời hạn"),
    _m("Ghi chép"),
)


@dataclass(frozen=True, slots=True)
class ActionPage:
    """An action as a resource, `POST /cases/<id>/<resource>`, and the heading it stands under."""

    name: str
    resource: str
    form: type[ActionForm]
    verb: Verb
    group: str = WORK

    @property
    def endpoint(self) -> str:
        return f"cases.{self.resource}"


def _assign(
    case_id: UUID,
    *,
    lead_id: str,
    supporting_ids: list[str],
    asked_of: Mapping[str, str] | None = None,
    **given: Any,
) -> Case:
    supporting = [UUID(each) for each in supporting_ids]
    texts = {UUID(unit_id): text for unit_id, text in (asked_of or {}).items()}
    return service.assign(
        case_id, lead_id=UUID(lead_id), supporting_ids=supporting, asked_of=texts, **given
    )


def _answer(case_id: UUID, *, outcome: str, files: Any = None, **given: Any) -> Case:
    sent = [(file.stream, file.filename) for file in files or ()]
    return service.answer(case_id, outcome=Outcome(outcome), files=sent, **given)


def _close(case_id: UUID, *, outcome: str, **given: Any) -> Case:
    return service.close(case_id, outcome=Outcome(outcome), **given)


def _comment(case_id: UUID, *, version: int | None, entry_id: str = "", **given: Any) -> Case:
    # A note contradicts nothing that others did meanwhile: only its own id tells two clicks.
    return service.comment(case_id, entry_id=form_id(entry_id), **given)


def _rule(case_id: UUID, *, lead_id: str, **given: Any) -> Case:
    return service.rule(case_id, lead_id=UUID(lead_id), **given)


def _decide_extension(case_id: UUID, *, decision: str, **given: Any) -> Case:
    return service.decide_extension(case_id, is_granted=decision == "granted", **given)


def _classify(case_id: UUID, *, area_id: str, **given: Any) -> Case:
    return service.classify(case_id, area_id=_id(area_id), **_about(**given))


def _reclassify(case_id: UUID, *, confidentiality: str, **given: Any) -> Case:
    level = Confidentiality(confidentiality)
    return service.reclassify(case_id, confidentiality=level, **_about(**given))


def _about(
    *, kind: str, field_id: str, condition: Condition | None = None, **given: Any
) -> dict[str, Any]:
    return {
        "kind": Kind(kind),
        "condition": condition or "ordinary",
        "field_id": _id(field_id),
        **given,
    }


def _correct(case_id: UUID, *, field_id: str, area_id: str, channel_id: str, **given: Any) -> Case:
    return service.correct(
        case_id,
        field_id=_id(field_id),
        area_id=_id(area_id),
        channel_id=_id(channel_id),
        **given,
    )


def _add_turn(
    case_id: UUID, *, turn_id: str, received_on: date, persons: int, channel_id: str, **given: Any
) -> Case:
    turn = service.Turn(
        id=form_id(turn_id) or new_id(),
        received_on=received_on,
        persons=persons,
        channel_id=_id(channel_id),
    )
    return service.add_turn(case_id, turn=turn, **given)


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def form_id(text: str | None) -> UUID | None:
    """The id that a form carried; a mangled one is as good as none."""
    try:
        return _id(text)
    except ValueError:
        return None


def _directly(action: str) -> Verb:
    def close_directly(case_id: UUID, **given: Any) -> Case:
        return service.close_directly(action, case_id, **given)

    return close_directly


PAGES: dict[str, ActionPage] = {
    row.name: row
    for row in (
        ActionPage("verify", "verifications", ActionForm, service.verify),
        ActionPage("classify", "classifications", action_forms.ClassifyForm, _classify, RECORD),
        ActionPage("admit", "admissions", action_forms.AdmitForm, service.admit, RECORD),
        ActionPage("rule", "rulings", action_forms.RuleForm, _rule),
        ActionPage("assign", "assignments", forms.AssignForm, _assign),
        ActionPage("accept", "acceptances", ActionForm, service.accept),
        ActionPage("return", "returns", forms.ReasonForm, service.send_back),
        ActionPage("answer", "answers", forms.AnswerForm, _answer),
        ActionPage("contribute", "contributions", action_forms.ContributeForm, service.contribute),
        ActionPage("redo", "redos", forms.ReasonForm, service.redo),
        ActionPage("close", "closures", forms.CloseForm, _close),
        ActionPage(
            "keep_promise", "kept-promises", action_forms.KeepPromiseForm, service.keep_promise
        ),
        ActionPage("guide", "guidances", forms.GuideForm, _directly("guide"), ENDING),
        ActionPage("forward", "forwardings", forms.ForwardForm, _directly("forward"), ENDING),
        ActionPage("refuse", "refusals", forms.ReasonForm, _directly("refuse"), ENDING),
        ActionPage("file", "filings", forms.ReasonForm, _directly("file"), ENDING),
        ActionPage("withdraw", "withdrawals", forms.ReasonForm, _directly("withdraw"), ENDING),
        ActionPage(
            "withdraw_part",
            "part-withdrawals",
            action_forms.PartForm,
            service.withdraw_part,
            ENDING,
        ),
        ActionPage("extend", "extensions", action_forms.ExtendForm, service.extend, TIME),
        ActionPage(
            "request_extension",
            "extension-requests",
            action_forms.RequestExtensionForm,
            service.request_extension,
            TIME,
        ),
        ActionPage(
            "decide_extension",
            "extension-decisions",
            action_forms.DecideExtensionForm,
            _decide_extension,
            TIME,
        ),
        ActionPage("suspend", "suspensions", forms.ReasonForm, service.suspend, TIME),
        ActionPage("resume", "resumptions", forms.ReasonForm, service.resume, TIME),
        ActionPage("add_turn", "turns", action_forms.TurnForm, _add_turn, RECORD),
        ActionPage("void", "voidings", ActionForm, service.void, RECORD),
        ActionPage("unvoid", "restorings", ActionForm, service.unvoid, RECORD),
        ActionPage("reopen", "reopenings", action_forms.ReopenForm, service.reopen),
        ActionPage("uphold", "replies", action_forms.UpholdForm, service.uphold),
        ActionPage("correct", "corrections", action_forms.CorrectForm, _correct, RECORD),
        ActionPage(
            "reclassify",
            "reclassifications",
            action_forms.ReclassifyForm,
            _reclassify,
            RECORD,
        ),
        ActionPage(
            "undo_ending", "ending-undos", forms.UndoEndingForm, service.undo_ending, RECORD
        ),
        ActionPage("comment", "comments", forms.CommentForm, _comment, RECORD),
    )
}


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
            if (case := queries.find(_person(), case_id)) is not None:
                form.prepare(case)
            worked_through = triage.begin(_person(), case)
            today = clock.local_date(now)
            before = ended_standing(case, today)
            if not form.validate():
                return show_again(case_id, form, None)
            try:
                _perform(page, case_id, form, now)
            except Refused as refusal:
                if not _is_repeated(page, case_id, form, now):
                    form.refuse(refusal)
                    return show_again(case_id, form, refusal)
            warn_of_nobody(form, now)
            tell_moved(case, before, today)
            return _done(case_id, page, case, worked_through)

        return act

    for page in PAGES.values():
        rule = f"/cases/<uuid:case_id>/{page.resource}"
        blueprint.add_url_rule(rule, page.resource, route(page), methods=["POST"])


def _perform(page: ActionPage, case_id: UUID, form: ActionForm, now: datetime) -> Case:
    return page.verb(case_id, actor=_person(), now=now, version=form.version.data, **form.given())


def _is_repeated(page: ActionPage, case_id: UUID, form: ActionForm, now: datetime) -> bool:
    # A note carries its own id.
    if "entry_id" in form:
        return False
    typed = [form[name].data or "" for name in ("text", "reason", "asked") if name in form]
    return together.is_repeated(case_id, page.name, form.seen.data, typed, _person().user_id, now)


def _done(
    case_id: UUID, page: ActionPage, case: Case | None, worked_through: Triage | None
) -> Response:
    """To the next case of the list worked through; what only records something leaves one here."""
    said = notices.done(page.name, case_id)
    if case is not None and worked_through is not None and page.group != RECORD:
        return triage.onward(worked_through, case, said)
    flash(said, "success")
    # Whoever returned a case has it no longer.
    if queries.find(_person(), case_id) is None:
        return redirect(url_for("cases.list_cases"))
    return redirect(url_for("cases.show", case_id=case_id))


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
