"""Two cases at once, for the verbs that tie one to another."""

from uuid import UUID

from flask_babel import gettext as _

from tracker.cases import queries
from tracker.cases.models import Case
from tracker.core.errors import NotAllowed, Refused
from tracker.units.queries import Viewer


def pair(actor: Viewer, case_id: UUID, other_id: UUID, field: str) -> tuple[Case, Case]:
    """The case and the other one, both kept from other writers until the transaction ends.

    Raises NotAllowed where `actor` doesn't see the case; Refused beside `field` where they
    don't see the other one, or where the two are the same.
    """
    if case_id == other_id:
        raise Refused(_("Hãy chọn một vụ việc khác."), field)
    # Always in the same order, so that two people can't wait for each other.
    found = {
        each: queries.find(actor, each, for_update=True) for each in sorted((case_id, other_id))
    }
    case, other = found[case_id], found[other_id]
    if case is None:
        raise NotAllowed(_("Không tìm thấy vụ việc."))
    if other is None:
        raise Refused(_("Không tìm thấy vụ việc này."), field)
    return case, other
