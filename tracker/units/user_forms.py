"""The forms of administering accounts."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from tracker.core.forms import DayField, Form
from tracker.rules.workflow import Role
from tracker.units.models import Unit
from tracker.units.unit_forms import choices


class RoleForm(Form):
    """A role at a unit, from a day, until another one if it is known."""

    unit_id = SelectField(_l("Đơn vị"), [InputRequired()])
    role = SelectField(_l("Vai trò"), [InputRequired()])
    valid_from = DayField(_l("Từ ngày"), [InputRequired()])
    valid_to = DayField(_l("Đến hết ngày"), [Optional()])

    def offer(self, units: Iterable[Unit], roles: dict[str, str]) -> None:
        """Fills the lists. roles: value -> label in the page's language."""
        # Nothing is chosen at first: a role given by mistake opens cases to somebody.
        named = {str(unit.id): unit.name for unit in units}
        self.unit_id.choices = choices({"": _l("Chọn đơn vị…")} | named)
        self.role.choices = choices({"": _l("Chọn vai trò…")} | roles)

    def given(self) -> dict[str, Any]:
        """What the service is called with."""
        return {
            "unit_id": UUID(self.unit_id.data),
            "role": Role(self.role.data),
            "valid_from": self.valid_from.data,
            "valid_to": self.valid_to.data,
        }


class InviteForm(RoleForm):
    """Somebody new."""

    login = StringField(
        _l("Tên đăng nhập"),
        [InputRequired(), Length(max=64)],
        render_kw={"autocomplete": "off", "autocapitalize": "none"},
    )
    name = StringField(
        _l("Họ tên"), [InputRequired(), Length(max=200)], render_kw={"autocomplete": "off"}
    )


class EndForm(Form):
    """The last day of a role."""

    last_day = DayField(_l("Ngày cuối"), [InputRequired()])
