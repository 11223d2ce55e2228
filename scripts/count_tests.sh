#!/bin/sh
# count_tests.sh RESULTS...: reads ctest's JUnit files and prints the output of the failed tests,
# then `N passed, N failed[, N skipped]` over all of them. A missing file counts as a failed test.
# Fails when a test failed, or when the files have none.
set -eu

missing=0
for file in "$@"; do
    shift
    if [ -s "$file" ]; then
        set -- "$@" "$file"
    else
        echo "no test results: $file" >&2
        missing=$((missing + 1))
    fi
done
if [ $# -eq 0 ]; then
    echo "0 passed, $missing failed"
    exit 1
fi

# Printed once more, because ctest prints this output among a thousand other lines.
awk '
    function plain(line) {
        gsub(/&lt;/, "<", line); gsub(/&gt;/, ">", line); gsub(/&quot;/, "\"", line)
        gsub(/&amp;/, "\\&", line)
        return line
    }
    /<testcase / {
        failed = /status="fail"/
        name = $0
        sub(/.*<testcase name="/, "", name); sub(/".*/, "", name)
        if (failed) print "== failed: " plain(name)
    }
    failed && sub(/.*<system-out>/, "") { in_output = 1 }
    in_output { end = sub(/<\/system-out>.*/, ""); print plain($0); if (end) in_output = 0 }
    /<\/testcase>/ { failed = 0 }' "$@"

awk -v missing="$missing" '
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
        printf "%d passed, %d failed", total - failed - skipped, failed + missing
        if (skipped) printf ", %d skipped", skipped
        print ""
        exit (failed + missing > 0 || total == 0)
    }' "$@"
