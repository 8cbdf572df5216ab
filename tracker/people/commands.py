"""The command `tracker keys`: the keys that seal who persons are."""

import click

from tracker.core.crypto import fresh_keys
from tracker.people import keys as sealing_keys
from tracker.settings import Settings, write_once

STATES = {"current": "hiện hành", "old": "cũ", "missing": "thiếu"}


@click.group()
def keys() -> None:
    """Khóa niêm phong dữ liệu cá nhân."""


@keys.command("create")
def create() -> None:
    """Tạo tệp khóa ở TRACKER_KEY_FILE; từ chối nếu đã có."""
    path = Settings.given().key_path
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not write_once(path, fresh_keys()):
        raise click.ClickException(f"{path} đã có; không tạo lại, vì mất khóa là mất dữ liệu.")
    click.echo(f"Đã tạo {path}. Hãy sao lưu tệp này, riêng với cơ sở dữ liệu.")


@keys.command("rotate")
@click.option("--forget-old", is_flag=True, help="Bỏ những khóa cũ không còn niêm phong gì.")
def rotate(forget_old: bool) -> None:
    """Đổi khóa: tạo khóa mới, niêm phong lại mọi người; dừng giữa chừng thì chạy lại."""
    name = sealing_keys.begin_rotation()
    done = unreadable = 0
    for done, unreadable in sealing_keys.reseal():
        click.echo(f"Đã niêm phong lại {done}, không mở được {unreadable}.", err=True)
    click.echo(f"Khóa hiện hành: {name}. Đã niêm phong lại {done}.")
    if forget_old:
        dropped = sealing_keys.forget_old()
        click.echo(f"Đã bỏ khóa cũ: {', '.join(dropped) or 'không có'}.")
    if unreadable:
        raise click.ClickException(
            f"{unreadable} mục không mở được: thiếu khóa hoặc dữ liệu hỏng; xem tracker keys list."
        )


@keys.command("list")
def list_keys() -> None:
    """In mỗi khóa một dòng: tên, hiện hành hay cũ hay thiếu, số mục đang niêm phong."""
    for key in sealing_keys.all_keys():
        click.echo(f"{key.name}\t{STATES[key.state]}\t{key.sealed}")
