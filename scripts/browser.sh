#!/bin/sh
# Install Debian's Chromium and a Chinese font where that is allowed.
command -v chromium >/dev/null 2>&1 && fc-list :lang=zh 2>/dev/null | grep -q . && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    apt-get update -qq >/dev/null &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
            chromium fonts-noto-cjk >/dev/null && exit 0
fi
echo "Chromium is not installed: the browser tests will be skipped." >&2
