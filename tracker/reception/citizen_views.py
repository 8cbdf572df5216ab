"""The citizen's page: a receipt's code and secret show where the matter stands.

It needs no account, no cookie and no script. What was typed goes in the body of a form: no
address and no log holds a secret, and no other place is told where one came from.
"""

from typing import Any

from flask import Blueprint, Response, g, render_template, request
from flask_babel import gettext as _

from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.permissions import PUBLIC, needs
from tracker.core.web import LANGUAGES, csrf
from tracker.reception import service
from tracker.reception.citizen_forms import FeedbackForm, LookUpForm
from tracker.reception.citizens import Told

blueprint = Blueprint("citizens", __name__)
# The session isn't looked at: without the secret a forged form brings nothing.
csrf.exempt(blueprint)


@blueprint.before_request
def _choose_language() -> None:
    asked = request.args.get("language")
    g.language = asked if asked in LANGUAGES else "vi"


@blueprint.after_request
def _keep_nothing(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@blueprint.get("/tra-cuu")
@needs(PUBLIC)
def open_form() -> str:
    """The empty form; `?code=` fills in a receipt's code."""
    return _form_page(LookUpForm(formdata=None, code=request.args.get("code", "")))


@blueprint.post("/tra-cuu")
@needs(PUBLIC)
def look_up() -> Any:
    """Where the matter stands."""
    form = LookUpForm()
    if not form.validate():
        return _form_page(form), 422
    try:
        told = service.look_up(form.asked(request.remote_addr), now=clock.now())
    except Refused as refusal:
        return _refused(form, refusal)
    if told is None:
        return _not_found(form)
    return _told_page(form, told, FeedbackForm(formdata=None))


@blueprint.post("/tra-cuu/y-kien")
@needs(PUBLIC)
def say() -> Any:
    """Whether the citizen is satisfied with the outcome."""
    form, now = FeedbackForm(), clock.now()
    asked = form.asked(request.remote_addr)
    try:
        if form.validate():
            is_satisfied = form.is_satisfied.data == "yes"
            told = service.say(
                asked, is_satisfied=is_satisfied, reason=form.reason.data or "", now=now
            )
            return _not_found(form) if told is None else _told_page(form, told, form)
    except service.TooOften as refusal:
        return _refused(form, refusal)
    except Refused as refusal:
        form.refuse(refusal)
    return _again(form)


def _again(form: FeedbackForm) -> Any:
    """The result with the form that was refused."""
    try:
        told = service.look_up(form.asked(request.remote_addr), now=clock.now())
    except Refused as refusal:
        return _refused(form, refusal)
    return _not_found(form) if told is None else (_told_page(form, told, form), 422)


def _not_found(form: LookUpForm) -> tuple[str, int]:
    """The same words for a wrong code and a wrong secret."""
    return _refused(form, Refused(_("Mã hoặc mã bí mật không đúng. Xin xem lại giấy biên nhận.")))


def _refused(form: LookUpForm, refusal: Refused) -> tuple[str, int]:
    """The form once more, with the code that was typed and without the secret."""
    empty = LookUpForm(formdata=None, code=form.code.data)
    empty.refuse(refusal)
    return _form_page(empty), refusal.status


def _form_page(form: LookUpForm) -> str:
    return render_template("reception/look_up.html", form=form)


def _told_page(form: LookUpForm, told: Told, feedback: FeedbackForm) -> str:
    feedback.code.data, feedback.secret.data = form.code.data, form.secret.data
    return render_template(
        "reception/look_up_result.html",
        code=service.as_printed(form.code.data or ""),
        told=told,
        form=feedback,
    )
