"""The files of cases: sent, looked at, fetched, taken away."""

from typing import IO, Any
from uuid import UUID

from flask import (
    Response,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import RequestEntityTooLarge

from tracker.cases import files, queries, service
from tracker.cases.file_forms import FileForm, RemoveForm
from tracker.cases.files import Found
from tracker.cases.forms import AnswerForm
from tracker.cases.service.attaching import MOST_FILES
from tracker.cases.views import blueprint, case_page
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.core.storage import storage
from tracker.units.queries import Viewer

ANSWERS = "cases.answers"
# What others sent never runs as a page of ours, and stays in no shared computer's cache.
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@blueprint.post("/cases/<uuid:case_id>/files")
@needs("case:attach")
def attach(case_id: UUID) -> Any:
    """Takes a file in for a case, or for one of its answers."""
    form = FileForm()
    if queries.find(_person(), case_id) is None:
        abort(404)
    person = _person()
    form.offer([each for each in files.answers_of(case_id) if files.may_add_to(person, each)])
    if not form.validate():
        return case_page(case_id, file_form=form), 422
    try:
        attachment = service.attach(
            case_id,
            actor=_person(),
            file=form.file.data.stream,
            name=form.file.data.filename,
            answer_id=form.answer(),
            now=clock.now(),
        )
    except Refused as refusal:
        form.refuse(refusal)
        return case_page(case_id, file_form=form), refusal.status
    flash(_("Đã đính kèm tệp %(name)s.", name=attachment.name), "success")
    return redirect(url_for("cases.show", case_id=case_id, _anchor="files"))


@blueprint.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> tuple[str, int]:
    """Says beside the field that a file was too large; nothing of it was kept."""
    most = current_app.extensions["settings"].max_upload_megabytes
    said = _("Tệp quá lớn: tối đa %(most)s MB.", most=most)
    case_id: Any = (request.view_args or {}).get("case_id")
    if request.endpoint == "cases.attach" and _may("case:attach"):
        form = FileForm(formdata=None)
        form.refuse(Refused(said, "file"))
        return case_page(case_id, file_form=form), 413
    if request.endpoint == ANSWERS and _may("case:answer"):
        answer = AnswerForm("answer", formdata=None)
        answer.refuse(Refused(said, "files"))
        return case_page(case_id, answer), 413
    return render_template("_parts/error.html", code=error.code), 413


@blueprint.url_value_preprocessor
def make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Lets an answer bring several files, each as large as one may be.

    What is larger than one may be is refused by the verb, and what was typed beside it is kept.
    """
    if endpoint == ANSWERS:
        most = current_app.config["MAX_CONTENT_LENGTH"]
        request.max_content_length = MOST_FILES * most


@blueprint.get("/files/<uuid:file_id>")
@needs("case:read")
def download(file_id: UUID) -> Response:
    """The file, to be saved and not to be shown by the browser."""
    attachment, stored, _case = _readable(file_id)
    answer = _sent(storage().open(stored.digest), stored.media_type, attachment.name)
    answer.content_length = stored.size
    return answer


@blueprint.get("/files/<uuid:file_id>/preview")
@needs("case:read")
def preview(file_id: UUID) -> Response:
    """A picture or the first page of a PDF, as a PNG that we made."""
    _attachment, stored, _case = _readable(file_id)
    picture = files.open_preview(stored) or abort(404)
    return _sent(picture, "image/png", None)


@blueprint.get("/files/<uuid:file_id>/removals/new")
@needs("case:detach")
def new_removal(file_id: UUID) -> str:
    """Asks why a file is to be taken away."""
    return _removal(file_id, RemoveForm())


@blueprint.post("/files/<uuid:file_id>/removals")
@needs("case:detach")
def remove(file_id: UUID) -> Any:
    """Takes a file away from its case."""
    form = RemoveForm()
    attachment, _stored, case = _found(file_id)
    if not form.validate():
        return _removal(file_id, form), 422
    try:
        service.detach(file_id, actor=_person(), reason=form.reason.data or "", now=clock.now())
    except Refused as refusal:
        form.refuse(refusal)
        return _removal(file_id, form), refusal.status
    flash(_("Đã gỡ tệp %(name)s.", name=attachment.name), "success")
    return redirect(url_for("cases.show", case_id=case.id, _anchor="files"))


def _removal(file_id: UUID, form: RemoveForm) -> str:
    attachment, _stored, case = _found(file_id)
    return render_template("cases/remove_file.html", form=form, file=attachment, case=case)


def _found(file_id: UUID) -> Found:
    """The file, not taken away yet, with what belongs to it."""
    found = files.find(_person(), file_id)
    return found if found and found[0].removed_at is None else abort(404)


def _readable(file_id: UUID) -> Found:
    person = _person()
    found = files.find(person, file_id) or files.find_own(person, file_id) or abort(404)
    service.note_reading(found[2], reader=person, now=clock.now())
    return found


def _sent(content: IO[bytes], media_type: str, name: str | None) -> Response:
    answer = send_file(
        content,
        mimetype=media_type,
        as_attachment=name is not None,
        download_name=name,
        conditional=False,
        etag=False,
    )
    answer.headers.update(HEADERS)
    return answer


def _may(permission: str) -> bool:
    return bool(current_user.is_authenticated and current_user.may(permission))


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
