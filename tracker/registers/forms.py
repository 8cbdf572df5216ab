"""The forms of importing."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField

from tracker.core.forms import Form


class UploadForm(Form):
    """The workbook to read."""

    file = FileField(_l("Tệp sổ theo dõi (Excel)"), [FileRequired(_l("Hãy chọn tệp."))])


class ConfirmForm(Form):
    """Whether rows with errors may be left out; the names to create come beside it."""

    skip_errors = BooleanField(_l("Nhập các dòng đúng, bỏ các dòng lỗi"))
