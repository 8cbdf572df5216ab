"""Standard texts: what is filled in, and that nothing else is."""

import pytest

from tracker.rules.standard_texts import FIELDS, PLACEHOLDERS, fill, unknown
from tracker.rules.workflow import ACTIONS

VALUES = {name: name.upper() for name in PLACEHOLDERS}


@pytest.mark.parametrize("name", PLACEHOLDERS)
def test_each_placeholder_is_filled(name: str) -> None:
    body = f"Vụ việc {{{{{name}}}}} và {{{{ {name.capitalize()}  }}}}."
    assert fill(body, VALUES) == f"Vụ việc {name.upper()} và {name.upper()}."
    assert unknown(body) is None


@pytest.mark.parametrize(
    ("body", "wrong"),
    [
        ("Kính gửi {{tên công dân}}", "{{tên công dân}}"),
        ("{{ 7*7 }}", "{{ 7*7 }}"),
        ("{{mã}} {{}}", "{{}}"),
        ("{{mã", "{{mã"),
        ("mã}}", "}}"),
        ("{{mã}}}}", "}}"),
        ("{% if mã %} {mã} }", None),
    ],
)
def test_what_is_no_placeholder_is_found(body: str, wrong: str | None) -> None:
    assert unknown(body) == wrong


def test_what_is_filled_in_is_not_read_again() -> None:
    assert fill("{{mã}} {{khác}}", {"mã": "{{đơn vị}}"}) == "{{đơn vị}} {{khác}}"


def test_every_action_with_texts_is_one_of_the_workflow() -> None:
    assert set(FIELDS) <= set(ACTIONS)
