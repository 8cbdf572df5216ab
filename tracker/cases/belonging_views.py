"""The pages on which cases are merged, split and linked, and their section on a case's page."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.cases import belonging, guards, mergeable, queries, service, triage
from tracker.cases.belonging import Belonging
from tracker.cases.belonging_forms import LinkForm, MergeForm, SplitForm
from tracker.cases.catalogue import catalogue
from tracker.cases.lookalikes import Lookalike, lookalikes
from tracker.cases.models import Case
from tracker.core import clock
from tracker.core.db import new_id
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.rules.workflow import ACTIONS, BEFORE_ASSIGNMENT, OPEN, Action, State
from tracker.units.queries import Viewer

PAGES = {"merge": "cases.merge_page", "split": "cases.split_page", "link": "cases.link_page"}


class Section(NamedTuple):
    """What a case's page says of other cases.

    offers: (action, the endpoint of its page, why it can't be done now). has_lookalikes: they
    can be asked for; fetches_lookalikes: they are asked for at once.
    """

    ties: Belonging
    offers: Sequence[tuple[Action, str, str | None]]
    has_lookalikes: bool
    fetches_lookalikes: bool
    may_unmerge: bool
    may_unlink: bool


def section(case: Case, person: Viewer, today: date) -> Section:
    """The section on the page of `case`. One query."""
    state = State(case.state)
    return Section(
        ties=belonging.belonging(person, case.id),
        offers=[
            (action, PAGES[action.name], why_not)
            for action, why_not in guards.available(case, person, today)
            if action.name in PAGES
        ],
        has_lookalikes=state in OPEN,
        fetches_lookalikes=state in BEFORE_ASSIGNMENT and person.may("case:merge"),
        may_unmerge=person.may("case:unmerge"),
        may_unlink=person.may("case:unlink"),
    )


def add_routes(blueprint: Blueprint) -> None:
    """The routes of this module."""
    at = "/cases/<uuid:case_id>"
    for rule, view, method in (
        (f"{at}/look-alikes", show_lookalikes, "GET"),
        (f"{at}/merge", merge_page, "GET"),
        (f"{at}/merges", merge, "POST"),
        (f"{at}/unmergings", undo_merge, "POST"),
        (f"{at}/split", split_page, "GET"),
        (f"{at}/parts", split, "POST"),
        (f"{at}/link", link_page, "GET"),
        (f"{at}/links", link, "POST"),
        (f"{at}/links/<uuid:link_id>/removals", unlink, "POST"),
    ):
        blueprint.add_url_rule(rule, view.__name__, view, methods=[method])


@needs("case:read")
def show_lookalikes(case_id: UUID) -> str:
    """Open cases like this one: a page, or the part of one that htmx asks for."""
    case = _case(case_id)
    _note(case)
    template = "_lookalikes.html" if "HX-Request" in request.headers else "lookalikes.html"
    likes = _lookalikes(case)
    return render_template(
        f"cases/{template}", case=case, lookalikes=likes, mergeable=_mergeable(case, likes)
    )


@needs("case:merge")
def merge_page(case_id: UUID) -> str:
    """Which case to merge into; `into`, the code of one, shows the two side by side."""
    case = _case(case_id)
    code = request.args.get("into", "").strip().upper()
    target = _by_code(code) if code else None
    form = MergeForm(into=target and target.id, version=case.version)
    if code and target is None:
        form.form_errors.append(_("Không tìm thấy vụ việc %(code)s.", code=code))
    if target and (reason := mergeable.why_not(case, target, clock.local_date(clock.now()))):
        form.form_errors.append(reason)
    return _merge_page(case, target, form, code)


@needs("case:merge")
def merge(case_id: UUID) -> Any:
    """Merges the case into the one that the form names."""
    case, form = _case(case_id), MergeForm()
    worked_through = triage.begin(_person(), case)
    into_id = _id(form.into.data)
    target = queries.find(_person(), into_id) if into_id else None
    status = 422
    if target is None:
        form.form_errors.append(_("Hãy chọn vụ việc nhận."))
    elif form.validate():
        try:
            merged = service.merge(
                case_id,
                actor=_person(),
                into_id=target.id,
                now=clock.now(),
                version=form.version.data,
            )
        except Refused as refusal:
            form.form_errors.append(refusal.reason)
            status = refusal.status
        else:
            said = _("Đã gộp %(one)s vào %(two)s.", one=merged.code, two=target.code)
            return triage.onward(worked_through, merged, said)
    return _merge_page(case, target, form, target.code if target else ""), status


@needs("case:unmerge")
def undo_merge(case_id: UUID) -> Response:
    """Undoes the merge of the case."""
    _case(case_id)
    try:
        case = service.undo_merge(case_id, actor=_person(), now=clock.now())
    except Refused as refusal:
        flash(refusal.reason, "danger")
    else:
        flash(_("Đã hoàn tác gộp: %(code)s như trước khi gộp.", code=case.code), "success")
    return _to(case_id)


@needs("case:split")
def split_page(case_id: UUID) -> str:
    """The form of the parts, the first with what the case says now."""
    case = _case(case_id)
    first = {"content": case.content, "field_id": case.field_id, "area_id": case.area_id}
    form = SplitForm(form_id=new_id(), version=case.version, parts=[_texts(first), {}])
    return _split_page(case, form)


@needs("case:split")
def split(case_id: UUID) -> Any:
    """Splits the case, or gives the form back with a part more where that was asked."""
    case, form = _case(case_id), SplitForm()
    worked_through = triage.begin(_person(), case)
    form.offer(catalogue(clock.local_date(clock.now())))
    if "more" in request.form:
        if form.has_room:
            form.parts.append_entry()
        return _split_page(case, form)
    status = 422
    if form.validate():
        try:
            new = service.split(
                case_id,
                actor=_person(),
                parts=_parts(form),
                now=clock.now(),
                version=form.version.data,
                form_id=_id(form.form_id.data),
            )
        except Refused as refusal:
            form.form_errors.append(refusal.reason)
            status = refusal.status
        else:
            codes = ", ".join(each.code for each in new)
            return triage.onward(worked_through, case, _("Đã tách thêm: %(codes)s.", codes=codes))
    return _split_page(case, form), status


@needs("case:link")
def link_page(case_id: UUID) -> str:
    """The empty form of a link; `code` fills in the other case."""
    form = LinkForm(code=request.args.get("code", ""))
    return _link_page(_case(case_id), form)


@needs("case:link")
def link(case_id: UUID) -> Any:
    """Links the case to the one whose code the form has."""
    case, form = _case(case_id), LinkForm()
    form.offer()
    status = 422
    if form.validate():
        other = _by_code((form.code.data or "").strip().upper())
        try:
            if other is None:
                raise Refused(_("Không tìm thấy vụ việc này."), "code")
            service.link(
                case_id,
                actor=_person(),
                other_id=other.id,
                kind=form.kind.data or "",
                now=clock.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
            status = refusal.status
        else:
            flash(_("Đã liên kết với %(code)s.", code=other.code), "success")
            return _to(case_id)
    return _link_page(case, form), status


@needs("case:unlink")
def unlink(case_id: UUID, link_id: UUID) -> Response:
    """Takes a link back."""
    _case(case_id)
    try:
        service.unlink(case_id, actor=_person(), link_id=link_id, now=clock.now())
    except Refused as refusal:
        flash(refusal.reason, "danger")
    else:
        flash(_("Đã bỏ liên kết."), "success")
    return _to(case_id)


def _merge_page(case: Case, target: Case | None, form: MergeForm, code: str) -> str:
    likes = [] if target else _lookalikes(case)
    _note(case, *([target] if target else ()))
    return render_template(
        "cases/merge.html",
        case=case,
        target=target,
        form=form,
        code=code,
        lookalikes=likes,
        mergeable=_mergeable(case, [target] if target else likes),
    )


def _split_page(case: Case, form: SplitForm) -> str:
    form.offer(catalogue(clock.local_date(clock.now())))
    _note(case)
    return render_template("cases/split.html", case=case, form=form)


def _link_page(case: Case, form: LinkForm) -> str:
    form.offer()
    _note(case)
    return render_template("cases/link.html", case=case, form=form)


def _lookalikes(case: Case) -> list[Lookalike]:
    found = lookalikes(_person(), case.content, area_id=case.area_id, but=case.id)
    seen = ((each.id, each.confidentiality) for each in found)
    service.note_listed(seen, reader=_person(), now=clock.now())
    return found


def _note(*cases: Case) -> None:
    """The page shows what these cases say: of the protected ones that is on record."""
    for case in cases:
        service.note_reading(case, reader=_person(), now=clock.now())


def _mergeable(case: Case, others: Sequence[Case | Lookalike]) -> set[UUID]:
    """Those of `others` into which the person may merge `case` now."""
    today = clock.local_date(clock.now())
    action = ACTIONS["merge"]
    if (
        not _person().may("case:merge")
        or case.state not in action.sources
        or guards.why_not(action, case, _person(), today)
    ):
        return set()
    return {each.id for each in others if mergeable.why_not(case, each, today) is None}


def _texts(values: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items() if value is not None}


def _parts(form: SplitForm) -> list[service.Part]:
    return [
        service.Part(
            part.form.content.data or "",
            _id(part.form.field_id.data),
            _id(part.form.area_id.data),
        )
        for part in form.parts
        if (part.form.content.data or "").strip()
    ]


def _case(case_id: UUID) -> Case:
    return queries.find(_person(), case_id) or abort(404)


def _by_code(code: str) -> Case | None:
    case_id = queries.id_of_code(_person(), code)
    return queries.find(_person(), case_id) if case_id else None


def _to(case_id: UUID) -> Response:
    return redirect(url_for("cases.show", case_id=case_id))


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person


def _id(text: str | None) -> UUID | None:
    """The id that a form carried; a mangled one is as good as none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
