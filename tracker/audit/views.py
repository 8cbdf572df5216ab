"""The page of the record that auditors and leaders read."""

from flask import Blueprint, render_template
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
        readings=queries.readings(current_user),
        persons_shown=queries.persons_shown(current_user),
        exports=queries.exports(current_user),
        grants=queries.grants(current_user),
        role_labels=ROLE_LABELS,
        action_labels=ACTION_LABELS,
    )
