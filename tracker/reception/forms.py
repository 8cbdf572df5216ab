"""What is filled in at a meeting."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField, TextAreaField

from tracker.cases.catalogue import Catalogue, by_id
from tracker.cases.fields import ChoiceField, NumberField
from tracker.cases.forms import SHORT, labelled
from tracker.core.forms import Form
from tracker.people.sealing import Particulars
from tracker.reception.service import Entered
from tracker.rules.workflow import KIND_LABELS, Kind


class EntryForm(Form):
    """One item, as it is said. Every field but the content may stay empty."""

    entry_id = HiddenField()
    joins = HiddenField()
    content = TextAreaField(_l("Nội dung"))
    kind = ChoiceField(_l("Loại"), empty=_l("Chọn loại…"))
    field_id = ChoiceField(_l("Lĩnh vực"), empty=_l("Chưa rõ"))
    area_id = ChoiceField(_l("Địa bàn"), empty=_l("Chưa rõ"))
    persons = NumberField(_l("Số người"), default=1)
    name = StringField(_l("Họ tên"), validators=[SHORT])
    telephone = StringField(_l("Điện thoại"), validators=[SHORT])
    identity = StringField(_l("Số giấy tờ"), validators=[SHORT])
    address = StringField(_l("Địa chỉ"), validators=[SHORT])
    note = TextAreaField(_l("Ghi chú"))

    def offer(self, catalogue: Catalogue) -> None:
        """Fills the lists to choose from."""
        self.kind.offer(labelled(KIND_LABELS))
        self.field_id.offer(by_id(catalogue.fields))
        self.area_id.offer(by_id(catalogue.areas))

    def entered(self, entry_id: UUID) -> Entered:
        """What was filled in, as the verb takes it."""
        return Entered(
            id=entry_id,
            content=self.content.data or "",
            kind=Kind(self.kind.data) if self.kind.data else None,
            field_id=id_of(self.field_id.data),
            area_id=id_of(self.area_id.data),
            persons=1 if self.persons.data is None else self.persons.data,
            note=self.note.data or "",
            particulars=Particulars(**self._particulars()),
            joins=id_of(self.joins.data),
        )

    def _particulars(self) -> Mapping[str, str]:
        return {name: self[name].data or "" for name in Particulars.__dataclass_fields__}


def id_of(text: str | None) -> UUID | None:
    """The id that a form carried; a mangled one is as good as none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
