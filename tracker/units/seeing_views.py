"""The page on which an administrator begins to look as somebody else, and its record."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from tracker.core.clock import local_date, now
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.core.permissions import needs
from tracker.rules.workflow import ROLE_LABELS, Role
from tracker.units import seeing, sessions

blueprint = Blueprint("seeing", __name__)


class SeeingForm(Form):
    """As whom to look, and why."""

    user_id = SelectField(_l("Xem như"), [InputRequired()])
    reason = StringField(_l("Lý do"), [InputRequired(), Length(max=seeing.LONGEST_REASON)])

    def offer(self, candidates: list[seeing.Candidate]) -> None:
        """Gives the choice of people, nobody chosen."""
        people = [(str(each.id), f"{each.name} – {_roles_of(each)}") for each in candidates]
        self.user_id.choices = [("", _("Chọn một người")), *people]


def _roles_of(candidate: seeing.Candidate) -> str:
    return ", ".join(f"{_(ROLE_LABELS[Role(role)])}, {unit}" for role, unit in candidate.roles)


@blueprint.get("/seeing")
@needs("seeing:read")
def show() -> str:
    """The form for administrators; for auditors as well, who looked as whom and why."""
    return _page(_form())


@blueprint.post("/seeing")
@needs("seeing:start")
def start() -> Any:
    """From the next page on the administrator sees what the chosen person sees."""
    form = _form()
    if form.validate():
        try:
            seeing_id = seeing.start(
                current_user, UUID(form.user_id.data), form.reason.data or "", now()
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            sessions.look_as(seeing_id)
            return redirect(url_for("cases.home"))
    return _page(form), Refused.status


@blueprint.post("/seeing/end")
@needs("account:use")
def end() -> Response:
    """Back to one's own pages."""
    seeing_id = sessions.look_as_oneself()
    if seeing_id is not None:
        seeing.end(seeing_id, now())
        flash(_("Đã thôi xem như người khác."), "success")
    return redirect(url_for("cases.home"))


def _form() -> SeeingForm:
    form = SeeingForm()
    may_start = current_user.may("seeing:start")
    form.offer(seeing.candidates(current_user, local_date(now())) if may_start else [])
    return form


def _page(form: SeeingForm) -> str:
    return render_template("units/seeing.html", form=form, records=seeing.records(current_user))
