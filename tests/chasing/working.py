"""Workers as processes of their own, whose clock and whose deaths a test decides."""

import multiprocessing
import os
import time
from ctypes import c_double, c_int
from datetime import UTC, datetime
from multiprocessing.sharedctypes import RawValue
from typing import Any

from tracker import cli, create_app  # cli: for what it loads, once for all processes
from tracker.chasing import worker as worker_module
from tracker.chasing.ways import mail
from tracker.chasing.worker import Worker
from tracker.settings import Settings

COMMANDS = cli.commands
LEADS = "Đang dẫn đầu."


def work(settings: Settings, instant: Any, leader: Any) -> None:
    """What each process does until it is killed."""
    worker_module.LOOKED_EVERY = 0.02
    mail.PATIENCE = 2

    def tell(line: str) -> None:
        if line == LEADS:
            leader.value = os.getpid()

    Worker(create_app(settings), lambda: datetime.fromtimestamp(instant.value, UTC), tell).run()


class Workers:
    """Some worker processes, and the clock that they go by."""

    def __init__(self, settings: Settings, count: int, now: datetime) -> None:
        self._settings = settings
        # Forked from a process without threads: ours has a mail server's.
        self._made = multiprocessing.get_context("forkserver")
        self._made.set_forkserver_preload([__name__])
        self._instant, self._leader = RawValue(c_double, 0), RawValue(c_int, 0)
        self.now = now
        self._running: dict[int, Any] = {}
        for _ in range(count):
            self._start()

    @property
    def now(self) -> datetime:
        """The instant that all of them take for now."""
        return datetime.fromtimestamp(self._instant.value, UTC)

    @now.setter
    def now(self, now: datetime) -> None:
        self._instant.value = now.timestamp()

    def kill_leader(self) -> None:
        """The one that leads is gone from one moment to the next; another is started."""
        while self._leader.value not in self._running:
            time.sleep(0.01)  # The last one that led is dead, and the next doesn't lead yet.
        process = self._running.pop(self._leader.value)
        process.kill()
        process.join()
        self._start()

    def end(self) -> None:
        """Kills them all."""
        for process in self._running.values():
            process.kill()
            process.join()

    def _start(self) -> None:
        process = self._made.Process(
            target=work, args=(self._settings, self._instant, self._leader), daemon=True
        )
        process.start()
        assert process.pid is not None
        self._running[process.pid] = process
