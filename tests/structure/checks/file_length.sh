# shellcheck shell=sh
# No file is longer than 400 lines.
find_violations() {
    { sources; scripts; } |
        xargs -r awk 'FNR == 401 { print FILENAME ":401: more than 400 lines" }'
}

lines() { awk -v n="$1" 'BEGIN { while (n-- > 0) print "//" }'; }

examples() {
    lines 400 | good lib/src/a.cc
    lines 401 | bad lib/src/a.cc
    lines 401 | bad tests/unit/a_test.h
    lines 401 | bad tests/a.sh
}
