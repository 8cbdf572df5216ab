"""What is filled in about a meeting: planning one or a series, ending it, putting it right."""

import re
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, StringField, TextAreaField, TimeField
from wtforms.validators import Length, Optional, ValidationError
from wtforms.widgets import HiddenInput

from tracker.cases.fields import ChecksField, ChoiceField, DayField, Given, NumberField
from tracker.cases.forms import SHORT
from tracker.cases.year import WEEKDAYS
from tracker.core.forms import Form
from tracker.reception.models import EventSeries
from tracker.reception.service import Particulars, Pattern
from tracker.rules.meetings import SORT_OF_KEY, SORTS, STATE_LABELS, Every, Sort
from tracker.units.models import Unit

LONG = Length(max=2000, message=_l("Dài quá: tối đa 2.000 ký tự."))
GIVE_DAY = Given(_l("Hãy ghi ngày."))
_SEPARATORS = re.compile(r"[\s,;.]+")


def named(form: Form, start: str) -> Form:
    """The form with ids of its own: a page has several, and each id only once."""
    for field in form:
        field.id = f"{start}-{field.id}"
        field.label.field_id = field.id
    return form


class ParticularsForm(Form):
    """Where a meeting is held, by whom, with whom."""

    title = StringField(_l("Tên buổi"), validators=[SHORT])
    starts_at = TimeField(_l("Giờ bắt đầu"), validators=[Optional()])
    place = StringField(_l("Địa điểm"), validators=[SHORT])
    chair = StringField(_l("Người chủ trì"), validators=[SHORT])
    is_delegated = BooleanField(_l("Được người đứng đầu ủy quyền chủ trì"))
    present = TextAreaField(_l("Thành phần tham dự"), validators=[LONG])

    def particulars(self) -> Particulars:
        """What was filled in, as the verbs take it."""
        return Particulars(
            title=self.title.data or "",
            starts_at=self.starts_at.data,
            place=self.place.data or "",
            chair=self.chair.data or "",
            is_delegated=bool(self.is_delegated.data),
            present=self.present.data or "",
        )


class _OfUnitForm(ParticularsForm):
    """A meeting or a series to come: whose and of what sort."""

    made_id = HiddenField()
    unit_id = ChoiceField(
        _l("Đơn vị"), empty=_l("Chọn đơn vị…"), validators=[Given(_l("Hãy chọn đơn vị."))]
    )
    sort = ChoiceField(
        _l("Loại buổi"), empty=_l("Chọn loại…"), validators=[Given(_l("Hãy chọn loại buổi."))]
    )

    def offer(self, units: Sequence[Unit]) -> None:
        """Fills the lists to choose from."""
        self.unit_id.offer((str(unit.id), unit.name) for unit in units)
        self.sort.offer((sort.key, _(label)) for sort, label in SORTS.items())

    def chosen(self) -> tuple[UUID, Sort]:
        """The unit and the sort, once the form is valid."""
        return UUID(self.unit_id.data), SORT_OF_KEY[str(self.sort.data)]


class EventForm(_OfUnitForm):
    """One meeting."""

    held_on = DayField(_l("Ngày"), validators=[GIVE_DAY])


class _PatternForm(Form):
    """When meetings come again: days of the month, or of the week."""

    month_days = StringField(_l("Các ngày trong tháng"), validators=[SHORT])
    week_days = ChecksField(_l("Các ngày trong tuần"))
    starts_on = DayField(_l("Từ ngày"), validators=[GIVE_DAY])
    ends_on = DayField(_l("Đến hết ngày"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.week_days.offer((str(day), WEEKDAYS[day - 1]) for day in range(1, 6))

    def validate_month_days(self, field: StringField) -> None:
        """Either kind of days, and of the month's those that there are."""
        month, week = self._numbers(), self.week_days.data
        if bool(month) == bool(week):
            raise ValidationError(_("Hãy ghi các ngày trong tháng, hoặc chọn các ngày trong tuần."))
        if not all(1 <= day <= 31 for day in month):
            raise ValidationError(_("Ngày trong tháng là các số từ 1 đến 31, ví dụ: 10, 25."))

    def pattern(self) -> Pattern:
        """What was filled in, once the form is valid."""
        every: Every = "week" if self.week_days.data else "month"
        days = (
            [int(day) for day in self.week_days.data or ()] if every == "week" else self._numbers()
        )
        return Pattern(
            every=every,
            days=tuple(days),
            starts_on=self.starts_on.data,
            ends_on=self.ends_on.data,
        )

    def show(self, series: EventSeries) -> None:
        """Fills in when the meetings of `series` are."""
        if series.every == "week":
            self.week_days.data = [str(day) for day in series.days]
        else:
            self.month_days.data = ", ".join(str(day) for day in series.days)
        self.ends_on.data = series.ends_on

    def _numbers(self) -> list[int]:
        parts = [part for part in _SEPARATORS.split(self.month_days.data or "") if part]
        return [int(part) if part.isascii() and part.isdigit() else 0 for part in parts]


class SeriesForm(_OfUnitForm, _PatternForm):
    """Meetings that come again."""


class ChangeSeriesForm(ParticularsForm, _PatternForm):
    """How a series goes on from a day."""

    made_id = HiddenField()


class EndSeriesForm(Form):
    """From which day on a series has no meetings."""

    ends_from = DayField(_l("Dừng từ ngày"), validators=[GIVE_DAY])


class _VersionForm(Form):
    """version: that of the meeting which the page showed."""

    version = NumberField(widget=HiddenInput())


class CorrectEventForm(ParticularsForm, _VersionForm):
    """The particulars of a meeting, to be put right."""

    attendance = NumberField(_l("Số người dự"))
    note = TextAreaField(_l("Ghi chú"), validators=[LONG])


class BeginForm(_VersionForm):
    """Nothing to say."""


class CloseForm(_VersionForm):
    """How many came."""

    attendance = NumberField(_l("Số người dự"))


class ReasonForm(_VersionForm):
    """Why."""

    reason = TextAreaField(_l("Lý do"), validators=[Given(_l("Hãy ghi lý do."))])


class MoveForm(ReasonForm):
    """To which day, and why."""

    held_on = DayField(_l("Dời sang ngày"), validators=[GIVE_DAY])


class AgainForm(Form):
    """made_id: that of the meeting which begins, made by the page."""

    made_id = HiddenField()


class FilterForm(Form):
    """Which meetings a list has."""

    class Meta(Form.Meta):
        # It only asks.
        csrf = False

    unit = ChoiceField(_l("Đơn vị"), empty=_l("Tất cả"))
    sort = ChoiceField(_l("Loại buổi"), empty=_l("Tất cả"))
    state = ChoiceField(_l("Trạng thái"), empty=_l("Tất cả"))
    chair = ChoiceField(_l("Người chủ trì"), empty=_l("Tất cả"))
    first = DayField(_l("Từ ngày"), validators=[Optional()])
    last = DayField(_l("Đến ngày"), validators=[Optional()])

    def offer(self, units: Sequence[Unit]) -> None:
        """Fills the lists to choose from."""
        self.unit.offer((str(unit.id), unit.name) for unit in units)
        self.sort.offer((sort.key, _(label)) for sort, label in SORTS.items())
        held = [("held", _("Đã diễn ra"))]
        self.state.offer([*held, *((key, _(label)) for key, label in STATE_LABELS.items())])
        self.chair.offer([("head", _("Người đứng đầu")), ("delegated", _("Được ủy quyền"))])
