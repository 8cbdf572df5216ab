"""The administrator's pages of reminders: when each step comes, and how it stands with the ways."""

from dataclasses import dataclass

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import IntegerField
from wtforms.validators import InputRequired

from tracker.chasing import outbox
from tracker.chasing.reaching_views import tried
from tracker.chasing.service import stepping
from tracker.chasing.service.reminding import moved_steps
from tracker.chasing.subjects import OF_CASES
from tracker.chasing.ways import WAYS
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.core.permissions import needs
from tracker.rules.chasing import (
    CLOCKS,
    LEVEL_LABELS,
    ORDINARY,
    PRIORITY_LABELS,
    Clock,
    Step,
    audience,
    steps_of,
)
from tracker.rules.workflow import KIND_LABELS
from tracker.units.administration import history
from tracker.units.queries import Viewer

blueprint = Blueprint("chasing", __name__, url_prefix="/administration/chasing")

ACTION_LABELS = {"move": _l("Đổi ngày nhắc"), "send_again": _l("Gửi lại")}


@dataclass(frozen=True, slots=True)
class Chosen:
    """The clock whose steps are shown, for one kind of case or all, and a priority."""

    clock: Clock
    kind: str
    priority: str

    @property
    def address(self) -> str:
        return url_for(
            ".steps", name=self.clock.name, kind=self.kind or None, priority=self.priority
        )


@blueprint.get("")
@needs("chasing:manage")
def show() -> str:
    """All clocks with their steps, and the ways by which messages leave."""
    moved = moved_steps()
    return render_template(
        "chasing/clocks.html",
        clocks=[
            (each, {name: steps_of(each, None, name, moved) for name in PRIORITY_LABELS})
            for each in CLOCKS.values()
        ],
        moved={setting[0] for setting in moved},
        priorities=PRIORITY_LABELS,
        states=outbox.states(current_app.extensions["settings"]),
    )


@blueprint.get("/clocks/<name>")
@needs("chasing:manage")
def steps(name: str) -> str:
    """The steps of one clock, to be moved."""
    chosen = _chosen(name)
    usual = stepping.standard(chosen.clock, chosen.kind, chosen.priority)
    form = _form(usual)(data={each.name: each.offset for each in _present(chosen)})
    return _page(chosen, form, usual)


@blueprint.post("/clocks/<name>")
@needs("chasing:manage")
def move(name: str) -> Response | tuple[str, int]:
    """Moves steps of one clock."""
    chosen = _chosen(name)
    usual = stepping.standard(chosen.clock, chosen.kind, chosen.priority)
    form = _form(usual)()
    if form.validate_on_submit():
        wanted = {each: form[each].data for each in usual if each in form}
        try:
            _change(chosen, wanted)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            flash(_("Đã lưu."), "success")
            return redirect(chosen.address)
    return _page(chosen, form, usual), Refused.status


@blueprint.post("/clocks/<name>/standard")
@needs("chasing:manage")
def back_to_standard(name: str) -> Response:
    """Takes back what was moved."""
    chosen = _chosen(name)
    _change(chosen, {})
    flash(_("Đã trở về chuẩn."), "success")
    return redirect(chosen.address)


@blueprint.post("/ways/<name>/again")
@needs("chasing:manage")
def send_again(name: str) -> Response:
    """Tries anew what was given up."""
    count = stepping.send_again(_way(name), actor=_person(), now=clock.now())
    told = ngettext("%(num)s thư hoặc tin sẽ gửi lại.", "%(num)s thư hoặc tin sẽ gửi lại.", count)
    flash(told, "success")
    return redirect(url_for(".show", _anchor="ways"))


@blueprint.post("/ways/<name>/try")
@needs("chasing:manage")
def try_out(name: str) -> Response:
    """Sends the administrator a few words by one way."""
    flash(*tried(_way(name), _person()))
    return redirect(url_for(".show"))


def _change(chosen: Chosen, wanted: dict[str, int]) -> None:
    stepping.change_steps(
        chosen.clock.name, chosen.kind, chosen.priority, wanted, actor=_person(), now=clock.now()
    )


def _present(chosen: Chosen) -> tuple[Step, ...]:
    return steps_of(chosen.clock, chosen.kind, chosen.priority, moved_steps())


def _form(usual: dict[str, Step]) -> type[Form]:
    """A form with a field for each step that may be moved."""
    fields = {
        name: IntegerField(
            _(step.label),
            [InputRequired()],
            render_kw={"type": "number", "min": step.lowest, "max": step.highest},
        )
        for name, step in usual.items()
        if step.lowest < step.highest
    }
    return type("StepsForm", (Form,), fields)


def _page(chosen: Chosen, form: Form, usual: dict[str, Step]) -> str:
    return render_template(
        "chasing/clock.html",
        chosen=chosen,
        form=form,
        usual=usual,
        is_moved={each.name: each.offset for each in _present(chosen)}
        != {name: step.offset for name, step in usual.items()},
        heard=lambda step: [LEVEL_LABELS[each] for each in audience(chosen.clock, step.level)],
        is_of_cases=chosen.clock.name in OF_CASES,
        kinds=KIND_LABELS,
        priorities=PRIORITY_LABELS,
        history=history(stepping.subject_id(chosen.clock.name)),
        step_labels={name: _(step.label) for name, step in usual.items()},
        action_labels=ACTION_LABELS,
    )


def _chosen(name: str) -> Chosen:
    kind, priority = request.args.get("kind", ""), request.args.get("priority", ORDINARY)
    if name not in CLOCKS or (kind and kind not in KIND_LABELS) or priority not in PRIORITY_LABELS:
        abort(404)
    if name not in OF_CASES and (kind or priority != ORDINARY):
        abort(404)
    return Chosen(CLOCKS[name], kind, priority)


def _way(name: str) -> str:
    if name not in WAYS:
        abort(404)
    return name


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
