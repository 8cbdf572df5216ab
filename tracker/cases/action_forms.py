"""The forms of the actions that decide, count and put right: see `forms` for the plainer ones."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, TextAreaField
from wtforms.validators import Optional

from tracker.cases.catalogue import Catalogue, Choices, Named, by_id
from tracker.cases.fields import (
    ChoiceField,
    DayField,
    Given,
    NumberField,
    OutcomeField,
    PastDayField,
)
from tracker.cases.forms import ActionForm, ReasonForm, labelled
from tracker.cases.models import Case
from tracker.core.db import new_id
from tracker.rules.access import CONFIDENTIALITY_LABELS
from tracker.rules.conditions import CONDITION_LABELS
from tracker.rules.vietnamese import format_date
from tracker.rules.workflow import KIND_LABELS, Kind, Outcome

KIND = _l("Loại")
FIELD = _l("Lĩnh vực")
AREA = _l("Địa bàn")
UNKNOWN = _l("Chưa rõ")
RAISES = _l("Mức bảo mật nâng lên thì vụ việc đã tách ra hay gộp với vụ việc này cũng nâng theo.")


class PartForm(ActionForm):
    """What part a citizen withdrew."""

    reason = TextAreaField(
        _l("Phần được rút và lý do"), validators=[Given(_l("Hãy ghi phần được rút và lý do."))]
    )


class ContributeForm(ActionForm):
    """What a supporting unit has to say."""

    text = TextAreaField(_l("Ý kiến phối hợp"), validators=[Given(_l("Hãy ghi ý kiến phối hợp."))])


class AdmitForm(ActionForm):
    """Since when the case is taken on by law."""

    accepted_on = PastDayField(
        _l("Ngày thụ lý"),
        validators=[Given(_l("Hãy ghi ngày thụ lý."))],
        description=_l("Thời hạn giải quyết tính từ ngày này."),
    )
    needed_verification = BooleanField(_l("Phải kiểm tra, xác minh trước khi thụ lý"))

    def prepare(self, case: Case) -> None:
        if case.kind != Kind.DENUNCIATION:
            del self.needed_verification

    def start(self, case: Case, today: date) -> None:
        self.accepted_on.data = today


class TurnForm(ActionForm):
    """Another citizen with the same matter, or the same one again."""

    has_lists = True
    turn_id = HiddenField()
    received_on = PastDayField(_l("Ngày phản ánh"), validators=[Given(_l("Hãy ghi ngày."))])
    persons = NumberField(
        _l("Số người"), default=1, validators=[Given(_l("Hãy ghi số người, ít nhất là 1."))]
    )
    channel_id = ChoiceField(_l("Kênh tiếp nhận"), empty=UNKNOWN)

    def offer(self, catalogue: Catalogue) -> None:
        self.channel_id.offer(by_id(catalogue.channels))

    def start(self, case: Case, today: date) -> None:
        self.turn_id.data = str(new_id())
        self.received_on.data = today


class RuleForm(ActionForm):
    """Who has to answer, and by when: a leader's word."""

    has_lists = True
    lead_id = ChoiceField(
        _l("Đơn vị phải giải quyết"),
        empty=_l("Chọn đơn vị…"),
        validators=[Given(_l("Hãy chọn đơn vị phải giải quyết."))],
    )
    text = TextAreaField(
        _l("Nội dung quyết định"), validators=[Given(_l("Hãy ghi nội dung quyết định."))]
    )
    due_on = DayField(
        _l("Hạn của đơn vị"),
        validators=[Given(_l("Hãy ghi hạn của đơn vị."))],
        description=_l("Hạn trả lời công dân không đổi."),
    )

    def offer(self, catalogue: Catalogue) -> None:
        self.lead_id.offer(by_id(catalogue.units))

    def asked_units(self) -> list[str]:
        return [self.lead_id.data] if self.lead_id.data else []


class CloseAllForm(ActionForm):
    """What the coordinator notes on several cases that end, each as its answer proposes."""

    text = TextAreaField(
        _l("Nhận xét"),
        description=_l("Mỗi vụ việc kết thúc theo kết quả và ngày hẹn mà lần trả lời đề xuất."),
    )


class KeepPromiseForm(ActionForm):
    """When what was promised was done."""

    kept_on = PastDayField(_l("Ngày thực hiện xong"), validators=[Given(_l("Hãy ghi ngày."))])
    text = TextAreaField(_l("Nhận xét"))

    def start(self, case: Case, today: date) -> None:
        self.kept_on.data = today


class ReopenForm(ReasonForm):
    """Why the case begins anew; of a withdrawn one, that the withdrawal wasn't free."""

    is_coerced = BooleanField(_l("Công dân bị ép buộc rút đơn"))

    def prepare(self, case: Case) -> None:
        if case.outcome != Outcome.WITHDRAWN:
            del self.is_coerced


class UpholdForm(ActionForm):
    """What citizens who aren't satisfied are told."""

    text = TextAreaField(
        _l("Trả lời công dân"),
        validators=[Given(_l("Hãy ghi lời trả lời công dân."))],
        description=_l("Công dân đọc được lời này ở trang tra cứu."),
    )


class ExtendForm(ActionForm):
    """Until when, and why."""

    due_on = DayField(_l("Hạn mới"), validators=[Given(_l("Hãy ghi hạn mới."))])
    reason = TextAreaField(_l("Lý do"), validators=[Given(_l("Hãy ghi lý do gia hạn."))])


