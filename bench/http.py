"""Pages over HTTP for one signed-in person: milliseconds and bytes, beside the best open peer."""

import contextlib
import itertools
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from urllib.parse import quote_plus

from bench.browser import Answer, Browser, cold, form_with, links
from bench.databases import Place, filled
from bench.figures import Figure, show
from bench.office import PASSWORD
from tracker.core import clock
from tracker.rules.workflow import Role
from tracker.settings import PROJECT

TIMES, WARM_UP = 60, 8
SERVER_STARTS_WITHIN = 60.0
PEER_CASES = 20_000
MOST_MILLISECONDS = 15.0
MOST_LIST_MILLISECONDS = 100.0  # of a list of more cases than the peer was measured with
MOST_FIRST_KILOBYTES, MOST_LATER_KILOBYTES = 150.0, 12.0
# Measured on a machine of two cores with 20.000 cases on PostgreSQL and two workers.
PEER = {"list of 50": 88, "a case": 38, "search": 392, "report by unit": 1418, "create": 17}
PEER_FIRST_KILOBYTES = 488
SEARCHES = ("ngap ung", "den chieu sang pho ngoc lam", "ngo 123", "trợ cấp xã hội")


def run(database: str, cases: int) -> bool:
    """Prints the figures on `cases` generated cases; returns whether all targets are met."""
    with filled(database, cases) as place:
        return measure(place, cases)


def measure(place: Place, cases: int) -> bool:
    """The same on a database that is there already."""
    with serving(place) as port:
        office, agency = (signed_in(port, role) for role in (Role.COORDINATOR, Role.AGENCY_WORKER))
        answers = _pages(office)
        answers["list of 50, an agency's"] = _repeat(agency.get, ["/cases"])
        weight, files = cold(office, "/cases")
    figures = [_time(name, given, cases) for name, given in answers.items()]
    figures.append(
        Figure(
            f"first page, {files} files, nothing kept",
            weight / 1000,
            "kB",
            MOST_FIRST_KILOBYTES,
            PEER_FIRST_KILOBYTES,
        )
    )
    figures += [
        Figure(f"later page: {name}", max(one.wire for one in given) / 1000, "kB",
               MOST_LATER_KILOBYTES)
        for name, given in answers.items() if name != "create"
    ]  # fmt: skip
    server = "waitress" if place.database == "sqlite" else "gunicorn, 2 workers"
    return show(
        f"Pages with {cases:,} cases, {place.describe()}, {server}, medians of {TIMES}", figures
    )


def _time(name: str, answers: list[Answer], cases: int) -> Figure:
    most: float | None = MOST_MILLISECONDS
    if cases > PEER_CASES:
        most = MOST_LIST_MILLISECONDS if name.startswith("list") else None
    took = [answer.milliseconds for answer in answers]
    return Figure(name, statistics.median(took), "ms", most, PEER.get(name), min(took))


def _pages(browser: Browser) -> dict[str, list[Answer]]:
    year = clock.local_date(clock.now()).year - 1
    first = browser.get("/cases")
    cases = [link for link in links(first, "/cases/") if link.count("-") == 4]
    if len(cases) != 50:
        raise RuntimeError(f"a list of {len(cases)} cases, not of 50")
    report = f"/reports/opinion?from={year}-01-01&to={year}-12-31&by=unit"
    searches = [f"/cases?q={quote_plus(words)}" for words in SEARCHES]
    return {
        "list of 50": _repeat(browser.get, ["/cases"]),
        "a case": _repeat(browser.get, cases),
        "search": _repeat(browser.get, searches),
        "report by unit": _repeat(browser.get, [report]),
        "create": _repeat(lambda number: _create(browser, number), map(str, range(TIMES * 2))),
    }


def _repeat(ask: Callable[[str], Answer], paths: Iterable[str]) -> list[Answer]:
    """The answers to `TIMES` questions in turn, after some that aren't counted."""
    asked = itertools.cycle(paths)
    for _ in range(WARM_UP):
        ask(next(asked))
    return [ask(next(asked)) for _ in range(TIMES)]


def _create(browser: Browser, number: str) -> Answer:
    """Logs a case by the form; only the sending counts, not the form nor the page that follows."""
    form = form_with(browser.get("/cases/new"), "content")
    return browser.submit(
        form,
        kind="opinion",
        content=f"Đèn chiếu sáng ngõ {number} phố Ngọc Lâm hỏng nhiều tháng chưa được thay",
    )


def signed_in(port: int, role: Role) -> Browser:
    """The browser of the person with `role`, signed in by the form."""
    browser = Browser(port)
    form = form_with(browser.get("/sign-in"), "password")
    browser.submit(form, login=role.value, password=PASSWORD)
    return browser


@contextlib.contextmanager
def serving(place: Place) -> Iterator[int]:
    """The server that is used with such a database, on a free port of this machine."""
    port = _free_port()
    folder = Path(sys.executable).parent
    command = [str(folder / "tracker"), "serve", "--port", str(port), "--without-worker"]
    if place.database == "postgresql":
        options = f"--workers 2 --worker-class gthread --threads 4 --bind 127.0.0.1:{port}"
        command = [str(folder / "gunicorn"), *options.split(), "wsgi:app"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, cwd=PROJECT, env=place.environment, stdout=said, stderr=said
        )
        try:
            _wait(port, process)
            yield port
        except RuntimeError:
            said.seek(0)
            print(said.read()[-3000:].decode(errors="replace"), file=sys.stderr)
            raise
        finally:
            process.terminate()
            process.wait()


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + SERVER_STARTS_WITHIN
    while time.monotonic() < ends and process.poll() is None:
        with contextlib.suppress(ConnectionError):
            Browser(port).get("/sign-in")
            return
        time.sleep(0.1)
    raise RuntimeError("the server doesn't answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
