"""The command `tracker worker`."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from threading import Thread

import click
from flask import Flask, current_app
from flask_babel import gettext as _

from tracker.chasing import jobs
from tracker.chasing.preview import preview
from tracker.chasing.worker import Worker
from tracker.core.clock import VIET_NAM

ENDS_WITHIN = 10.0
"""Seconds that the server's end waits for the job that is being done."""


@click.command()
@click.option("--once", metavar="NGÀY", help="Làm một lần cho ngày (2026-12-01) hoặc lúc ấy.")
@click.option("--dry-run", is_flag=True, help="Chỉ cho xem sẽ nhắc ai việc gì, không ghi gì.")
def worker(once: str | None, dry_run: bool) -> None:
    """Nhắc việc đến hạn, gửi thư và tin nhắn; chạy trên bao nhiêu máy cũng được."""
    if once is None and not dry_run:
        _run()
        return
    now = _instant(once) if once else datetime.now(UTC)
    if dry_run:
        for line in preview(now):
            click.echo(line)
        return
    done = jobs.run_all(now)
    click.echo(
        _(
            "%(silence)s đơn vị coi như đã nhận, %(remind)s lời nhắc, %(plan)s thư và tin,"
            " %(send)s đã gửi",
            **done,
        )
    )


def _run() -> None:
    one = _worker()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: one.stop())
    click.echo(_("Đang chạy: %(name)s (Ctrl+C để dừng)", name=one.name))
    one.run()


def _worker() -> Worker:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    return Worker(app, tell=click.echo)


@contextmanager
def working() -> Iterator[None]:
    """A worker in a thread of this process, as long as the block lasts."""
    one = _worker()
    # Daemon: whoever kills the server doesn't wait for a mail server.
    thread = Thread(target=one.run, name="worker", daemon=True)
    thread.start()
    try:
        yield
    finally:
        one.stop()
        thread.join(ENDS_WITHIN)


def _instant(text: str) -> datetime:
    """A local day at the hour of most messages, or a local moment."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter(_("cần ngày dạng 2026-12-01"), param_hint="--once") from error
    if found.time() == time() and len(text) <= len("2026-12-01"):
        found = datetime.combine(date.fromisoformat(text), time(9))
    return (found if found.tzinfo else found.replace(tzinfo=VIET_NAM)).astimezone(UTC)
