"""What is asked of reports; it lives in the address."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from tracker.cases.fields import ChoiceField, DayField, Given
from tracker.core.clock import local_date
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.reports import asking
from tracker.reports.breakdowns import BREAKDOWNS
from tracker.reports.reception import MEETING_LABELS, RECEPTION
from tracker.reports.reception_queries import RECEPTION_BREAKDOWNS
from tracker.rules.vietnamese import format_date


class PeriodForm(Form):
    """A period, and what more is asked of what it brought."""

    class Meta(Form.Meta):
        csrf = False

    first = DayField(_l("Từ ngày"), name="from", validators=[Given(_l("Hãy ghi ngày đầu kỳ."))])
    last = DayField(_l("Đến ngày"), name="to", validators=[Given(_l("Hãy ghi ngày cuối kỳ."))])
    by = ChoiceField(_l("Phân theo"), empty=_l("Không phân nhóm"))

    @classmethod
    def of_period(cls, given: MultiDict[str, str], now: datetime, rows: Mapping[str, Any]) -> Self:
        """The form as the address fills it; without a period, this year's until today.

        rows: by what it may be broken down, each with its label.
        """
        today = local_date(now)
        first = today.replace(month=1, day=1)
        period = {"from": format_date(first), "to": format_date(today)}
        form = cls(MultiDict(period | given.to_dict()))
        form.by.offer((name, _(row.label)) for name, row in rows.items())
        return form

    def given(self) -> dict[str, str]:
        """The question as an address says it, without what was left empty."""
        days = {"from": self.first.data.isoformat(), "to": self.last.data.isoformat()}
        more = {
            field.name: (field.data or "").strip()
            for field in self
            if field not in (self.first, self.last)
        }
        return {name: text for name, text in (days | more).items() if text}

    def judge(self) -> None:
        """Checks what was typed. Raises Refused with the first thing that is wrong."""
        if not self.validate():
            name, [reason, *_more] = next(iter(self.errors.items()))
            raise Refused(str(reason), name)
        for field in (self.first, self.last):
            # However it came, by hand or by a link: the page writes it as offices do.
            field.raw_data = [format_date(field.data)]


class ReportForm(PeriodForm):
    """Period, breakdown, unit and instant."""

    unit = ChoiceField(_l("Đơn vị tiếp nhận"), empty=_l("Tất cả"))
    as_of = StringField(_l("Số liệu ghi nhận đến"))

    @classmethod
    def read(cls, given: MultiDict[str, str], now: datetime, units: list[tuple[str, str]]) -> Self:
        """The form as the address fills it. units: (code, name) of those that may be chosen."""
        form = cls.of_period(given, now, BREAKDOWNS)
        form.unit.offer(units)
        return form

    def question(self, now: datetime) -> dict[str, Any]:
        """What the service is asked with. Raises Refused for an instant that can't be read."""
        return {
            "first": self.first.data,
            "last": self.last.data,
            "as_of": asking.read_as_of(self.as_of.data or "", now),
            "by": self.by.data,
            "unit_code": self.unit.data,
            "now": now,
        }


class ReceptionForm(PeriodForm):
    """Period, breakdown, unit and kind of meetings."""

    unit = ChoiceField(_l("Đơn vị tiếp"), empty=_l("Tất cả"))
    kind = ChoiceField(_l("Loại buổi"), name="meetings", empty=_l("Tiếp công dân"))

    @classmethod
    def read(cls, given: MultiDict[str, str], now: datetime, units: list[tuple[str, str]]) -> Self:
        """The form as the address fills it. units: (code, name) of those that may be chosen."""
        form = cls.of_period(given, now, RECEPTION_BREAKDOWNS)
        form.unit.offer(units)
        form.kind.offer(
            (kind, _(label)) for kind, label in MEETING_LABELS.items() if kind != RECEPTION
        )
        return form

    def question(self) -> dict[str, Any]:
        """What the service is asked with."""
        return {
            "first": self.first.data,
            "last": self.last.data,
            "by": self.by.data,
            "unit_code": self.unit.data,
            "kind": self.kind.data,
        }
