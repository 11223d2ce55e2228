#!/bin/sh
# exports.sh ROOT LIBRARY: the functions that libmapferry.so exports are those that its headers
# declare and those in the lists that were checked in: exports.txt, mapferry.def, mapferry_x86.def,
# and libmapferry0.symbols of the Debian package.
set -eu

root=$1
library=$2
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
functions() { "$root/scripts/c_functions.sh" "$1"; }

functions names >"$folder/names"
functions def >"$folder/mapferry.def"
functions def-x86 >"$folder/mapferry_x86.def"
# A version that is named as a symbol of its own is no function.
nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' |
    LC_ALL=C sort >"$folder/exports"

diff -u "$root/tests/c/exports.txt" "$folder/names" # a function that goes breaks programs
diff -u "$folder/names" "$folder/exports"
diff -u "$root/capi/mapferry.def" "$folder/mapferry.def"
diff -u "$root/capi/mapferry_x86.def" "$folder/mapferry_x86.def"
sed -n 's/^ \(mapferry_[a-z0-9_]*\)@MAPFERRY_[0-9.]* .*/\1/p' \
    "$root/packaging/debian/libmapferry0.symbols" | diff -u "$folder/names" -
test "$(wc -l <"$folder/names")" -gt 100
