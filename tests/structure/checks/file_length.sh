# shellcheck shell=sh
# No file is longer than 400 lines.
find_violations() {
    { sources; scripts; } | while read -r file; do
        lines=$(wc -l <"$file")
        if [ "$lines" -gt 400 ]; then echo "$file:$lines: more than 400 lines"; fi
    done
}

lines() { awk -v n="$1" 'BEGIN { while (n-- > 0) print "//" }'; }

examples() {
    lines 400 | good lib/src/a.cc
    lines 401 | bad lib/src/a.cc
    lines 401 | bad tests/unit/a_test.h
    lines 401 | bad tests/a.sh
}
