"""Pages of units: the tree, one unit, its details. And the place where administration begins."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.clock import local_date, now
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.rules.workflow import ROLE_LABELS
from tracker.units import administration, staffing, unit_queries, unit_service
from tracker.units.models import Unit
from tracker.units.queries import Viewer
from tracker.units.unit_forms import LEVEL_LABELS, PAPERS, NewUnitForm, UnitForm

blueprint = Blueprint("offices", __name__)

REASON_LABELS = {
    "merge": _l("Sáp nhập"),
    "split": _l("Chia, tách"),
    "rename": _l("Đổi tên"),
    "dissolve": _l("Giải thể"),
}
COLUMN_LABELS = {
    "name": _l("Tên đơn vị"),
    "code": _l("Mã"),
    "paper": _l("Thể thức văn bản"),
    "level": _l("Cấp"),
    "letterhead": _l("Tên cơ quan trên văn bản"),
    "place": _l("Địa danh ghi trên văn bản"),
    "parent_id": _l("Thuộc đơn vị"),
    "valid_from": _l("Có từ ngày"),
    "valid_to": _l("Đến hết ngày"),
}
ACTION_LABELS = {
    "add": _l("Thêm"),
    "change": _l("Sửa"),
    "end": _l("Kết thúc"),
    "succeed": _l("Kế tục"),
    "undo": _l("Hoàn tác"),
}


@blueprint.get("/administration")
@needs("unit:change")
def administration_home() -> str:
    """Where administration begins."""
    today = local_date(now())
    ending = staffing.ending(administration.managed_units(_person(), today), today)
    return render_template(
        "units/administration.html", ending=ending, role_labels=ROLE_LABELS, today=today
    )


@blueprint.get("/units")
@needs("unit:read")
def units() -> str:
    """All units as a tree, then those that have ended, then the last changes."""
    today = local_date(now())
    found = unit_queries.all_units()
    standing = [unit for unit in found if unit.valid_to is None or unit.valid_to >= today]
    return render_template(
        "units/units.html",
        placed=unit_queries.tree(standing),
        ended=[unit for unit in found if unit not in standing],
        changes=unit_queries.latest_changes(),
        reason_labels=REASON_LABELS,
    )


@blueprint.get("/units/<uuid:unit_id>")
@needs("unit:read")
def unit(unit_id: UUID) -> str:
    """One unit: validity, papers, people, where its work came from and went, history."""
    found = _unit(unit_id)
    parent = unit_queries.find(found.parent_id) if found.parent_id else None
    return render_template(
        "units/unit.html",
        unit=found,
        parent=parent,
        members=unit_queries.members(unit_id),
        successions=unit_queries.successions(unit_id),
        history=administration.history(unit_id),
        names={str(each.id): each.name for each in unit_queries.all_units()},
        may_change=_person().may("unit:change") and administration.may_manage(_person(), unit_id),
        papers=PAPERS,
        level_labels=LEVEL_LABELS,
        role_labels=ROLE_LABELS,
        reason_labels=REASON_LABELS,
        column_labels=COLUMN_LABELS,
        action_labels=ACTION_LABELS,
        today=local_date(now()),
    )


@blueprint.route("/units/new", methods=["GET", "POST"])
@needs("unit:change")
def new_unit() -> Response | str | tuple[str, int]:
    """Adds a unit below one of the person's own."""
    form = NewUnitForm()
    form.offer_parents(_own_units(), _("Chọn đơn vị…"))
    if not form.is_submitted():
        return _form_page(form, None)
    if form.validate():
        assert form.valid_from.data is not None
        try:
            added = unit_service.add_unit(
                actor=_person(),
                code=form.code.data or "",
                parent_id=UUID(form.parent_id.data),
                valid_from=form.valid_from.data,
                now=now(),
                **form.given(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã thêm %(name)s.", name=added.name), "success")
            return redirect(url_for(".unit", unit_id=added.id))
    return _form_page(form, None), Refused.status


@blueprint.route("/units/<uuid:unit_id>/edit", methods=["GET", "POST"])
@needs("unit:change")
def edit_unit(unit_id: UUID) -> Response | str | tuple[str, int]:
    """Corrects a unit's details."""
    found = _unit(unit_id)
    administration.must_manage(_person(), unit_id)
    form = UnitForm(obj=found)
    _offer_places(form, found)
    if not form.is_submitted():
        return _form_page(form, found)
    if form.validate():
        parent = form.parent_id.data
        try:
            unit_service.change_unit(
                unit_id,
                actor=_person(),
                parent_id=UUID(parent) if parent else None,
                now=now(),
                **form.given(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã lưu."), "success")
            return redirect(url_for(".unit", unit_id=unit_id))
    return _form_page(form, found), Refused.status


def _offer_places(form: UnitForm, unit: Unit) -> None:
    """Where it stands, and where the person may put it."""
    offered = [each for each in _own_units() if each.id != unit.id]
    parent = unit_queries.find(unit.parent_id) if unit.parent_id else None
    if parent is not None and parent not in offered:
        offered.insert(0, parent)
    form.offer_parents(offered, _("Không thuộc đơn vị nào") if parent is None else None)


def _form_page(form: UnitForm, unit: Unit | None) -> str:
    return render_template("units/unit_form.html", form=form, unit=unit)


def _own_units() -> list[Unit]:
    """The units of today that the person administers."""
    return administration.managed_units(_person(), local_date(now()))


def _unit(unit_id: UUID) -> Unit:
    found = unit_queries.find(unit_id)
    if found is None:
        abort(404)
    return found


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
