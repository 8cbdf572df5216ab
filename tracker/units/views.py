"""Pages of this area: signing in and out, one's account, the language."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from tracker.core.clock import now
from tracker.core.errors import Refused
from tracker.core.permissions import PUBLIC, needs
from tracker.core.web import LANGUAGES
from tracker.rules.workflow import ROLE_LABELS
from tracker.units import queries, seeing, service, sessions
from tracker.units.forms import PasswordForm, SignInForm

# Failures from one address, whose office may be many people behind it.
FAILURES_PER_ADDRESS = "30 per 5 minutes"
LANGUAGE_KEPT_SECONDS = 365 * 24 * 3600

blueprint = Blueprint("units", __name__)
limiter = Limiter(get_remote_address, storage_uri="memory://")


@blueprint.record_once
def _limit(state: BlueprintSetupState) -> None:
    app = state.app
    assert isinstance(app, Flask)
    app.config["FAILURES_ARE_LIMITED"] = app.extensions["settings"].mode != "test"
    limiter.init_app(app)


def _has_failed(response: Response) -> bool:
    return response.status_code == Refused.status


def _is_unlimited() -> bool:
    return not current_app.config["FAILURES_ARE_LIMITED"]


@blueprint.get("/sign-in")
@needs(PUBLIC)
def sign_in() -> Response | str:
    """Asks who comes in; a part of a page that htmx wanted becomes a whole page again."""
    if request.headers.get("HX-Request"):
        page = urlsplit(request.headers.get("HX-Current-URL", ""))
        address = f"{page.path}?{page.query}" if page.query else page.path
        return Response(headers={"HX-Redirect": url_for(".sign_in", next=address)})
    if current_user.is_authenticated:
        return redirect(_next_page())
    return render_template("units/sign_in.html", form=SignInForm())


@blueprint.post("/sign-in")
@needs(PUBLIC)
@limiter.limit(FAILURES_PER_ADDRESS, deduct_when=_has_failed, exempt_when=_is_unlimited)
def start_session() -> Response | tuple[str, int]:
    """Lets a person in, to the page that was asked for."""
    form = SignInForm()
    if form.validate_on_submit():
        try:
            person = service.sign_in(form.login.data or "", form.password.data or "", now())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            sessions.start(person)
            return redirect(_next_page())
    return render_template("units/sign_in.html", form=form), Refused.status


@blueprint.post("/sign-out")
@needs("account:use")
def sign_out() -> Response:
    """Ends the session of this browser, and with it seeing as somebody else."""
    if (seeing_id := sessions.look_as_oneself()) is not None:
        seeing.end(seeing_id, now())
    sessions.end()
    flash(_("Đã đăng xuất."), "success")
    return redirect(url_for(".sign_in"))


@blueprint.get("/account")
@needs("account:use")
def account() -> str:
    """One's own account: roles, password, sessions."""
    return _account_page(PasswordForm())


@blueprint.post("/account/password")
@needs("account:change")
def change_password() -> Response | tuple[str, int]:
    """Gives oneself a new password; the sessions elsewhere end, this one goes on."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            person = service.change_password(
                current_user, form.old_password.data or "", form.new_password.data or "", now()
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            sessions.start(person)
            flash(_("Đã đổi mật khẩu; các phiên ở nơi khác đã kết thúc."), "success")
            return redirect(url_for(".account"))
    return _account_page(form), Refused.status


@blueprint.post("/account/sessions/end")
@needs("account:change")
def end_sessions() -> Response:
    """Ends all of one's sessions, this one as well."""
    service.end_all_sessions(current_user)
    sessions.end()
    flash(_("Đã đăng xuất mọi nơi."), "success")
    return redirect(url_for(".sign_in"))


@blueprint.post("/language")
@needs(PUBLIC)
def set_language() -> Response:
    """Changes the language: for good where somebody is signed in, and for this browser."""
    language = request.form.get("language", "")
    response = redirect(_next_page(request.form.get("next", "")))
    if language not in LANGUAGES:
        return response
    if current_user.is_authenticated:
        service.set_language(current_user, language)
    response.set_cookie(
        "language",
        language,
        max_age=LANGUAGE_KEPT_SECONDS,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )
    return response


def _account_page(form: PasswordForm) -> str:
    return render_template(
        "units/account.html",
        form=form,
        account=queries.account(current_user.user_id),
        roles=queries.roles(current_user.user_id),
        role_labels=ROLE_LABELS,
    )


def _next_page(address: str | None = None) -> str:
    """The page of ours that was asked for, the first one where it was none."""
    wanted = request.args.get("next", "") if address is None else address
    return wanted if _is_own_page(wanted) else url_for("cases.home")


def _is_own_page(address: str) -> bool:
    if not address.startswith("/") or address.startswith("//") or "\\" in address:
        return False
    if not address.isprintable():
        return False
    try:
        current_app.url_map.bind("").match(urlsplit(address).path, "GET")
    except HTTPException:
        return False
    return True
