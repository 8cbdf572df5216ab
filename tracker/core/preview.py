"""A small picture of a paper or a picture, made by a process of its own.

Decoders of pictures and PDF are where hostile files strike. So they run apart, with little
memory, little time and nothing to write to, and what they say is only: a PNG, or why not.
"""

import io
import os
import resource
import subprocess
import sys
import tempfile
from enum import IntEnum
from pathlib import Path
from typing import IO, Any

LONGEST_SIDE = 800
"""Of a preview, in pixels."""
MOST_PIXELS = 80_000_000
SECONDS = 15
PROCESSOR_SECONDS = 10
MEMORY_BYTES = 2 << 30
PROJECT = Path(__file__).resolve().parents[2]


class Verdict(IntEnum):
    """What the process found, as its exit code."""

    FINE = 0
    DAMAGED = 10
    TOO_LARGE = 11
    LOCKED = 12
    ACTIVE = 13


def make(content: IO[bytes], media_type: str) -> tuple[Verdict, bytes]:
    """The verdict on a PDF or a picture, read to its end, and its preview as PNG.

    A process that died or took too long says DAMAGED.
    """
    with tempfile.TemporaryFile() as source:
        # The content may lie in memory; the process reads from a real file.
        while block := content.read(1 << 20):
            source.write(block)
        source.seek(0)
        try:
            done = subprocess.run(  # noqa: S603 - our own module, no word of a user's
                [sys.executable, "-I", "-c", _START, str(PROJECT), media_type],
                stdin=source,
                capture_output=True,
                timeout=SECONDS,
                check=False,
                env={"PATH": os.defpath},
            )
        except subprocess.TimeoutExpired:
            return Verdict.DAMAGED, b""
    if done.returncode not in list(Verdict):
        return Verdict.DAMAGED, b""
    return Verdict(done.returncode), done.stdout


_START = (
    "import sys; sys.path.insert(0, sys.argv[1]);"
    " from tracker.core.preview import main; sys.exit(main(sys.argv[2]))"
)


def main(media_type: str) -> int:
    """Runs in the process: standard input is the file, standard output becomes the PNG."""
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    content = sys.stdin.buffer.read()
    verdict, picture = (
        _of_pdf(content) if media_type == "application/pdf" else _of_picture(content, media_type)
    )
    sys.stdout.buffer.write(picture)
    return verdict


def _of_picture(content: bytes, media_type: str) -> tuple[Verdict, bytes]:
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # the limit below is ours
    try:
        with Image.open(io.BytesIO(content), formats=[media_type.split("/")[1]]) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return Verdict.TOO_LARGE, b""
            picture.load()
            return Verdict.FINE, _as_png(ImageOps.exif_transpose(picture))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, MemoryError):
        return Verdict.DAMAGED, b""


def _of_pdf(content: bytes) -> tuple[Verdict, bytes]:
    import pypdfium2
    from pypdfium2 import raw

    try:
        paper = pypdfium2.PdfDocument(content)
        if raw.FPDFDoc_GetJavaScriptActionCount(paper.raw) > 0:
            return Verdict.ACTIVE, b""
        page = paper[0]
        scale = min(LONGEST_SIDE / max(*page.get_size(), 1), 4)
        return Verdict.FINE, _as_png(page.render(scale=scale).to_pil())
    except pypdfium2.PdfiumError as error:
        is_locked = error.err_code == raw.FPDF_ERR_PASSWORD
        return Verdict.LOCKED if is_locked else Verdict.DAMAGED, b""
    except (IndexError, ValueError, MemoryError):
        return Verdict.DAMAGED, b""


def _as_png(picture: Any) -> bytes:
    small = picture.convert("RGB")
    small.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    written = io.BytesIO()
    small.save(written, "PNG")
    return written.getvalue()
