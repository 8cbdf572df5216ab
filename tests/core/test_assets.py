"""The files that browsers keep."""

import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask, render_template_string
from fontTools.ttLib import TTFont

from tracker.core.assets import build, init_assets, load_manifest
from tracker.core.errors import ConfigurationError

VOWELS = "aăâeêioôơuưy"
TONES = "\u0300\u0301\u0303\u0309\u0323"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with a stylesheet that uses the typeface, and a module that imports another."""
    static = tmp_path / "static"
    static.mkdir()
    (static / "app.css").write_text("@font-face { src: url(asset:be-vietnam-pro-400.woff2) }")
    (static / "names.js").write_text("export const name = 'Bồ Đề';\n" * 20)
    (static / "page.js").write_text("import { name } from './names.js';\ndocument.title = name;\n")
    return tmp_path


def test_names_say_what_is_inside(project: Path) -> None:
    out = project / "build"
    before = build(project, out)
    (project / "static" / "names.js").write_text("export const name = 'Gia Thụy';\n")
    after = build(project, out)
    changed = {name for name in before if before[name] != after[name]}
    # Whoever imports a changed module has changed too.
    assert changed == {"names.js", "page.js"}
    assert not (out / before["names.js"]).exists()


def test_references_lead_to_files_that_are_there(project: Path) -> None:
    out = project / "build"
    names = build(project, out)
    assert f"url({names['be-vietnam-pro-400.woff2']})" in (out / names["app.css"]).read_text()
    assert f"from './{names['names.js']}'" in (out / names["page.js"]).read_text()
    assert all((out / name).is_file() for name in names.values())
    assert "sourceMappingURL" not in (out / names["bootstrap.min.css"]).read_text()


def test_nothing_is_written_when_nothing_changed(project: Path) -> None:
    out = project / "build"
    names = build(project, out)
    before = {path: path.stat().st_mtime_ns for path in out.iterdir()}
    assert build(project, out) == names == load_manifest(out)
    assert {path: path.stat().st_mtime_ns for path in out.iterdir()} == before


@pytest.mark.parametrize(
    ("file", "text", "missing"),
    [
        ("app.css", "a { background: url(asset:flag.svg) }", "flag.svg"),
        ("page.js", "import './gone.js';", "gone.js"),
        ("names.js", "import './page.js';", "page.js"),
    ],
)
def test_a_reference_to_nowhere_is_refused(
    project: Path, file: str, text: str, missing: str
) -> None:
    (project / "static" / file).write_text(text)
    with pytest.raises(ConfigurationError, match=missing):
        build(project, project / "build")


@pytest.mark.parametrize("weight", ["400", "600"])
def test_the_typeface_writes_vietnamese(project: Path, weight: str) -> None:
    out = project / "build"
    names = build(project, out)
    content = (out / names[f"be-vietnam-pro-{weight}.woff2"]).read_bytes()
    written = TTFont(BytesIO(content)).getBestCmap()
    letters = "đ" + "".join(
        unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in ("", *TONES)
    )
    assert {letter for letter in letters + letters.upper() if ord(letter) not in written} == set()
    assert len(content) < 20_000


def test_without_assets_the_application_does_not_start(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"tracker\.core\.assets"):
        init_assets(Flask("office", static_folder=None), tmp_path)


def test_browsers_keep_an_asset_and_get_it_compressed(project: Path) -> None:
    out = project / "build"
    build(project, out)
    app = Flask("office", static_folder=None)
    init_assets(app, out)
    with app.app_context():
        address = render_template_string("{{ asset('bootstrap.min.css') }}")
    answer = app.test_client().get(address, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert len(answer.data) < 30_000
    assert app.test_client().get("/static/gone.css").status_code == 404
