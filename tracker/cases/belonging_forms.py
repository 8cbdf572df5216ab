"""What people fill in to merge, split and link cases."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, FormField, HiddenField, StringField, TextAreaField
from wtforms.validators import DataRequired
from wtforms.widgets import HiddenInput

from tracker.cases.belonging import LINKS_BY_HAND, words_of
from tracker.cases.catalogue import Catalogue, by_id
from tracker.cases.fields import ChoiceField, Given, NumberField
from tracker.cases.forms import SHORT
from tracker.cases.service.splitting import FEWEST_PARTS, MOST_PARTS
from tracker.core.forms import Form


class MergeForm(Form):
    """The case that another is merged into, and the version of that other which was shown."""

    into = HiddenField()
    version = NumberField(widget=HiddenInput())


class LinkForm(Form):
    """The code of another case, and what it is to this one."""

    code = StringField(_l("Mã vụ việc"), validators=[Given(_l("Hãy ghi mã vụ việc.")), SHORT])
    kind = ChoiceField(
        _l("Vụ việc ấy là"),
        empty=_l("Chọn quan hệ…"),
        validators=[Given(_l("Hãy chọn quan hệ giữa hai vụ việc."))],
    )

    def offer(self) -> None:
        """Fills the list to choose from."""
        self.kind.offer((kind, _(words_of(kind, "to"))) for kind in LINKS_BY_HAND)


class PartForm(Form):
    """One matter of several."""

    class Meta(Form.Meta):
        csrf = False

    content = TextAreaField(_l("Nội dung"))
    field_id = ChoiceField(_l("Lĩnh vực"), empty=_l("Chưa rõ"))
    area_id = ChoiceField(_l("Địa bàn"), empty=_l("Chưa rõ"))


class SplitForm(Form):
    """The matters of a case; those that are left empty don't count."""

    form_id = HiddenField()
    version = NumberField(widget=HiddenInput())
    parts = FieldList(FormField(PartForm), min_entries=FEWEST_PARTS, max_entries=MOST_PARTS)
    is_sure = BooleanField(
        _l("Tôi đã kiểm tra: việc tách không hoàn tác được."),
        validators=[DataRequired(_l("Hãy xác nhận."))],
    )

    def offer(self, catalogue: Catalogue) -> None:
        """Fills the lists to choose from, in every part."""
        for place, part in enumerate(self.parts):
            part.form.content.flags.required = place < FEWEST_PARTS
            part.form.field_id.offer(by_id(catalogue.fields))
            part.form.area_id.offer(by_id(catalogue.areas))

    @property
    def has_room(self) -> bool:
        """Whether there may be one part more."""
        return len(self.parts) < MOST_PARTS
