"""The reception register for a period and a unit: its totals, and as Excel."""

from datetime import datetime
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, send_file
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy import ColumnElement
from werkzeug.datastructures import MultiDict

from tracker.cases.fields import ChoiceField, DayField, Given
from tracker.core import clock
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.core.permissions import needs
from tracker.reception import brought
from tracker.reception.register03 import Asked
from tracker.reception.service.register import take_register
from tracker.rules.directions import DIRECTION_LABELS, tallied
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import KIND_LABELS
from tracker.units.queries import Viewer

blueprint = Blueprint("register03", __name__, url_prefix="/events")

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BYTES_IN_MEMORY = 4 * 1024 * 1024


class RegisterForm(Form):
    """Period and unit; it lives in the address."""

    class Meta(Form.Meta):
        csrf = False

    first = DayField(_l("Từ ngày"), [Given(_l("Hãy ghi ngày đầu kỳ."))], name="from")
    last = DayField(_l("Đến ngày"), [Given(_l("Hãy ghi ngày cuối kỳ."))], name="to")
    unit = ChoiceField(_l("Đơn vị tiếp"), empty=_l("Tất cả"))

    @classmethod
    def read(cls, given: MultiDict[str, str], now: datetime) -> "RegisterForm":
        """The form as the address fills it; without a period, this month's until today."""
        today = clock.local_date(now)
        period = {"from": format_date(today.replace(day=1)), "to": format_date(today)}
        form = cls(MultiDict(period | given.to_dict()))
        form.units = brought.receiving_units(_person())
        form.unit.offer((str(unit_id), name) for unit_id, name in form.units)
        return form

    units: list[tuple[UUID, str]]

    def asked(self) -> tuple[Asked, ColumnElement[bool]]:
        """Whose register is asked for, and the condition of its turns. Raises Refused."""
        if not self.validate():
            name, [reason, *_more] = next(iter(self.errors.items()))
            raise Refused(str(reason), name)
        first, last = self.first.data, self.last.data
        if first > last:
            raise Refused(str(_l("Ngày đầu kỳ sau ngày cuối kỳ.")), "first")
        chosen = [each for each in self.units if str(each[0]) == self.unit.data]
        unit = chosen[0][1] if chosen else ""
        ids = [unit_id for unit_id, _name in chosen or self.units]
        return Asked(unit, first, last), brought.in_period(ids, first, last)

    def given(self) -> dict[str, str]:
        """The question as an address says it."""
        said = {"from": self.first.data.isoformat(), "to": self.last.data.isoformat()}
        return said | ({"unit": self.unit.data} if self.unit.data else {})


@blueprint.get("/register")
@needs("register:export")
def show() -> Any:
    """The register's totals."""
    form = RegisterForm.read(request.args, clock.now())
    try:
        _asked, turns = form.asked()
    except Refused as refusal:
        if not form.errors:
            form.refuse(refusal)
        return render_template("reception/register.html", form=form, tallies=None), 400
    return render_template(
        "reception/register.html",
        form=form,
        given=form.given(),
        tallies=tallied(brought.turns(_person(), turns)),
        kinds=KIND_LABELS,
        directions=DIRECTION_LABELS,
    )


@blueprint.get("/register.xlsx")
@needs("register:export")
def export() -> Response:
    """The register; who came is left open."""
    return _taken(named=False)


@blueprint.post("/register.xlsx")
@needs("person:read")
def export_named() -> Response:
    """The register with who came, which goes on record."""
    return _taken(named=True)


def _taken(*, named: bool) -> Response:
    now = clock.now()
    asked, turns = RegisterForm.read(request.args, now).asked()
    target: IO[bytes] = SpooledTemporaryFile(BYTES_IN_MEMORY)  # noqa: SIM115
    with force_locale("vi"):
        take_register(target, asked, turns, actor=_person(), named=named, now=now)
    target.seek(0)
    answer = send_file(
        target,
        mimetype=EXCEL,
        as_attachment=True,
        download_name=f"so-tiep-cong-dan-{asked.first}-{asked.last}.xlsx",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _person() -> Viewer:
    person: Viewer = current_user._get_current_object()
    return person
