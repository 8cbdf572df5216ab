"""The page of one's own on how one is reached."""

from flask import Blueprint, current_app, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.chasing.forms import ReachingForm
from tracker.chasing.recipients import colleagues
from tracker.chasing.service import reaching
from tracker.chasing.ways import WAYS
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.units.queries import Viewer

blueprint = Blueprint("reaching", __name__, url_prefix="/account/messages")


@blueprint.get("")
@needs("account:change")
def show() -> str:
    """Where one is written to, when, and who hears it while one is away."""
    form = _form()
    form.show(reaching.of(_person()))
    return _page(form)


@blueprint.post("")
@needs("account:change")
def change() -> Response | tuple[str, int]:
    """Keeps it."""
    form = _form()
    if form.validate_on_submit():
        try:
            reaching.change(actor=_person(), now=clock.now(), **form.given())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã lưu."), "success")
            return redirect(url_for(".show"))
    return _page(form), Refused.status


@blueprint.post("/try")
@needs("account:change")
def try_out() -> Response:
    """Sends a few words by each way by which one is reached, and says how each went."""
    for way in WAYS.values():
        if way.is_there(current_app.extensions["settings"]):
            flash(*tried(way.name, _person()))
    return redirect(url_for(".show"))


def tried(way: str, person: Viewer) -> tuple[str, str]:
    """What there is to say of a try to reach a person, and of which kind it is."""
    label = _(WAYS[way].label)
    try:
        reaching.try_out(way, actor=person)
    except Refused as refusal:
        return f"{label}: {refusal.reason}", "danger"
    return _("%(way)s: đã gửi đi, hãy xem đã đến chưa.", way=label), "success"


def _form() -> ReachingForm:
    form = ReachingForm()
    form.offer(colleagues(_person(), clock.local_date(clock.now())))
    return form


def _page(form: ReachingForm) -> str:
    settings = current_app.extensions["settings"]
    there = [way.label for way in WAYS.values() if way.is_there(settings)]
    return render_template("chasing/reaching.html", form=form, there=there)


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
