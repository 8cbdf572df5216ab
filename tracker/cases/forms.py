"""What people fill in: a new case, the filters of the list, and one form for each action."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from tracker.cases import clocks
from tracker.cases.catalogue import Catalogue, by_id
from tracker.cases.fields import (
    ChoiceField,
    DayField,
    EachField,
    Given,
    ManyField,
    NumberField,
    OutcomeField,
    PastDayField,
)
from tracker.cases.models import Case
from tracker.core.content import ACCEPTED
from tracker.core.db import new_id
from tracker.core.errors import Refused
from tracker.core.forms import Form
from tracker.rules import standard_texts
from tracker.rules.vietnamese import clean
from tracker.rules.workflow import ACTIONS, KIND_LABELS, OUTCOME_LABELS

SHORT = Length(max=200, message=_l("Dài quá: tối đa 200 ký tự."))


class CaseForm(Form):
    """A new case, logged by hand."""

    case_id = HiddenField()
    kind = ChoiceField(
        _l("Loại"), empty=_l("Chọn loại…"), validators=[Given(_l("Hãy chọn loại vụ việc."))]
    )
    content = TextAreaField(_l("Nội dung"), validators=[Given(_l("Hãy ghi nội dung."))])
    received_on = PastDayField(_l("Ngày tiếp nhận"), validators=[Given(_l("Hãy ghi ngày."))])
    field_id = ChoiceField(_l("Lĩnh vực"), empty=_l("Chưa rõ"))
    area_id = ChoiceField(_l("Địa bàn"), empty=_l("Chưa rõ"))
    channel_id = ChoiceField(_l("Kênh tiếp nhận"), empty=_l("Chưa rõ"))
    persons = NumberField(
        _l("Số người"), default=1, validators=[Given(_l("Hãy ghi số người, ít nhất là 1."))]
    )
    note = TextAreaField(_l("Ghi chú"))
    unit_id = ChoiceField(
        _l("Đơn vị tiếp nhận"),
        empty=_l("Chọn đơn vị…"),
        validators=[Given(_l("Hãy chọn đơn vị tiếp nhận."))],
    )

    def offer(self, catalogue: Catalogue, units: Mapping[UUID, str]) -> None:
        """Fills the lists to choose from. units: for which the person logs; one isn't asked."""
        if len(units) > 1:
            self.unit_id.offer((str(unit_id), name) for unit_id, name in units.items())
        else:
            del self.unit_id
        self.kind.offer(labelled(KIND_LABELS))
        self.field_id.offer(by_id(catalogue.fields))
        self.area_id.offer(by_id(catalogue.areas))
        self.channel_id.offer(by_id(catalogue.channels))


