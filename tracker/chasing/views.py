"""Pages of this area: one's inbox, and the links of messages."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import ColumnElement
from werkzeug.wrappers import Response

from tracker.cases import due
from tracker.cases.list_views import desk_places
from tracker.chasing import links, queries
from tracker.chasing.models import Notice
from tracker.chasing.service import inbox
from tracker.core import clock
from tracker.core.db import new_id
from tracker.core.errors import Refused
from tracker.core.forms import EARLIEST, LATEST
from tracker.core.permissions import needs
from tracker.rules.vietnamese import DoubtfulDate, format_date, parse_date
from tracker.units.queries import Viewer

PAGE = 50

blueprint = Blueprint("inbox", __name__)


@dataclass(frozen=True, slots=True)
class Complaint:
    """Why a notice wasn't put off, and what was typed."""

    notice_id: UUID
    reason: str
    typed: str


@blueprint.get("/inbox")
@needs("inbox:read")
def show() -> str:
    """What the person is reminded of, what is due longest first; or what they put off."""
    return _page()


@blueprint.get("/inbox/desks")
@needs("case:read")
def desks() -> str:
    """What a page didn't wait for, in one answer: the lists' counts, and how much is unread."""
    person, today = _person(), clock.local_date(clock.now())
    unread = queries.unread(person, today)
    return desk_places() + render_template("chasing/_count_beside.html", unread=unread)


@blueprint.get("/inbox/count")
@needs("inbox:read")
def count() -> str:
    """How much is unread: a part of every page, asked for now and then."""
    person, today = _person(), clock.local_date(clock.now())
    return render_template("chasing/_count.html", unread=queries.unread(person, today))


@blueprint.post("/inbox/read")
@needs("inbox:change")
def read() -> Response:
    """Notes what was read: the notices that the form names."""
    inbox.read(_chosen(), reader=_person(), now=clock.now())
    flash(_("Đã đánh dấu là đã đọc."), "success")
    return redirect(url_for(".show"))


@blueprint.post("/inbox/read/all")
@needs("inbox:change")
def read_all() -> Response:
    """Notes as read all that was there when the page was made, also on other pages of it."""
    try:
        up_to = UUID(request.form.get("up_to", ""))
    except ValueError:
        abort(400)
    inbox.read_all(up_to, reader=_person(), now=clock.now())
    flash(_("Đã đánh dấu tất cả là đã đọc."), "success")
    return redirect(url_for(".show"))


@blueprint.post("/inbox/<uuid:notice_id>/later")
@needs("inbox:change")
def later(notice_id: UUID) -> Response | tuple[str, int]:
    """Puts a notice off until a day."""
    typed = request.form.get("later_on", "")
    try:
        later_on = _day(typed)
        inbox.read_later(notice_id, reader=_person(), later_on=later_on, now=clock.now())
    except Refused as refusal:
        return _page(Complaint(notice_id, refusal.reason, typed)), Refused.status
    flash(_("Sẽ nhắc lại ngày %(day)s.", day=format_date(later_on)), "success")
    return redirect(url_for(".show", after=request.args.get("after")))


@blueprint.get("/go/<token>")
@needs("inbox:read")
def follow(token: str) -> Response:
    """Opens what a message asked for: the form of the case, or the page where it is done."""
    notice_id = links.notice_of(token)
    line = notice_id and next(iter(queries.lines(_person(), Notice.id == notice_id, limit=1)), None)
    if not line:
        abort(404)
    return redirect(address(line))


def address(line: queries.Line) -> str:
    """Where that which a line asks for is done."""
    if line.case_id is None:
        return url_for(line.clock.page)
    form = line.clock.action if line.may_do else None
    return url_for("cases.show", case_id=line.case_id, form=form, _anchor="next" if form else None)


def _page(complaint: Complaint | None = None) -> str:
    person, today = _person(), clock.local_date(clock.now())
    is_put_off = bool(request.args.get("put_off"))
    which = Notice.later_on > today if is_put_off else queries.is_up(today)
    conditions = [queries.UNREAD, which, *_after()]
    found = queries.lines(person, *conditions, limit=PAGE + 1)
    shown = found[:PAGE]
    last = shown[-1] if len(found) > PAGE else None
    return render_template(
        "chasing/inbox.html",
        lines=[line for line in shown if not line.is_settled],
        settled=[line for line in shown if line.is_settled],
        address=address,
        due_of=lambda line: due.waiting(line.due_on, today),
        is_put_off=is_put_off,
        after=request.args.get("after"),
        next_after=f"{last.due_on}_{last.notice_id}" if last else None,
        up_to=new_id(),
        tomorrow=today + timedelta(days=1),
        next_week=today + timedelta(days=7 - today.weekday()),
        complaint=complaint,
    )


def _after() -> list[ColumnElement[bool]]:
    """The condition of what comes after the last line of the page before."""
    given = request.args.get("after")
    if not given:
        return []
    day, _line, notice_id = given.partition("_")
    try:
        return [queries.comes_after(date.fromisoformat(day), UUID(notice_id))]
    except ValueError:
        abort(404)


def _day(typed: str) -> date:
    """A day as offices write it. Raises Refused."""
    try:
        return parse_date(typed, earliest=EARLIEST, latest=LATEST)
    except DoubtfulDate as doubt:
        raise Refused(_(doubt.reason, **doubt.values), "later_on") from doubt


def _chosen() -> list[UUID]:
    try:
        return [UUID(each) for each in request.form.getlist("notice")]
    except ValueError:
        abort(400)


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
