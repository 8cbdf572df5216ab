"""Pages of administering accounts: the list, inviting, one account with its roles."""

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.core.clock import local_date, now
from tracker.core.errors import Refused
from tracker.core.permissions import needs
from tracker.rules.workflow import ROLE_LABELS, Role
from tracker.units import administration, unit_queries, user_queries, user_service
from tracker.units.models import User
from tracker.units.queries import Viewer
from tracker.units.user_forms import EndForm, InviteForm, RoleForm
from tracker.units.user_service import Invited, NobodyLeft

blueprint = Blueprint("people", __name__, url_prefix="/administration/users")

COLUMN_LABELS = {
    "role": _l("Vai trò"),
    "unit_id": _l("Đơn vị"),
    "valid_from": _l("Từ ngày"),
    "valid_to": _l("Đến hết ngày"),
}
ACTION_LABELS = {
    "invite": _l("Mời"),
    "reset_password": _l("Đặt lại mật khẩu"),
    "disable": _l("Khóa tài khoản"),
    "enable": _l("Mở lại tài khoản"),
    "add_role": _l("Thêm vai trò"),
    "end_role": _l("Kết thúc vai trò"),
}


@blueprint.get("")
@needs("user:manage")
def users() -> str:
    """The accounts that the person administers."""
    words = request.args.get("q", "").strip()[:100]
    today = local_date(now())
    return render_template(
        "units/users.html",
        accounts=user_queries.accounts(_person(), today, words),
        words=words,
        role_labels=ROLE_LABELS,
    )


@blueprint.route("/new", methods=["GET", "POST"])
@needs("user:manage")
def invite() -> str | tuple[str, int]:
    """Adds somebody. The password stands on the answer's page, and nowhere else."""
    form: InviteForm = _offered(InviteForm())
    if not form.is_submitted():
        return render_template("units/invite.html", form=form)
    if form.validate():
        try:
            invited = user_service.invite(
                form.login.data or "",
                actor=_person(),
                name=form.name.data or "",
                now=now(),
                **form.given(),
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            _warn_of_empty_roles(invited.user.id)
            return _password_page(invited)
    return render_template("units/invite.html", form=form), Refused.status


@blueprint.get("/<uuid:user_id>")
@needs("user:manage")
def user(user_id: UUID) -> str:
    """One account: its roles and what can be done with it."""
    return _user_page(_account(user_id), _offered(RoleForm()))


@blueprint.post("/<uuid:user_id>/roles")
@needs("user:manage")
def add_role(user_id: UUID) -> Response | tuple[str, int]:
    """Gives the account one more role."""
    account, form = _account(user_id), _offered(RoleForm())
    if form.validate():
        try:
            user_service.add_role(user_id, actor=_person(), now=now(), **form.given())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            _warn_of_empty_roles(user_id)
            return _done(user_id, _("Đã thêm vai trò."))
    return _user_page(account, form), Refused.status


@blueprint.post("/<uuid:user_id>/roles/<uuid:role_id>/end")
@needs("user:manage")
def end_role(user_id: UUID, role_id: UUID) -> Response | tuple[str, int]:
    """Ends one of the account's roles with the day that is given."""
    account, form = _account(user_id), EndForm()
    if role_id not in {role.id for role in user_queries.roles(user_id)}:
        abort(404)
    if form.validate():
        assert form.last_day.data is not None
        try:
            user_service.end_role(
                user_id,
                role_id,
                actor=_person(),
                last_day=form.last_day.data,
                now=now(),
                is_sure=_is_sure(),
            )
        except NobodyLeft as refusal:
            return _ask_again(account, refusal, last_day=form.last_day._value())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            _warn_of_empty_roles(user_id)
            return _done(user_id, _("Đã ghi ngày cuối của vai trò."))
    page = _user_page(account, _offered(RoleForm(formdata=None)), ending=(role_id, form))
    return page, Refused.status


@blueprint.post("/<uuid:user_id>/password")
@needs("user:manage")
def reset_password(user_id: UUID) -> str:
    """A password for one use; it stands on the answer's page, and nowhere else."""
    _account(user_id)
    return _password_page(user_service.reset_password(user_id, actor=_person(), now=now()))


@blueprint.post("/<uuid:user_id>/disable")
@needs("user:manage")
def disable(user_id: UUID) -> Response | tuple[str, int]:
    """Closes the account; where open cases would be left to nobody that is asked again."""
    account = _account(user_id)
    try:
        user_service.disable(user_id, actor=_person(), now=now(), is_sure=_is_sure())
    except NobodyLeft as refusal:
        return _ask_again(account, refusal)
    done = _done(user_id, _("Đã khóa tài khoản; mọi phiên đã kết thúc."))
    _warn_of_empty_roles(user_id)
    return done


@blueprint.post("/<uuid:user_id>/enable")
@needs("user:manage")
def enable(user_id: UUID) -> Response:
    """Opens the account again."""
    _account(user_id)
    user_service.enable(user_id, actor=_person(), now=now())
    return _done(user_id, _("Đã mở lại tài khoản."))


def _is_sure() -> bool:
    return "is_sure" in request.form


def _ask_again(account: User, refusal: NobodyLeft, **sent: str) -> tuple[str, int]:
    """The page that asks whether it is meant; `sent` is what the form had."""
    page = render_template("units/nobody_left.html", account=account, refusal=refusal, sent=sent)
    return page, refusal.status


def _warn_of_empty_roles(user_id: UUID) -> None:
    """Says which roles nobody has any more. It counts no cases: that would tell of some."""
    for row in user_queries.left_empty(user_id, local_date(now())):
        flash(
            _(
                "%(unit)s không còn ai giữ lâu dài vai trò %(role)s. Nếu đơn vị còn việc, hãy giao"
                " vai trò này cho người khác.",
                unit=row.unit,
                role=_(ROLE_LABELS[Role(row.role)]),
            ),
            "warning",
        )


def _done(user_id: UUID, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for(".user", user_id=user_id))


def _offered(form: Any) -> Any:
    today = local_date(now())
    units = administration.managed_units(_person(), today)
    form.offer(units, {role.value: _(label) for role, label in ROLE_LABELS.items()})
    if not form.is_submitted() or form.valid_from.raw_data is None:
        form.valid_from.data = today
    return form


def _user_page(account: User, form: RoleForm, ending: tuple[UUID, EndForm] | None = None) -> str:
    today = local_date(now())
    names = {str(unit.id): unit.name for unit in unit_queries.all_units()}
    names |= {role.value: _(label) for role, label in ROLE_LABELS.items()}
    return render_template(
        "units/user.html",
        account=account,
        roles=user_queries.roles(account.id),
        form=form,
        ending=ending,
        end_form=EndForm(formdata=None, last_day=today),
        history=administration.history(account.id),
        names=names,
        role_labels=ROLE_LABELS,
        column_labels=COLUMN_LABELS,
        action_labels=ACTION_LABELS,
        today=today,
    )


def _password_page(invited: Invited) -> str:
    return render_template("units/password_once.html", invited=invited)


def _account(user_id: UUID) -> User:
    found = user_queries.find(_person(), user_id, local_date(now()))
    if found is None:
        abort(404)
    return found


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
