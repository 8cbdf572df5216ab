"""The forms of importing."""

from collections.abc import Mapping
from uuid import UUID

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from tracker.cases.fields import ChoiceField, Given
from tracker.core.forms import Form


class UploadForm(Form):
    """The workbook to read, and the unit that kept it where it may be one of several."""

    unit_id = ChoiceField(
        _l("Đơn vị giữ sổ"),
        empty=_l("Chọn đơn vị…"),
        validators=[Given(_l("Hãy chọn đơn vị giữ sổ."))],
    )
    file = FileField(_l("Tệp sổ theo dõi (Excel)"), [FileRequired(_l("Hãy chọn tệp."))])

    def offer(self, units: Mapping[UUID, str]) -> None:
        """units: for which the person imports; one isn't asked."""
        if len(units) > 1:
            self.unit_id.offer((str(unit_id), name) for unit_id, name in units.items())
        else:
            del self.unit_id


class ConfirmForm(Form):
    """Whether rows with errors may be left out; the names to create come beside it."""

    skip_errors = BooleanField(_l("Nhập các dòng đúng, bỏ các dòng lỗi"))
