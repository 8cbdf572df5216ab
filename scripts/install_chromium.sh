#!/usr/bin/env bash
# Chromium for the browser tests: Debian's where root may install it, Playwright's own elsewhere.
set -euo pipefail

if command -v chromium >/dev/null; then
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    exec .venv/bin/python -m playwright install chromium
fi
apt-get update -qq
# Ubuntu has no such package, or an empty one that points to a snap.
if apt-cache show chromium 2>/dev/null | grep -q "^Depends:.*libc6"; then
    apt-get install -y -qq --no-install-recommends chromium >/dev/null
else
    exec .venv/bin/python -m playwright install --with-deps chromium
fi
