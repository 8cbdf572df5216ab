"""The command `tracker`: one line and a non-zero exit on an error."""

import signal
import sys
from contextlib import nullcontext
from typing import NoReturn

import click
from flask import Flask, current_app
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError

from tracker import create_app
from tracker.cases import reference
from tracker.cases.commands import check_files
from tracker.chasing.commands import worker, working
from tracker.core.errors import ConfigurationError, Refused
from tracker.core.memory import settle
from tracker.people.commands import keys
from tracker.registers.commands import demo_office, import_register
from tracker.reports.commands import report
from tracker.settings import PROJECT, Settings
from tracker.units.commands import user

# It makes what the application needs to start.
BEFORE_THE_APPLICATION = ["keys", "create"]


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Dân Nguyện: theo dõi ý kiến, kiến nghị của công dân."""


@commands.command()
def init() -> None:
    """Tạo hoặc nâng cấp cơ sở dữ liệu và danh mục; có thể chạy lại."""
    upgrade(directory=str(PROJECT / "migrations"))
    reference.load()


@commands.command()
@click.option("--host", help="Địa chỉ; mặc định theo TRACKER_HOST.")
@click.option("--port", type=int, help="Cổng; mặc định theo TRACKER_PORT.")
@click.option("--without-worker", is_flag=True, help="Không nhắc việc, gửi thư: máy khác làm.")
def serve(host: str | None, port: int | None, without_worker: bool) -> None:
    """Chạy ứng dụng web trên máy này, cùng việc nhắc và gửi thư."""
    from waitress.server import create_server

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    settings: Settings = app.extensions["settings"]
    host, port = host or settings.host, port or settings.port
    # Waitress takes a request in before the application sees it: not without end.
    most = 4 * settings.max_upload_megabytes * 1024 * 1024
    server = create_server(
        app, host=host, port=port, threads=8, ident=None, max_request_body_size=most
    )
    settle()
    click.echo(f"Dân Nguyện: http://{host}:{port}  (Ctrl+C để dừng)")
    # As Ctrl+C does: what is being done is brought to an end.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit())
    with nullcontext() if without_worker else working():
        server.run()


for command in (check_files, demo_office, import_register, keys, report, user, worker):
    commands.add_command(command)


def main() -> None:
    """Runs the command; what its user can mend is told in one line."""
    try:
        is_before = sys.argv[1:3] == BEFORE_THE_APPLICATION
        with nullcontext() if is_before else create_app(Settings.load()).app_context():
            code = commands.main(standalone_mode=False)
        sys.exit(code if isinstance(code, int) else 0)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except click.Abort:
        _fail("Đã dừng.")
    except Refused as refusal:
        _fail(refusal.reason)
    except ConfigurationError as error:
        _fail(str(error))
    except DBAPIError as error:
        _fail(f"Cơ sở dữ liệu: {error.orig} (chưa tạo hay nâng cấp? tracker init)")
    except OSError as error:
        _fail(f"{error.filename or 'Hệ điều hành'}: {error.strerror or error}")


def _fail(line: str, code: int = 1) -> NoReturn:
    click.echo("tracker: " + " ".join(line.split()), err=True)
    sys.exit(code)
