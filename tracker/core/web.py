"""What every answer carries: language, headers of safety, formats of figures and dates."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import Flask, Response, g, has_request_context, render_template, request
from flask_babel import Babel, get_locale, get_translations
from flask_login import AnonymousUserMixin, current_user
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from tracker.core.clock import VIET_NAM
from tracker.core.errors import Refused
from tracker.core.navigation import init_navigation
from tracker.rules import vietnamese

LANGUAGES = ("vi", "en")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
    " font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A part of a page lives by the policy of that page; by itself it may do nothing.
POLICY_OF_PARTS = "default-src 'none'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
# What only a document obeys: a part of a page, which comes often, needn't carry it.
HEADERS_OF_DOCUMENTS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

csrf = CSRFProtect()
babel = Babel()


def init_web(app: Flask) -> None:
    """Language, CSRF, headers, formats and error pages."""
    babel.init_app(app, locale_selector=language)
    csrf.init_app(app)
    app.after_request(_harden)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Refused, _refused)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda text: _translations().ugettext(text),
        lambda one, many, count: _translations().ungettext(one, many, count),
        newstyle=True,
    )
    app.jinja_env.filters.update(
        number=number, percent=percent, day=day, instant=instant, label=label
    )
    app.jinja_env.globals.update(language=language, languages=LANGUAGES)
    init_navigation(app)


def label(text: str, /, **values: Any) -> str:
    """The marked `text` of a rule in the language of the page, its placeholders filled."""
    words: str = _translations().ugettext(str(text))
    return words % values if values else words


def _translations() -> Any:
    # A page asks for a hundred texts; Flask-Babel would look up the language for each.
    if (found := g.get("translations")) is None:
        found = g.translations = get_translations()
    return found


def language() -> str:
    """The page's own where it has one (`g.language`), else the person's, before sign-in the
    cookie's; on the command line Vietnamese."""
    if not has_request_context():
        return "vi"
    if of_page := g.get("language"):
        return str(of_page)
    if current_user.is_authenticated:
        return str(current_user.language)
    chosen = request.cookies.get("language", "")
    return chosen if chosen in LANGUAGES else "vi"


def number(value: int) -> str:
    """1.045 on a Vietnamese page, 1,045 on an English one."""
    written = vietnamese.format_number(value)
    return written if _is_vietnamese() else written.replace(".", ",")


def percent(value: Decimal | None) -> str:
    """97,5% on a Vietnamese page, 97.5% on an English one; a dash where there is none.

    Never rounded to 0 or 100: "trên 99,9%", in English "over 99.9%".
    """
    if value is None:
        return "–"
    written = vietnamese.format_percent(value)
    if _is_vietnamese():
        return written
    for word, english in (("trên", "over"), ("dưới", "under"), (",", ".")):
        written = written.replace(word, english)
    return written


def day(value: date | None) -> str:
    """dd/mm/yyyy, a dash where there is none."""
    return "–" if value is None else vietnamese.format_date(value)


def instant(value: datetime) -> str:
    """The local date and the time to the minute."""
    return value.astimezone(VIET_NAM).strftime("%d/%m/%Y %H:%M")


def _is_vietnamese() -> bool:
    return str(get_locale() or "vi") == "vi"


def _harden(response: Response) -> Response:
    if "HX-Request" in request.headers:
        headers = HEADERS | {"Content-Security-Policy": POLICY_OF_PARTS}
    else:
        headers = HEADERS | HEADERS_OF_DOCUMENTS
    for name, value in headers.items():
        response.headers.setdefault(name, value)
    if response.mimetype == "text/html":
        # Pages hold what others must not find in a shared computer's cache.
        response.headers.setdefault("Cache-Control", "no-store")
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    return response


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    if error.code >= 500:
        # The page must not ask for the person: the database may be what fails.
        g._login_user = AnonymousUserMixin()
    is_stale_form = isinstance(error, CSRFError)
    page = render_template("_parts/error.html", code=error.code, is_stale_form=is_stale_form)
    return page, error.code


def _refused(error: Refused) -> tuple[str, int]:
    page: str = render_template("_parts/error.html", code=error.status, reason=error.reason)
    return page, error.status
