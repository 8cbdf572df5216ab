"""The form of a unit's details."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import InputRequired, Length

from tracker.core.forms import DayField, Form
from tracker.units.models import Unit
from tracker.units.unit_service import LONGEST_NAME

LEVEL_LABELS = {
    "": _l("Không phải cấp ủy, chính quyền"),
    "province": _l("Cấp tỉnh"),
    "district": _l("Cấp huyện"),
    "commune": _l("Cấp xã"),
}
PAPERS = {"government": _l("Cơ quan nhà nước"), "party": _l("Cơ quan của Đảng")}


def choices(labels: Mapping[str, Any]) -> list[SelectChoice]:
    """What a list offers: value -> label."""
    return [SelectChoice(value, label) for value, label in labels.items()]


class UnitForm(Form):
    """What a unit is called, where it stands and how its papers look."""

    name = StringField(_l("Tên đơn vị"), [InputRequired(), Length(max=LONGEST_NAME)])
    parent_id = SelectField(_l("Thuộc đơn vị"))
    paper = SelectField(_l("Thể thức văn bản"), choices=choices(PAPERS), default="government")
    level = SelectField(
        _l("Cấp"), choices=choices(LEVEL_LABELS), filters=[lambda level: level or ""]
    )
    letterhead = TextAreaField(_l("Tên cơ quan trên văn bản"), [Length(max=LONGEST_NAME)])
    place = StringField(_l("Địa danh ghi trên văn bản"), [Length(max=LONGEST_NAME)])

    def offer_parents(self, units: Iterable[Unit], none: str | None = None) -> None:
        """Sets the units below which it may stand; none: the words for no unit, where it
        may be chosen or nothing is chosen yet."""
        labels = {} if none is None else {"": none}
        self.parent_id.choices = choices(labels | {str(unit.id): unit.name for unit in units})

    def given(self) -> dict[str, Any]:
        """The texts of the form."""
        names = ("name", "paper", "level", "letterhead", "place")
        return {name: self._fields[name].data or "" for name in names}


class NewUnitForm(UnitForm):
    """A unit that wasn't there."""

    parent_id = SelectField(_l("Thuộc đơn vị"), [InputRequired()])
    code = StringField(_l("Mã"), [InputRequired(), Length(max=32)])
    valid_from = DayField(_l("Có từ ngày"), [InputRequired()])
