"""Pages of many meetings: all that fulfil a question, and how often each head received."""

from datetime import date
from typing import Any
from uuid import UUID

from flask import render_template, request

from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.reception import event_days, event_queries
from tracker.reception.event_forms import FilterForm
from tracker.reception.event_queries import HELD, Listed, Wanted
from tracker.reception.event_views import _month, _person, _today, blueprint
from tracker.rules.meetings import SORT_OF_KEY
from tracker.rules.reception_days import month_of
from tracker.units.unit_forms import LEVEL_LABELS


@blueprint.get("/list")
@needs("event:read")
def all_events() -> Any:
    """The meetings that the address asks for, a page of them."""
    form = FilterForm(request.args)
    form.offer(event_queries.read_units(_person()))
    is_valid = form.validate()
    page = max(request.args.get("page", 1, type=int), 1)
    found: list[Listed] = []
    total = 0
    if is_valid:
        found, total = event_queries.page_of(_person(), _wanted(form), page)
    shown = render_template(
        "reception/list.html",
        form=form,
        found=found,
        total=total,
        page=page,
        pages=-(-total // event_queries.PAGE_SIZE),
        asked={name: value for name, value in request.args.items() if value and name != "page"},
    )
    return shown, 200 if is_valid else Refused.status


@blueprint.get("/days")
@needs("event:read")
def days() -> str:
    """How often each head received in a month and its year, beside what the law asks for."""
    first = _month(request.args.get("month", ""))
    today = _today()
    month = month_of(first)
    return render_template(
        "reception/days.html",
        found=event_days.rows(_person(), first, today),
        without=event_days.without_level(_person()),
        first=first,
        previous=_before(first),
        following=_after(month.last) if month.last < today else None,
        is_over=month.last < today,
        level_labels=LEVEL_LABELS,
    )


def _wanted(form: FilterForm) -> Wanted:
    state, chair = form.state.data, form.chair.data
    return Wanted(
        unit_id=UUID(form.unit.data) if form.unit.data else None,
        sort=SORT_OF_KEY[form.sort.data] if form.sort.data else None,
        states=HELD if state == "held" else [state] if state else None,
        is_delegated=chair == "delegated" if chair else None,
        first=form.first.data,
        last=form.last.data,
    )


def _before(first: date) -> date:
    return date.fromordinal(first.toordinal() - 1)


def _after(last: date) -> date:
    return date.fromordinal(last.toordinal() + 1)
