# shellcheck shell=sh
# No line is longer than 100 columns, ends in blanks or has a tab.
find_violations() {
    { sources; scripts; } |
        LC_ALL=C xargs -r awk '
        length($0) > 100 { print FILENAME ":" FNR ": " length($0) " columns, more than 100" }
        /[ \t]$/ { print FILENAME ":" FNR ": blanks at the end of the line" }
        /\t/ { print FILENAME ":" FNR ": a tab" }'
}

columns() { awk -v n="$1" 'BEGIN { while (n-- > 0) printf "/"; print "" }'; }

examples() {
    columns 100 | good lib/src/a.cc
    columns 101 | bad lib/src/a.cc
    columns 101 | bad lib/CMakeLists.txt
    printf 'int a; \n' | bad lib/src/a.cc
    printf '\tint a;\n' | bad lib/src/a.cc
}
