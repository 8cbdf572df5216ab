"""Pages on which meetings are planned, one or a series, and put right."""

from typing import Any
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.db import new_id
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.reception import event_queries, service
from tracker.reception.event_forms import (
    ChangeSeriesForm,
    CorrectEventForm,
    EndSeriesForm,
    EventForm,
    SeriesForm,
    named,
)
from tracker.reception.event_telling import name_of
from tracker.reception.event_views import _event, _person, _today, blueprint, may_manage
from tracker.reception.forms import id_of
from tracker.reception.models import EventSeries


@blueprint.route("/new", methods=["GET", "POST"])
@needs("event:manage")
def new() -> Any:
    """Plans one meeting, or begins one at once."""
    form = EventForm(made_id=new_id())
    _offer(form)
    if not form.is_submitted():
        form.held_on.data = _today()
        return render_template("reception/event_form.html", form=form)
    if form.validate():
        unit_id, sort = form.chosen()
        verb = service.start if "begin" in request.form else service.plan
        try:
            event = verb(
                id_of(form.made_id.data) or new_id(),
                actor=_person(),
                unit_id=unit_id,
                sort=sort,
                held_on=form.held_on.data,
                particulars=form.particulars(),
                now=clock.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã lưu."), "success")
            return redirect(url_for(".show", event_id=event.id))
    return render_template("reception/event_form.html", form=form), Refused.status


@blueprint.route("/<uuid:event_id>/edit", methods=["GET", "POST"])
@needs("event:manage")
def edit(event_id: UUID) -> Any:
    """Puts the particulars of a meeting right."""
    event = _event(event_id)
    form = CorrectEventForm(obj=event)
    if form.is_submitted() and form.validate():
        try:
            service.correct(
                event.id,
                actor=_person(),
                particulars=form.particulars(),
                attendance=form.attendance.data,
                note_text=form.note.data or "",
                version=form.version.data,
                now=clock.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã lưu."), "success")
            return redirect(url_for(".show", event_id=event_id))
    status = Refused.status if form.is_submitted() else 200
    is_by_head = event_queries.sort_of(event).is_by_head
    page = render_template(
        "reception/event_edit.html", event=event, form=form, is_by_head=is_by_head
    )
    return page, status


@blueprint.get("/series")
@needs("event:read")
def all_series() -> str:
    """The series that go on."""
    return render_template(
        "reception/series.html",
        found=event_queries.all_series(_person(), _today()),
        may_manage=may_manage(_person()),
    )


@blueprint.route("/series/new", methods=["GET", "POST"])
@needs("event:manage")
def new_series() -> Any:
    """Plans meetings that come again."""
    form = SeriesForm(made_id=new_id())
    _offer(form)
    if not form.is_submitted():
        form.starts_on.data = _today()
        return render_template("reception/series_form.html", form=form)
    if form.validate():
        unit_id, sort = form.chosen()
        try:
            series = service.plan_series(
                id_of(form.made_id.data) or new_id(),
                actor=_person(),
                unit_id=unit_id,
                sort=sort,
                pattern=form.pattern(),
                particulars=form.particulars(),
                now=clock.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã lên lịch: %(name)s.", name=name_of(series)), "success")
            return redirect(url_for(".show_series", series_id=series.id))
    return render_template("reception/series_form.html", form=form), Refused.status


@blueprint.get("/series/<uuid:series_id>")
@needs("event:read")
def show_series(series_id: UUID) -> str:
    """A series with its meetings of the coming year; how it goes on from a day, or ends."""
    return _series_page(_series(series_id))


@blueprint.post("/series/<uuid:series_id>/change")
@needs("event:manage")
def change_series(series_id: UUID) -> Any:
    """From a day on the series is another."""
    series, form = _series(series_id), ChangeSeriesForm()
    if form.validate():
        try:
            successor = service.change_series(
                series.id,
                actor=_person(),
                successor_id=id_of(form.made_id.data) or new_id(),
                pattern=form.pattern(),
                particulars=form.particulars(),
                now=clock.now(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã lưu."), "success")
            return redirect(url_for(".show_series", series_id=successor.id))
    return _series_page(_series(series_id), change=form), Refused.status


@blueprint.post("/series/<uuid:series_id>/end")
@needs("event:manage")
def end_series(series_id: UUID) -> Any:
    """From a day on the series has no meetings."""
    series, form = _series(series_id), EndSeriesForm()
    if form.validate():
        try:
            service.end_series(
                series.id, actor=_person(), first=form.ends_from.data, now=clock.now()
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã lưu."), "success")
            return redirect(url_for(".show_series", series_id=series_id))
    return _series_page(_series(series_id), end=form), Refused.status


def _series_page(
    series: EventSeries,
    change: ChangeSeriesForm | None = None,
    end: EndSeriesForm | None = None,
) -> str:
    today = _today()
    return render_template(
        "reception/series_one.html",
        series=series,
        unit=event_queries.unit_name(series.unit_id),
        events=event_queries.of_series(series.id),
        may_manage=may_manage(_person(), series.unit_id)
        and (series.ends_on is None or series.ends_on >= today),
        change=change or _as_it_is(series),
        end=named(end or EndSeriesForm(None), "end"),
        sent="change" if change else "end" if end else "",
        is_by_head=event_queries.sort_of(series).is_by_head,
    )


def _as_it_is(series: EventSeries) -> ChangeSeriesForm:
    form = ChangeSeriesForm(None, obj=series, made_id=new_id())
    form.starts_on.data = max(series.starts_on, _today())
    form.show(series)
    return form


def _offer(form: EventForm | SeriesForm) -> None:
    form.offer(event_queries.offered_units(_person(), _today()))
    if not form.is_submitted():
        form.unit_id.data = str(_person().unit_id)


def _series(series_id: UUID) -> EventSeries:
    return event_queries.find_series(_person(), series_id) or abort(404)
