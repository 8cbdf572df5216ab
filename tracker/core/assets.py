"""The files that browsers keep: built once under names that say what is in them.

`python -m tracker.core.assets` gathers our stylesheet and modules, Bootstrap's stylesheet, htmx
and the typeface into `build/static/`. Each is named after its content, so that a browser may
keep it for ever, and lies there compressed as well. A stylesheet names another asset by
`url(asset:NAME)`, a module imports its neighbour by `'./NAME.js'`: both become hashed names.
"""

import hashlib
import importlib.util
import json
import os
import re
from collections.abc import Callable, Mapping
from io import BytesIO
from pathlib import Path
from typing import NamedTuple
from wsgiref.headers import Headers

from flask import Flask, current_app

from tracker.core.errors import ConfigurationError

PROJECT = Path(__file__).resolve().parents[2]
BUILT = PROJECT / "build" / "static"
MANIFEST = "manifest.json"
URL_PREFIX = "/static/"

# Asset's name -> the package that brings it, and where in it.
FROM_PACKAGES = {
    "bootstrap.min.css": ("flask_bootstrap", "static/bootstrap5/css/bootstrap.min.css"),
    "htmx.min.js": ("js_lib_htmx", "static/htmx/htmx.min.js"),
}
FONTS = {
    "be-vietnam-pro-400.woff2": ("fontpkg_be_vietnam_pro", "files/BeVietnamPro-Regular.ttf"),
    "be-vietnam-pro-600.woff2": ("fontpkg_be_vietnam_pro", "files/BeVietnamPro-SemiBold.ttf"),
}
# First and last code point of what the pages write.
CHARACTERS = (
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00FF),  # Latin-1
    (0x0102, 0x0103),  # Ă
    (0x0110, 0x0111),  # Đ
    (0x0128, 0x0129),  # Ĩ
    (0x0168, 0x0169),  # Ũ
    (0x01A0, 0x01A1),  # Ơ
    (0x01AF, 0x01B0),  # Ư
    (0x0300, 0x0323),  # the marks alone, in text that isn't composed
    (0x1EA0, 0x1EF9),  # Vietnamese letters with two marks
    (0x2010, 0x203A),  # dashes, quotation marks, bullet, ellipsis, per mille
    (0x20AB, 0x20AB),  # đồng
    (0x2190, 0x2199),  # arrows
    (0x2212, 0x2212),  # minus
    (0x2248, 0x2265),  # about, unequal, at most, at least
    (0x25B2, 0x25BC),  # triangles of sorted columns
    (0x2713, 0x2717),  # tick and cross
)


class Manifest(NamedTuple):
    """What was built: the digest of its sources, and each asset's name with its hashed name."""

    digest: str
    files: dict[str, str]


_CSS_REFERENCE = re.compile(r"url\(\s*asset:([\w.-]+)\s*\)")
_MODULE_REFERENCE = re.compile(r"""((?:\bfrom|\bimport)\s*\(?\s*)(["'])\./([\w.-]+)\2""")
_SOURCE_MAP = re.compile(r"\s*(/\*|//)# sourceMappingURL=.*$")


def build(project_root: Path = PROJECT, out: Path = BUILT) -> dict[str, str]:
    """Build all assets of `project_root` into the folder `out`; do nothing if none changed.

    Returns each asset's name with its hashed name. Raises ConfigurationError if an asset refers
    to one that doesn't exist, or if modules import each other in a circle.
    """
    sources = _sources(project_root)
    digest = _digest(sources)
    built = _read_manifest(out)
    if built is not None and built.digest == digest:
        return built.files
    out.mkdir(parents=True, exist_ok=True)
    contents, names = _resolve(sources)
    _write(out, {names[name]: content for name, content in contents.items()})
    _replace(out / MANIFEST, json.dumps(Manifest(digest, names)._asdict(), indent=1).encode())
    return names


def load_manifest(out: Path = BUILT) -> dict[str, str]:
    """Each asset's name with its hashed name. Raises ConfigurationError if none were built."""
    built = _read_manifest(out)
    if built is None:
        raise ConfigurationError(f"{out}: chưa có, hãy chạy python -m tracker.core.assets")
    return built.files


def asset(name: str) -> str:
    """The address of an asset: it changes with what the asset holds."""
    address: str = URL_PREFIX + current_app.extensions["assets"][name]
    return address


