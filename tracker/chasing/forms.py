"""The forms of how somebody is reached."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, Optional

from tracker.cases.fields import ChoiceField
from tracker.chasing.models import Correspondent
from tracker.core.forms import DayField, Form


class ReachingForm(Form):
    """Where one is written to, at which hour, and who hears it while one is away."""

    mail = StringField(
        _l("Thư điện tử"), [Length(max=200)], render_kw={"autocomplete": "email", "type": "email"}
    )
    telephone = StringField(
        _l("Điện thoại nhận tin nhắn"),
        [Length(max=30)],
        render_kw={"autocomplete": "tel", "type": "tel"},
    )
    hour = IntegerField(
        _l("Giờ nhận thư mỗi ngày làm việc"),
        [InputRequired()],
        render_kw={"min": 7, "max": 16, "type": "number"},
    )
    away_from = DayField(_l("Vắng mặt từ ngày"), [Optional()])
    away_until = DayField(_l("Đến hết ngày"), [Optional()])
    stand_in_id = ChoiceField(_l("Người nghe thay"), empty=_l("Không có ai"))

    def offer(self, colleagues: Mapping[UUID, str]) -> None:
        """Fills the list of those who may stand in, with their names."""
        self.stand_in_id.offer((str(user_id), name) for user_id, name in colleagues.items())

    def show(self, person: Correspondent) -> None:
        """Fills the form with what is kept."""
        self.process(None, obj=person, stand_in_id=str(person.stand_in_id or ""))

    def given(self) -> dict[str, Any]:
        """What the service is called with."""
        stand_in = self.stand_in_id.data
        return {
            "mail": self.mail.data or "",
            "telephone": self.telephone.data or "",
            "hour": self.hour.data,
            "away_from": self.away_from.data,
            "away_until": self.away_until.data,
            "stand_in_id": UUID(stand_in) if stand_in else None,
        }
