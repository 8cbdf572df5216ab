"""Working through a list: after a decision on one of its cases the next one opens by itself.

The case's page is opened with `?list=<desk>`, and all that it leads to for the case carries it on.
"""

from dataclasses import dataclass
from typing import Any

from flask import flash, has_request_context, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from tracker.cases import desks, due, listing
from tracker.cases.desks import Asked, Desk
from tracker.cases.listing import Place
from tracker.cases.models import Case
from tracker.core import clock
from tracker.core.web import number
from tracker.units.queries import Viewer


@dataclass(frozen=True, slots=True)
class Triage:
    """A list that somebody works through; `place`: where in it the case at hand stood."""

    desk: Desk
    asked: Asked
    place: Place


def desk_of(person: Viewer) -> Desk | None:
    """The list of `person` that the address names, None where it names none of theirs."""
    name = request.args.get("list")
    return next((desk for desk in desks.of(person) if desk.name == name), None)


def carry(_endpoint: str, values: dict[str, Any]) -> None:
    """Keeps the list in the addresses of the case that is open: of its forms and pages."""
    here = request.view_args or {} if has_request_context() else {}
    name = request.args.get("list") if "case_id" in here else None
    if name in desks.DESKS and values.get("case_id") == here["case_id"]:
        values.setdefault("list", name)


def begin(person: Viewer, case: Case | None) -> Triage | None:
    """The list that is worked through, before anything is done to `case`; None without one."""
    desk = desk_of(person)
    if desk is None or case is None:
        return None
    today = clock.local_date(clock.now())
    place = listing.place_of(case, desks.order(person, desk.order, desk))
    return Triage(desk, Asked(person, today, due.soon_until(today)), place)


def onward(triage: Triage | None, case: Case, said: str) -> Response:
    """From a `case` that was decided to the next one of the list, or to the list where no other
    waits; back to the case where no list is worked through.

    said: the notice of what was done; the way back and how many are still waiting are added.
    """
    if triage is None:
        flash(said, "success")
        return redirect(url_for("cases.show", case_id=case.id))
    desk, asked = triage.desk, triage.asked
    order = desks.order(asked.viewer, desk.order, desk)
    next_id = listing.following(
        asked.viewer, desk.condition(asked), order=order, place=triage.place
    )
    left = _left(desks.count(desk, asked))
    flash(Markup("%s %s %s") % (said, _way_back(case), left), "success")
    if next_id is None:
        return redirect(url_for("cases.list_cases", list=desk.name))
    return redirect(url_for("cases.show", case_id=next_id, list=desk.name))


def _way_back(case: Case) -> Markup:
    address = url_for("cases.show", case_id=case.id)
    link = Markup('<a class="alert-link" href="%s">%s</a>') % (address, case.code)
    return escape(_("Xem lại %(case)s.")) % {"case": link}


def _left(count: desks.Count) -> str:
    total = number(count.number or 0)
    return ngettext(
        "Danh sách “%(list)s” còn %(count)s vụ việc.",
        "Danh sách “%(list)s” còn %(count)s vụ việc.",
        count.number or 0,
        list=_(count.desk.label),
        count=_("hơn %(total)s", total=total) if count.is_capped else total,
    )
