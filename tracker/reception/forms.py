"""What is filled in at a meeting."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from tracker.cases.catalogue import Catalogue, by_id
from tracker.cases.fields import ChoiceField, Given, NumberField
from tracker.cases.forms import SHORT, labelled
from tracker.core.content import JPEG, PDF, PNG
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.people.sealing import Particulars
from tracker.reception.service import Entered
from tracker.rules.vietnamese import clean
from tracker.rules.workflow import KIND_LABELS, Kind

PICTURES = ",".join((*JPEG.endings, *PNG.endings))
SCANS = ",".join((PICTURES, *PDF.endings))


class GivenUnlessJoined(Given):
    """Of a case that is there already nothing more has to be said."""

    def __call__(self, form: Any, field: Any) -> None:
        if not form.joins.data:
            super().__call__(form, field)


class EntryForm(Form):
    """One item, as it is said. Every field but the content and the kind may stay empty."""

    entry_id = HiddenField()
    joins = HiddenField()
    content = TextAreaField(_l("Nội dung"), validators=[GivenUnlessJoined(_l("Hãy ghi nội dung."))])
    kind = ChoiceField(
        _l("Loại"),
        empty=_l("Chọn loại…"),
        validators=[GivenUnlessJoined(_l("Hãy chọn loại vụ việc."))],
    )
    field_id = ChoiceField(_l("Lĩnh vực"), empty=_l("Chưa rõ"))
    area_id = ChoiceField(_l("Địa bàn"), empty=_l("Chưa rõ"))
    proposed_unit_id = ChoiceField(_l("Đề xuất giao"), empty=_l("Để điều phối viên chọn"))
    persons = NumberField(_l("Số người"), default=1)
    is_anonymous = BooleanField(_l("Khuyết danh"))
    telephone = StringField(_l("Điện thoại"), validators=[SHORT])
    identity = StringField(_l("Số giấy tờ"), validators=[SHORT])
    name = StringField(_l("Họ tên"), validators=[SHORT])
    address = StringField(_l("Địa chỉ"), validators=[SHORT])
    keep_person = BooleanField(_l("Giữ người này cho mục sau"))
    note = TextAreaField(_l("Ghi chú"))
    # A telephone opens its camera for it.
    photo = FileField(_l("Chụp đơn"), render_kw={"accept": PICTURES, "capture": "environment"})
    files = MultipleFileField(_l("Ảnh, bản quét của đơn"), render_kw={"accept": SCANS})

    def offer(self, catalogue: Catalogue) -> None:
        """Fills the lists to choose from."""
        self.kind.offer(labelled(KIND_LABELS))
        self.field_id.offer(by_id(catalogue.fields))
        self.area_id.offer(by_id(catalogue.areas))
        self.proposed_unit_id.offer(by_id(catalogue.units))

    def start_again(self, entry_id: UUID) -> None:
        """Empties the form for the next item: what stays is the kind, the area, and the person
        where that was asked for."""
        kept = {"csrf_token", "kind", "area_id"}
        if self.keep_person.data:
            kept |= {"keep_person", *Particulars.__dataclass_fields__}
        for field in self:
            if field.name not in kept:
                field.raw_data = None
                field.process(None)
        self.entry_id.data = str(entry_id)

    def refuse(self, refusal: Refused) -> None:
        super().refuse(refusal)
        # A browser sends what was typed once more, but never the files that were chosen.
        if names := ", ".join(clean(file.filename or "") for file in self._given_files()):
            again = _("Các tệp đã chọn chưa được lưu, hãy chọn lại: %(names)s.", names=names)
            self.files.errors = [*self.files.errors, again]

    def entered(self, entry_id: UUID) -> Entered:
        """What was filled in, as the verb takes it."""
        return Entered(
            id=entry_id,
            content=self.content.data or "",
            kind=Kind(self.kind.data) if self.kind.data else None,
            field_id=id_of(self.field_id.data),
            area_id=id_of(self.area_id.data),
            proposed_unit_id=id_of(self.proposed_unit_id.data),
            persons=1 if self.persons.data is None else self.persons.data,
            note=self.note.data or "",
            particulars=Particulars(**self._particulars()),
            joins=id_of(self.joins.data),
            files=[(file.stream, file.filename or "") for file in self._given_files()],
        )

    def _given_files(self) -> list[FileStorage]:
        return [file for file in (self.photo.data, *(self.files.data or ())) if file]

    def _particulars(self) -> Mapping[str, str]:
        if self.is_anonymous.data:
            return {}
        return {name: self[name].data or "" for name in Particulars.__dataclass_fields__}


def id_of(text: str | None) -> UUID | None:
    """The id that a form carried; a mangled one is as good as none."""
    try:
        return UUID(text) if text else None
    except ValueError:
        return None
