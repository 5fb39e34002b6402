#!/bin/sh
# Chromium and Chinese fonts for the browser tests: from the system when it has them, from Debian's packages otherwise.
set -eu
if command -v chromium >/dev/null 2>&1 && fc-list 2>/dev/null | grep -qi "noto.*cjk"; then
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  echo "install Chromium and a font with Chinese characters (such as Noto Sans CJK), then run make test again" >&2
  exit 1
fi
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
$as_root apt-get update -qq
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq chromium fontconfig fonts-noto-cjk >/dev/null
