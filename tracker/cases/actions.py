"""The actions that have a page now: from a row of the workflow to its form, URL and verb."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.cases import (
    action_forms,
    forms,
    guards,
    queries,
    service,
    standard_texts,
    together,
    triage,
)
from tracker.cases.catalogue import Catalogue
from tracker.cases.forms import ActionForm
from tracker.cases.models import Case
from tracker.cases.triage import Triage
from tracker.core import clock
from tracker.core.db import new_id
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.rules.access import Confidentiality
from tracker.rules.labels import mark as _m
from tracker.rules.workflow import ACTIONS, Action, Kind, Outcome
from tracker.units import staffing
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


@dataclass(frozen=True, slots=True)
class Offer:
    """An action that the page shows: with its form, or greyed with the reason why not now.

    form: None where the page only says where the form can be had.
    """

    action: Action
    page: ActionPage
    form: ActionForm | None
    why_not: str | None
    is_open: bool


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


def _classify(case_id: UUID, *, kind: str, field_id: str, area_id: str, **given: Any) -> Case:
    return service.classify(
        case_id, kind=Kind(kind), field_id=_id(field_id), area_id=_id(area_id), **given
    )


def _reclassify(
    case_id: UUID, *, kind: str, confidentiality: str, field_id: str, **given: Any
) -> Case:
    return service.reclassify(
        case_id,
        kind=Kind(kind),
        confidentiality=Confidentiality(confidentiality),
        field_id=_id(field_id),
        **given,
    )


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
        ActionPage("correct", "corrections", action_forms.CorrectForm, _correct, RECORD),
        ActionPage(
            "reclassify",
            "reclassifications",
            action_forms.ReclassifyForm,
            _reclassify,
            RECORD,
        ),
        ActionPage("comment", "comments", forms.CommentForm, _comment, RECORD),
    )
}


@dataclass(frozen=True, slots=True)
class Offers:
    """The actions of a page: the next step, if it waits for this person, and the others.

    asked: what the person's unit was asked to do, as far as it was said.
    """

    next: Offer | None
    others: list[Offer]
    asked: list[str]

    def part(self, form: ActionForm) -> tuple[Offer | None, "Offers"]:
        """The offer of this very form, None where there is none any more, and the others."""
        if self.next and self.next.form is form:
            return self.next, replace(self, next=None)
        found = next((offer for offer in self.others if offer.form is form), None)
        return found, replace(self, others=[each for each in self.others if each is not found])

    def by_group(self) -> list[tuple[str, list[Offer]]]:
        """The others under their headings."""
        groups = [
            (group, [offer for offer in self.others if offer.page.group == group])
            for group in GROUPS
        ]
        return [(group, found) for group, found in groups if found]


def offers(
    case: Case, actor: Viewer, catalogue: Catalogue, failed: ActionForm | None, today: date
) -> Offers:
    """What `actor` may do with `case`. `failed` is the form that was just refused, if any.

    A form with long lists is made only where it is the next step or where the address asks for
    it: `?form=<action>`.
    """
    found = [
        (action, why_not, page)
        for action, why_not in guards.available(case, actor, today)
        if (page := PAGES.get(action.name)) is not None
        and guards.concerns(action, case, actor, today)
    ]
    proposed = next(
        (action for action, why_not, _page in found if action.main and not why_not), None
    )
    asked = {failed.action if failed else request.args.get("form")}
    if proposed:
        asked.add(proposed.name)
    shown = []
    for action, why_not, page in found:
        form: ActionForm | None = None
        if not why_not and failed and failed.action == page.name:
            form = failed
        elif not why_not and (page.name in asked or not page.form.has_lists):
            form = _empty_form(page, case, catalogue, today)
            _put_text(form, case, actor, today)
        shown.append(Offer(action, page, form, why_not, page.name in asked))
    first = next((each for each in shown if each.action is proposed), None)
    assignments = guards.own_open_assignments(case, actor)
    return Offers(
        first,
        [each for each in shown if each is not first],
        [each.asked for each in assignments if each.asked],
    )


def _empty_form(page: ActionPage, case: Case, catalogue: Catalogue, today: date) -> ActionForm:
    form = page.form(page.name, formdata=None)
    form.offer(catalogue)
    form.prepare(case)
    form.start(case, today)
    return form


def _put_text(form: ActionForm, case: Case, actor: Viewer, today: date) -> None:
    """Puts the standard text that the address asks for into its form: `?form=<action>&text=<id>`,
    the way to choose one without scripts."""
    text_id = form_id(request.args.get("text"))
    if text_id is None or form.takes_text is None or form.action != request.args.get("form"):
        return
    texts = standard_texts.offered(actor, form.action, today)
    chosen = [text for text in texts if text.id == text_id]
    for said in standard_texts.filled(chosen, case, actor):
        form[form.takes_text].data = said


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
            if not form.validate():
                return show_again(case_id, form, None)
            try:
                _perform(page, case_id, form, now)
            except Refused as refusal:
                if not _is_repeated(page, case_id, form, now):
                    form.refuse(refusal)
                    return show_again(case_id, form, refusal)
            warn_of_nobody(form, now)
            return _done(case_id, page, case, worked_through)

        return act

    for page in PAGES.values():
        rule = f"/cases/<uuid:case_id>/{page.resource}"
        blueprint.add_url_rule(rule, page.resource, route(page), methods=["POST"])


def _perform(page: ActionPage, case_id: UUID, form: ActionForm, now: datetime) -> Case:
    return page.verb(case_id, actor=_person(), now=now, version=form.version.data, **form.given())


def warn_of_nobody(form: ActionForm, now: datetime) -> None:
    """Says which of the units asked have nobody yet who would see it: offices do keep such."""
    asked = [UUID(each) for each in form.asked_units()]
    names = staffing.without_people(asked, clock.local_date(now)) if asked else []
    if names:
        said = _(
            "Chưa có ai dùng hệ thống ở %(units)s; hãy báo cho nơi ấy.", units=", ".join(names)
        )
        flash(said, "warning")


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
    said = _("Đã ghi: %(action)s.", action=_(ACTIONS[page.name].label).lower())
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
