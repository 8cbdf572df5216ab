"""Pages of this area: one's inbox, and the links of messages."""

from datetime import date
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.cases import due
from tracker.chasing import links, queries
from tracker.chasing.models import Notice
from tracker.chasing.service import inbox
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.units.queries import Viewer

PAGE = 50

blueprint = Blueprint("inbox", __name__)


@blueprint.get("/inbox")
@needs("inbox:read")
def show() -> str:
    """What the person is reminded of, what is due longest first."""
    person, today = _person(), clock.local_date(clock.now())
    found = queries.lines(person, queries.UNREAD, queries.is_up(today), limit=PAGE)
    return render_template(
        "chasing/inbox.html",
        lines=[line for line in found if not line.is_settled],
        settled=[line for line in found if line.is_settled],
        address=address,
        due_of=lambda line: due.waiting(line.due_on, today),
        unread=queries.unread(person, today),
        today=today,
    )


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


@blueprint.post("/inbox/<uuid:notice_id>/later")
@needs("inbox:change")
def later(notice_id: UUID) -> Response:
    """Puts a notice off until a day."""
    try:
        later_on = date.fromisoformat(request.form.get("later_on", ""))
    except ValueError as error:
        raise Refused(_("Hãy chọn một ngày sau hôm nay."), "later_on") from error
    inbox.read_later(notice_id, reader=_person(), later_on=later_on, now=clock.now())
    flash(_("Sẽ nhắc lại vào ngày đã chọn."), "success")
    return redirect(url_for(".show"))


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
    action = line.clock.action
    return url_for("cases.show", case_id=line.case_id, form=action, _anchor="next")


def _chosen() -> list[UUID]:
    try:
        return [UUID(each) for each in request.form.getlist("notice")]
    except ValueError:
        abort(400)


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
