"""The pages of lists: home, the list with its order, columns and file, the lists kept."""

import re
from collections.abc import Sequence
from datetime import date
from tempfile import TemporaryFile
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ColumnElement, select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from tracker.cases import desks, due, export, listing, orders, queries, service
from tracker.cases.catalogue import Catalogue, catalogue, id_of
from tracker.cases.list_forms import FilterForm, ViewForm
from tracker.cases.models import Case, SavedView
from tracker.cases.orders import Order
from tracker.cases.service import keeping
from tracker.cases.shown import COLUMNS, columns, shown
from tracker.cases.views import blueprint
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.core.navigation import navigation
from tracker.core.permissions import needs
from tracker.rules.vietnamese import collate
from tracker.rules.workflow import ACTIONS, Action
from tracker.units.queries import Viewer

CODE = re.compile(r"[A-Z]{2,5}-\d{4}-\d{5,}")
HITS_COUNTED_UP_TO = 1_000
BULK = ("assign", "extend", "close")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/")
@needs("home:read")
def home() -> str:
    """What waits, as counts that are lists."""
    person = _person()
    counts = desks.counts(_asked(person))
    sees_cases = person.may("case:read")
    return render_template(
        "cases/home.html",
        desk_counts=counts,
        sees_cases=sees_cases,
        is_empty=sees_cases and not desks.sees_any(person),
        views=_kept(person) if sees_cases else [],
        places=navigation()[1:],
    )


def desk_places() -> str:
    """The lists on the left with their counts, for a page that didn't wait for them: the request
    says which is open."""
    desk = desks.DESKS.get(request.args.get("here", ""))
    counts = desks.counts(_asked(_person()))
    return render_template("_parts/desks.html", desk_counts=counts, desk=desk)


@blueprint.get("/cases")
@needs("case:read")
def list_cases() -> Any:
    """The cases that the person may see, as the address asks for them."""
    person = _person()
    words = request.args.get("q", "").strip().upper()
    if CODE.fullmatch(words) and (case_id := queries.id_of_code(person, words)):
        return redirect(url_for("cases.show", case_id=case_id))
    return list_page(ViewForm(formdata=None))


def list_page(view_form: ViewForm, status: int = 200) -> tuple[str, int]:
    """The list that the address asks for, with the form that keeps it as it was filled in."""
    person = _person()
    # Before `_asked`: the catalogue brings along what the calendar would ask for by itself.
    form, choices = _filter(person, clock.local_date(clock.now()))
    asked = _asked(person)
    is_valid = form.validate()
    page = None
    if is_valid:
        page, _order_of_page = _listed(form, person, _conditions(form, choices, asked))
        service.note_listed(page.levels, reader=person, now=clock.now())
    text = render_template(
        "cases/list.html",
        form=form,
        page=page,
        rows=shown(page.rows, asked.today) if page else [],
        given=form.given(),
        shows_filters="filters" in request.args or form.uses_filters(),
        desk_counts=desks.uncounted(person),
        desk=desks.DESKS.get(form.desk.data or ""),
        columns=columns(person.list_columns),
        views=_kept(person),
        view_form=view_form,
        may_change=keeping.may_change,
        bulk_actions=_bulk_actions(person),
    )
    return text, status if is_valid else 400


def _listed(
    form: FilterForm, person: Viewer, conditions: Sequence[ColumnElement[bool]]
) -> tuple[listing.Page, Order]:
    """The page that the address asks for, and the order of its list.

    Where nothing that the person may see has the words, the beginning of the last is enough.
    """
    order = _order(form, person)
    page = _page(form, person, conditions, order)
    if page.rows or not form.q.data:
        return page, order
    order = _order(form, person, is_unfinished=True)
    return _page(form, person, conditions, order), order


def _page(
    form: FilterForm, person: Viewer, conditions: Sequence[ColumnElement[bool]], order: Order
) -> listing.Page:
    return listing.page(
        person,
        *conditions,
        after=request.args.get("after"),
        before=request.args.get("before"),
        order=order,
        counted_up_to=HITS_COUNTED_UP_TO if form.q.data else None,
    )


def _bulk_actions(person: Viewer) -> list[Action]:
    return [ACTIONS[name] for name in BULK if person.may(f"case:{name}")]


@blueprint.get("/cases.xlsx")
@needs("case:export")
def export_list() -> Any:
    """The list that the address asks for, as a workbook with the person's columns."""
    person, asked = _person(), _asked(_person())
    form, choices = _filter(person, asked.today)
    if not form.validate():
        return list_page(ViewForm(formdata=None))
    conditions = _conditions(form, choices, asked)
    _page_of_list, order = _listed(form, person, conditions)
    return workbook(person, conditions, order)