class ActionForm(Form):
    """The form of one action.

    version, seen: that of the case which the page showed, and how many entries it showed.
    """

    # Whether it has long lists to choose from: then the page brings it only when asked.
    has_lists = False
    # What is said above the button.
    hint: Any = None
    # Fields that are seldom needed: they stay folded.
    seldom: tuple[str, ...] = ()
    version = NumberField(widget=HiddenInput())
    seen = NumberField(widget=HiddenInput())

    def __init__(self, action: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.action = action
        # A page has many of these forms, and each id only once.
        for field in self:
            field.id = f"{action}-{field.id}"
            field.label.field_id = field.id
        self.offer_outcomes(action)

    @property
    def takes_text(self) -> str | None:
        """The name of the field that a standard text goes into, if it takes one."""
        return standard_texts.FIELDS.get(self.action)

    def offer(self, catalogue: Catalogue) -> None:
        """Fills the lists to choose from."""

    def prepare(self, case: Case) -> None:
        """Fits the form to the case that it is about, filled in or not."""

    def start(self, case: Case, today: date) -> None:
        """Fills in what is known before anybody typed; today: the office's local date."""

    def asked_units(self) -> list[str]:
        """The ids of the units that are given the case."""
        return []

    def offer_outcomes(self, action: str) -> None:
        if (outcome := self._fields.get("outcome")) is not None:
            outcomes = ACTIONS[action].outcomes
            outcome.offer((str(each), _(OUTCOME_LABELS[each])) for each in outcomes)

    def given(self) -> dict[str, Any]:
        """What the verb is called with."""
        return {
            name: field.data or "" if isinstance(field, StringField) else field.data
            for name, field in self._fields.items()
            if name not in ("csrf_token", "version", "seen")
        }

    def typed(self) -> list[tuple[str, str]]:
        """(label, text) of what somebody typed or chose: never to be lost."""
        given = [
            (str(field.label.text), _words(field))
            for field in self
            if not isinstance(field.widget, HiddenInput)
        ]
        return [(label, text) for label, text in given if text]


class AssignForm(ActionForm):
    """To whom, what is asked, and by when."""

    has_lists = True
    seldom = ("supporting_asked", "due_on", "reason")
    lead_id = ChoiceField(
        _l("Đơn vị chủ trì"),
        empty=_l("Chọn đơn vị…"),
        validators=[Given(_l("Hãy chọn đơn vị chủ trì."))],
    )
    supporting_ids = ManyField(
        _l("Đơn vị phối hợp"), description=_l("Giữ Ctrl để chọn hoặc bỏ từng đơn vị.")
    )
    asked = TextAreaField(_l("Yêu cầu"))
    asked_of = EachField(_l("Đề nghị riêng"))
    supporting_asked = TextAreaField(
        _l("Nội dung đề nghị phối hợp"), description=_l("Để trống nếu cũng là yêu cầu trên.")
    )
    due_on = DayField(
        _l("Hạn của đơn vị"),
        validators=[Optional()],
        description=_l(
            "Tính từ ngày giao, không quá hạn trả lời công dân đang còn; đổi thì phải nêu lý do."
            " Hạn trả lời công dân không đổi."
        ),
    )
    reason = TextAreaField(_l("Lý do đổi hạn"))

    def start(self, case: Case, today: date) -> None:
        self.due_on.data = clocks.agency_due_on(case, today)
        # What was proposed at intake; an agency that returned the case isn't proposed again.
        if case.proposed_unit_id is not None and case.return_count == 0:
            self.lead_id.data = str(case.proposed_unit_id)

    def offer(self, catalogue: Catalogue) -> None:
        units = by_id(catalogue.units)
        self.lead_id.offer(units)
        self.supporting_ids.offer(units)
        self.asked_of.names = dict(units)

    def asked_units(self) -> list[str]:
        return [each for each in (self.lead_id.data, *(self.supporting_ids.data or ())) if each]


class ReasonForm(ActionForm):
    """An action that only needs its reason."""

    reason = TextAreaField(_l("Lý do"), validators=[Given(_l("Hãy ghi lý do."))])


class ForwardForm(ActionForm):
    """To which body a case goes, and why."""

    sent_to = StringField(
        _l("Cơ quan nhận"), validators=[Given(_l("Hãy ghi tên cơ quan nhận.")), SHORT]
    )
    reason = TextAreaField(_l("Lý do"), validators=[Given(_l("Hãy ghi lý do."))])


class GuideForm(ForwardForm):
    """To which body the citizen may turn, and why."""

    sent_to = StringField(
        _l("Cơ quan có thẩm quyền"), validators=[Given(_l("Hãy ghi tên cơ quan nhận.")), SHORT]
    )


class UndoEndingForm(ActionForm):
    """Takes an ending back."""

    hint = _l(
        "Chỉ trong ngày kết thúc, khi sau đó chỉ có thêm ghi chú và tệp; do người đã kết thúc hoặc"
        " điều phối viên. Vụ việc trở lại như trước khi kết thúc."
    )


class CommentForm(ActionForm):
    """A note inside the office."""

    entry_id = HiddenField()
    text = TextAreaField(_l("Ghi chú"), validators=[Given(_l("Hãy ghi nội dung ghi chú."))])

    def start(self, case: Case, today: date) -> None:
        self.entry_id.data = str(new_id())


class AnswerForm(ActionForm):
    """What was answered, by which document, with which outcome."""

    text = TextAreaField(
        _l("Nội dung trả lời"), validators=[Given(_l("Hãy ghi nội dung trả lời."))]
    )
    outcome = OutcomeField(_l("Kết quả đề xuất"), validators=[Given(_l("Hãy chọn kết quả."))])
    answered_on = PastDayField(_l("Ngày trả lời"), validators=[Given(_l("Hãy ghi ngày trả lời."))])
    document_number = StringField(_l("Số văn bản"), validators=[SHORT])
    document_date = DayField(_l("Ngày văn bản"), validators=[Optional()])
    promised_on = DayField(_l("Ngày hẹn thực hiện"), validators=[Optional()])
    files = MultipleFileField(_l("Tệp kèm theo"), render_kw={"accept": ACCEPTED})

    def prepare(self, case: Case) -> None:
        self.files.description = _(
            "Chọn được nhiều tệp: PDF, ảnh, Word, Excel, văn bản thường; mỗi tệp tối đa"
            " %(most)s MB.",
            most=current_app.extensions["settings"].max_upload_megabytes,
        )

    def start(self, case: Case, today: date) -> None:
        self.answered_on.data = today

    def validate(self, extra_validators: Any = None) -> bool:
        is_valid: bool = super().validate(extra_validators)
        if not is_valid:
            self._ask_for_files_again()
        return is_valid

    def refuse(self, refusal: Refused) -> None:
        super().refuse(refusal)
        self._ask_for_files_again()

    def _ask_for_files_again(self) -> None:
        # A browser sends what was typed once more, but never the files that were chosen.
        if names := file_names(self.files):
            again = _("Các tệp đã chọn chưa được lưu, hãy chọn lại: %(names)s.", names=names)
            self.files.errors = [*self.files.errors, again]


class CloseForm(ActionForm):
    """How the case ends."""

    outcome = OutcomeField(_l("Kết quả"), validators=[Given(_l("Hãy chọn kết quả."))])
    promised_on = DayField(_l("Ngày hẹn thực hiện"), validators=[Optional()])
    text = TextAreaField(_l("Nhận xét"))

    def start(self, case: Case, today: date) -> None:
        """What the latest answer proposes."""
        latest = max(case.answers, key=lambda each: (each.recorded_at, each.id), default=None)
        self.outcome.data = latest and latest.outcome
        self.promised_on.data = case.promised_on


def labelled(labels: Mapping[Any, str]) -> list[tuple[str, str]]:
    """The values that may be chosen, with their words in the reader's language."""
    return [(str(value), _(label)) for value, label in labels.items()]


def file_names(field: MultipleFileField) -> str:
    """What the chosen files are called."""
    return ", ".join(clean(file.filename) for file in field.data or ())


def _words(field: Any) -> str:
    """What `field` holds, as its reader knows it."""
    if isinstance(field, MultipleFileField):
        return file_names(field)
    if isinstance(field, SelectField | SelectMultipleField):
        return ", ".join(str(label) for _key, label, *_rest in field.iter_choices() if _rest[0])
    if isinstance(field, BooleanField):
        return _("Có") if field.data else ""
    return str(field._value())
