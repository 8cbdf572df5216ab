"""The command `tracker user`: people who sign in."""

import sys

import click

from tracker.core.clock import local_date, now
from tracker.rules.workflow import Role
from tracker.units import passwords, queries, service


@click.group()
def user() -> None:
    """Tài khoản của những người đăng nhập."""


def _asks_for_password(command: click.Command) -> click.Command:
    """Adds the options that say where a command takes the password from."""
    for option in (
        click.Option(
            ["--password-stdin"], is_flag=True, help="Đọc mật khẩu từ dòng đầu của đầu vào chuẩn."
        ),
        click.Option(["--generate"], is_flag=True, help="Tạo mật khẩu và in ra một lần."),
    ):
        command.params.append(option)
    return command


def _password(password_stdin: bool, generate: bool) -> str:
    if password_stdin and generate:
        raise click.UsageError("Chỉ chọn một: --password-stdin hoặc --generate.")
    if generate:
        return passwords.generated()
    if password_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    typed: str = click.prompt("Mật khẩu", hide_input=True, confirmation_prompt="Nhập lại")
    return typed


def _report(done: str, password: str, generate: bool) -> None:
    click.echo(f"{done} Mật khẩu: {password}" if generate else done)


@_asks_for_password
@user.command("add")
@click.argument("login")
@click.option("--name", required=True, help="Họ tên.")
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in Role]), help="Vai trò."
)
@click.option("--unit", required=True, help="Mã đơn vị.")
def add(login: str, name: str, role: str, unit: str, password_stdin: bool, generate: bool) -> None:
    """Thêm người dùng LOGIN với một vai trò tại một đơn vị, từ hôm nay."""
    password = _password(password_stdin, generate)
    added = service.add_user(
        login,
        name=name,
        role=Role(role),
        unit_code=unit,
        password=password,
        today=local_date(now()),
    )
    _report(f"Đã thêm {added.login}.", password, generate)


@_asks_for_password
@user.command("passwd")
@click.argument("login")
def passwd(login: str, password_stdin: bool, generate: bool) -> None:
    """Đặt mật khẩu mới cho LOGIN, mở khóa và kết thúc mọi phiên của người ấy."""
    password = _password(password_stdin, generate)
    service.set_password(login, password)
    _report(f"Đã đổi mật khẩu của {login}.", password, generate)


@user.command("list")
def list_users() -> None:
    """In mỗi vai trò một dòng: tên đăng nhập, vai trò, mã đơn vị, họ tên."""
    for held in queries.roles():
        click.echo("\t".join((held.login, held.role or "–", held.unit_code or "–", held.name)))
