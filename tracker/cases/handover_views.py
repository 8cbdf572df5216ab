"""Pages of changes of units: the form with its preview, what was done, undoing it."""

from collections import Counter
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.orm import aliased
from werkzeug.wrappers import Response

from tracker.cases import succession
from tracker.cases.handover_forms import ChangeForm, area_field
from tracker.cases.models import Case, Handover
from tracker.cases.queries import counts_normal_ones, visible
from tracker.cases.service.handing_back import undo_change, why_not_undone
from tracker.cases.service.handover import change_units
from tracker.cases.succession import SHOWN_CASES, Plan
from tracker.core.clock import local_date, now
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.rules.labels import mark as _m
from tracker.units import administration, unit_queries
from tracker.units.models import Unit, UnitChange
from tracker.units.queries import Viewer
from tracker.units.unit_views import REASON_LABELS

blueprint = Blueprint("handover", __name__)

# Always the same words: whether there are such cases is nothing that others may know.
NORMAL_ONES = _m(
    "Số liệu chỉ tính vụ việc thường của các đơn vị bạn quản trị. Vụ việc khác, nếu có, cũng được"
    " bàn giao."
)
OTHERS = _m(
    "Số liệu chỉ tính vụ việc bạn được xem. Vụ việc ngoài phạm vi ấy, nếu có, cũng được bàn giao."
)


@blueprint.get("/units/changes/new")
@needs("unit:change")
def new_change() -> str:
    """Asks what the document orders."""
    form = ChangeForm(request.args)
    form.offer(_offered())
    return _page(form, None)


@blueprint.post("/units/changes/preview")
@needs("unit:change")
def preview() -> str | tuple[str, int]:
    """Shows what the change would do, before anything is done."""
    form = ChangeForm()
    plan = _plan(form)
    return _page(form, plan) if plan else (_page(form, None), Refused.status)


@blueprint.post("/units/changes")
@needs("unit:change")
def carry_out() -> Response | tuple[str, int]:
    """Does what the preview showed."""
    form = ChangeForm()
    plan = _plan(form)
    if plan is None:
        return _page(form, None), Refused.status
    try:
        change = change_units(plan.wanted, seen=form.seen.data or "", actor=_person(), now=now())
    except Refused as refusal:
        form.refuse(refusal)
        return _page(form, plan), refusal.status
    flash(_("Đã ghi thay đổi đơn vị và bàn giao vụ việc."), "success")
    return redirect(url_for(".change", change_id=change.id))


@blueprint.get("/units/changes/<uuid:change_id>")
@needs("unit:read")
def change(change_id: UUID) -> str:
    """What a change did, and what can still be done about it."""
    found = _change(change_id)
    may_undo = _person().may("unit:change") and found.undone_at is None
    return render_template(
        "cases/handover_done.html",
        change=found,
        successions=unit_queries.change_successions(change_id),
        handed=_handed(change_id),
        cases=_visible_cases(change_id),
        may_undo=may_undo,
        why_not=why_not_undone(found) if may_undo else None,
        others=OTHERS,
        reason_labels=REASON_LABELS,
    )


@blueprint.post("/units/changes/<uuid:change_id>/undo")
@needs("unit:change")
def undo(change_id: UUID) -> Response:
    """Takes a change back."""
    _change(change_id)
    undo_change(change_id, actor=_person(), now=now())
    flash(_("Đã hoàn tác: đơn vị, vai trò và vụ việc như trước."), "success")
    return redirect(url_for(".change", change_id=change_id))


def _plan(form: ChangeForm) -> Plan | None:
    """What the form asks for; None where it has to be mended first."""
    form.offer(_offered())
    if not form.validate():
        return None
    try:
        wanted = form.wanted(request.form)
        plan = succession.plan(wanted, actor=_person(), today=local_date(now()))
    except Refused as refusal:
        form.refuse(refusal)
        return None
    form.default.offer(plan.names.items())
    return plan


def _page(form: ChangeForm, plan: Plan | None) -> str:
    return render_template(
        "cases/handover.html",
        form=form,
        plan=plan,
        others=NORMAL_ONES if counts_normal_ones(_person()) else OTHERS,
        shown_cases=SHOWN_CASES,
        area_field=area_field,
    )


def _offered() -> list[Unit]:
    """The units of today that the person administers."""
    return administration.managed_units(_person(), local_date(now()))


def _change(change_id: UUID) -> UnitChange:
    found = db.session.get(UnitChange, change_id)
    if found is None:
        abort(404)
    return found


def _handed(change_id: UUID) -> list[tuple[str, str, Counter[str]]]:
    """(old unit, successor, how many of each tie) of a change, of cases that the person may see."""
    new = aliased(Unit)
    rows = db.session.execute(
        select(Unit.name, new.name, Handover.tie, func.count())
        .join(Unit, Unit.id == Handover.from_unit_id)
        .join(new, new.id == Handover.to_unit_id)
        .join(Case, Case.id == Handover.case_id)
        .where(Handover.change_id == change_id, visible(_person()))
        .group_by(Unit.name, new.name, Handover.tie)
        .order_by(Unit.name, new.name)
    )
    found: dict[tuple[str, str], Counter[str]] = {}
    for old_name, new_name, tie, count in rows:
        found.setdefault((old_name, new_name), Counter())[tie] = count
    return [(*names, counts) for names, counts in found.items()]


def _visible_cases(change_id: UUID) -> Any:
    """(id, code) of the cases that went over and that the person may see."""
    handed = select(Handover.case_id).where(Handover.change_id == change_id)
    return db.session.execute(
        select(Case.id, Case.code)
        .where(Case.id.in_(handed), visible(_person()))
        .order_by(Case.code)
        .limit(SHOWN_CASES)
    ).all()


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
