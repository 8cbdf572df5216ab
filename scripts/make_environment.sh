#!/usr/bin/env bash
# Makes an empty virtual environment in the folder given, with pip, by a Python of 3.11 or later.
set -euo pipefail
folder=$1

fail() {
    echo "$1" >&2
    exit 1
}

find_python() {
    for name in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
    fail "Python 3.11 or later is needed; set PYTHON=/path/to/python3 if it isn't on the path."
}

python=$(find_python)

# Debian and Ubuntu ship Python without what venv needs.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    package=$("$python" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))')
    [ "$(id -u)" = 0 ] || fail "Python's venv is missing: sudo apt-get install $package"
    apt-get update -qq
    apt-get install -y -qq --no-install-recommends "$package" >/dev/null
fi

"$python" -m venv --clear "$folder"
