"""Fails when a file of ours is longer than the house allows."""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("tracker", "tests", "bench", "scripts", "migrations", "templates", "static")
LIMITS = {".py": 400, ".html": 400, ".js": 400, ".css": 300, ".sh": 400}


def too_long(root: Path) -> Iterator[str]:
    """Yield one line for each file under `root` that has more lines than its kind may have."""
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            limit = LIMITS.get(path.suffix)
            if limit is None:
                continue
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines > limit:
                yield f"{path.relative_to(root)}: {lines} lines, at most {limit}"


def main() -> int:
    """Print what is too long; return 1 if anything is."""
    found = list(too_long(ROOT))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
