"""`tracker user`: people from the command line."""

from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.application import Client
from tests.factories import Office
from tests.units.conftest import LOGIN, PASSWORD
from tracker.core.errors import Refused
from tracker.units.commands import user
from tracker.units.models import User

NEW = "vườn hoa Bồ Đề 2026"


def run(*arguments: str, **given: Any) -> Result:
    return CliRunner().invoke(user, arguments, **given)


def add(office: Office, *arguments: str, role: str = "leader", **given: Any) -> Result:
    unit = office.committee.code
    return run(
        "add", "lanhdao", "--name", "Hoàng Thị", "--role", role, "--unit", unit, *arguments, **given
    )


def can_sign_in(client: Client, login: str, password: str) -> bool:
    return client.post("/sign-in", data={"login": login, "password": password}).status_code == 302


def test_a_person_is_added_with_a_password_from_standard_input(office, client) -> None:
    result = add(office, "--password-stdin", input=f"{NEW}\nmore\n")
    assert (result.exit_code, result.output) == (0, "Đã thêm lanhdao.\n")
    assert can_sign_in(client, "lanhdao", NEW)


def test_a_person_is_added_with_a_password_that_is_shown_once(office, client) -> None:
    result = add(office, "--generate")
    assert can_sign_in(client, "lanhdao", result.output.strip().rsplit(" ", 1)[1])


def test_a_typed_password_isn_t_shown(office, client) -> None:
    result = add(office, input=f"{NEW}\n{NEW}\n")
    assert NEW not in result.output
    assert can_sign_in(client, "lanhdao", NEW)


def test_a_new_password_replaces_the_old_one(person: User, client: Client) -> None:
    assert run("passwd", LOGIN, "--password-stdin", input=NEW).exit_code == 0
    assert can_sign_in(client, LOGIN, NEW)
    assert not can_sign_in(client, LOGIN, PASSWORD)


def test_everybody_is_listed_with_role_and_unit(person: User, office: Office) -> None:
    lines = run("list").output.splitlines()
    assert f"{LOGIN}\tcoordinator\t{office.committee.code}\t{person.name}" in lines
    assert len(lines) == 1 + len(office.users)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (
            ("add", LOGIN, "--name", "Ai", "--role", "leader", "--unit", "{unit}"),
            "đã có người dùng",
        ),
        (
            ("add", "Ai Đó", "--name", "Ai", "--role", "leader", "--unit", "{unit}"),
            "Tên đăng nhập gồm",
        ),
        (("add", "aido", "--name", " ", "--role", "leader", "--unit", "{unit}"), "Hãy ghi họ tên"),
        (("add", "aido", "--name", "Ai", "--role", "leader", "--unit", "X"), "Không có đơn vị nào"),
        (("passwd", "khong-co"), "Không có tài khoản"),
    ],
)
def test_what_can_t_be_is_refused_in_one_line(person, office, arguments, why) -> None:
    given = [argument.format(unit=office.committee.code) for argument in arguments]
    result = run(*given, "--password-stdin", input=NEW)
    assert isinstance(result.exception, Refused)
    assert why in result.exception.reason


def test_a_weak_password_is_refused(office: Office) -> None:
    assert isinstance(add(office, "--password-stdin", input="ngắn").exception, Refused)


def test_an_unknown_role_is_refused(office: Office) -> None:
    result = add(office, "--generate", role="emperor")
    assert result.exit_code == 2
    assert "emperor" in result.output


def test_a_password_has_one_source(office: Office) -> None:
    assert add(office, "--generate", "--password-stdin", input=NEW).exit_code == 2
