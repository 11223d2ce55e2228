#!/bin/sh
# page.sh ROOT: docs/c.md is what scripts/c_page.sh makes of the headers, and has every call.
set -eu

root=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$root/scripts/c_page.sh" >"$folder/c.md"
if ! diff -u "$root/docs/c.md" "$folder/c.md"; then
    echo "docs/c.md is not current: scripts/c_page.sh >docs/c.md" >&2
    exit 1
fi
"$root/scripts/c_functions.sh" names | while read -r name; do
    grep -q "^[a-z].*$name(" "$root/docs/c.md" || echo "docs/c.md: lacks $name"
done >"$folder/lacking"
cat "$folder/lacking"
test ! -s "$folder/lacking"
