"""What all forms share: our own words for what is wrong, and fields as offices write them."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import Field
from wtforms.widgets import TextInput

from tracker.core.errors import Refused
from tracker.rules.vietnamese import DoubtfulDate, format_date, parse_date

EARLIEST = date(1990, 1, 1)
LATEST = date(2100, 12, 31)

# WTForms' own sentences -> ours; it asks for them when the page is made.
_SENTENCES = {
    "This field is required.": _l("Hãy điền ô này."),
    "Not a valid choice.": _l("Hãy chọn một mục trong danh sách."),
    "Invalid Choice: could not coerce.": _l("Hãy chọn một mục trong danh sách."),
    "Not a valid integer value.": _l("Hãy ghi một số nguyên."),
    "Not a valid date value.": _l("Hãy ghi ngày theo dạng 31/12/2026."),
    "Not a valid time value.": _l("Hãy ghi giờ theo dạng 08:00."),
    "Invalid input.": _l("Nội dung này không dùng được."),
    "Field must be at least %(min)d characters long.": _l("Cần ít nhất %(min)d ký tự."),
    "Field cannot be longer than %(max)d characters.": _l("Không quá %(max)d ký tự."),
    "Field must be between %(min)d and %(max)d characters long.": _l(
        "Cần từ %(min)d đến %(max)d ký tự."
    ),
    "Number must be at least %(min)s.": _l("Cần ít nhất là %(min)s."),
    "Number must be at most %(max)s.": _l("Nhiều nhất là %(max)s."),
    "Number must be between %(min)s and %(max)s.": _l("Cần trong khoảng %(min)s đến %(max)s."),
    "File does not have an approved extension: {extensions}": _l(
        "Chỉ nhận tệp có đuôi: {extensions}"
    ),
}


class _Words:
    """WTForms' messages in the language of the page."""

    def gettext(self, sentence: str) -> str:
        return str(_SENTENCES.get(sentence, sentence))

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return self.gettext(plural if plural in _SENTENCES else singular)


class Form(FlaskForm):
    """The base of our forms."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Words:
            return _Words()

    def refuse(self, refusal: Refused) -> None:
        """Shows why a use case was refused beside its field, or above the form."""
        if refusal.field in self._fields:
            field = self._fields[refusal.field]
            field.errors = [*field.errors, refusal.reason]
        else:
            self.form_errors.append(refusal.reason)


class DayField(Field):
    """A local date, written dd/mm/yyyy. `earliest` and `latest` belong to it."""

    widget = TextInput()

    def __init__(
        self,
        label: Any = None,
        validators: list[Any] | None = None,
        earliest: date = EARLIEST,
        latest: date = LATEST,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.earliest = earliest
        self.latest = latest

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return format_date(self.data) if self.data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if not valuelist or not valuelist[0].strip():
            return
        try:
            self.data = parse_date(valuelist[0], earliest=self.earliest, latest=self.latest)
        except DoubtfulDate as doubt:
            raise ValueError(_(doubt.reason, **doubt.values)) from doubt