def workbook(person: Viewer, conditions: Sequence[ColumnElement[bool]], order: Order) -> Response:
    """The cases of a list as a file to be fetched; it goes through the disk, not the memory."""
    rows = listing.every(person, *conditions, order=order, most=export.MOST_ROWS)
    target = TemporaryFile()  # closed by the answer, when it has been sent  # noqa: SIM115
    number, protected = export.write(target, rows, columns(person.list_columns))
    service.note_export(number, protected, reader=person, now=clock.now())
    target.seek(0)
    name = f"vu-viec-{clock.local_date(clock.now())}.xlsx"
    answer = send_file(target, EXCEL, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _filter(person: Viewer, today: date) -> tuple[FilterForm, Catalogue]:
    form, choices = FilterForm(request.args), catalogue(today)
    offered = desks.of(person)
    # A colleague's address may name a list of another role: it is asked within one's own sight.
    asked = desks.DESKS.get(request.args.get("list", ""))
    form.offer(choices, [*offered, asked] if asked and asked not in offered else offered)
    return form, choices


def _order(form: FilterForm, person: Viewer, *, is_unfinished: bool = False) -> Order:
    desk = desks.DESKS.get(form.desk.data or "")
    if form.q.data and not form.order.data:
        found = orders.of_hits(person, form.q.data, is_unfinished=is_unfinished)
        return desks.dated(found, person, desk)
    name = form.order.data or (desk.order if desk else "newest")
    order = desks.order(person, name, desk)
    if not form.q.data:
        return order
    return orders.among_hits(order, person, form.q.data, is_unfinished=is_unfinished)


def _conditions(
    form: FilterForm, choices: Catalogue, asked: desks.Asked
) -> list[ColumnElement[bool]]:
    equal = {
        Case.kind: form.kind.data,
        Case.state: form.state.data,
        Case.outcome: form.outcome.data,
        Case.field_id: id_of(choices.fields, form.field.data),
        Case.area_id: id_of(choices.areas, form.area.data),
        Case.lead_unit_id: id_of(choices.units, form.unit.data),
        Case.channel_id: id_of(choices.channels, form.channel.data),
    }
    found = [column == value for column, value in equal.items() if value is not None]
    desk = desks.DESKS.get(form.desk.data or "")
    if desk:
        found.append(desk.condition(asked))
    if form.import_run.data:
        found.append(Case.import_id == UUID(form.import_run.data))
    if form.due.data:
        found.append(desks.standing(asked, form.due.data, desk))
    if form.received_from.data:
        found.append(Case.received_on >= form.received_from.data)
    if form.received_to.data:
        found.append(Case.received_on <= form.received_to.data)
    return found


@blueprint.get("/cases/columns")
@needs("list:keep")
def column_choice() -> str:
    """The columns to choose from, for the list with the question `query`."""
    return render_template(
        "cases/columns.html",
        all_columns=COLUMNS,
        chosen=columns(_person().list_columns),
        query=_known_part(request.args.get("query", "")),
    )


@blueprint.post("/cases/columns")
@needs("list:keep")
def choose_columns() -> Response:
    """Keeps which columns the person's lists have; none chosen are the usual ones."""
    wanted = [name for name in request.form.getlist("column") if name in COLUMNS]
    keeping.choose_columns(actor=_person(), columns=wanted)
    flash(_("Đã đổi các cột của danh sách."), "success")
    return redirect(_list_address(request.form.get("query", "")))


@blueprint.post("/cases/views")
@needs("list:keep")
def keep_view() -> Any:
    """Keeps the list under a name."""
    form = ViewForm()
    query = _known_part(form.query.data or "")
    if form.validate():
        try:
            view = keeping.keep_view(
                actor=_person(),
                name=form.name.data or "",
                query=query,
                is_shared=form.is_shared.data,
                now=clock.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã lưu danh sách “%(name)s”.", name=view.name), "success")
            return redirect(_list_address(view.query))
    request.args = MultiDict(parse_qsl(query))
    return list_page(form, 422)


@blueprint.post("/cases/views/<uuid:view_id>/names")
@needs("list:keep")
def rename_view(view_id: UUID) -> Response:
    """Gives a kept list another name."""
    view = keeping.rename_view(view_id, actor=_person(), name=request.form.get("name", ""))
    flash(_("Đã đổi tên danh sách thành “%(name)s”.", name=view.name), "success")
    return redirect(_list_address(view.query))


@blueprint.post("/cases/views/<uuid:view_id>/removals")
@needs("list:keep")
def remove_view(view_id: UUID) -> Response:
    """Forgets a kept list."""
    keeping.remove_view(view_id, actor=_person())
    flash(_("Đã xóa danh sách đã lưu; không vụ việc nào thay đổi."), "success")
    return redirect(url_for("cases.list_cases"))


def _kept(person: Viewer) -> list[SavedView]:
    views = db.session.scalars(select(SavedView).where(keeping.usable_by(person)))
    return sorted(views, key=lambda view: collate(view.name))


def _known_part(query: str) -> str:
    """What of an address's question a list understands."""
    names = {field.name for field in FilterForm(MultiDict())}
    return urlencode([(name, value) for name, value in parse_qsl(query) if name in names])


def _list_address(query: str) -> str:
    known = _known_part(query)
    return url_for("cases.list_cases") + (f"?{known}" if known else "")


def _asked(person: Viewer) -> desks.Asked:
    today = clock.local_date(clock.now())
    return desks.Asked(person, today, due.soon_until(today))


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
