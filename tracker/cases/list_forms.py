"""What people fill in at a list: what it is narrowed by, its columns, a name to keep it under."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SearchField, StringField
from wtforms.validators import Optional

from tracker.cases.catalogue import Catalogue, by_key
from tracker.cases.desks import Desk
from tracker.cases.fields import ChoiceField, DayField, Given, IdField
from tracker.cases.forms import SHORT, labelled
from tracker.cases.orders import ORDER_LABELS
from tracker.core.forms import Form
from tracker.rules.workflow import KIND_LABELS, OUTCOME_LABELS, STATE_LABELS

STANDING_LABELS = {"soon": _l("Sắp đến hạn"), "overdue": _l("Quá hạn")}


class FilterForm(Form):
    """What the list is narrowed by; it lives in the address."""

    class Meta(Form.Meta):
        csrf = False

    q = SearchField(_l("Tìm trong nội dung, mã, số văn bản"), validators=[SHORT])
    desk = ChoiceField(_l("Việc đang chờ"), empty=_l("Tất cả"), name="list")
    kind = ChoiceField(_l("Loại"), empty=_l("Tất cả"))
    state = ChoiceField(_l("Trạng thái"), empty=_l("Tất cả"))
    outcome = ChoiceField(_l("Kết quả"), empty=_l("Tất cả"))
    due = ChoiceField(_l("Hạn"), empty=_l("Tất cả"))
    field = ChoiceField(_l("Lĩnh vực"), empty=_l("Tất cả"))
    area = ChoiceField(_l("Địa bàn"), empty=_l("Tất cả"))
    unit = ChoiceField(_l("Đơn vị chủ trì"), empty=_l("Tất cả"))
    channel = ChoiceField(_l("Kênh tiếp nhận"), empty=_l("Tất cả"))
    received_from = DayField(_l("Tiếp nhận từ"), name="from", validators=[Optional()])
    received_to = DayField(_l("Đến"), name="to", validators=[Optional()])
    order = ChoiceField(_l("Thứ tự"), empty=_l("Như thường lệ"))
    import_run = IdField(_l("Lần nhập"))

    def offer(self, catalogue: Catalogue, desks: Iterable[Desk]) -> None:
        """Fills the lists to choose from."""
        self.desk.offer((desk.name, _(desk.label)) for desk in desks)
        self.kind.offer(labelled(KIND_LABELS))
        self.state.offer(labelled(STATE_LABELS))
        self.outcome.offer(labelled(OUTCOME_LABELS))
        self.due.offer(STANDING_LABELS.items())
        self.field.offer(by_key(catalogue.fields))
        self.area.offer(by_key(catalogue.areas))
        self.unit.offer(by_key(catalogue.units))
        self.channel.offer(by_key(catalogue.channels))
        self.order.offer(labelled(ORDER_LABELS))

    def uses_filters(self) -> bool:
        """Whether the list is narrowed by more than words, or by what isn't right."""
        used = self.given().keys() - {"q", "list", "import_run"}
        return bool(used or self.errors)

    def given(self) -> dict[str, str]:
        """What is asked, as the address says it, without what was left empty."""
        return {
            field.name: field._value() if isinstance(field, DayField) else field.data
            for field in self
            if field.data
        }


class ViewForm(Form):
    """A list to be kept: the question, and a name for it."""

    name = StringField(_l("Tên danh sách"), validators=[Given(_l("Hãy đặt tên.")), SHORT])
    query = HiddenField()
    is_shared = BooleanField(_l("Cho cả đơn vị cùng dùng"))
