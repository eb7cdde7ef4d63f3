#!/bin/sh
# Tests the HTML report in a real Chromium. Where node, Chromium or the two npm packages are missing, it
# says so and succeeds: `cargo test` does not depend on it.
#
#   (cd tests/browser && npm install) && tests/browser/run.sh [FOLDER FOR SCREENSHOTS]
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

skip() {
    echo "skipped: $1"
    exit 0
}

command -v node >/dev/null || skip "there is no node"
chromium=${CHROMIUM:-$(command -v chromium || command -v chromium-browser || command -v google-chrome || true)}
[ -n "$chromium" ] || skip "there is no Chromium"
(cd "$here" && node -e "import('playwright-core').then(() => import('axe-core')).catch(() => process.exit(1))") ||
    skip "playwright-core and axe-core are missing; run npm install in tests/browser"

gosnip=${GOSNIP:-$here/../../target/debug/gosnip}
[ -x "$gosnip" ] || skip "there is no $gosnip; run cargo build"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# The notes are wrong on purpose, so 1 is what it has to say.
code=0
"$gosnip" verify "$here/notes" --report "html=$folder/report.html" || code=$?
[ "$code" -eq 1 ] || { echo "gosnip ended with $code instead of 1"; exit 1; }
CHROMIUM=$chromium node "$here/report.mjs" "$folder/report.html" "${1:-}"
