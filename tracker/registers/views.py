"""Pages of importing: choose a file, see what would happen, confirm, see what came of it."""

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.permissions import needs
from tracker.registers import jobs, queries, work
from tracker.registers.catalogue import CATALOGUES
from tracker.registers.forms import ConfirmForm, UploadForm
from tracker.registers.plan import PASSED_OVER_LABELS
from tracker.registers.service import LONGEST_FILE_NAME
from tracker.rules.vietnamese import clean
from tracker.units.queries import Viewer

blueprint = Blueprint("registers", __name__)


@blueprint.get("/imports")
@needs("register:import")
def imports() -> str:
    """The form to choose a file, the person's imports at work, and those of the unit so far."""
    return _imports(_upload_form())


@blueprint.post("/imports")
@needs("register:import")
def start() -> Response | tuple[str, int]:
    """Takes the file and begins to read it."""
    form = _upload_form()
    if not form.validate_on_submit():
        return _imports(form), 422
    upload = form.file.data
    unit_id = UUID(form.unit_id.data) if form.unit_id else None
    job = work.start(upload.stream, _file_name(upload.filename), _viewer(), unit_id)
    return redirect(url_for("registers.job", job_id=job.id), 303)


@blueprint.get("/imports/jobs/<uuid:job_id>")
@needs("register:import")
def job(job_id: UUID) -> str | Response:
    """The progress, then the preview, then the way on."""
    found = _job(job_id)
    if found.stage == "done":
        return _to(url_for("registers.run", run_id=found.id))
    if "HX-Request" not in request.headers:
        return render_template(
            "registers/job.html",
            job=found,
            form=ConfirmForm(),
            catalogues=CATALOGUES,
            passed_over_labels=PASSED_OVER_LABELS,
        )
    if found.is_at_work:
        return render_template("registers/_progress.html", job=found)
    return _to(url_for("registers.job", job_id=job_id))


@blueprint.post("/imports/jobs/<uuid:job_id>/confirmations")
@needs("register:import")
def confirm(job_id: UUID) -> Response:
    """Takes the register in with the names that were ticked."""
    found = _job(job_id)
    ticked = {column: set(request.form.getlist(column)) for column in CATALOGUES}
    names = {
        column: [name for name in unknown if name in ticked[column]]
        for column, unknown in found.plan.get("unknown", {}).items()
    }
    skip_errors = bool(ConfirmForm().skip_errors.data)
    work.confirm(found, _viewer(), names, skip_errors=skip_errors)
    return redirect(url_for("registers.job", job_id=job_id), 303)


@blueprint.post("/imports/jobs/<uuid:job_id>/cancellations")
@needs("register:import")
def cancel(job_id: UUID) -> Response:
    """Asks the job to stop; its page says what came of it."""
    work.cancel(_job(job_id))
    return redirect(url_for("registers.job", job_id=job_id), 303)


@blueprint.get("/imports/<uuid:run_id>")
@needs("register:import")
def run(run_id: UUID) -> str:
    """What came of an import."""
    found = queries.find(current_user, run_id) or abort(404)
    return render_template("registers/run.html", run=found, passed_over_labels=PASSED_OVER_LABELS)


def _upload_form() -> UploadForm:
    form = UploadForm()
    form.offer(_viewer().units_for("register:import"))
    return form


def _imports(form: UploadForm) -> str:
    return render_template(
        "registers/imports.html",
        form=form,
        jobs=list(jobs.open_jobs(current_user)),
        runs=queries.runs(current_user),
    )


def _job(job_id: UUID) -> jobs.Job:
    return jobs.find(job_id, current_user) or abort(404)


def _to(url: str) -> Response:
    """Sends a browser on; htmx, which would follow a redirect unseen, by its own header."""
    if "HX-Request" in request.headers:
        return Response(headers={"HX-Redirect": url})
    return redirect(url, 303)


def _file_name(given: str | None) -> str:
    """The name of an uploaded file as it is shown: without folders and what can't be seen."""
    name = clean((given or "").replace("\\", "/").rpartition("/")[2])
    return name[-LONGEST_FILE_NAME:] or "register.xlsx"


def _viewer() -> Viewer:
    """The person, for a thread in which `current_user` stands for nobody."""
    viewer: Viewer = current_user._get_current_object()
    return viewer
