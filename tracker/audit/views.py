"""The page of the record that auditors and leaders read."""

from uuid import UUID

from flask import Blueprint, abort, render_template
from flask_login import current_user

from tracker.audit import queries
from tracker.core.permissions import needs
from tracker.rules.workflow import ROLE_LABELS
from tracker.units.user_views import ACTION_LABELS

blueprint = Blueprint("audit", __name__)


@blueprint.get("/record")
@needs("audit:read")
def show() -> str:
    """Who gave whom rights, who read what is protected, who took lists away."""
    return render_template(
        "audit/record.html",
        readings=queries.readings(current_user, "opened"),
        listed=queries.readings(current_user, "listed"),
        receipts=queries.readings(current_user, "receipt"),
        persons_shown=queries.persons_shown(current_user),
        exports=queries.exports(current_user),
        grants=queries.grants(current_user),
        role_labels=ROLE_LABELS,
        action_labels=ACTION_LABELS,
    )


@blueprint.get("/record/exports/<uuid:export_id>")
@needs("audit:read")
def show_export(export_id: UUID) -> str:
    """The protected cases in a file that somebody took away."""
    export = queries.find_export(current_user, export_id) or abort(404)
    return render_template(
        "audit/export.html",
        export=export,
        cases=queries.protected_in(current_user, export_id),
    )
