# shellcheck shell=sh
# No line is longer than 100 columns, ends in blanks or has a tab.
find_violations() {
    { sources; scripts; } | while read -r file; do
        LC_ALL=C awk -v file="$file" '
            length($0) > 100 { print file ":" FNR ": " length($0) " columns, more than 100" }
            /[ \t]$/ { print file ":" FNR ": blanks at the end of the line" }
            /\t/ { print file ":" FNR ": a tab" }' "$file"
    done
}

columns() { awk -v n="$1" 'BEGIN { while (n-- > 0) printf "/"; print "" }'; }

examples() {
    columns 100 | good lib/src/a.cc
    columns 101 | bad lib/src/a.cc
    columns 101 | bad lib/CMakeLists.txt
    printf 'int a; \n' | bad lib/src/a.cc
    printf '\tint a;\n' | bad lib/src/a.cc
}
