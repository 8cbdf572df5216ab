"""Pages of the catalogues: fields, areas, channels."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from tracker.cases.service import cataloguing
from tracker.cases.service.cataloguing import LONGEST_NAME, CatalogueRow
from tracker.core.clock import now
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.core.permissions import needs
from tracker.rules.vietnamese import collate
from tracker.units.administration import history
from tracker.units.queries import Viewer

blueprint = Blueprint("catalogues", __name__, url_prefix="/administration/catalogues")

TITLES = {"fields": _l("Lĩnh vực"), "areas": _l("Địa bàn"), "channels": _l("Kênh tiếp nhận")}
ACTION_LABELS = {
    "add": _l("Thêm"),
    "rename": _l("Đổi tên"),
    "retire": _l("Ngừng dùng"),
    "offer_again": _l("Cho dùng lại"),
}
ROW = "/<any(fields, areas, channels):kind>/<uuid:row_id>"


class NameForm(Form):
    """What a row is called."""

    name = StringField(_l("Tên"), [InputRequired(), Length(max=LONGEST_NAME)])


@blueprint.get("/<any(fields, areas, channels):kind>")
@needs("catalogue:manage")
def rows(kind: str) -> str:
    """A catalogue, with the form of a new row."""
    return _list_page(kind, NameForm())


@blueprint.post("/<any(fields, areas, channels):kind>")
@needs("catalogue:manage")
def add(kind: str) -> Response | tuple[str, int]:
    """Adds a row."""
    form = NameForm()
    if form.validate():
        try:
            row = cataloguing.add(kind, actor=_person(), name=form.name.data or "", now=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã thêm %(name)s.", name=row.name), "success")
            return redirect(url_for(".rows", kind=kind))
    return _list_page(kind, form), Refused.status


@blueprint.get(ROW)
@needs("catalogue:manage")
def row(kind: str, row_id: UUID) -> str:
    """One row: its name, whether it is offered, its history."""
    found = _found(kind, row_id)
    return _row_page(kind, found, NameForm(obj=found))


@blueprint.post(ROW)
@needs("catalogue:manage")
def rename(kind: str, row_id: UUID) -> Response | tuple[str, int]:
    """Gives the row another name."""
    found, form = _found(kind, row_id), NameForm()
    if form.validate():
        try:
            cataloguing.rename(kind, row_id, actor=_person(), name=form.name.data or "", now=now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return _done(kind, row_id)
    return _row_page(kind, found, form), Refused.status


@blueprint.post(f"{ROW}/retire")
@needs("catalogue:manage")
def retire(kind: str, row_id: UUID) -> Response:
    """Offers the row no more."""
    _found(kind, row_id)
    cataloguing.retire(kind, row_id, actor=_person(), now=now())
    return _done(kind, row_id)


@blueprint.post(f"{ROW}/offer")
@needs("catalogue:manage")
def offer_again(kind: str, row_id: UUID) -> Response:
    """Offers the row again."""
    _found(kind, row_id)
    cataloguing.offer_again(kind, row_id, actor=_person(), now=now())
    return _done(kind, row_id)


def _done(kind: str, row_id: UUID) -> Response:
    flash(_("Đã lưu."), "success")
    return redirect(url_for(".row", kind=kind, row_id=row_id))


def _list_page(kind: str, form: NameForm) -> str:
    found = sorted(cataloguing.rows(kind), key=lambda row: collate(row.name))
    return render_template(
        "cases/catalogue.html",
        kind=kind,
        titles=TITLES,
        form=form,
        offered=[row for row in found if row.retired_on is None],
        retired=[row for row in found if row.retired_on is not None],
        may_change=cataloguing.may_manage_all(_person()),
    )


def _row_page(kind: str, row: CatalogueRow, form: NameForm) -> str:
    return render_template(
        "cases/catalogue_row.html",
        kind=kind,
        titles=TITLES,
        row=row,
        form=form,
        history=history(row.id),
        column_labels={"name": _("Tên")},
        action_labels=ACTION_LABELS,
        may_change=cataloguing.may_manage_all(_person()),
    )


def _found(kind: str, row_id: UUID) -> CatalogueRow:
    found = cataloguing.find(kind, row_id)
    if found is None:
        abort(404)
    return found


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
