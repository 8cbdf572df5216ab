"""Taking back a turn that was written down by mistake."""

from uuid import UUID

from flask import abort, flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.cases import queries, service
from tracker.cases.views import blueprint
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.permissions import needs


@blueprint.post("/cases/<uuid:case_id>/turns/<uuid:turn_id>/voidings")
@needs("case:void_turn")
def void_turn(case_id: UUID, turn_id: UUID) -> Response:
    """Takes the turn back, and the case with it if it began with that turn."""
    person = current_user._get_current_object()
    if queries.find(person, case_id) is None:
        abort(404)
    try:
        service.void_turn(case_id, turn_id, actor=person, now=clock.now())
        flash(_("Đã bỏ mục ghi nhầm."), "success")
    except Refused as refusal:
        flash(refusal.reason, "danger")
    return redirect(url_for("cases.show", case_id=case_id))
