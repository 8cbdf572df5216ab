"""The calendar's pages: a year with its corrections, what a change would move, the change."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import StringField
from wtforms.validators import Length

from tracker.cases import clocks, queries
from tracker.cases import year as years
from tracker.cases.fields import DayField, Given, OutcomeField
from tracker.cases.models import CalendarDay
from tracker.cases.service import calendar as service
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.core.permissions import needs
from tracker.core.web import number
from tracker.rules.labels import mark as _m
from tracker.units.queries import Viewer

blueprint = Blueprint("calendar", __name__)

# Always the same words: whether there are such cases is nothing that others may know.
OTHERS = _m("Vụ việc ngoài phạm vi bạn được xem, nếu có, cũng được tính lại.")
OTHERS_THAN_NORMAL = _m("Vụ việc khác, nếu có, cũng được tính lại.")
KIND_LABELS = {"rest": _l("Ngày nghỉ"), "work": _l("Ngày làm việc")}


class CorrectionForm(Form):
    """One day, what it becomes, and by which document."""

    class Meta(Form.Meta):
        # The preview only asks; of what changes something the token is checked before any view.
        csrf = False

    day = DayField(_l("Ngày"), validators=[Given(_l("Hãy ghi ngày."))])
    kind = OutcomeField(_l("Là"), validators=[Given(_l("Hãy chọn ngày nghỉ hay ngày làm việc."))])
    source = StringField(
        _l("Văn bản làm căn cứ"),
        validators=[
            Given(_l("Hãy ghi văn bản làm căn cứ.")),
            Length(max=service.LONGEST_SOURCE, message=_l("Dài quá: tối đa 300 ký tự.")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.offer(KIND_LABELS.items())


@blueprint.app_template_global("calendar_warning")
def calendar_warning() -> str | None:
    """What to tell who keeps the calendar; None to others, and where nothing is missing."""
    person = _person()
    if not person.may("calendar:change"):
        return None
    said = years.warning(clock.local_date(clock.now()))
    return said if said and service.may_correct(person) else None


@blueprint.get("/calendar")
@needs("calendar:read")
def show() -> str:
    """The year that the address names, this year where it names none."""
    return _year_page(CorrectionForm(None))


@blueprint.get("/calendar/preview")
@needs("calendar:change")
def preview() -> Any:
    """What a correction would move, and the button that confirms it."""
    form = CorrectionForm(request.args)
    if not form.validate():
        return _year_page(form), 422
    try:
        found = service.preview_correction(
            form.day.data, form.kind.data, form.source.data or "", actor=_person()
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _year_page(form), refusal.status
    return render_template(
        "cases/calendar_preview.html",
        found=found,
        moved=_moved(found.count),
        form=form,
        others=_others(),
        kind_labels=KIND_LABELS,
    )


@blueprint.post("/calendar/corrections")
@needs("calendar:change")
def correct() -> Any:
    """Makes the correction that the preview showed."""
    form = CorrectionForm()
    if not form.validate():
        return _year_page(form), 422
    try:
        count = service.correct(
            form.day.data,
            form.kind.data,
            form.source.data or "",
            actor=_person(),
            now=clock.now(),
        )
    except Refused as refusal:
        form.refuse(refusal)
        return _year_page(form), refusal.status
    return _done(_("Đã điều chỉnh lịch."), count, form.day.data.year)


@blueprint.get("/calendar/corrections/<uuid:correction_id>/removal")
@needs("calendar:change")
def preview_removal(correction_id: UUID) -> str:
    """What taking a correction back would move."""
    _known_or_404(correction_id)
    found = service.preview_removal(correction_id, actor=_person())
    return render_template(
        "cases/calendar_preview.html",
        found=found,
        moved=_moved(found.count),
        correction_id=correction_id,
        others=_others(),
        kind_labels=KIND_LABELS,
    )


@blueprint.post("/calendar/corrections/<uuid:correction_id>/removal")
@needs("calendar:change")
def remove(correction_id: UUID) -> Response:
    """Takes a correction back."""
    row = _known_or_404(correction_id)
    count = service.remove_correction(correction_id, actor=_person(), now=clock.now())
    return _done(_("Đã bỏ điều chỉnh lịch."), count, row.day.year)


def _known_or_404(correction_id: UUID) -> CalendarDay:
    row = db.session.get(CalendarDay, correction_id)
    if row is None:
        abort(404)
    return row


def _done(words: str, count: int, shown_year: int) -> Response:
    flash(f"{words} {_moved(count)}. {_(_others())}", "success")
    return redirect(url_for("calendar.show", year=shown_year))


def _moved(count: int) -> str:
    """How many cases move, of those that are counted to the person."""
    one = (
        _l("%(count)s vụ việc thường của các đơn vị bạn quản trị đổi hạn")
        if queries.counts_normal_ones(_person())
        else _l("%(count)s vụ việc bạn được xem đổi hạn")
    )
    return str(one) % {"count": number(count)}


def _others() -> str:
    return OTHERS_THAN_NORMAL if queries.counts_normal_ones(_person()) else OTHERS


def _year_page(form: CorrectionForm) -> str:
    today = clock.local_date(clock.now())
    wanted = form.day.data.year if form.day.data else request.args.get("year", type=int)
    shown = min(max(wanted or today.year, clocks.FIRST_YEAR), clocks.LAST_YEAR - 1)
    person = _person()
    return render_template(
        "cases/calendar.html",
        year=years.year(shown),
        previous=shown - 1 if shown > clocks.FIRST_YEAR else None,
        following=shown + 1 if shown < clocks.LAST_YEAR - 1 else None,
        corrections=years.corrections_of(shown),
        short_weekdays=years.SHORT_WEEKDAYS,
        weekdays=years.WEEKDAYS,
        today=today,
        form=form,
        may_change=service.may_correct(person),
        kind_labels=KIND_LABELS,
    )


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
