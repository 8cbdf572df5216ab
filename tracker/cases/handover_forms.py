"""The form of a change of units: what the document orders, and who takes which area."""

import re
from collections.abc import Iterable, Mapping
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from tracker.cases.fields import ChoiceField, DayField, Given, ManyField
from tracker.cases.succession import LONGEST_DOCUMENT, NewUnit, Wanted
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.rules.vietnamese import clean
from tracker.units.models import Unit

AREA = "area-"
NO_AREA = "none"
MOST_NEW_UNITS = 50
KINDS = {
    "merge": _l("Sáp nhập: một hay nhiều đơn vị vào một đơn vị"),
    "split": _l("Chia, tách: một đơn vị thành nhiều đơn vị"),
    "rename": _l("Đổi tên: một đơn vị thành một đơn vị mới"),
    "dissolve": _l("Giải thể, kết thúc: hồ sơ và việc còn lại chuyển cho đơn vị khác"),
}
_LINE = re.compile(r"([^:]+):(.+)")


class ChangeForm(Form):
    """What the document orders. `seen` stands for the preview that is confirmed."""

    kind = ChoiceField(
        _l("Thay đổi"), empty=_l("Chọn…"), validators=[Given(_l("Hãy chọn loại thay đổi."))]
    )
    unit_ids = ManyField(_l("Đơn vị cũ"), validators=[Given(_l("Hãy chọn đơn vị."))])
    happened_on = DayField(_l("Có hiệu lực từ ngày"), validators=[Given(_l("Hãy ghi ngày."))])
    document = StringField(
        _l("Văn bản"),
        validators=[
            Given(_l("Hãy ghi văn bản: số, ngày, cơ quan.")),
            Length(max=LONGEST_DOCUMENT),
        ],
    )
    successor_ids = ManyField(_l("Đơn vị kế tục đã có"))
    new_units = TextAreaField(_l("Đơn vị kế tục lập mới"))
    default = ChoiceField(_l("Đơn vị nhận phần còn lại"), empty=_l("Đơn vị kế tục đầu tiên"))
    seen = HiddenField()

    def offer(self, units: Iterable[Unit]) -> None:
        """Fills the lists with the units of today that the person administers."""
        offered = [(str(unit.id), unit.name) for unit in units]
        self.kind.offer(KINDS.items())
        self.unit_ids.offer(offered)
        self.successor_ids.offer(offered)
        # Which ones there are follows from the other fields: see `wanted`.
        self.default.offer([(self.default.data, "")] if self.default.data else [])

    def wanted(self, given: Mapping[str, str]) -> Wanted:
        """The change that the form says. given: all that was sent, for its areas.

        Raises Refused beside `new_units` where a line of it can't be read.
        """
        assert self.happened_on.data is not None
        return Wanted(
            kind=self.kind.data or "",
            unit_ids=_ids(self.unit_ids.data),
            happened_on=self.happened_on.data,
            document=clean(self.document.data or ""),
            successor_ids=_ids(self.successor_ids.data),
            new_units=_new_units(self.new_units.data or ""),
            default=self.default.data,
            by_area=_areas(given),
        )


def area_field(area_id: UUID | None) -> str:
    """The name of the field that says who takes an area."""
    return f"{AREA}{area_id or NO_AREA}"


def _ids(texts: Iterable[str] | None) -> tuple[UUID, ...]:
    return tuple(UUID(text) for text in texts or ())


def _new_units(text: str) -> tuple[NewUnit, ...]:
    lines = [line for line in clean(text, keep_lines=True).split("\n") if line.strip()]
    if len(lines) > MOST_NEW_UNITS:
        raise Refused(_("Nhiều nhất %(most)s đơn vị.", most=MOST_NEW_UNITS), "new_units")
    units = []
    for line in lines:
        if not (match := _LINE.fullmatch(line)):
            raise Refused(
                _("“%(line)s”: hãy ghi mã, dấu hai chấm, rồi tên.", line=line[:60]), "new_units"
            )
        units.append(NewUnit(clean(match[1]), clean(match[2])))
    return tuple(units)


def _areas(given: Mapping[str, str]) -> dict[UUID | None, str]:
    areas: dict[UUID | None, str] = {}
    for name, key in given.items():
        if not name.startswith(AREA) or not key:
            continue
        area = name.removeprefix(AREA)
        try:
            areas[None if area == NO_AREA else UUID(area)] = key
        except ValueError:
            continue  # no field of ours
    return areas
