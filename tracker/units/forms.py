"""The forms of signing in and of one's account."""

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length

from tracker.core.forms import Form
from tracker.units.passwords import LONGEST, SHORTEST


class SignInForm(Form):
    """Who comes in."""

    login = StringField(
        _l("Tên đăng nhập"),
        [InputRequired(), Length(max=LONGEST)],
        render_kw={"autocomplete": "username", "autocapitalize": "none", "autofocus": True},
    )
    password = PasswordField(
        _l("Mật khẩu"),
        [InputRequired(), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(Form):
    """A new password for one's own account."""

    old_password = PasswordField(
        _l("Mật khẩu hiện tại"),
        [InputRequired(), Length(max=LONGEST)],
        render_kw={"autocomplete": "current-password"},
    )
    new_password = PasswordField(
        _l("Mật khẩu mới"),
        [InputRequired(), Length(min=SHORTEST, max=LONGEST)],
        render_kw={"autocomplete": "new-password"},
    )
