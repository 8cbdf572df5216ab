#!/usr/bin/env bash
# Runs every check side by side; shows what each says and fails if one does.
set -uo pipefail
cd "$(dirname "$0")/.."

output=$(mktemp -d)
trap 'rm -rf "$output"' EXIT
names=()
jobs=()

check() {
    local name=$1
    shift
    "$@" >"$output/$name" 2>&1 &
    names+=("$name")
    jobs+=($!)
}

sources=()
for folder in tracker tests bench migrations; do
    [ -d "$folder" ] && sources+=("$folder")
done

check mypy .venv/bin/mypy tracker
check ruff-check .venv/bin/ruff check --output-format concise "${sources[@]}" wsgi.py
check ruff-format .venv/bin/ruff format --check "${sources[@]}" wsgi.py
check import-linter .venv/bin/lint-imports --no-logo
check djlint .venv/bin/djlint templates --lint --quiet
check lengths .venv/bin/python scripts/check_lengths.py

failed=0
for index in "${!names[@]}"; do
    if wait "${jobs[$index]}"; then
        echo "ok    ${names[$index]}"
    else
        echo "FAILS ${names[$index]}"
        cat "$output/${names[$index]}"
        failed=1
    fi
done
exit "$failed"
