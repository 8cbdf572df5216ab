"""What is filled in about persons."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from tracker.cases.fields import ChoiceField, Given
from tracker.cases.forms import SHORT
from tracker.cases.persons import Visit
from tracker.core.forms import Form
from tracker.people.sealing import Particulars
from tracker.rules.vietnamese import format_date


class MatchForm(Form):
    """By what somebody is found again."""

    telephone = StringField(_l("Điện thoại"), validators=[SHORT])
    identity = StringField(_l("Số giấy tờ"), validators=[SHORT])

    def wanted(self) -> Particulars:
        """What was typed, in one way of writing."""
        return Particulars(
            telephone=self.telephone.data or "", identity=self.identity.data or ""
        ).tidied()


class ReasonForm(Form):
    """Why somebody wants to know who a denouncer is."""

    reason = StringField(_l("Lý do xem"), validators=[Given(_l("Hãy ghi lý do."))])


class PersonForm(MatchForm):
    """Who somebody is."""

    name = StringField(_l("Họ tên"), validators=[SHORT])
    address = StringField(_l("Địa chỉ"), validators=[SHORT])

    def particulars(self) -> Particulars:
        """What was filled in."""
        return Particulars(**{name: self[name].data or "" for name in _PARTS})


class MergeForm(Form):
    """Who is the same person, and how that is known."""

    other_id = ChoiceField(
        _l("Cùng là người đã phản ánh"),
        validators=[Given(_l("Hãy chọn người cần gộp."))],
        empty=_l("Chọn…"),
    )
    reason = StringField(_l("Lý do gộp"), validators=[Given(_l("Hãy ghi lý do."))])

    def offer(self, others: Mapping[UUID, list[Visit]]) -> None:
        """Fills the list to choose from: each by what was brought, never by name."""
        self.other_id.offer((str(person_id), _label(found)) for person_id, found in others.items())

    def chosen(self) -> UUID | None:
        """Who was chosen."""
        return UUID(self.other_id.data) if self.other_id.data else None


_PARTS = ("name", "telephone", "identity", "address")


def _label(found: list[Visit]) -> str:
    return ", ".join(f"{each.code} ({format_date(each.received_on)})" for each in found)
