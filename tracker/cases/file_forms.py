"""The forms of files: which one, where it belongs, and why it goes."""

from collections.abc import Iterable
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import TextAreaField

from tracker.cases.fields import ChoiceField, Given
from tracker.cases.models import Answer
from tracker.core.forms import Form
from tracker.rules.vietnamese import format_date


class FileForm(Form):
    """A file, of the case itself or of one of its answers."""

    file = FileField(_l("Tệp"), validators=[FileRequired(_l("Hãy chọn tệp."))])
    answer_id = ChoiceField(_l("Kèm theo"), empty=_l("Vụ việc"))

    def offer(self, answers: Iterable[Answer]) -> None:
        """Fills the list of answers to choose from."""
        self.answer_id.offer((str(each.id), answer_label(each)) for each in answers)

    def answer(self) -> UUID | None:
        """The answer that was chosen, None for the case itself."""
        return UUID(self.answer_id.data) if self.answer_id.data else None


class RemoveForm(Form):
    """Why a file is taken away."""

    reason = TextAreaField(_l("Lý do"), validators=[Given(_l("Hãy ghi lý do gỡ tệp."))])


def answer_label(answer: Answer) -> str:
    """An answer in a few words."""
    day = format_date(answer.answered_on)
    if answer.unit is None:
        return _("Trả lời %(day)s", day=day)
    return _("Trả lời %(day)s của %(unit)s", day=day, unit=answer.unit.name)
