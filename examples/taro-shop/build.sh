#!/bin/sh
# Installs what package-lock.json pins and builds the shop for JD into dist/. The same source gives the same bytes.
# build.sh --deps only installs.
set -eu
cd "$(dirname "$0")"
[ -d node_modules/@tarojs/cli ] || npm ci --no-audit --no-fund
[ "${1:-}" = --deps ] && exit 0
npm run check
npm run build:jd
