"""What citizens fill in. No form of theirs rides on a sign-in, so none needs a token: each carries
the secret of the receipt."""

from typing import Any, ClassVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Length, StopValidation

from tracker.cases.fields import Given
from tracker.core.forms import Form
from tracker.reception.service import Asked

LONGEST = Length(max=60, message=_l("Dài quá: hãy chép đúng như trên giấy biên nhận."))


class LookUpForm(Form):
    """The code and the secret of a receipt."""

    class Meta(Form.Meta):
        csrf = False

    code = StringField(_l("Mã"), validators=[Given(_l("Hãy ghi mã trên giấy biên nhận.")), LONGEST])
    secret = StringField(
        _l("Mã bí mật"), validators=[Given(_l("Hãy ghi mã bí mật trên giấy biên nhận.")), LONGEST]
    )

    def asked(self, address: str | None) -> Asked:
        """What was typed, from where."""
        return Asked(self.code.data or "", self.secret.data or "", address or "")


class WhyUnsatisfied:
    """Whoever isn't satisfied says why."""

    field_flags: ClassVar = {"conditional": True}

    def __call__(self, form: Any, field: Any) -> None:
        if form.is_satisfied.data == "no" and not (field.data or "").strip():
            raise StopValidation(_("Xin cho biết vì sao chưa hài lòng."))


class FeedbackForm(LookUpForm):
    """Whether the citizen is satisfied; why not, where that is so."""

    code = HiddenField()
    secret = HiddenField()
    is_satisfied = RadioField(
        _l("Ông/bà có hài lòng với kết quả không?"),
        choices=[
            SelectChoice("yes", _l("Hài lòng")),
            SelectChoice("no", _l("Chưa hài lòng, đề nghị xem xét lại")),
        ],
        validators=[Given(_l("Hãy chọn một trong hai."))],
    )
    reason = TextAreaField(_l("Lý do, nếu chưa hài lòng"), validators=[WhyUnsatisfied()])
