#!/bin/sh
# pascal_api_test.sh ROOT: pascal/mapferryapi.pas is what scripts/pascal_api.sh makes of the
# headers, and has every call.
set -eu

root=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$root/scripts/pascal_api.sh" >"$folder/mapferryapi.pas"
if ! diff -u "$root/pascal/mapferryapi.pas" "$folder/mapferryapi.pas"; then
    echo "it is not current: scripts/pascal_api.sh >pascal/mapferryapi.pas" >&2
    exit 1
fi
sed -n 's/^  \(function\|procedure\) \(mapferry_[a-z0-9_]*\).*/\2/p' "$folder/mapferryapi.pas" |
    LC_ALL=C sort | diff "$root/tests/c/exports.txt" -
