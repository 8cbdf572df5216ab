"""Every route states who may call it; a route that states nothing is refused to all."""

from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"


def needs(permission: str) -> Callable[[View], View]:
    """Declares the permission that a view asks for: one of `rules.access`, or `PUBLIC`."""

    def declare(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return declare


def declared(app: Flask, endpoint: str) -> str | None:
    """The permission that the view behind `endpoint` declares, None where it declares none."""
    return getattr(app.view_functions[endpoint], "permission", None)


def init_permissions(app: Flask) -> None:
    """Checks the declared permission before every view."""
    app.before_request(_check)


def _check() -> Response | None:
    if request.endpoint is None:
        return None  # no route: the error page for 404 follows
    permission = declared(current_app, request.endpoint)
    if permission == PUBLIC:
        return None
    if permission is None:
        abort(403)
    if not current_user.is_authenticated:
        return _ask_to_sign_in()
    if not current_user.may(permission):
        abort(403)
    return None


def _ask_to_sign_in() -> Response:
    """Leads to the sign-in page, and from there back to the page that was asked for.

    Whoever sent a form comes back to the page on which it stands. A script that asks for JSON
    is told 401 instead: it would take the sign-in page for an answer.
    """
    if request.accept_mimetypes.best == "application/json":
        return Response(status=401)
    is_form = request.method not in ("GET", "HEAD")
    page = urlsplit(request.referrer if is_form and request.referrer else request.full_path)
    address = f"{page.path}?{page.query}" if page.query else page.path
    return redirect(url_for("units.sign_in", next=address))
