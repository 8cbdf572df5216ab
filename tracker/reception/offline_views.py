"""What the entry page needs to work where there is no network."""

from typing import Any

from flask import Response, jsonify
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from tracker.core.assets import asset
from tracker.core.permissions import PUBLIC, needs
from tracker.reception.entry_views import blueprint


@blueprint.get("/sw.js")
@needs(PUBLIC)
def worker() -> Response:
    """The service worker under an address that stays; what it does has a name by its content.

    Browsers ask for it without saying who is signed in.
    """
    headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": "/events/"}
    script = f'import "{asset("entry-worker.js")}";\n'
    return Response(script, mimetype="text/javascript", headers=headers)


@blueprint.get("/events/session")
@needs("case:create")
def session() -> Any:
    """Who is signed in, and a token for what they send: items wait for whoever wrote them."""
    return jsonify(person=str(current_user.user_id), token=generate_csrf())
