"""A person's browser as far as its time and its bytes go: one connection, cookies, forms."""

import gzip
import re
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

import brotli

DECODERS = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}
KEPT_OPEN_SECONDS = 1.0  # servers end an idle connection after two
_CSS_URL = re.compile(r"""url\(\s*["']?([^"')]+)["']?\s*\)""")
_MODULE = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["'](\.?/[^"']+)["']""")


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a page with what it would send as it stands."""

    action: str
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back. `wire` is the bytes of the answer with its headers, as they travelled."""

    path: str
    status: int
    location: str
    text: str
    wire: int
    milliseconds: float


class Browser:
    """Keeps its connection open and its cookies, like one person at work."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=120)
        self._cookies: dict[str, str] = {}
        self._asked_at = 0.0

    def get(self, path: str) -> Answer:
        """Fetches a page or an asset. Raises RuntimeError where it isn't there."""
        answer = self._ask("GET", path, None)
        if answer.status != 200:
            raise RuntimeError(f"GET {path}: {answer.status} {answer.location}")
        return answer

    def submit(self, form: Form, **given: str) -> Answer:
        """Sends a form; the answer has to lead on, else RuntimeError is raised."""
        answer = self._ask("POST", form.action, urlencode({**form.fields, **given}))
        if answer.status not in (302, 303):
            raise RuntimeError(f"POST {form.action}: {answer.status}")
        return answer

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        headers = {"Accept-Encoding": "gzip, br", "Accept": "text/html,*/*"}
        if self._cookies:
            headers["Cookie"] = "; ".join(
                f"{name}={value}" for name, value in self._cookies.items()
            )
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if time.monotonic() - self._asked_at > KEPT_OPEN_SECONDS:
            self._connection.close()  # it opens again by itself
        started = time.perf_counter()
        self._connection.request(method, path, body, headers)
        response = self._connection.getresponse()
        raw = response.read()
        milliseconds = (time.perf_counter() - started) * 1000
        self._asked_at = time.monotonic()
        for line in response.headers.get_all("Set-Cookie", []):
            self._cookies.update({name: kept.value for name, kept in SimpleCookie(line).items()})
        heading = sum(len(name) + len(value) + 4 for name, value in response.getheaders())
        decoded = DECODERS[response.getheader("Content-Encoding", "")](raw)
        return Answer(
            path,
            response.status,
            response.getheader("Location", ""),
            decoded.decode(errors="replace"),
            heading + len(raw),
            milliseconds,
        )


def cold(browser: Browser, path: str) -> tuple[int, int]:
    """The bytes of a page with everything that it loads, and how many files that is."""
    page = browser.get(path)
    waiting, seen, total = list(_read(page).assets), set(), page.wire
    while waiting:
        asset = waiting.pop()
        if asset in seen:
            continue
        seen.add(asset)
        answer = browser.get(asset)
        total += answer.wire
        waiting += _referred(answer)
    return total, len(seen) + 1


def form_with(page: Answer, name: str) -> Form:
    """The form of `page` that has a field `name`. Raises RuntimeError where there is none."""
    for form in _read(page).forms:
        if name in form.fields:
            return form
    raise RuntimeError(f"{page.path}: no form with {name}")


def links(page: Answer, beginning: str) -> list[str]:
    """The addresses on `page` that begin so, each once, in order."""
    found = (link for link in _read(page).links if link.startswith(beginning))
    return list(dict.fromkeys(found))


def _referred(answer: Answer) -> list[str]:
    path = urlsplit(answer.path).path
    pattern = {"css": _CSS_URL, "js": _MODULE}.get(path.rpartition(".")[2])
    found = pattern.findall(answer.text) if pattern else []
    return [urljoin(path, one) for one in found if not one.startswith("data:")]


def _read(page: Answer) -> "_Reader":
    reader = _Reader(page.path)
    reader.feed(page.text)
    return reader


@dataclass
class _Select:
    name: str
    value: str | None = None


@dataclass
class _Reader(HTMLParser):
    """Takes links, forms and assets from a page."""

    path: str
    links: list[str] = field(default_factory=list)
    assets: list[str] = field(default_factory=list)
    forms: list[Form] = field(default_factory=list)
    _select: _Select | None = None

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        elif tag == "link" and not given.get("rel", "").startswith(("canonical", "alternate")):
            self.assets.append(given["href"])
        elif tag in ("script", "img") and given.get("src", "data:")[:5] != "data:":
            self.assets.append(given["src"])
        elif tag == "form":
            self.forms.append(Form(given.get("action") or urlsplit(self.path).path, {}))
        elif self.forms:
            self._field(tag, given)

    def _field(self, tag: str, given: dict[str, str]) -> None:
        fields = self.forms[-1].fields
        if tag == "select":
            self._select = _Select(given.get("name", ""))
            fields.setdefault(self._select.name, "")
        elif tag == "option" and self._select and "selected" in given:
            fields[self._select.name] = given.get("value", "")
        elif tag == "textarea" or (tag == "input" and _is_sent(given)):
            fields[given.get("name", "")] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None


def _is_sent(given: dict[str, str]) -> bool:
    kind = given.get("type", "text")
    return kind != "submit" and (kind not in ("checkbox", "radio") or "checked" in given)
