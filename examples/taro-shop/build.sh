#!/bin/sh
# Installs what package-lock.json pins and builds the shop for JD into dist/. The same source gives the same bytes.
# build.sh --deps only installs.
set -eu
cd "$(dirname "$0")"
# npm install and not npm ci: the lock holds only this platform's native helper of the compiler, and ci would refuse that.
[ -d node_modules/@tarojs/cli ] || npm install --no-save --no-audit --no-fund
[ "${1:-}" = --deps ] && exit 0
npm run check
npm run build:jd
