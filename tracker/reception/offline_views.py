"""What the entry page needs to work where there is no network."""

from typing import Any

from flask import Response, current_app, jsonify
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from tracker.core.permissions import PUBLIC, needs
from tracker.reception.entry_views import blueprint


@blueprint.get("/sw.js")
@needs(PUBLIC)
def worker() -> Response:
    """The service worker under an address that stays; what it does has a name by its content.

    Browsers ask for it without saying who is signed in.
    """
    address = current_app.jinja_env.globals["asset"]("entry-worker.js")  # type: ignore[operator]
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/events/"}
    return Response(f'import "{address}";\n', mimetype="text/javascript", headers=headers)


@blueprint.get("/events/session")
@needs("case:create")
def session() -> Any:
    """Who is signed in, and a token for what they send: items wait for whoever wrote them."""
    return jsonify(person=str(current_user.user_id), token=generate_csrf())
