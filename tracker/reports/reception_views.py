"""Pages of the report on receptions: figures, the meetings and cases behind each, papers."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Response, render_template, request, url_for
from flask_babel import force_locale
from flask_login import current_user

from tracker.cases import listing
from tracker.cases.shown import shown
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.reception import event_queries
from tracker.reception.paper_contents import MEDIA_TYPE as WORD
from tracker.reception.paper_contents import download
from tracker.reception.register_views import EXCEL
from tracker.reports import reception_papers, reception_wording
from tracker.reports.briefing import unit_of
from tracker.reports.forms import ReceptionForm
from tracker.reports.queries import units
from tracker.reports.reception import (
    SATISFACTION_LABELS,
    reception_cases,
    reception_meetings,
    reception_report,
)
from tracker.reports.reception_queries import RECEPTION_BREAKDOWNS
from tracker.reports.views import blueprint
from tracker.rules.papers import RECEPTION
from tracker.rules.reception_counting import RECEPTION_MEASURES
from tracker.units.queries import Viewer

PAPERS = {"docx": (reception_papers.word, WORD), "xlsx": (reception_papers.excel, EXCEL)}


@blueprint.get("/reports/reception")
@needs("register:export")
def reception() -> tuple[str, int]:
    """The report that the address asks for, each figure a link to what is behind it."""
    now = clock.now()
    form = ReceptionForm.read(request.args, now, units())
    try:
        form.judge()
        report = reception_report(_person(), **form.question(), now=now)
    except Refused as refusal:
        if not form.errors:
            form.refuse(refusal)
        return render_template("reports/reception.html", form=form, report=None), 400
    page = render_template(
        "reports/reception.html",
        form=form,
        report=report,
        paragraph=reception_wording.paragraph(report),
        measures=RECEPTION_MEASURES,
        breakdown=RECEPTION_BREAKDOWNS[report.by].label if report.by else "",
        head_columns=reception_wording.HEAD_COLUMNS,
        heads=[(head, reception_wording.head_figures(head)) for head in report.heads],
        said=reception_wording.satisfaction_figures(report),
        satisfaction_labels=SATISFACTION_LABELS,
        given=form.given(),
        address=_addresses(form.given()),
    )
    return page, 200


@blueprint.get("/reports/reception/cases")
@needs("register:export")
def reception_cases_behind() -> str:
    """The cases behind one figure."""
    person, now = _person(), clock.now()
    form = ReceptionForm.read(request.args, now, units())
    form.judge()
    measure, key = request.args.get("measure", ""), request.args.get("key", "")
    told = reception_cases(person, measure=measure, key=key, **form.question())
    page = listing.page(
        person,
        *told.conditions,
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    return render_template(
        "reports/reception_cases.html",
        form=form,
        told=told,
        page=page,
        rows=shown(page.rows, clock.local_date(now)),
        given=form.given(),
        here=form.given() | {"measure": measure} | ({"key": key} if key else {}),
    )


@blueprint.get("/reports/reception/meetings")
@needs("register:export")
def reception_meetings_behind() -> str:
    """The meetings behind one figure."""
    form = ReceptionForm.read(request.args, clock.now(), units())
    form.judge()
    key = request.args.get("key", "")
    told = reception_meetings(_person(), key=key, **form.question())
    page = max(request.args.get("page", 1, type=int), 1)
    found, total = event_queries.some(_person(), told.conditions, page)
    return render_template(
        "reports/reception_meetings.html",
        form=form,
        told=told,
        found=found,
        total=total,
        page=page,
        pages=-(-total // event_queries.PAGE_SIZE),
        given=form.given(),
        here=form.given() | ({"key": key} if key else {}),
    )


@blueprint.get("/reports/reception.<any(docx, xlsx):kind>")
@needs("register:export")
def reception_paper(kind: str) -> Response:
    """The report as a file. Papers are Vietnamese, whatever the language of their reader."""
    person, now = _person(), clock.now()
    form = ReceptionForm.read(request.args, now, units())
    form.judge()
    maker, media_type = PAPERS[kind]
    with force_locale("vi"):
        report = reception_report(person, **form.question(), now=now)
        content = maker(report, unit_of(person, form.unit.data))
    return download(
        content, f"{RECEPTION.file_name}-{report.first}-{report.last}.{kind}", media_type
    )


def _addresses(given: Mapping[str, str]) -> Any:
    """Where the meetings or the cases behind a figure are listed."""

    def address(measure: str, key: str = "") -> str:
        behind = "meetings" if measure == "sessions" else "cases"
        asked = {} if behind == "meetings" else {"measure": measure}
        said = {**given, **asked, **({"key": key} if key else {})}
        return f"{url_for(f'reports.reception_{behind}_behind')}?{urlencode(said)}"

    return address


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
