#!/usr/bin/env bash
# Writes the lock files anew from pyproject.toml, for every Python from 3.11 on.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
python3 -m venv "$tools"
"$tools/bin/pip" install --quiet uv

lock() {
    "$tools/bin/uv" pip compile pyproject.toml --universal --python-version 3.11 \
        --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate \
        --custom-compile-command scripts/lock.sh --quiet "$@"
}

lock --output-file requirements.lock
lock --extra dev --constraint requirements.lock --output-file requirements-dev.lock