def init_assets(app: Flask, out: Path = BUILT) -> None:
    """Serve the assets in `out` before `app` is asked, and give templates `asset('app.css')`.

    Raises ConfigurationError if the assets weren't built.
    """
    from whitenoise import WhiteNoise

    names = load_manifest(out)
    hashed = frozenset(URL_PREFIX + name for name in names.values())

    app.extensions["assets"] = names
    app.jinja_env.globals.update(asset=asset, assets=sorted(hashed))
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=out,
        prefix=URL_PREFIX,
        allow_all_origins=False,
        immutable_file_test=lambda _path, url: url in hashed,
        add_headers_function=_harden,
    )


def _harden(headers: Headers, _path: str, _url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"


def _sources(project_root: Path) -> dict[str, Path]:
    packaged = {
        name: _in_package(package, path)
        for name, (package, path) in (FROM_PACKAGES | FONTS).items()
    }
    ours = {path.name: path for path in sorted((project_root / "static").glob("[!.]*.*"))}
    return packaged | ours


def _in_package(package: str, path: str) -> Path:
    # Finds the folder without running the package.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError(f"{package}: chưa được cài đặt")
    return Path(spec.submodule_search_locations[0]) / path


def _digest(sources: Mapping[str, Path]) -> str:
    digest = hashlib.sha256(Path(__file__).read_bytes())
    for name, path in sorted(sources.items()):
        digest.update(f"{name}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _resolve(sources: Mapping[str, Path]) -> tuple[dict[str, bytes], dict[str, str]]:
    """Contents with references resolved, and hashed names, of all `sources` by asset's name."""
    contents: dict[str, bytes] = {}
    names: dict[str, str] = {}
    waiting: list[str] = []

    def hashed_name(name: str) -> str:
        if name in names:
            return names[name]
        user = waiting[-1] if waiting else name
        if name not in sources:
            raise ConfigurationError(f"static/{user}: không có {name}")
        if name in waiting:
            raise ConfigurationError(f"static/{user}: {name} lại cần đến nó")
        waiting.append(name)
        contents[name] = _content(name, sources[name], hashed_name)
        waiting.pop()
        stem, suffix = name.rsplit(".", 1)
        names[name] = f"{stem}.{hashlib.sha256(contents[name]).hexdigest()[:12]}.{suffix}"
        return names[name]

    for name in sources:
        hashed_name(name)
    return contents, names


def _content(name: str, path: Path, hashed_name: Callable[[str], str]) -> bytes:
    if name in FONTS:
        return _subset(path)
    if path.suffix not in (".css", ".js"):
        return path.read_bytes()
    text = _SOURCE_MAP.sub("", path.read_text(encoding="utf-8").rstrip())
    if name not in FROM_PACKAGES:
        text = _CSS_REFERENCE.sub(lambda found: f"url({hashed_name(found[1])})", text)
        text = _MODULE_REFERENCE.sub(
            lambda found: f"{found[1]}{found[2]}./{hashed_name(found[3])}{found[2]}", text
        )
    return text.encode()


def _subset(path: Path) -> bytes:
    """The typeface at `path` with the characters that pages need, as WOFF2."""
    from fontTools import subset

    options = subset.Options()
    options.flavor = "woff2"
    options.hinting = False
    options.layout_features = ["ccmp", "locl", "kern", "mark", "mkmk", "tnum", "lnum"]
    font = subset.load_font(str(path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(
        unicodes=[code for first, last in CHARACTERS for code in range(first, last + 1)]
    )
    subsetter.subset(font)
    written = BytesIO()
    subset.save_font(font, written, options)
    return written.getvalue()


def _write(out: Path, contents: Mapping[str, bytes]) -> None:
    """Make `out` hold `contents`, with compressed neighbours, and nothing else."""
    from whitenoise.compress import Compressor

    compressor = Compressor(quiet=True)
    wanted = {MANIFEST}
    for name, content in contents.items():
        _replace(out / name, content)
        wanted.add(name)
        if compressor.should_compress(name):
            compressor.compress(str(out / name))
            wanted |= {f"{name}.gz", f"{name}.br"}
    for path in out.iterdir():
        if path.name not in wanted:
            path.unlink()


def _replace(path: Path, content: bytes) -> None:
    # A server that reads at this moment finds the old file or the new one, never half of it.
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _read_manifest(out: Path) -> Manifest | None:
    try:
        return Manifest(**json.loads((out / MANIFEST).read_text()))
    except FileNotFoundError:
        return None


if __name__ == "__main__":
    build()
