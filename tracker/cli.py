"""The command `tracker`: one line and a non-zero exit on an error."""

import sys

import click
from flask import Flask
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import OperationalError

from tracker import create_app
from tracker.core.errors import ConfigurationError, Refused
from tracker.settings import PROJECT, Settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Dân Nguyện: theo dõi ý kiến, kiến nghị của công dân."""


def application() -> Flask:
    """The application by the settings of the environment."""
    return create_app(Settings.load())


def main() -> None:
    """Runs the command; what the user can mend is told in one line."""
    try:
        app = application()
        with app.app_context():
            commands.main(standalone_mode=False)
    except click.exceptions.Exit as leave:
        sys.exit(leave.exit_code)
    except click.ClickException as error:
        _fail(error.format_message(), error.exit_code)
    except click.Abort:
        _fail("Đã dừng.")
    except Refused as refusal:
        _fail(refusal.reason)
    except ConfigurationError as error:
        _fail(str(error))


def _fail(line: str, code: int = 1) -> None:
    click.echo("tracker: " + " ".join(line.split()), err=True)
    sys.exit(code)
