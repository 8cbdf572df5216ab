#!/usr/bin/env bash
# Chromium for the browser tests: the system's where root may install it, Playwright's own elsewhere.
set -euo pipefail

if command -v chromium >/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && apt-cache show chromium >/dev/null 2>&1; then
    apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
    .venv/bin/python -m playwright install chromium
fi
