"""What forms say when something is wrong, in our words."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from flask import Flask, render_template_string
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from tracker.core.errors import Refused
from tracker.core.forms import DayField, Form

PAGE = """
{% from "_parts/forms.html" import field, errors %}
{{ errors(form) }}
{% for each in form if each.type != "CSRFTokenField" %}{{ field(each, hint="Gợi ý") }}{% endfor %}
"""


class EveryKind(Form):
    text = StringField("Chữ", [InputRequired()])
    code = StringField("Mã", [Length(min=3)])
    short = TextAreaField("Ngắn", [Length(max=3)])
    both = StringField("Vừa", [Length(min=3, max=5)])
    number = IntegerField("Số", [NumberRange(min=1)])
    whole = IntegerField("Số khác")
    share = IntegerField("Phần", [NumberRange(min=1, max=9)])
    kind = SelectField("Loại", choices=[("a", "A"), ("b", "B")])
    size = RadioField("Cỡ", choices=[("a", "A"), ("b", "B")])
    agreed = BooleanField("Đồng ý", [InputRequired()])
    day = DayField("Ngày", latest=date(2026, 3, 2))


SENT = {
    "code": ("ab", "Cần ít nhất 3 ký tự."),
    "short": ("abcd", "Không quá 3 ký tự."),
    "both": ("ab", "Cần từ 3 đến 5 ký tự."),
    "number": ("0", "Cần ít nhất là 1."),
    "whole": ("mười", "Hãy ghi một số nguyên."),
    "share": ("10", "Cần trong khoảng 1 đến 9."),
    "kind": ("c", "Hãy chọn một mục trong danh sách."),
    "size": ("c", "Hãy chọn một mục trong danh sách."),
    "day": ("3/3/2026", "“3/3/2026” muộn hơn ngày 02/03/2026"),
}


@pytest.fixture
def page(app: Flask) -> BeautifulSoup:
    """The form as it comes back when everything in it is wrong."""
    with app.test_request_context(
        method="POST", data={name: text for name, (text, _) in SENT.items()}
    ):
        form = EveryKind()
        assert not form.validate()
        return BeautifulSoup(render_template_string(PAGE, form=form), "html.parser")


@pytest.mark.parametrize("name", SENT)
def test_what_is_wrong_stands_beside_its_field_in_our_words(page: BeautifulSoup, name: str) -> None:
    assert page.find(id=f"{name}-error").get_text(strip=True) == SENT[name][1]


def test_what_is_missing_is_said(page: BeautifulSoup) -> None:
    for name in ("text", "agreed"):
        assert page.find(id=f"{name}-error").get_text(strip=True) == "Hãy điền ô này."


def test_every_control_has_its_label_hint_and_error(page: BeautifulSoup) -> None:
    controls = page.find_all(["input", "select", "textarea"])
    assert len(controls) == len(EveryKind.__dict__.keys() & {*SENT, "text", "agreed"}) + 1
    for control in controls:
        assert page.find("label", attrs={"for": control["id"]})
        described = control["aria-describedby"].split()
        assert [part.rsplit("-", 1)[1] for part in described] == ["hint", "error"]
        assert all(page.find(id=part) for part in described)
        assert control["aria-invalid"] == "true"


def test_what_was_typed_comes_back(page: BeautifulSoup) -> None:
    assert page.find(id="day")["value"] == "3/3/2026"
    assert page.find(id="whole")["value"] == "mười"


def test_the_page_counts_what_is_wrong(page: BeautifulSoup) -> None:
    assert "Có 11 ô cần sửa" in page.find(role="alert").text


@pytest.mark.parametrize(
    ("written", "day"),
    [("2/3/2026", date(2026, 3, 2)), ("2026-03-02", date(2026, 3, 2)), ("", None)],
)
def test_days_are_read_as_offices_write_them(app: Flask, written: str, day: date | None) -> None:
    with app.test_request_context(method="POST", data={"day": written}):
        assert EveryKind().day.data == day


def test_a_refusal_goes_to_its_field_or_above_the_form(app: Flask) -> None:
    with app.test_request_context(method="POST"):
        form = EveryKind()
        form.refuse(Refused("Mã đã có.", "code"))
        form.refuse(Refused("Không được.", "nowhere"))
        page = BeautifulSoup(render_template_string(PAGE, form=form), "html.parser")
    assert page.find(id="code-error").get_text(strip=True) == "Mã đã có."
    assert page.find(role="alert").get_text(strip=True) == "Không được."