class RequestExtensionForm(ActionForm):
    """What an agency asks for."""

    wanted_on = DayField(_l("Xin gia hạn đến ngày"), validators=[Given(_l("Hãy ghi ngày."))])
    reason = TextAreaField(_l("Lý do"), validators=[Given(_l("Hãy ghi lý do xin gia hạn."))])


class DecideExtensionForm(ActionForm):
    """Yes, perhaps to another date, or no and why."""

    decision = OutcomeField(
        _l("Quyết định"), validators=[Given(_l("Hãy chọn đồng ý hay không đồng ý."))]
    )
    due_on = DayField(_l("Hạn mới"), validators=[Optional()])
    reason = TextAreaField(_l("Lý do"))

    def offer(self, catalogue: Catalogue) -> None:
        self.decision.offer([("granted", _("Đồng ý")), ("refused", _("Không đồng ý"))])

    def prepare(self, case: Case) -> None:
        if (asked := case.extension_request) is not None:
            self.decision.description = _(
                "Đơn vị xin gia hạn đến %(day)s: %(reason)s",
                day=format_date(asked.wanted_on),
                reason=asked.reason,
            )

    def start(self, case: Case, today: date) -> None:
        if case.extension_request is not None:
            self.due_on.data = case.extension_request.wanted_on


class _KindForm(ActionForm):
    """What a case is, about what: the present values first."""

    has_lists = True
    kind = ChoiceField(
        KIND,
        empty=_l("Chọn loại…"),
        validators=[Given(_l("Hãy chọn loại vụ việc."))],
        description=RAISES,
    )
    condition = ChoiceField(_l("Trường hợp"), empty=_l("Thông thường"))
    field_id = ChoiceField(FIELD, empty=UNKNOWN)

    def offer(self, catalogue: Catalogue) -> None:
        self.kind.offer(labelled(KIND_LABELS))
        self.condition.offer(
            (value, _(label)) for value, label in CONDITION_LABELS.items() if value != "ordinary"
        )
        self.catalogue = catalogue

    def prepare(self, case: Case) -> None:
        self.field_id.offer(_choices(self.catalogue.fields, case.field_id))

    def start(self, case: Case, today: date) -> None:
        self.kind.data = case.kind
        self.condition.data = None if case.condition == "ordinary" else case.condition
        self.field_id.data = _text(case.field_id)


class ClassifyForm(_KindForm):
    """What a case is, about what, and where."""

    area_id = ChoiceField(AREA, empty=UNKNOWN)

    def prepare(self, case: Case) -> None:
        super().prepare(case)
        self.area_id.offer(_choices(self.catalogue.areas, case.area_id))

    def start(self, case: Case, today: date) -> None:
        super().start(case, today)
        self.area_id.data = _text(case.area_id)


class ReclassifyForm(_KindForm):
    """What a case is, about what, and how closely it is kept."""

    confidentiality = ChoiceField(
        _l("Mức bảo mật"),
        empty=_l("Chọn mức…"),
        validators=[Given(_l("Hãy chọn mức bảo mật."))],
    )
    reason = TextAreaField(_l("Lý do"), validators=[Given(_l("Hãy ghi lý do."))])

    def prepare(self, case: Case) -> None:
        super().prepare(case)
        self.confidentiality.offer(labelled(CONFIDENTIALITY_LABELS))

    def start(self, case: Case, today: date) -> None:
        super().start(case, today)
        self.confidentiality.data = case.confidentiality


class CorrectForm(ActionForm):
    """What was logged, to be put right."""

    has_lists = True
    content = TextAreaField(_l("Nội dung"), validators=[Given(_l("Hãy ghi nội dung."))])
    received_on = PastDayField(_l("Ngày tiếp nhận"), validators=[Given(_l("Hãy ghi ngày."))])
    accepted_on = PastDayField(_l("Ngày thụ lý"), validators=[Optional()])
    persons = NumberField(_l("Số người"), validators=[Given(_l("Hãy ghi số người, ít nhất là 1."))])
    field_id = ChoiceField(FIELD, empty=UNKNOWN)
    area_id = ChoiceField(AREA, empty=UNKNOWN)
    channel_id = ChoiceField(_l("Kênh tiếp nhận"), empty=UNKNOWN)
    note = TextAreaField(_l("Ghi chú"))
    reason = TextAreaField(_l("Lý do"), validators=[Given(_l("Hãy ghi lý do sửa."))])

    def offer(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def prepare(self, case: Case) -> None:
        if case.accepted_on is None:
            del self.accepted_on
        self.field_id.offer(_choices(self.catalogue.fields, case.field_id))
        self.area_id.offer(_choices(self.catalogue.areas, case.area_id))
        self.channel_id.offer(_choices(self.catalogue.channels, case.channel_id))

    def start(self, case: Case, today: date) -> None:
        self.content.data = case.content
        self.note.data = case.note
        self.received_on.data = case.received_on
        if "accepted_on" in self:
            self.accepted_on.data = case.accepted_on
        for name in ("field_id", "area_id", "channel_id"):
            self[name].data = _text(getattr(case, name))
        own = (turn for turn in case.submissions if turn.merge_id is None)
        first = next(own, None)
        self.persons.data = first.persons if first else 1


def _choices(rows: Sequence[Named], present: UUID | None) -> Choices:
    """What may be chosen today, and what the case has already, even if it isn't offered more."""
    return [(str(row.id), row.name) for row in rows if row.is_valid or row.id == present]


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
