"""Pages of reports: the figures, the cases behind each, the papers."""

from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from flask_babel import force_locale
from flask_login import current_user

from tracker.cases import listing
from tracker.cases.service import note_listed
from tracker.cases.shown import shown
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.reports import excel, service, word, wording
from tracker.reports.breakdowns import BREAKDOWNS
from tracker.reports.forms import ReportForm
from tracker.reports.queries import paper_unit, units
from tracker.reports.shown import shown as shown_figures
from tracker.rules.counting import MEASURES
from tracker.units.queries import Viewer

blueprint = Blueprint("reports", __name__)

PAPERS = {
    "docx": (word, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": (excel, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@blueprint.get("/reports/opinion")
@needs("report:read")
def opinion() -> tuple[str, int]:
    """The report that the address asks for, each figure a link to its cases."""
    now = clock.now()
    form = ReportForm.read(request.args, now, units())
    try:
        form.judge()
        report = service.opinion_report(_person(), **form.question(now))
    except Refused as refusal:
        if not form.errors:
            form.refuse(refusal)
        return render_template("reports/opinion.html", form=form, report=None), 400
    given = form.given()
    rows, total = shown_figures(report, f"{url_for('reports.opinion_cases')}?{urlencode(given)}")
    page = render_template(
        "reports/opinion.html",
        form=form,
        report=report,
        rows=rows,
        total=total,
        breakdown=BREAKDOWNS[report.by].label if report.by else "",
        paragraph=wording.paragraph(report),
        columns=wording.COLUMNS,
        given=given,
    )
    return page, 200


@blueprint.get("/reports/opinion/cases")
@needs("report:read")
def opinion_cases() -> str:
    """The cases behind one figure."""
    person, now = _person(), clock.now()
    form = ReportForm.read(request.args, now, units())
    form.judge()
    measure, key = request.args.get("measure", ""), request.args.get("key", "")
    behind = service.opinion_cases(person, measure=measure, key=key, **form.question(now))
    page = listing.page(
        person,
        *behind.conditions,
        after=request.args.get("after"),
        before=request.args.get("before"),
        table=behind.table,
    )
    note_listed(page.levels, reader=person, now=now)
    return render_template(
        "reports/cases.html",
        form=form,
        measure=MEASURES[measure],
        key=behind.key,
        page=page,
        rows=shown(page.rows, clock.local_date(now)),
        given=form.given(),
        here=form.given() | {"measure": measure} | ({"key": key} if key else {}),
    )


@blueprint.get("/reports/opinion.<any(docx, xlsx):kind>")
@needs("report:export")
def opinion_paper(kind: str) -> Response:
    """The report as a file. Papers are Vietnamese, whatever the language of their reader."""
    person, now = _person(), clock.now()
    form = ReportForm.read(request.args, now, units())
    form.judge()
    maker, mimetype = PAPERS[kind]
    with force_locale("vi"):
        report = service.opinion_report(person, **form.question(now))
        content = maker.paper(report, paper_unit(person, form.unit.data))
    name = f"bao-cao-dlxh-{report.first}-{report.last}.{kind}"
    return Response(
        content,
        mimetype=mimetype,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
