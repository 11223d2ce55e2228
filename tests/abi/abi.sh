#!/bin/sh
# abi.sh check ROOT LIBRARY: libmapferry.so still has each function with the types that it had:
# those in libmapferry.abi. Functions may be added. The library needs its debugging information.
# Ends with 125 if abidiff is not installed.
# abi.sh describe ROOT LIBRARY: prints a new libmapferry.abi. Needed when functions were added.
set -eu

work=$1
root=$2
library=$3
if ! command -v abidw >/dev/null; then
    echo "skipped: there is no abidw (package abigail-tools)" >&2
    exit 125
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
abidw --exported-interfaces-only --no-show-locs --no-corpus-path --no-comp-dir-path \
    --no-elf-needed --drop-private-types --headers-dir "$root/lib/include/mapferry/c" \
    --out-file "$folder/now.abi" "$library"
case $work in
    describe) cat "$folder/now.abi" ;;
    check)
        baseline=$root/tests/abi/libmapferry.abi
        abidiff --no-added-syms "$baseline" "$folder/now.abi"
        # abidiff finds what is missing: a function that the baseline does not have is one.
        sed 's/mapferry_version_text/mapferry_other_text/' "$baseline" >"$folder/other.abi"
        if abidiff --no-added-syms "$baseline" "$folder/other.abi" >/dev/null; then
            echo "abidiff finds nothing" >&2
            exit 1
        fi
        ;;
esac
