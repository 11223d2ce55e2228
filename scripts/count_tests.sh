#!/bin/sh
# count_tests.sh RESULTS: reads ctest's JUnit file and prints `N passed, N failed[, N skipped]`.
# Fails when there is no such file, no test in it or a failed one.
set -eu

if [ ! -s "$1" ]; then
    echo "no test results" >&2
    exit 1
fi
awk '
    function number(name) {
        if (!match($0, "[ \t]" name "=\"[0-9]+\"")) return 0
        text = substr($0, RSTART, RLENGTH)
        gsub(/[^0-9]/, "", text)
        return text + 0
    }
    /<testsuite/ { in_head = 1 }
    in_head { total += number("tests"); failed += number("failures");
              skipped += number("skipped") + number("disabled") }
    in_head && />[ \t]*$/ { in_head = 0 }
    END {
        printf "%d passed, %d failed", total - failed - skipped, failed
        if (skipped) printf ", %d skipped", skipped
        print ""
        exit (failed > 0 || total == 0)
    }' "$1"
