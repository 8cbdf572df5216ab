"""Form fields of casework: dates that the calendar reaches, and choices from a catalogue."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from markupsafe import Markup, escape
from wtforms import Field, HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import Choice, SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import StopValidation, ValidationError
from wtforms.widgets import CheckboxInput, html_params

from tracker.cases import clocks
from tracker.core import clock, forms

EARLIEST = date(clocks.FIRST_YEAR, 1, 1)
LATEST = date(clocks.LAST_YEAR - 1, 12, 31)


class Given:
    """Something has to be given, and a space is nothing; what can't be read was given."""

    field_flags = {"required": True}

    def __init__(self, message: Any) -> None:
        self.message = message

    def __call__(self, form: Any, field: Any) -> None:
        if field.errors:
            raise StopValidation()
        given = field.data.strip() if isinstance(field.data, str) else field.data
        if given in (None, "", []):
            raise StopValidation(str(self.message))


class DayField(forms.DayField):
    """A local date, as far as due dates can be counted from it."""

    def __init__(self, label: Any = None, validators: Any = (), **kwargs: Any) -> None:
        bounds = {"earliest": EARLIEST, "latest": LATEST}
        super().__init__(label, validators, **(bounds | kwargs))


class PastDayField(DayField):
    """A local date of something that has happened."""

    def process_formdata(self, valuelist: list[str]) -> None:
        super().process_formdata(valuelist)
        if self.data is not None and self.data > clock.local_date(clock.now()):
            raise ValueError(_("Ngày này chưa đến."))

    def __init__(self, label: Any = None, validators: Any = (), **kwargs: Any) -> None:
        super().__init__(label, validators, latest=date.max, **kwargs)


class NumberField(IntegerField):
    """A whole number, none where nothing was typed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0].strip():
            super().process_formdata(valuelist)


class IdField(HiddenField):
    """An identifier that an address of ours carries."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if valuelist and valuelist[0]:
            try:
                self.data = str(UUID(valuelist[0]))
            except ValueError as error:
                raise ValueError(_("Địa chỉ này không đúng; hãy mở lại từ trang trước.")) from error


class OptionsWidget:
    """A list of options, for fields with `offered`: WTForms' own takes its time over hundreds."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        if field.flags.required:
            attributes["required"] = True
        if isinstance(field, SelectMultipleField):
            attributes["multiple"] = True
        attributes.setdefault("id", field.id)
        chosen = field.data if isinstance(field.data, list) else [field.data or ""]
        options = [_option(value, label, value in chosen) for value, label in field.offered]
        start = f"<select {html_params(name=field.name, **attributes)}>"
        return Markup(f"{start}{''.join(options)}</select>")  # noqa: S704 - each part is escaped


def _option(value: str, label: Any, is_chosen: bool) -> str:
    text = escape(str(label))
    given = "" if value == label else f' value="{escape(value)}"'
    return f"<option{given}{' selected' if is_chosen else ''}>{text}</option>"


class ChoiceField(SelectField):
    """One of a list. Where nothing is chosen its data is None; `empty` is what is then shown.

    offered: the (value, label) that may be chosen, the empty one first.
    """

    widget = OptionsWidget()

    def __init__(
        self, label: Any = None, validators: Any = None, empty: Any = "", **kwargs: Any
    ) -> None:
        super().__init__(label, validators, coerce=_text_or_none, choices=[], **kwargs)
        self.type = "SelectField"
        self.empty = empty
        self.offered: list[tuple[str, Any]] = []

    def offer(self, choices: Iterable[tuple[str, Any]]) -> None:
        """Sets what may be chosen, after the empty choice."""
        self.offered = [("", self.empty), *choices]
        self.choices = self.offered

    def iter_choices(self) -> Iterator[Choice]:
        for value, label in self.offered:
            yield Choice(value, label, (value or None) == self.data, {})


class OutcomeField(RadioField):
    """One of a few outcomes, all of them shown."""

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, coerce=_text_or_none, choices=[], **kwargs)
        self.type = "RadioField"

    def offer(self, choices: Iterable[tuple[str, Any]]) -> None:
        """Sets what may be chosen."""
        self.choices = [SelectChoice(value, label) for value, label in choices]


class ManyField(SelectMultipleField):
    """Any number of a list: `offered`, as (value, label)."""

    widget = OptionsWidget()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, choices=[], **kwargs)
        self.type = "SelectMultipleField"
        self.offered: list[tuple[str, Any]] = []

    def offer(self, choices: Iterable[tuple[str, Any]]) -> None:
        """Sets what may be chosen."""
        self.offered = list(choices)
        self.choices = [SelectChoice(value, label) for value, label in self.offered]

    def pre_validate(self, form: Any) -> None:
        if not set(self.data or ()) <= {value for value, _label in self.offered}:
            raise ValidationError(_("Hãy chọn một mục trong danh sách."))


class EachWidget:
    """A box for each text of an `EachField`, and what a script needs to add one."""

    def __call__(self, field: Any, **attributes: Any) -> Markup:
        label = str(field.label.text)
        boxes = [
            Markup(
                '<label class="form-label d-block">{label}: {thing}'
                '<textarea class="form-control" rows="2" name="{name}">{text}</textarea></label>'
            ).format(
                label=label,
                thing=field.names[key],
                name=f"{field.name}-{key}",
                text=text,
            )
            for key, text in field.data.items()
        ]
        return Markup('<div data-each="{name}" data-label="{label}">{boxes}</div>').format(
            name=field.name, label=label, boxes=Markup("").join(boxes)
        )


class EachField(Field):
    """A text for each of some things, sent as `<name>-<key>`; those of `names` alone are taken.

    A page begins without any; a script adds them. data: key -> text, as far as it was written.
    """

    widget = EachWidget()

    def __init__(self, label: Any = None, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        self.names: dict[str, str] = {}
        self.data: dict[str, str] = {}

    def process(self, formdata: Any, *_others: Any, **_more: Any) -> None:
        """Reads what was sent."""
        self.process_errors = []
        start = f"{self.name}-"
        self.data = {
            name.removeprefix(start): formdata.getlist(name)[0]
            for name in formdata or ()
            if name.startswith(start)
        }

    def pre_validate(self, form: Any) -> None:
        """Leaves out what belongs to nothing that could be chosen, and what is empty."""
        self.data = {
            key: text for key, text in self.data.items() if key in self.names and text.strip()
        }

    def _value(self) -> str:
        return "\n".join(self.data.values())


class ChecksField(ManyField):
    """Any number of a few, all of them shown."""

    option_widget = CheckboxInput()

    def __init__(self, label: Any = None, validators: Any = None, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.type = "RadioField"


def _text_or_none(value: Any) -> str | None:
    return str(value) if value else None
