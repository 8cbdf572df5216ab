"""Pages of the briefing: its periods and figures, the slides for the projector, the Word paper."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from tracker.cases import service as cases
from tracker.cases.fields import ChoiceField, DayField, Given
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.core.permissions import needs
from tracker.reception.paper_contents import download
from tracker.reports import briefing_paper
from tracker.reports.asking import read_day
from tracker.reports.briefing import Briefing, briefing, unit_of, usual_periods
from tracker.reports.queries import units
from tracker.reports.views import blueprint
from tracker.reports.wording import COLUMNS
from tracker.rules.briefing import Periods
from tracker.rules.papers import BRIEFING
from tracker.rules.reception_days import Span
from tracker.rules.vietnamese import format_date
from tracker.units.models import Unit
from tracker.units.queries import Viewer

GIVE_DAY = Given(_l("Hãy ghi ngày."))
_DAY = timedelta(days=1)


class BriefingForm(Form):
    """Unit and periods; they live in the address."""

    class Meta(Form.Meta):
        csrf = False

    unit_of: Unit
    unit = ChoiceField(_l("Đơn vị giao ban"), [GIVE_DAY])
    before = DayField(_l("Kỳ trước từ ngày"), [GIVE_DAY])
    first = DayField(_l("Kỳ này từ ngày"), [GIVE_DAY], name="from")
    last = DayField(_l("Đến ngày"), [GIVE_DAY], name="to")

    @classmethod
    def read(cls, given: MultiDict[str, str], now: datetime) -> "BriefingForm":
        """The form as the address fills it; without days, since the unit's last briefing."""
        person, today = _person(), clock.local_date(now)
        asked = {name: text for name, text in given.items() if text}
        try:
            unit = unit_of(person, asked.get("unit"))
        except Refused:  # the field itself says so, beside it
            unit = unit_of(person, None)
        usual = usual_periods(person, unit, _day_of(asked.get("to", ""), today))
        days = {"before": usual.before.first, "from": usual.since.first, "to": usual.since.last}
        said = {name: format_date(day) for name, day in days.items()}
        form = cls(MultiDict({"unit": unit.code} | said | asked))
        form.unit_of = unit
        form.unit.offer(units())
        return form

    def asked(self) -> tuple[Unit, Periods]:
        """Whose briefing, on which periods. Raises Refused."""
        if not self.validate():
            name, [reason, *_more] = next(iter(self.errors.items()))
            raise Refused(str(reason), name)
        before = Span(self.before.data, self.first.data - _DAY)
        return self.unit_of, Periods(before, Span(self.first.data, self.last.data))

    def given(self) -> dict[str, str]:
        """The question as an address says it."""
        days = {"before": self.before, "from": self.first, "to": self.last}
        said = {name: field.data.isoformat() for name, field in days.items()}
        return {"unit": self.unit_of.code} | said


@blueprint.get("/reports/briefing")
@needs("report:read")
def show_briefing() -> Any:
    """The periods, the figures of each part, and where the briefing begins."""
    now = clock.now()
    form = BriefingForm.read(request.args, now)
    try:
        found = briefing(_person(), *form.asked(), now=now)
    except Refused as refusal:
        if not form.errors:
            form.refuse(refusal)
        return render_template("reports/briefing.html", form=form, told=None), 400
    for field in (form.before, form.first, form.last):
        field.raw_data = [format_date(field.data)]
    return render_template(
        "reports/briefing.html",
        form=form,
        **_shown(found, form),
    )


@blueprint.get("/reports/briefing/slides")
@needs("report:read")
def briefing_slides() -> str:
    """The same for the projector: one thing after the other."""
    now = clock.now()
    form = BriefingForm.read(request.args, now)
    found = briefing(_person(), *form.asked(), now=now)
    return render_template("reports/slides.html", **_shown(found, form))


@blueprint.get("/reports/briefing.docx")
@needs("report:export")
def print_briefing() -> Response:
    """The same in Word; that it was taken away goes on record."""
    person, now = _person(), clock.now()
    found = briefing(person, *BriefingForm.read(request.args, now).asked(), now=now)
    read = [item.read for part in (found.before, found.since, found.older) for item in part.items]
    protected = {each.id for each in read if cases.is_protected(each.confidentiality)}
    cases.note_export(len(read), protected, reader=person, now=now)
    content = briefing_paper.paper(found)
    return download(content, f"{BRIEFING.file_name}-{found.periods.since.last}.docx")


def _shown(told: Briefing, form: BriefingForm) -> dict[str, Any]:
    """What both pages show."""
    return {
        "told": told,
        "given": form.given(),
        "address": _address(told),
        "columns": COLUMNS,
        "results": ("received", *briefing_paper.COUNTED),
        "owing": replace(told.owing, rows=told.debts),
    }


def _address(told: Briefing) -> Any:
    """Where the cases behind a figure of one of the reports are listed."""

    def address(report: Any, measure: str, key: str = "") -> str:
        asked = {
            "from": report.first.isoformat(),
            "to": report.last.isoformat(),
            "unit": told.unit.code,
            "by": report.by if key else "",
            "key": key,
            "measure": measure,
        }
        said = {name: text for name, text in asked.items() if text}
        return f"{url_for('reports.opinion_cases')}?{urlencode(said)}"

    return address


def _day_of(text: str, today: date) -> date:
    """The day that the address names, today where it names none; the form says what is wrong."""
    try:
        return read_day(text, "last") if text else today
    except Refused:
        return today


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
