#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# soak.sh MINUTES [REGEX]: runs the tests of the labels sweep and soak, and the fuzzers for a third
# of the time. They print their counts in lines `figure: WHAT: VALUE`.
set -eu
cd "$(dirname "$0")/.."

log=build/soak.log
only=${2:-}
fuzz_seconds=$(($1 * 20))
if [ -n "$only" ]; then fuzz_seconds=0; fi
# The exit code of a pipe is that of its last command alone, so failures become lines.
{
    cmake -D BUILD=build/dev -D "SECONDS=$(($1 * 60 - fuzz_seconds))" \
        -D "ONLY=$only" -P scripts/soak.cmake 2>&1 || echo "figure: FAILED: tests, see $log"
    [ -n "$only" ] || scripts/fuzz.sh "$fuzz_seconds" 2>&1 ||
        echo "figure: FAILED: fuzzing, see $log"
} | tee "$log"
echo "== figures"
sed -n 's/^figure: //p' "$log" | awk -F ': ' '{ printf "%-46s %s\n", $1, $2 }'
! grep -q '^figure: FAILED' "$log"
