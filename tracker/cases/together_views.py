"""Who writes on a case just now: said by the page of who writes, seen by the others."""

from uuid import UUID

from flask import abort, render_template
from flask_login import current_user

from tracker.cases import queries, service, together
from tracker.cases.views import blueprint
from tracker.core import clock
from tracker.core.permissions import needs


@blueprint.post("/cases/<uuid:case_id>/writing")
@needs("case:comment")
def writing(case_id: UUID) -> str:
    """Marks the person as writing; gives the line that names the others who write."""
    person, now = current_user._get_current_object(), clock.now()
    if queries.find(person, case_id) is None:
        abort(404)
    service.write(case_id, actor=person, now=now)
    return render_template(
        "cases/_writing.html", names=together.who_writes(case_id, person.user_id, now)
    )
