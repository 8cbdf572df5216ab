"""What a case's page offers to do: the next step with its form, and the others under headings."""

from dataclasses import dataclass, replace
from datetime import date

from flask import request

from tracker.cases import guards, standard_texts
from tracker.cases.actions import GROUPS, PAGES, ActionPage, form_id
from tracker.cases.catalogue import Catalogue
from tracker.cases.forms import ActionForm
from tracker.cases.models import Case
from tracker.rules.workflow import Action
from tracker.units.queries import Viewer

# The other way out of a next step stands beside it.
BESIDE = {"accept": "return", "close": "redo"}


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

    @property
    def beside(self) -> Offer | None:
        """The one among the others that stands beside the next step, if it can be done."""
        name = BESIDE.get(self.next.action.name) if self.next else None
        found = (each for each in self.others if each.action.name == name and not each.why_not)
        return next(found, None)

    def by_group(self) -> list[tuple[str, list[Offer]]]:
        """The others under their headings, without the one beside the next step."""
        others = [offer for offer in self.others if offer is not self.beside]
        groups = [
            (group, [each for each in others if each.page.group == group]) for group in GROUPS
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
