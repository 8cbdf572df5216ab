"""Pages of importing: choose a file, see what would happen, confirm, see what came of it."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.permissions import needs
from tracker.registers import jobs, queries
from tracker.registers.catalogue import CATALOGUES
from tracker.registers.forms import ConfirmForm, UploadForm
from tracker.registers.plan import PASSED_OVER_LABELS
from tracker.units.queries import Viewer

blueprint = Blueprint("registers", __name__)

LONGEST_FILE_NAME = 200


@blueprint.get("/imports")
@needs("register:import")
def imports() -> str:
    """The form to choose a file, and the imports of the unit so far."""
    runs = queries.runs(current_user)
    return render_template("registers/imports.html", form=UploadForm(), runs=runs)


@blueprint.post("/imports")
@needs("register:import")
def start() -> Response | tuple[str, int]:
    """Takes the file and begins to read it."""
    form = UploadForm()
    if not form.validate_on_submit():
        runs = queries.runs(current_user)
        return render_template("registers/imports.html", form=form, runs=runs), 422
    upload = form.file.data
    name = (upload.filename or "")[-LONGEST_FILE_NAME:]
    job = jobs.start(upload.read(), name, _viewer())
    return redirect(url_for("registers.job", job_id=job.id), 303)


@blueprint.get("/imports/jobs/<uuid:job_id>")
@needs("register:import")
def job(job_id: UUID) -> str | Response:
    """The progress, then the preview, then the way on."""
    found = _job(job_id)
    if found.stage == "done":
        return _to(url_for("registers.run", run_id=found.run_id))
    if "HX-Request" in request.headers:
        if not found.is_at_work:
            return _to(url_for("registers.job", job_id=job_id))
        return render_template("registers/_progress.html", job=found)
    return render_template(
        "registers/job.html",
        job=found,
        form=ConfirmForm(),
        catalogues=CATALOGUES,
        passed_over_labels=PASSED_OVER_LABELS,
    )


@blueprint.post("/imports/jobs/<uuid:job_id>/confirmations")
@needs("register:import")
def confirm(job_id: UUID) -> Response:
    """Takes the register in with the names that were confirmed."""
    found = _job(job_id)
    if found.stage == "read":
        form = ConfirmForm()
        confirmed = {
            column: {
                catalogue.key(name)
                for name in found.plan["unknown"].get(column, [])
                if name in request.form.getlist(column)
            }
            for column, catalogue in CATALOGUES.items()
        }
        jobs.confirm(found, _viewer(), confirmed, skip_errors=bool(form.skip_errors.data))
    return redirect(url_for("registers.job", job_id=job_id), 303)


@blueprint.post("/imports/jobs/<uuid:job_id>/cancellations")
@needs("register:import")
def cancel(job_id: UUID) -> Response:
    """Stops the job; nothing of it is kept."""
    jobs.cancel(_job(job_id))
    flash(_("Đã dừng nhập sổ; không có gì được ghi."), "success")
    return redirect(url_for("registers.imports"), 303)


@blueprint.get("/imports/<uuid:run_id>")
@needs("register:import")
def run(run_id: UUID) -> str:
    """What came of an import."""
    found = queries.find(current_user, run_id) or abort(404)
    return render_template(
        "registers/run.html", run=found, passed_over_labels=PASSED_OVER_LABELS
    )


def _job(job_id: UUID) -> jobs.Job:
    return jobs.find(job_id, current_user) or abort(404)


def _to(url: str) -> Response:
    """Sends a browser on; htmx, which would follow a redirect unseen, by its own header."""
    if "HX-Request" in request.headers:
        return Response(headers={"HX-Redirect": url})
    return redirect(url, 303)


def _viewer() -> Viewer:
    """The person himself, for a thread in which `current_user` stands for nobody."""
    viewer: Viewer = current_user._get_current_object()
    return viewer
